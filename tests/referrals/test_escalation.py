"""When no hospital is found by the ordinary way: how a case reaches the duty officer, who has it, and how it ends."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from facilities.enums import Service
from ksb.core.errors import NotAllowed, Refused, WrongState
from ksb.core.models import JournalEntry
from referrals import escalation, hospital
from referrals.models import Escalation
from tests import factories as f
from tests.referrals import factories as r

pytestmark = pytest.mark.django_db
LATE = r.AT + timedelta(minutes=16)


def officer():
    return f.make_user("DINKES_SERVICES")


def taken(case, by=None):
    by = by or officer()
    return escalation.take(escalation=case, actor=by, at=LATE), by


def unanswered(**values):
    sjp = r.issue(service=Service.INTENSIVE, **values)
    escalation.open_overdue(at=LATE)
    return sjp, Escalation.objects.get(referral=sjp.referral)


def settle(case, by, to, **values):
    told = {"hospital": to, "accepted_by_name": "dr. Rini, ICU", "note": "Lantai 3", **values}
    return escalation.settle(escalation=case, actor=by, at=LATE + r.LATER / 6, **told)


# How a case gets here


def test_the_third_refusal_calls_the_duty_officer_once():
    sjp = r.refused_thrice()
    case = Escalation.objects.get()
    assert (case.cause, case.state, case.referral, case.puskesmas) == (
        "REFUSED",
        "OPEN",
        sjp.referral,
        sjp.puskesmas,
    )
    r.refuse(r.send_on(sjp, r.contracted(3), at=r.AT + 5 * r.LATER), at=r.AT + 6 * r.LATER)
    assert Escalation.objects.count() == 1


def test_two_refusals_do_not():
    r.refuse(r.send_on(r.refuse(r.issue()), r.contracted(1)), at=r.AT + r.LATER)
    assert not Escalation.objects.exists()


def test_intensive_care_that_nobody_answers_in_time_is_found_exactly_once():
    sjp = r.issue(service=Service.INTENSIVE)
    assert escalation.open_overdue(at=sjp.referral.answer_due) == 0
    assert [escalation.open_overdue(at=LATE) for _ in range(3)] == [1, 0, 0]
    case = Escalation.objects.get()
    assert (case.cause, case.first, case.complaint) == ("UNANSWERED", sjp.referral, sjp.referral.complaint)
    assert JournalEntry.objects.filter(verb="escalation.open", object_id=case.pk).count() == 1
    escalation.withdraw(escalation=case, note="Meninggal", actor=sjp.issued_by, at=LATE)
    assert escalation.open_overdue(at=LATE + r.LATER) == 0


def test_other_services_answered_ones_and_old_ones_are_left_alone():
    r.issue(service=Service.INPATIENT)
    accepted = r.issue(service=Service.INTENSIVE)
    hospital.accept(referral=accepted.referral, actor=r.desk(accepted.hospital), at=r.AT)
    assert escalation.open_overdue(at=LATE + r.LATER) == 0
    r.issue(service=Service.INTENSIVE)
    assert escalation.open_overdue(at=LATE + timedelta(days=2)) == 0


def test_the_minute_costs_the_same_for_one_and_for_many(django_assert_max_num_queries):
    clerk = r.clerk()
    for _ in range(5):
        r.issue(clerk, service=Service.INTENSIVE)
    with django_assert_max_num_queries(6):
        assert escalation.open_overdue(at=LATE) == 5


def ask(clerk, resident, **values):
    facts = {
        **{"puskesmas": clerk.facility, "specialty": r.specialty(), "service": "INTENSIVE", "ward": "ICU"},
        **{"diagnosis": r.diagnosis(), "complaint": "Sesak", "findings": "SpO2 82"},
    }
    draft = r.draft_for(clerk, resident)
    return escalation.ask(draft=draft, resident=resident, actor=clerk, at=r.AT, **{**facts, **values}), draft


def test_a_clerk_asks_once_for_a_patient_without_any_hospital():
    clerk, resident = r.clerk(), f.covered_person()
    case, draft = ask(clerk, resident)
    assert (case.cause, case.draft, case.referral) == ("NO_BED", draft, None)
    facts = {name: getattr(case, name) for name in ("puskesmas", "specialty", "service", "ward", "diagnosis")}
    with pytest.raises(Refused):
        escalation.ask(
            draft=draft, actor=clerk, at=r.AT, resident=resident, complaint="Sesak", findings="SpO2", **facts
        )
    with pytest.raises(NotAllowed):
        ask(r.clerk(f.puskesmas(1)), f.covered_person(), puskesmas=clerk.facility)


# Who has it


def test_one_officer_takes_the_case_and_a_colleague_is_told():
    _sjp, case = unanswered()
    _case, first = taken(case)
    with pytest.raises(WrongState):
        taken(case)
    case.refresh_from_db()
    assert case.taken_by == first


def test_only_who_took_it_says_how_it_ended_until_a_colleague_takes_it_over():
    sjp, case = unanswered()
    taken(case)
    second = officer()
    with pytest.raises(NotAllowed):
        settle(case, second, sjp.hospital)
    escalation.take_over(escalation=case, actor=second, at=LATE)
    assert settle(case, second, sjp.hospital).state == "SETTLED"


# How it ends


def test_a_yes_by_telephone_of_the_hospital_asked_accepts_its_letter():
    sjp, case = unanswered()
    _case, by = taken(case)
    settle(case, by, sjp.hospital)
    sjp.referral.refresh_from_db()
    assert (sjp.referral.state, sjp.referral.answered_by) == ("ACCEPTED", by)


def test_the_letter_to_the_hospital_found_is_accepted_from_the_start():
    sjp = r.refused_thrice()
    case = Escalation.objects.get()
    _case, by = taken(case)
    private = r.contracted(public=False)
    settle(case, by, private)
    new = r.send_on(sjp, private, at=LATE + 3 * r.LATER)
    new.referral.refresh_from_db()
    assert (new.referral.state, new.referral.answered_by) == ("ACCEPTED", by)
    assert new.referral.pass_over_reason == "DUTY_OFFICER"


def test_a_hospital_that_had_refused_may_be_the_one_found():
    sjp = r.refused_thrice()
    case = Escalation.objects.get()
    _case, by = taken(case)
    settle(case, by, sjp.hospital)
    assert r.send_on(sjp, sjp.hospital, at=LATE + 3 * r.LATER).hospital == sjp.hospital


def test_a_case_that_began_without_a_letter_is_found_by_its_draft():
    clerk, resident = r.clerk(), f.covered_person()
    case, draft = ask(clerk, resident)
    _case, by = taken(case)
    to = r.contracted()
    settle(case, by, to)
    sjp = r.issue(clerk, resident=resident, to=to, service="INTENSIVE", draft=draft, at=LATE + r.LATER)
    sjp.referral.refresh_from_db()
    assert sjp.referral.state == "ACCEPTED"


def test_a_hospital_that_answers_after_all_ends_the_search():
    sjp, case = unanswered()
    hospital.accept(referral=sjp.referral, actor=r.desk(sjp.hospital), at=LATE)
    case.refresh_from_db()
    assert (case.state, case.hospital) == ("SETTLED", sjp.hospital)


def test_so_does_the_patients_arrival():
    sjp, case = unanswered()
    taken(case)
    r.admit(sjp)
    case.refresh_from_db()
    assert case.state == "SETTLED"


def test_an_unmet_request_is_counted_with_its_reason():
    _sjp, case = unanswered()
    _case, by = taken(case)
    for reason, note in (("", "x"), ("PENUH", "x"), ("NO_BED_ANYWHERE", " ")):
        with pytest.raises(Refused):
            escalation.give_up(escalation=case, reason=reason, note=note, actor=by, at=LATE)
    escalation.give_up(escalation=case, reason="NO_BED_ANYWHERE", note="12 RS dihubungi", actor=by, at=LATE)
    figures = dict(escalation.figures(Escalation.objects.all(), month=f.TODAY.replace(day=1)))
    assert list(figures.values()) == [1]


def test_settling_needs_the_name_of_who_said_yes():
    sjp, case = unanswered()
    _case, by = taken(case)
    with pytest.raises(Refused):
        settle(case, by, sjp.hospital, accepted_by_name=" ")


@pytest.mark.parametrize(
    "wrong",
    [
        {"state": "SETTLED"},
        {"state": "UNMET", "unmet_reason": "OTHER"},
        {"state": "TAKEN"},
        {"referral": None},
        {"taken_at": r.AT},
    ],
)
def test_the_database_keeps_a_case_whole(wrong):
    _sjp, case = unanswered()
    with pytest.raises(IntegrityError), transaction.atomic():
        Escalation.objects.filter(pk=case.pk).update(**wrong)


def test_officers_see_all_cases_a_puskesmas_its_own_a_hospital_none():
    sjp, case = unanswered()
    own, foreign = r.clerk(), r.clerk(f.puskesmas(1))
    for actor, sees in ((officer(), True), (own, True), (foreign, False), (r.desk(sjp.hospital), False)):
        assert Escalation.objects.visible_to(actor).filter(pk=case.pk).exists() is sees
