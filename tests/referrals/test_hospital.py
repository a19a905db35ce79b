"""The hospital's acts: answer, arrival, discharge; and the patient who is still somewhere else."""

import datetime

import pytest

from facilities.enums import Service
from ksb.core.errors import NotAllowed, Refused, WrongState
from ksb.core.models import JournalEntry, OutboxEvent, SchemeVersion
from referrals import hospital
from referrals.coverage import NotCovered
from referrals.models import Episode, Sjp
from tests import factories as f
from tests.referrals import factories as r

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)


def test_accepting_fills_when_and_who():
    sjp = r.issue()
    desk = r.desk(sjp.hospital)
    referral = hospital.accept(referral=sjp.referral, actor=desk, at=r.AT)
    assert (referral.state, referral.answered_at, referral.answered_by) == ("ACCEPTED", r.AT, desk)


def test_refusing_ends_the_letter_and_frees_the_reservation():
    sjp = r.issue()
    desk = r.desk(sjp.hospital)
    hospital.refuse(sjp=sjp, code="NO_BED", reason="Tempat tidur penuh", actor=desk, at=r.AT)
    sjp.refresh_from_db()
    sjp.referral.refresh_from_db()
    assert (sjp.state, sjp.referral.state) == ("CANCELLED", "REFUSED")
    assert sjp.reason == sjp.referral.refusal == "Tempat tidur penuh"
    assert OutboxEvent.objects.get(kind="sjp.released").payload == {"why": "refused"}


def test_a_refusal_says_why():
    sjp = r.issue()
    with pytest.raises(Refused):
        hospital.refuse(sjp=sjp, code="NO_BED", reason=" ", actor=r.desk(sjp.hospital), at=r.AT)
    assert Sjp.objects.get().state == "ISSUED"


def test_an_accepted_referral_is_not_refused_any_more():
    sjp = r.issue()
    desk = r.desk(sjp.hospital)
    hospital.accept(referral=sjp.referral, actor=desk, at=r.AT)
    with pytest.raises(WrongState):
        hospital.refuse(sjp=sjp, code="NO_BED", reason="penuh", actor=desk, at=r.AT)
    assert Sjp.objects.get().state == "ISSUED"


def test_an_arrival_uses_letter_and_referral_and_keeps_the_coverage_found():
    sjp = r.issue()
    desk = r.desk(sjp.hospital)
    episode = r.admit(sjp, desk)
    sjp.refresh_from_db()
    sjp.referral.refresh_from_db()
    assert (sjp.state, sjp.used_by, sjp.referral.state) == ("USED", desk, "USED")
    assert (episode.state, episode.admitted_by, episode.service) == ("IN_CARE", desk, sjp.service)
    assert episode.decision["decision"] == "COVERED"
    assert JournalEntry.objects.filter(verb="episode.admit", object_id=episode.pk).exists()


def test_the_guarantee_is_honoured_when_the_data_have_changed_since():
    sjp = r.issue()
    f.cover_elsewhere(sjp.resident, segment=21)
    episode = r.admit(sjp)
    assert episode.decision["decision"] == "EXCLUDED_PBI_APBN"
    assert sjp.decision["decision"] == "COVERED"


def test_a_scheme_that_honours_no_letters_refuses_who_is_not_covered_any_more():
    sjp = r.issue()
    f.cover_elsewhere(sjp.resident, segment=21)
    ruled = {**sjp.scheme.parameters, "honour_issued": False}
    SchemeVersion.objects.filter(pk=sjp.scheme_id).update(parameters=ruled)
    with pytest.raises(NotCovered):
        r.admit(sjp)
    sjp.refresh_from_db()
    assert sjp.state == "ISSUED"
    assert not Episode.objects.exists()


@pytest.mark.parametrize("days", [-1, 30])
def test_a_letter_is_used_within_its_days_only(days):
    sjp = r.issue()
    with pytest.raises(Refused):
        r.admit(sjp, at=r.AT + days * DAY)
    assert not Episode.objects.exists()


def test_its_last_day_counts():
    sjp = r.issue()
    assert r.admit(sjp, at=r.AT + 29 * DAY).state == "IN_CARE"


def test_no_arrival_in_the_future():
    sjp = r.issue()
    with pytest.raises(Refused):
        r.admit(sjp, at=r.AT, admitted_at=r.AT + DAY)


def test_identity_must_be_checked():
    sjp = r.issue()
    with pytest.raises(Refused):
        r.admit(sjp, identity_check="")


def test_a_higher_class_ends_the_guarantee():
    sjp = r.issue(service=Service.INPATIENT)
    with pytest.raises(Refused) as refusal:
        r.admit(sjp, care_class=2)
    assert refusal.value.code == "C29"
    assert Sjp.objects.get().state == "ISSUED"


def test_a_letter_is_used_once():
    sjp = r.issue()
    r.admit(sjp)
    with pytest.raises(WrongState):
        r.admit(sjp)


def test_another_hospital_cannot_use_it():
    sjp = r.issue()
    with pytest.raises(NotAllowed):
        r.admit(sjp, r.desk(f.hospital(5)))


@pytest.mark.parametrize("service", [Service.INPATIENT, Service.OUTPATIENT])
def test_who_is_still_admitted_elsewhere_does_not_arrive_here(service):
    resident = f.covered_person()
    first, second = r.contracted(0), r.contracted(1)
    r.admit(r.issue(resident=resident, to=first, service=Service.INPATIENT))
    sjp = r.issue(resident=resident, to=second, service=service, specialty=r.specialty("BED"))
    with pytest.raises(Refused) as refusal:
        r.admit(sjp)
    assert first.name in refusal.value.message
    sjp.refresh_from_db()
    assert sjp.state == "ISSUED"


def test_after_the_discharge_there_the_patient_arrives_here():
    resident = f.covered_person()
    first = r.issue(resident=resident, to=r.contracted(0), service=Service.INPATIENT)
    episode = r.admit(first)
    hospital.discharge(episode=episode, actor=r.desk(first.hospital), at=r.AT + 2 * r.LATER, status=2)
    second = r.issue(
        resident=resident, to=r.contracted(1), service=Service.INPATIENT, specialty=r.specialty("BED"), at=r.AT
    )
    assert r.admit(second, at=r.AT + 3 * r.LATER).state == "IN_CARE"


def test_the_discharge_finishes_letter_and_referral():
    sjp = r.issue()
    desk = r.desk(sjp.hospital)
    episode = r.admit(sjp, desk)
    at = r.AT + 2 * r.LATER
    episode = hospital.discharge(episode=episode, actor=desk, at=at, status=1, follow_up="Kontrol 7 hari lagi")
    sjp.refresh_from_db()
    sjp.referral.refresh_from_db()
    assert (sjp.state, sjp.referral.state) == ("SERVICE_DONE", "DONE")
    assert (episode.state, episode.discharged_at, episode.discharged_by) == ("DISCHARGED", at, desk)
    assert (episode.discharge_status, episode.follow_up) == (1, "Kontrol 7 hari lagi")


@pytest.mark.parametrize("hours", [-1, 5])
def test_a_discharge_lies_between_arrival_and_now(hours):
    sjp = r.issue()
    episode = r.admit(sjp)
    moment = episode.admitted_at + hours * r.LATER
    with pytest.raises(Refused):
        hospital.discharge(
            episode=episode, actor=r.desk(sjp.hospital), at=r.AT + 2 * r.LATER, discharged_at=moment, status=1
        )


def test_a_letter_revoked_during_the_stay_stays_revoked_and_the_patient_goes_home():
    from referrals import issuing

    sjp = r.issue(service=Service.INPATIENT)
    episode = r.admit(sjp)
    issuing.revoke(sjp=sjp, actor=f.make_user("DINKES_SERVICES"), at=r.AT, reason="identitas palsu")
    episode.sjp.refresh_from_db()
    episode = hospital.discharge(episode=episode, actor=r.desk(sjp.hospital), at=r.AT + 2 * r.LATER, status=1)
    sjp.refresh_from_db()
    assert (episode.state, sjp.state) == ("DISCHARGED", "REVOKED")
