"""C24: letters for people without NIK, by the number of the register of special covers, until it is known who they are."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from claims import documents
from claims.rejudging import JUDGE
from facilities.enums import Service
from ksb.core import outbox
from ksb.core.errors import NotAllowed, Refused
from ksb.core.models import JournalEntry, OutboxEvent
from participants.models import Lookup
from participants.special import covers
from referrals import approval, hospital, issuing, letters, moves, own_patients
from referrals.coverage import NotCovered
from referrals.emergency import deciding, patients
from referrals.models import Episode, Sjp
from tests import factories as f
from tests.claims import factories as c
from tests.participants.factories import keeper, make_special_cover
from tests.referrals import emergencies as e
from tests.referrals import factories as r
from tests.referrals.test_clerk_desk import answers, confirm
from tests.support.pdf import text_of

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def special():
    f.fresh_sources()
    return make_special_cover(state="APPROVED")


@pytest.fixture
def desk():
    return r.desk(r.contracted())


def letter(special, desk, clerk=None, **values):
    """An SJP of somebody without NIK to the hospital of ``desk``, approved by Dinkes as special grounds ask for."""
    return approval.approve(sjp=request(special, desk, clerk, **values), actor=r.officer(), at=r.AT)


def request(special, desk, clerk=None, **values):
    clerk = clerk or r.clerk()
    return issuing.issue(
        **{
            **r.EXAMINATION,
            **{"special": special, "actor": clerk, "at": r.AT, "puskesmas": clerk.facility, "hospital": desk.facility},
            **{"specialty": r.specialty(), "service": Service.INPATIENT, "diagnosis": r.diagnosis()},
            **values,
        }
    )


def test_c24_a_person_without_nik_gets_a_letter_on_the_grounds_of_the_register(special, desk):
    sjp = letter(special, desk)
    assert (sjp.resident, sjp.special, sjp.decision["headline_rule"]) == (None, special, "C24")
    assert (sjp.patient_name, sjp.patient_id, sjp.patient_nik) == ("TANPA NAMA", None, "")
    said = text_of(letters.print_sjp(sjp=sjp, actor=sjp.issued_by, at=r.AT))
    assert f"belum ada (daftar jaminan khusus {special.number})" in said
    assert special.letter_number in said


def test_outside_the_dates_of_the_recommendation_there_is_no_letter(desk):
    f.fresh_sources()
    with pytest.raises(NotCovered):
        request(make_special_cover(), desk)
    assert not Sjp.objects.exists()


def test_a_second_letter_for_the_same_and_a_second_stay_are_refused_as_for_everybody(special, desk):
    sjp = letter(special, desk)
    with pytest.raises(Refused) as twice:
        request(special, desk, r.clerk(f.puskesmas(1)))
    assert sjp.number in twice.value.message
    with pytest.raises(IntegrityError), transaction.atomic():
        Sjp.objects.filter(pk=sjp.pk).update(special=None)
    other = letter(special, desk, specialty=r.specialty("JAN"), service=Service.OUTPATIENT)
    r.admit(sjp, desk)
    with pytest.raises(Refused):
        r.admit(other, desk)


def test_two_people_without_nik_do_not_stand_in_each_others_way(special, desk):
    other = make_special_cover(state="APPROVED")
    stays = [r.admit(letter(one, desk), desk) for one in (special, other)]
    assert len({stay.pk for stay in stays}) == 2


def test_the_way_through_the_hospital_is_that_of_everybody(special, desk):
    sjp = letter(special, desk)
    stay = r.admit(sjp, desk)
    assert (stay.special, stay.resident, stay.decision["headline_rule"]) == (special, None, "C24")
    assert hospital.record_number(sjp) == stay.medical_record
    there = r.contracted(1)
    child = moves.request(
        sjp=sjp,
        actor=desk,
        at=r.AT + 2 * r.LATER,
        hospital=there,
        service=Service.INPATIENT,
        specialty=r.specialty(),
        direction="UP",
        pass_over_reason="RSUD_FULL",
        **{name: r.EXAMINATION[name] for name in ("reason", "complaint", "findings", "doctor_name")},
        diagnosis=r.diagnosis(),
    )
    assert (child.special, child.parent) == (special, sjp)
    issuing.withdraw(sjp=child, actor=desk, at=r.AT + 2 * r.LATER, reason="Batal")
    stay = hospital.discharge(episode=stay, actor=desk, at=r.AT + 3 * r.LATER, status=1)
    assert r.send_back(stay, desk).special == special


def test_the_own_hospital_finds_the_patient_by_the_number_of_the_register_or_the_name(special, desk):
    sjp = letter(special, desk)
    for typed in (special.number, "tanpa nama"):
        assert own_patients.find(query=typed, actor=desk, at=r.AT) == [sjp]
    assert own_patients.find(query=special.number, actor=r.desk(r.contracted(1)), at=r.AT) == []


def test_sessions_need_a_nik(special, desk):
    with pytest.raises(Refused):
        request(special, desk, service=Service.HAEMODIALYSIS)


def test_letters_stays_and_claims_follow_once_it_is_known_who_the_person_is(special, desk):
    sjp = letter(special, desk)
    r.left(sjp, desk)
    sjp.refresh_from_db()
    claim = c.take([c.row(sjp)], place=desk.facility, at=r.AT + DAY).batch.claims.get()
    assert claim.resident is None
    assert not claim.findings.filter(rule__startswith="ELG").exists()
    assert not {"KTP", "KK", "CARD"} & set(documents.missing([claim])[claim.pk])
    person = f.make_resident()
    with pytest.raises(NotAllowed):
        covers.identify(special=special, nik=person.nik, actor=r.clerk(), at=r.AT)
    with pytest.raises(Refused):
        covers.identify(special=special, nik=f.make_resident(sex=2).nik, actor=keeper(), at=r.AT)
    covers.identify(special=special, nik=person.nik, actor=keeper(), at=r.AT)
    outbox.drain()
    sjp.refresh_from_db()
    assert (sjp.resident, sjp.special, sjp.patient_name) == (person, special, person.name)
    claim.refresh_from_db()
    assert (Episode.objects.get().resident, claim.resident) == (person, person)
    assert OutboxEvent.objects.filter(kind=JUDGE, object_id=claim.batch_id, handled__isnull=False).exists()
    assert "TANPA NAMA" in str(sjp.letter)
    assert JournalEntry.objects.filter(verb="special_cover.letters_moved").exists()
    with pytest.raises(Refused) as known:
        covers.look_up(number=special.number, actor=r.clerk(), purpose="SJP", at=r.AT)
    assert known.value.code == "identified"


def test_a_patient_without_name_in_an_emergency_is_guaranteed_by_the_register(special, desk):
    notice = e.report(desk, **e.UNKNOWN)
    patients.identify(notice=notice, special=special, identity_check="FAMILY", actor=desk, at=f.NOW)
    sjp = deciding.approve(notice=notice, actor=e.officer(), at=f.NOW)
    notice.refresh_from_db()
    assert (sjp.special, sjp.resident, sjp.state) == (special, None, "USED")
    assert notice.patient_name == "TANPA NAMA"
    assert Episode.objects.get().special == special
    assert special.number in str(notice.letter)


@pytest.mark.parametrize("typed", ["{number}", " {number} ", "{short}"])
def test_the_clerk_types_the_number_of_the_register_and_issues_as_always(client, special, desk, typed):
    clerk = r.clerk()
    client.force_login(clerk)
    short = special.number.lstrip("0")
    found = client.post(
        reverse("referrals:search"), {"nik": typed.format(number=special.number, short=short)}, follow=True
    )
    assert special.number in found.content.decode()
    lookup = Lookup.objects.get()
    assert (lookup.special, lookup.resident) == (special, None)
    refer = reverse("referrals:refer", args=[lookup.pk])
    assert client.get(refer).status_code == 200
    check = client.post(refer, answers(desk.facility)).url
    done = confirm(client, check)
    assert Sjp.objects.get().special == special
    assert client.get(done.url).status_code == 200
    for name in ("member", "ask_jkn"):
        assert client.post(reverse(f"referrals:{name}", args=[lookup.pk])).status_code == 404


def test_every_page_of_such_a_letter_opens(client, special, desk):
    sjp = letter(special, desk)
    stay = r.admit(sjp, desk)
    for user, pages in (
        (sjp.issued_by, ("letter", "sjp_text")),
        (desk, ("letter", "sjp_text", "admit")),
        (r.officer(), ("letter",)),
    ):
        client.force_login(user)
        for name in pages:
            page = client.get(reverse(f"referrals:{name}", args=[sjp.public_id]))
            assert page.status_code in (200, 409), name
            assert "TANPA NAMA" in page.content.decode()
    client.force_login(desk)
    assert "TANPA NAMA" in client.get(reverse("referrals:episode", args=[stay.public_id])).content.decode()
    assert "TANPA NAMA" in client.get(reverse("referrals:today")).content.decode()


def test_dinkes_names_the_person_on_the_page_of_the_register(client, special):
    client.force_login(keeper())
    page = reverse("participants:special_cover", args=[special.public_id])
    address = reverse("participants:identify_special_cover", args=[special.public_id])
    assert address in client.get(page).content.decode()
    assert "nik" in client.post(address, {"nik": "3275019999999999"}).context["form"].errors
    person = f.make_resident()
    assert client.post(address, {"nik": person.nik}, follow=True).status_code == 200
    special.refresh_from_db()
    assert special.resident == person
