"""The pages around a refusal: the clerk's start page and one click onward, the hospital's answer, the duty officer's desk."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse

from facilities import beds
from facilities.models import Facility
from referrals import escalation, hospital
from referrals.models import Draft, Escalation, Sjp
from tests import factories as f
from tests.referrals import factories as r

pytestmark = pytest.mark.django_db


@pytest.fixture
def clerk():
    return r.clerk()


@pytest.fixture
def officer():
    return f.make_user("DINKES_SERVICES")


def url(name, thing):
    return reverse(f"referrals:{name}", args=[thing.public_id])


def answers(to, **values):
    chosen = {"diagnosis": "J18.9", "service": "INTENSIVE", "specialty": "INT", "hospital": to.pk}
    return {**r.EXAMINATION, **chosen, "pass_over_reason": "", "query": "", **values}


def refer(client, person, to, **values):
    found = client.post(reverse("referrals:search"), {"nik": person.nik}, follow=True)
    address = reverse("referrals:refer", args=[found.context["lookup"].pk])
    return client.post(address, answers(to, **values), follow=True)


# The clerk


def test_what_sisrute_asks_is_kept_with_the_referral_and_read_by_the_hospital(client, clerk):
    client.force_login(clerk)
    measured = {"consciousness": "2", "blood_pressure": "80/50", "pulse": "128", "temperature": "38,4", "pain": "0"}
    check = refer(
        client, f.covered_person(), r.contracted(), ward="NICU", laboratory="Hb 7", transport="PSC", **measured
    )
    client.post(check.request["PATH_INFO"], {"answers": check.context["digest"]})
    referral = Sjp.objects.get().referral
    assert (referral.ward, referral.transport, referral.pulse, str(referral.temperature)) == (
        "NICU",
        "PSC",
        128,
        "38.4",
    )
    assert (referral.pain, referral.breathing) == (0, None)
    client.force_login(r.desk(referral.hospital))
    page = client.get(url("letter", Sjp.objects.get())).content.decode()
    for said in ("80/50", "38,4 °C", "Hb 7", "NICU"):
        assert said in page


@pytest.mark.parametrize(
    ("field", "typed"),
    [("pulse", "1280"), ("temperature", "384"), ("blood_pressure", "tinggi"), ("breathing", "x"), ("pain", "9")],
)
def test_a_measure_that_cannot_be_is_told_beside_its_field(client, clerk, field, typed):
    client.force_login(clerk)
    page = refer(client, f.covered_person(), r.contracted(), **{field: typed})
    assert set(page.context["form"].errors) == {field}


def test_a_kind_of_bed_that_does_not_fit_is_told(client, clerk):
    client.force_login(clerk)
    page = refer(client, f.covered_person(), r.contracted(), service="INPATIENT", ward="NICU")
    assert "ward" in page.context["form"].errors


def test_the_patients_own_wish_is_not_guaranteed_and_told_so(client, clerk):
    client.force_login(clerk)
    r.contracted()
    private = r.contracted(public=False)
    page = refer(client, f.covered_person(), private, pass_over_reason="OWN_REQUEST", service="OUTPATIENT")
    assert "tidak dijamin" in page.content.decode() or page.context["form"].errors["pass_over_reason"]
    assert not Draft.objects.filter(sjp__isnull=False).exists()


def test_one_click_on_the_start_page_keeps_the_examination_and_offers_the_next_hospital(client, clerk):
    next_one = r.contracted(1)
    sjp = r.refuse(r.issue(clerk, to=r.contracted(), service="INTENSIVE"))
    client.force_login(clerk)
    start = client.get(reverse("referrals:search")).content.decode()
    assert url("choose_again", sjp) in start
    page = client.post(url("choose_again", sjp), follow=True)
    form = page.context["form"]
    assert form.initial["complaint"] == r.EXAMINATION["complaint"]
    assert sjp.hospital not in [option.hospital for option in form.suitable]
    assert next_one in [option.hospital for option in form.suitable]
    assert "Tempat tidur penuh" in page.content.decode()


def test_a_letter_in_force_is_not_sent_elsewhere_by_the_same_button(client, clerk):
    sjp = r.issue(clerk)
    client.force_login(clerk)
    assert client.post(url("choose_again", sjp)).status_code == 409
    sjp.refresh_from_db()
    assert sjp.state == "ISSUED"


def test_an_unanswered_letter_is_taken_back_with_the_click(client, clerk):
    sjp = r.issue(clerk)
    client.force_login(clerk)
    with time_machine.travel(sjp.referral.answer_due + timedelta(minutes=1)):
        assert url("choose_again", sjp) in client.get(url("letter", sjp)).content.decode()
        client.post(url("choose_again", sjp))
    sjp.refresh_from_db()
    assert sjp.state == "CANCELLED"


def test_the_clock_is_seen_by_both_desks(client, clerk):
    sjp = r.issue(clerk)
    for user, name in ((clerk, "search"), (r.desk(sjp.hospital), "inbox")):
        client.force_login(user)
        for address in (reverse(f"referrals:{name}"), url("letter", sjp)):
            assert "10.30" in client.get(address).content.decode()


def full(place):
    figures = {"ICU": beds.Figures(capacity=4, occupied=4)}
    beds.report(facility=place, figures=figures, source="MANUAL", actor=f.system(), at=f.NOW)


def test_without_any_bed_the_clerk_asks_the_duty_officer(client, clerk):
    Facility.objects.hospitals().update(active=False)
    only = r.contracted()
    Facility.objects.filter(pk=only.pk).update(active=True)
    client.force_login(clerk)
    refused = refer(client, f.covered_person(), only, show="officer")
    assert "hospital" in refused.context["form"].errors
    full(only)
    page = refer(client, f.covered_person(), only, show="officer", doctor_name="")
    case = Escalation.objects.get()
    assert page.context["case"] == case
    assert (case.cause, case.ward) == ("NO_BED", "ICU")


# The duty officer


@pytest.fixture
def case(clerk):
    sjp = r.issue(clerk, service="INTENSIVE")
    escalation.open_overdue(at=sjp.referral.answer_due + timedelta(minutes=1))
    return Escalation.objects.get()


def test_the_officer_takes_names_a_hospital_and_the_clerk_writes_the_letter(client, clerk, officer, case):
    to = r.contracted(2)
    client.force_login(officer)
    assert case.patient_name in client.get(reverse("referrals:escalations")).content.decode()
    client.post(url("take_escalation", case))
    page = client.post(url("settle_escalation", case), {"found-hospital": to.pk})
    assert set(page.context["forms"]["settle"].errors) == {"accepted_by_name"}
    client.post(url("settle_escalation", case), {"found-hospital": to.pk, "found-accepted_by_name": "dr. Rini"})
    client.force_login(clerk)
    assert to.name in client.get(reverse("referrals:search")).content.decode()
    refer_page = client.post(url("write_found", case), follow=True)
    form = refer_page.context["form"]
    assert form.initial["hospital"] == str(to.pk)
    address = refer_page.request["PATH_INFO"]
    check = client.post(address, answers(to), follow=True)
    client.post(check.request["PATH_INFO"], {"answers": check.context["digest"]})
    new = Sjp.objects.order_by("-pk").first()
    assert (new.hospital, new.referral.state, new.referral.first) == (to, "ACCEPTED", case.first)
    case.first.refresh_from_db()
    assert case.first.state == "CANCELLED"
    assert client.post(url("write_found", case)).status_code == 409


def test_a_colleague_reads_who_has_the_case_and_takes_it_over(client, officer, case):
    escalation.take(escalation=case, actor=officer, at=f.NOW)
    client.force_login(f.make_user("DINKES_SERVICES"))
    assert client.post(url("take_escalation", case)).status_code == 409
    assert str(officer) in client.get(url("escalation", case)).content.decode()
    refused = {"unmet-reason": "DIED", "unmet-note": "Meninggal"}
    assert client.post(url("give_up_escalation", case), refused).status_code == 403
    client.post(url("take_over_escalation", case))
    client.post(url("give_up_escalation", case), refused)
    case.refresh_from_db()
    assert (case.state, case.unmet_reason) == ("UNMET", "DIED")


def test_the_puskesmas_takes_its_request_back_with_a_reason(client, clerk, case):
    client.force_login(clerk)
    assert client.post(url("withdraw_escalation", case), {}).context["forms"]["withdraw"].errors
    client.post(url("withdraw_escalation", case), {"withdraw-note": "Pasien membaik"})
    case.refresh_from_db()
    assert case.state == "WITHDRAWN"


def test_the_list_costs_the_same_for_one_and_for_many(client, clerk, officer, case, django_assert_max_num_queries):
    client.force_login(officer)
    with django_assert_max_num_queries(8) as few:
        client.get(reverse("referrals:escalations"))
    for _ in range(4):
        sjp = r.issue(clerk, service="INTENSIVE")
        escalation.open_overdue(at=sjp.referral.answer_due + timedelta(minutes=1))
    with django_assert_max_num_queries(len(few)):
        page = client.get(reverse("referrals:escalations"))
    assert len(page.context["running"]) == 5


# The hospital


def test_a_hospital_without_a_free_bed_is_told_what_to_do(client, clerk):
    sjp = r.issue(clerk, service="INTENSIVE")
    full(sjp.hospital)
    client.force_login(r.desk(sjp.hospital))
    page = client.post(url("accept", sjp), follow=True)
    assert page.status_code == 200
    sjp.referral.refresh_from_db()
    assert sjp.referral.state == "ISSUED"


def test_the_bed_kept_is_shown_on_the_letter(client, clerk):
    sjp = r.issue(clerk, service="INTENSIVE")
    figures = {"ICU": beds.Figures(capacity=4, occupied=2)}
    beds.report(facility=sjp.hospital, figures=figures, source="MANUAL", actor=f.system(), at=f.NOW)
    hospital.accept(referral=sjp.referral, actor=r.desk(sjp.hospital), at=f.NOW)
    client.force_login(clerk)
    assert client.get(url("letter", sjp)).context["hold"].is_running
