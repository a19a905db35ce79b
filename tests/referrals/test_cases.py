"""A refused patient goes on as one case: clocks, beds held, the next hospital, and no way to be sent to two places."""

from datetime import timedelta

import pytest

from facilities import beds
from facilities.enums import BedSource, Service, WardType
from facilities.models import BedCount, BedHold, Facility
from ksb.core.errors import Refused, WrongState
from ksb.core.scheme import Parameters
from referrals import approval, bed_holds, cases, escalation, hospital, issuing, routing, rules
from referrals.enums import PassOverReason, ReferralReason
from tests import factories as f
from tests.referrals import factories as r

pytestmark = pytest.mark.django_db
ANSWERED = r.AT + timedelta(minutes=10)


def count_beds(place, *, free, ward=WardType.ICU, at=r.AT):
    figures = {ward: beds.Figures(capacity=10, occupied=10 - free)}
    beds.report(facility=place, figures=figures, source=BedSource.MANUAL, actor=f.system(), at=at)


def intensive(to=None, **values):
    return r.issue(to=to or r.contracted(), service=Service.INTENSIVE, **values)


# The clock


@pytest.mark.parametrize(
    ("service", "reason", "minutes"),
    [
        (Service.OUTPATIENT, ReferralReason.STAFF, 60),
        (Service.INPATIENT, ReferralReason.STAFF, 60),
        (Service.INPATIENT, ReferralReason.EMERGENCY, 15),
        (Service.INTENSIVE, ReferralReason.EQUIPMENT, 15),
        (Service.EMERGENCY, ReferralReason.EMERGENCY, 15),
    ],
)
def test_urgent_referrals_have_the_shorter_clock(service, reason, minutes):
    assert rules.answer_due(service, reason, r.AT, Parameters()) == r.AT + timedelta(minutes=minutes)
    assert r.issue(service=service, reason=reason).referral.answer_due == r.AT + timedelta(minutes=minutes)


def test_a_letter_may_go_elsewhere_once_its_clock_has_run_out_and_not_before():
    sjp = intensive()
    due = sjp.referral.answer_due
    assert not cases.may_go_on(sjp, at=due)
    assert cases.may_go_on(sjp, at=due + timedelta(seconds=1))
    hospital.accept(referral=sjp.referral, actor=r.desk(sjp.hospital), at=ANSWERED)
    assert not cases.may_go_on(sjp, at=due + timedelta(days=1))


# Beds


@pytest.mark.parametrize(
    ("service", "ward", "asked"),
    [
        (Service.INTENSIVE, "NICU", "NICU"),
        (Service.INTENSIVE, "", "ICU"),
        (Service.INTENSIVE, "CLASS_3", "ICU"),
        (Service.INPATIENT, "", "CLASS_3"),
        (Service.OUTPATIENT, "ICU", ""),
        (Service.NEWBORN, "", ""),
    ],
)
def test_the_kind_of_bed_fits_the_service(service, ward, asked):
    assert rules.ward_for(service, ward) == asked


def test_accepting_keeps_a_bed_for_two_hours_which_then_frees_itself():
    sjp = intensive()
    count_beds(sjp.hospital, free=1)
    hospital.accept(referral=sjp.referral, actor=r.desk(sjp.hospital), at=ANSWERED)
    kept = bed_holds.of(sjp.referral)
    assert (kept.is_running, kept.until) == (True, ANSWERED + timedelta(hours=2))
    assert BedCount.objects.get().free == 0
    beds.release_due(ANSWERED + timedelta(hours=2))
    assert BedCount.objects.get().free == 1
    assert not bed_holds.of(sjp.referral).is_running


def test_arrival_and_cancellation_free_the_bed():
    for end in ("arrive", "cancel"):
        sjp = intensive(to=r.contracted(1))
        count_beds(sjp.hospital, free=1)
        hospital.accept(referral=sjp.referral, actor=r.desk(sjp.hospital), at=ANSWERED)
        if end == "arrive":
            r.admit(sjp)
        else:
            issuing.cancel(sjp=sjp, actor=sjp.issued_by, at=ANSWERED, reason="Sembuh")
        assert not BedHold.objects.running().exists()


def test_a_hospital_whose_own_count_shows_no_bed_cannot_accept():
    sjp = intensive()
    count_beds(sjp.hospital, free=0)
    with pytest.raises(Refused) as full:
        hospital.accept(referral=sjp.referral, actor=r.desk(sjp.hospital), at=ANSWERED)
    assert full.value.code == bed_holds.NO_BED
    sjp.referral.refresh_from_db()
    assert sjp.referral.state == "ISSUED"


def test_where_nothing_was_counted_lately_the_hospitals_word_stands_alone():
    sjp = intensive()
    count_beds(sjp.hospital, free=0, at=r.AT - timedelta(hours=3))
    hospital.accept(referral=sjp.referral, actor=r.desk(sjp.hospital), at=ANSWERED)
    assert not BedHold.objects.exists()


def test_a_bed_kept_for_another_patient_is_not_free_on_the_list():
    sjp = intensive()
    count_beds(sjp.hospital, free=1)
    assert option_of(sjp).beds == routing.FREE
    hospital.accept(referral=sjp.referral, actor=r.desk(sjp.hospital), at=ANSWERED)
    assert option_of(sjp, at=ANSWERED).beds == routing.FULL


def options(sjp, *, at=r.AT, history=None):
    return routing.options(
        specialty=sjp.specialty,
        service=sjp.service,
        ward=sjp.referral.ward,
        puskesmas=sjp.puskesmas,
        on=f.TODAY,
        at=at,
        parameters=Parameters(),
        history=history,
    )


def option_of(sjp, **values):
    return next(option for option in options(sjp, **values) if option.hospital == sjp.hospital)


# The case


def test_refusals_need_a_code_and_words():
    sjp = r.issue()
    for code, reason in (("", "penuh"), ("PENUH", "penuh"), ("NO_BED", " ")):
        with pytest.raises(Refused):
            r.refuse(sjp, code=code, reason=reason)
    referral = r.refuse(sjp).referral
    assert (referral.refusal_code, referral.refusal) == ("NO_BED", "Tempat tidur penuh")


def test_the_next_letter_continues_the_case_and_counts_its_refusals():
    first = r.refuse(r.issue())
    second = r.refuse(r.send_on(first, r.contracted(1)), at=r.AT + r.LATER / 2)
    third = r.send_on(second, r.contracted(2), at=r.AT + r.LATER)
    assert third.referral.earlier == second.referral
    assert {letter.pk for letter in cases.referrals_of(first.referral_id)} == {
        first.referral_id,
        second.referral_id,
        third.referral_id,
    }
    assert cases.refusals_of(first.referral_id) == 2
    assert [letter.pk for letter in cases.before(third.referral)] == [first.referral_id, second.referral_id]


def test_a_hospital_that_refused_stands_among_those_that_cannot_be_chosen_for_a_day():
    sjp = r.refuse(r.issue())
    draft = r.draft_for(sjp.issued_by, sjp.resident)
    draft.earlier = sjp.referral
    draft.save()
    refused = option_of(sjp, history=cases.history(draft, at=r.AT + r.LATER))
    assert not refused.suitable
    assert option_of(sjp, history=cases.history(draft, at=r.AT + timedelta(hours=25))).suitable


def test_when_every_rsud_refused_the_reason_for_a_private_one_is_known():
    Facility.objects.hospitals().update(active=False)
    rsud, private = r.contracted(), r.contracted(public=False)
    Facility.objects.filter(pk__in=(rsud.pk, private.pk)).update(active=True)
    sjp = r.send_on(r.refuse(r.issue(to=rsud)), private)
    assert sjp.referral.pass_over_reason == PassOverReason.RSUD_REFUSED


def test_a_full_rsud_stands_behind_and_needs_no_reason():
    Facility.objects.hospitals().update(active=False)
    rsud, private = r.contracted(), r.contracted(public=False)
    Facility.objects.filter(pk__in=(rsud.pk, private.pk)).update(active=True)
    count_beds(rsud, free=0)
    sjp = intensive(to=private)
    assert sjp.referral.pass_over_reason == PassOverReason.RSUD_FULL
    assert [option.hospital for option in options(sjp) if option.suitable] == [private, rsud]


def test_who_does_not_want_the_rsud_is_not_guaranteed():
    r.contracted()
    with pytest.raises(Refused) as refused:
        r.issue(to=r.contracted(public=False), pass_over_reason=PassOverReason.OWN_REQUEST)
    assert refused.value.code == "OWN_REQUEST"


def test_hospitals_outside_the_city_come_last():
    Facility.objects.hospitals().update(active=False)
    near, far = r.contracted(1), r.contracted()
    Facility.objects.filter(pk=far.pk).update(in_city=False)
    Facility.objects.filter(pk__in=(near.pk, far.pk)).update(active=True)
    sjp = r.issue(to=near)
    assert [option.hospital for option in options(sjp) if option.suitable] == [near, far]


def test_a_patient_already_sent_on_is_not_sent_on_again_from_the_same_refusal():
    first = r.refuse(r.issue())
    r.send_on(first, r.contracted(1))
    with pytest.raises(Refused) as told:
        r.send_on(first, r.contracted(2), specialty=r.specialty("BED"))
    assert told.value.code == "sent_on"


def test_after_cancelling_the_wrong_choice_the_case_goes_on():
    first = r.refuse(r.issue())
    wrong = r.send_on(first, r.contracted(1))
    issuing.cancel(sjp=wrong, actor=wrong.issued_by, at=ANSWERED, reason="Salah pilih")
    right = r.send_on(first, r.contracted(2), at=r.AT + r.LATER)
    assert right.referral.earlier == wrong.referral


def test_an_expired_referral_is_not_accepted_any_more():
    sjp = r.issue()
    type(sjp.referral).objects.filter(pk=sjp.referral_id).update(state="EXPIRED")
    with pytest.raises(WrongState):
        hospital.accept(referral=sjp.referral, actor=r.desk(sjp.hospital), at=ANSWERED)


def test_the_clock_of_a_letter_dinkes_had_to_approve_begins_with_the_approval():
    far = r.contracted()
    far.in_city = False
    far.save()
    sjp = intensive(to=far)
    assert sjp.state == "WAITING"
    late = r.AT + timedelta(hours=2)
    assert escalation.open_overdue(at=late) == 0
    approval.approve(sjp=sjp, actor=f.make_user("DINKES_SERVICES"), at=late)
    sjp.referral.refresh_from_db()
    assert sjp.referral.answer_due == late + timedelta(minutes=15)
    assert escalation.open_overdue(at=late + timedelta(minutes=16)) == 1
