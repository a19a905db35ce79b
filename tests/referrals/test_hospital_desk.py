"""The hospital's pages: its own letters and nobody else's, and each act with its form."""

import pytest
from django.urls import reverse

from facilities.enums import Service
from ksb.core.models import JournalEntry
from referrals.models import Episode
from tests import factories as f
from tests.referrals import factories as r

pytestmark = pytest.mark.django_db


@pytest.fixture
def sjp():
    return r.issue()


@pytest.fixture
def desk(client, sjp):
    desk = r.desk(sjp.hospital)
    client.force_login(desk)
    return desk


def url(name, thing):
    return reverse(f"referrals:{name}", args=[thing.public_id])


def test_the_inbox_holds_the_own_hospitals_letters_newest_first(client, desk, sjp):
    newer = r.issue(to=sjp.hospital)
    foreign = r.issue(to=r.contracted(1))
    page = client.get(reverse("referrals:inbox"))
    assert [letter.pk for letter in page.context["page"]] == [newer.pk, sjp.pk]
    assert foreign.number not in page.content.decode()


def test_the_inbox_is_filtered_by_state(client, desk, sjp):
    used = r.issue(to=sjp.hospital)
    r.admit(used, desk)
    page = client.get(reverse("referrals:inbox"), {"state": "USED"})
    assert [letter.pk for letter in page.context["page"]] == [used.pk]


@pytest.mark.parametrize("poison", [{"state": "x"}, {"after": "zzz"}, {"state": "\x00"}, {"service": "'"}])
def test_a_strange_filter_breaks_nothing(client, desk, poison):
    assert client.get(reverse("referrals:inbox"), poison).status_code == 200


def test_the_inbox_counts_no_letters_and_costs_the_same_for_many(client, desk, sjp, django_assert_max_num_queries):
    with django_assert_max_num_queries(6) as few:
        client.get(reverse("referrals:inbox"))
    asked = [query["sql"].lower() for query in few.captured_queries]
    assert not any("count(" in sql for sql in asked if "core_notice" not in sql)  # the bell counts to a hundred
    clerk = r.clerk()
    for _ in range(6):
        r.issue(clerk, to=sjp.hospital)
    with django_assert_max_num_queries(len(few)):
        client.get(reverse("referrals:inbox"))


def test_a_number_or_a_scanned_code_opens_the_letter(client, desk, sjp, settings):
    scanned = f"{settings.PUBLIC_ADDRESS}{reverse('validity:letter', args=[sjp.token])}"
    for typed in (sjp.number, f" {sjp.number.lower()} ", scanned, sjp.token):
        assert client.post(reverse("referrals:inbox"), {"number": typed}).url == url("letter", sjp)


def test_a_number_of_another_hospital_is_not_found(client, desk, sjp):
    foreign = r.issue(to=r.contracted(1))
    for typed in (foreign.number, foreign.token, "000999/SJP/1/I/2020", ""):
        assert client.post(reverse("referrals:inbox"), {"number": typed}).context["form"].errors["number"]


def test_a_foreign_letter_does_not_exist_whatever_is_done_to_it(client, desk):
    foreign = r.issue(to=r.contracted(1))
    episode = r.admit(r.issue(to=r.contracted(2)))
    for name in ("letter", "sjp_text", "referral_text", "refuse", "admit"):
        assert client.get(url(name, foreign)).status_code == 404
    for name in ("accept", "refuse", "admit", "print_sjp", "print_referral"):
        assert client.post(url(name, foreign)).status_code == 404
    assert client.post(url("discharge", episode)).status_code == 404
    foreign.refresh_from_db()
    assert foreign.state == "ISSUED"


def test_the_letter_shows_examination_and_frozen_decision(client, desk, sjp):
    text = client.get(url("letter", sjp)).content.decode()
    for said in (sjp.referral.complaint, sjp.diagnosis.code, sjp.referral.doctor_name, "Perda Kota Bekasi 9/2018"):
        assert said in text
    assert JournalEntry.objects.filter(verb="sjp.read", actor=desk).exists()


def test_accepting_and_refusing(client, desk, sjp):
    other = r.issue(to=sjp.hospital)
    client.post(url("accept", sjp))
    assert set(client.post(url("refuse", other), {"reason": ""}).context["form"].errors) == {"code", "reason"}
    client.post(url("refuse", other), {"code": "NO_BED", "reason": "ICU penuh"})
    sjp.referral.refresh_from_db()
    other.referral.refresh_from_db()
    assert (sjp.referral.state, other.referral.state) == ("ACCEPTED", "REFUSED")


def test_a_colleague_was_faster(client, desk, sjp):
    client.post(url("accept", sjp))
    assert client.post(url("accept", sjp)).status_code == 409


def arrival(**values):
    return {"identity_check": "KTP_SEEN", "medical_record": "00-12-34", "day": "22-11-2026", "clock": "09.30", **values}


def test_the_arrival_asks_for_identity_and_record_number(client, desk, sjp):
    page = client.post(url("admit", sjp), {"day": "22-11-2026", "clock": "09.30"})
    assert set(page.context["form"].errors) == {"identity_check", "medical_record"}
    client.post(url("admit", sjp), arrival())
    episode = Episode.objects.get()
    assert (episode.medical_record, episode.identity_check) == ("00-12-34", "KTP_SEEN")


def test_the_moment_of_arrival_stands_there_already(client, desk, sjp):
    form = client.get(url("admit", sjp)).context["form"]
    assert form["day"].value().isoformat() == "2026-11-22"
    assert f"{form['clock'].value():%H.%M}" == "09.30"


@pytest.mark.parametrize("moment", [{"clock": "23.59"}, {"clock": "25.00"}, {"day": "31-12-2026"}, {"day": "besok"}])
def test_a_moment_that_cannot_be_is_told_beside_its_field(client, desk, sjp, moment):
    page = client.post(url("admit", sjp), arrival(**moment))
    assert page.context["form"].errors
    assert not Episode.objects.exists()


def test_a_stay_is_in_class_three_by_a_tick(client, sjp):
    stay = r.issue(service=Service.INPATIENT, to=sjp.hospital)
    client.force_login(r.desk(sjp.hospital))
    assert client.post(url("admit", stay), arrival()).context["form"].errors["class_three"]
    client.post(url("admit", stay), arrival(class_three="on"))
    assert Episode.objects.get().service == "INPATIENT"


def test_the_coverage_of_now_is_shown_beside_the_guarantee(client, desk, sjp):
    assert client.get(url("admit", sjp)).context["evaluation"].covered
    f.cover_elsewhere(sjp.resident, segment=21)
    page = client.get(url("admit", sjp))
    assert page.context["evaluation"].headline_rule == "C12"
    client.post(url("admit", sjp), arrival())
    assert Episode.objects.get().decision["headline_rule"] == "C12"


def test_a_patient_still_admitted_elsewhere_is_told_by_name_of_the_hospital(client, desk, sjp):
    elsewhere = r.contracted(1)
    r.admit(r.issue(resident=sjp.resident, to=elsewhere, service=Service.INPATIENT), at=r.AT)
    page = client.post(url("admit", sjp), arrival())
    assert elsewhere.name in str(page.context["form"].non_field_errors())


def test_discharge_ends_the_service(client, desk, sjp):
    episode = r.admit(sjp, desk, at=r.AT)
    assert client.post(url("discharge", episode), {}).context["form"].errors["status"]
    client.post(
        url("discharge", episode),
        {
            **{"status": "1", "condition": "IMPROVED", "next_step": "1"},
            **{"day": "22-11-2026", "clock": "09.30", "follow_up": "Kontrol"},
        },
    )
    episode.refresh_from_db()
    sjp.refresh_from_db()
    assert (episode.state, episode.follow_up, sjp.state) == ("DISCHARGED", "Kontrol", "SERVICE_DONE")


@pytest.mark.parametrize("role", ["HOSPITAL_BILLER", "HOSPITAL_DIRECTOR"])
def test_billing_and_direction_read_but_do_not_act(client, sjp, role):
    client.force_login(f.make_user(role, facility=sjp.hospital))
    assert client.get(reverse("referrals:inbox")).status_code == 200
    assert client.get(url("letter", sjp)).status_code == 200
    for name in ("accept", "refuse", "admit"):
        assert client.post(url(name, sjp)).status_code == 403


@pytest.mark.parametrize(
    "role", ["PUSKESMAS_CLERK", "DINKES_SERVICES", "TREASURER", "VERIFIER_ADMIN", "REGISTRATION_CLERK"]
)
def test_the_inbox_is_the_hospitals(client, role):
    client.force_login(f.make_user(role))
    assert client.get(reverse("referrals:inbox")).status_code == 403


def test_dinkes_revokes_with_a_reason_and_the_clerk_does_not(client, sjp):
    client.force_login(sjp.issued_by)
    assert client.post(url("revoke", sjp), {"reason": "x"}).status_code == 403
    client.force_login(f.make_user("DINKES_SERVICES"))
    client.post(url("revoke", sjp), {"reason": "Identitas palsu"})
    sjp.refresh_from_db()
    assert (sjp.state, sjp.reason) == ("REVOKED", "Identitas palsu")


def test_an_auditor_sees_the_letter_without_its_diagnosis(client, sjp):
    client.force_login(f.make_user("AUDITOR"))
    text = client.get(url("letter", sjp)).content.decode()
    assert sjp.number in text
    assert sjp.referral.complaint not in text
    assert client.get(url("sjp_text", sjp)).status_code == 403
