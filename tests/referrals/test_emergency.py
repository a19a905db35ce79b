"""Emergencies without a referral: the clock, the report, the decision and what follows (domain.md B10, SM6)."""

import datetime
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import IntegrityError, connections, transaction
from django.utils import timezone

from facilities.calendar import add_working_hours
from facilities.models import Facility, Holiday
from ksb.core.errors import NotAllowed, Refused, WrongState
from ksb.core.models import JournalEntry, OutboxEvent
from ksb.core.scheme import Parameters
from referrals import hospital as care
from referrals.coverage import NotCovered
from referrals.emergency import clock, deciding, patients, payers, reporting
from referrals.models import EmergencyNotice, EmergencyQuestion, Episode, Sjp
from tests import factories as f
from tests.referrals import emergencies as e
from tests.referrals import factories as r

pytestmark = pytest.mark.django_db
HOUR = e.HOUR
LATER = f.NOW + HOUR
ZONE = timezone.get_default_timezone()


def at(day, hour=9, minute=30):
    return datetime.datetime(2026, 11, day, hour, minute, tzinfo=ZONE)


# The clock


def by_minutes(moment, hours):
    """The oracle: count working minutes one by one."""
    left, here = hours * 60, timezone.localtime(moment)
    while left:
        left -= here.weekday() < 5 and not Holiday.objects.filter(day=here.date()).exists()
        here += datetime.timedelta(minutes=1)
    return here


@pytest.mark.parametrize("day", [18, 19, 20, 21, 22])
@pytest.mark.parametrize("hours", [1, 15, 24])
def test_working_hours_are_counted_minute_by_minute(day, hours):
    Holiday.objects.get_or_create(day=datetime.date(2026, 11, 23), defaults={"name": "Uji"})
    assert add_working_hours(at(day), hours) == by_minutes(at(day), hours)


@pytest.mark.parametrize(
    ("arrival", "departure", "calendar", "workday"),
    [
        (at(16), None, at(19), at(19)),  # Monday: nothing stands still
        (at(19), None, at(22), at(24)),  # Thursday: the weekend does not count
        (at(21), None, at(24), at(26, 0, 0)),  # Saturday: counts from Monday midnight
        (at(16), at(17), at(17), at(17)),  # left before
        (at(16), at(20), at(19), at(19)),  # left after
    ],
)
def test_the_report_is_due_by_the_clock_of_the_scheme_or_when_the_patient_left(arrival, departure, calendar, workday):
    for kind, due in (("calendar", calendar), ("workday", workday)):
        parameters = Parameters(emergency_clock=kind)
        assert clock.report_deadline(arrival, parameters=parameters, departure=departure) == due


def test_a_national_holiday_stands_still_for_the_working_clock_only():
    Holiday.objects.create(day=datetime.date(2026, 11, 17), name="Uji")
    due = {
        kind: clock.report_deadline(at(16), parameters=Parameters(emergency_clock=kind))
        for kind in ("calendar", "workday")
    }
    assert due == {"calendar": at(19), "workday": at(20)}


def test_the_decision_is_due_a_day_after_the_report():
    assert e.report().due == f.NOW + 24 * HOUR


# The report


def test_a_report_in_time_waits_for_the_officer_with_its_number():
    notice = e.report()
    assert (notice.state, notice.late) == ("REPORTED", False)
    assert notice.number == f"000001/LGD/{notice.hospital.code}/XI/2026"
    assert notice.deadline == notice.admitted_at + 72 * HOUR
    assert JournalEntry.objects.filter(verb="emergency.report", object_id=notice.pk).exists()


def test_a_report_after_the_deadline_needs_a_reason_and_is_late():
    with pytest.raises(Refused) as refusal:
        e.late(late_reason=" ")
    assert refusal.value.code == "late"
    assert not EmergencyNotice.objects.exists()
    notice = e.late()
    assert (notice.state, notice.late) == ("LATE", True)


def test_a_report_after_the_patient_left_is_late_within_three_days():
    assert e.report(departure=f.NOW - HOUR, late_reason="Pulang dini").late


def test_the_same_patient_is_not_reported_twice_by_one_hospital():
    first = e.report()
    assert e.report(first.reported_by, first.resident) == first
    assert EmergencyNotice.objects.count() == 1


def test_another_hospital_may_report_the_same_patient():
    first = e.report()
    other = e.report(r.desk(r.contracted(3)), first.resident)
    assert other != first


def test_a_patient_in_care_under_an_emergency_letter_needs_no_second_report():
    notice = e.approved()
    with pytest.raises(Refused, match=notice.sjp.number):
        e.report(notice.reported_by, notice.resident)


@pytest.mark.parametrize("when", [f.NOW + HOUR, f.NOW - 200 * HOUR])
def test_departure_lies_between_arrival_and_now(when):
    with pytest.raises(Refused):
        e.report(departure=when)


def test_only_the_hospitals_own_desk_reports():
    place = r.contracted()
    with pytest.raises(NotAllowed):
        e.report(r.desk(f.hospital(5)), hospital=place)


def test_a_hospital_without_contract_reports_too():
    place = f.make_facility(in_city=False)
    assert e.report(r.desk(place)).hospital == place


def test_who_is_not_covered_is_told_at_the_report():
    person = f.covered_person()
    f.cover_elsewhere(person, segment=13)
    with pytest.raises(NotCovered) as refusal:
        e.report(resident=person)
    assert refusal.value.code == "C14"
    assert not EmergencyNotice.objects.exists()


def test_missing_registration_and_ktp_el_stop_no_emergency():
    person = f.make_resident(ektp_recorded=False)
    f.fresh_sources()
    assert e.report(resident=person).state == "REPORTED"


# The decision


def test_approval_issues_a_letter_from_the_day_of_arrival_with_the_running_stay():
    notice = e.report(admitted_at=at(20), service="INPATIENT")
    actor = e.officer()
    sjp = deciding.approve(notice=notice, actor=actor, at=f.NOW)
    episode = Episode.objects.get()
    notice.refresh_from_db()
    assert (notice.state, notice.sjp, notice.decided_by) == ("APPROVED", sjp, actor)
    assert (sjp.state, sjp.service, sjp.emergency, sjp.referral) == ("USED", "INPATIENT", True, None)
    assert sjp.valid_from == datetime.date(2026, 11, 20)
    assert (episode.sjp, episode.state, episode.admitted_at) == (sjp, "IN_CARE", at(20))
    assert {reason["rule"] for reason in sjp.decision["reasons"]} >= {"C27"}
    assert OutboxEvent.objects.filter(kind="sjp.issued", object_id=sjp.pk).count() == 1


def test_the_stay_ends_like_any_other():
    notice = e.approved()
    care.discharge(episode=notice.sjp.episodes.get(), actor=notice.reported_by, at=f.NOW + 5 * HOUR, status=1)
    notice.sjp.refresh_from_db()
    assert notice.sjp.state == "SERVICE_DONE"


def test_a_second_click_of_the_officer_brings_the_same_letter_and_a_second_officer_is_told():
    notice, actor = e.report(), e.officer()
    sjp = deciding.approve(notice=notice, actor=actor, at=LATER)
    assert deciding.approve(notice=notice, actor=actor, at=LATER) == sjp
    with pytest.raises(WrongState):
        deciding.approve(notice=notice, actor=e.officer(), at=LATER)
    assert Sjp.objects.count() == 1


def test_the_puskesmas_of_the_patient_approves_and_no_other():
    notice = e.report()
    other = f.puskesmas(5 if notice.puskesmas != f.puskesmas(5) else 6)
    with pytest.raises(NotAllowed):
        deciding.approve(notice=notice, actor=r.clerk(other), at=LATER)
    assert deciding.approve(notice=notice, actor=r.clerk(notice.puskesmas), at=LATER)


def test_the_puskesmas_of_a_family_lies_in_its_kecamatan():
    household = f.make_household()
    found = patients.home_puskesmas(household)
    assert found.kecamatan_id == household.kelurahan.parent_id
    assert patients.home_puskesmas(f.make_household(kelurahan_id=None)).kind == "PUSKESMAS"


def test_cover_that_ended_since_the_report_stops_the_approval():
    notice = e.report()
    f.cover_elsewhere(notice.resident, segment=21)
    with pytest.raises(NotCovered):
        deciding.approve(notice=notice, actor=e.officer(), at=LATER)
    assert not Sjp.objects.exists()
    notice.refresh_from_db()
    assert notice.state == "REPORTED"


def test_a_patient_still_admitted_elsewhere_gets_no_second_stay():
    resident = f.covered_person()
    r.admit(r.issue(resident=resident, to=r.contracted(2), service="INPATIENT"))
    notice = e.report(resident=resident, service="INPATIENT")
    with pytest.raises(Refused, match=r"."):
        deciding.approve(notice=notice, actor=e.officer(), at=LATER)
    assert Sjp.objects.count() == 1


def test_a_late_report_needs_a_permit_of_dinkes_with_its_reason():
    notice = e.late()
    with pytest.raises(NotAllowed):
        deciding.permit(notice=notice, reason="x", actor=r.clerk(notice.puskesmas), at=LATER)
    with pytest.raises(WrongState):
        deciding.approve(notice=notice, actor=e.officer(), at=LATER)
    with pytest.raises(Refused):
        deciding.permit(notice=notice, reason=" ", actor=e.officer(), at=LATER)
    sjp = deciding.permit(notice=notice, reason="RS baru pertama melapor", actor=e.officer(), at=LATER)
    assert any("RS baru pertama melapor" in note for note in sjp.letter["notes"])


def test_a_late_report_is_declined_by_dinkes():
    notice = deciding.decline(notice=e.late(), step="decline_late", reason="Tanpa alasan", actor=e.officer(), at=LATER)
    assert (notice.state, notice.reason) == ("DECLINED_LATE", "Tanpa alasan")


@pytest.mark.parametrize("step", ["decline_criteria", "decline_cover"])
def test_a_decline_says_why(step):
    notice = e.report()
    with pytest.raises(Refused):
        deciding.decline(notice=notice, step=step, reason="", actor=e.officer(), at=LATER)
    assert deciding.decline(notice=notice, step=step, reason="Kontrol", actor=e.officer(), at=LATER).sjp is None


def test_data_are_asked_for_answered_and_what_stood_before_is_kept():
    notice, actor = e.report(), e.officer()
    deciding.ask(notice=notice, question="Kriteria?", until=f.NOW + 5 * HOUR, actor=actor, at=LATER)
    notice = reporting.answer(
        notice=notice, text="Diperbaiki", actor=notice.reported_by, at=f.NOW + 2 * HOUR, criterion="HAEMODYNAMIC"
    )
    question = EmergencyQuestion.objects.get()
    assert (notice.state, notice.criterion, question.changed) == (
        "REPORTED",
        "HAEMODYNAMIC",
        {"criterion": "CONSCIOUSNESS"},
    )
    assert notice.letter["criterion_number"] == "4"


def test_nothing_is_declined_while_the_hospital_may_still_answer():
    notice = e.report()
    deciding.ask(notice=notice, question="Temuan?", until=f.NOW + 5 * HOUR, actor=e.officer(), at=LATER)
    about = {"notice": notice, "step": "decline_criteria", "reason": "Tidak dijawab", "actor": e.officer()}
    with pytest.raises(Refused):
        deciding.decline(**about, at=f.NOW + 4 * HOUR)
    assert deciding.decline(**about, at=f.NOW + 6 * HOUR).state == "DECLINED_CRITERIA"


def test_a_question_gives_time():
    with pytest.raises(Refused):
        deciding.ask(notice=e.report(), question="Apa?", until=f.NOW, actor=e.officer(), at=LATER)


# Nobody knows who it is


def test_a_patient_without_name_is_reported_and_identified_before_the_letter():
    notice = e.report(**e.UNKNOWN)
    assert notice.puskesmas is None
    with pytest.raises(Refused):
        deciding.approve(notice=notice, actor=e.officer(), at=LATER)
    resident = f.covered_person()
    notice = patients.identify(
        notice=notice, resident=resident, identity_check="FAMILY", actor=notice.reported_by, at=LATER
    )
    assert notice.marks == e.UNKNOWN["marks"]
    assert resident.name in str(notice.letter)
    assert JournalEntry.objects.filter(verb="emergency.identify").exists()
    assert deciding.approve(notice=notice, actor=e.officer(), at=LATER).resident == resident


def test_whoever_identified_the_patient_does_not_decide():
    notice, actor = e.report(**e.UNKNOWN), e.officer()
    patients.identify(notice=notice, resident=f.covered_person(), identity_check="FAMILY", actor=actor, at=LATER)
    with pytest.raises(NotAllowed):
        deciding.approve(notice=EmergencyNotice.objects.get(), actor=actor, at=LATER)


def test_the_sex_of_the_description_must_fit():
    notice = e.report(**e.UNKNOWN)
    with pytest.raises(Refused):
        patients.identify(
            notice=notice,
            resident=f.covered_person(sex=2),
            identity_check="FAMILY",
            actor=notice.reported_by,
            at=LATER,
        )


def test_who_was_reported_by_nik_or_decided_on_is_not_identified_anew():
    for notice in (e.report(), e.approved()):
        with pytest.raises(WrongState):
            patients.identify(
                notice=notice,
                resident=notice.resident,
                identity_check="FAMILY",
                actor=notice.reported_by,
                at=LATER,
            )


def test_many_unknown_patients_lie_in_one_hospital():
    actor = r.desk(r.contracted())
    assert e.report(actor, **e.UNKNOWN) != e.report(actor, **e.UNKNOWN)


# Who pays first


def first_payer(notice, **values):
    told = {"police_report": "", "payer_letter": "", "payer_amount": None, "unpaid_elsewhere": False, **values}
    return payers.record(notice=notice, actor=notice.reported_by, at=LATER, **told)


def test_after_a_traffic_accident_the_letter_says_what_jasa_raharja_bears():
    notice = first_payer(e.report(cause="TRAFFIC_ACCIDENT"), police_report="LP/12", payer_amount=20_000_000)
    sjp = deciding.approve(notice=notice, actor=e.officer(), at=LATER)
    notes = " ".join(sjp.letter["notes"])
    assert "Jasa Raharja" in notes
    assert "LP/12" in notes
    assert "20.000.000" in notes
    assert "C19" in {reason["rule"] for reason in sjp.decision["reasons"]}


def test_a_work_accident_is_guaranteed_once_the_insurer_attests_that_it_does_not_pay():
    notice = e.report(cause="WORK_ACCIDENT")
    with pytest.raises(NotCovered) as refusal:
        deciding.approve(notice=notice, actor=e.officer(), at=LATER)
    assert refusal.value.code == "C20"
    with pytest.raises(Refused):
        first_payer(notice, unpaid_elsewhere=True)
    notice = first_payer(notice, unpaid_elsewhere=True, payer_letter="B/77")
    assert deciding.approve(notice=notice, actor=e.officer(), at=LATER)


def test_a_victim_of_a_crime_with_jkn_is_covered_as_a_complement_by_dinkes_with_the_letter_of_jkn():
    person = f.covered_person()
    f.cover_elsewhere(person, segment=13)
    notice = e.report(resident=person, cause="CRIME")
    with pytest.raises(NotAllowed):
        deciding.approve(notice=notice, actor=r.clerk(notice.puskesmas), at=LATER)
    with pytest.raises(Refused):
        deciding.approve(notice=notice, actor=e.officer(), at=LATER)
    notice = first_payer(notice, payer_letter="BPJS/5")
    sjp = deciding.approve(notice=notice, actor=e.officer(), at=LATER)
    assert sjp.decision["decision"] == "COVERED_COMPLEMENTARY"


def test_of_an_illness_nobody_pays_first():
    with pytest.raises(WrongState):
        first_payer(e.report(), police_report="LP/1")


# Stable in a hospital without contract


def test_a_stable_patient_of_a_hospital_without_contract_is_on_the_list_to_move():
    notice = e.approved(r.desk(f.make_facility()))
    reporting.mark_stable(notice=notice, actor=notice.reported_by, at=LATER)
    assert list(EmergencyNotice.objects.to_move()) == [notice]
    child = r.issue(resident=notice.resident)
    Sjp.objects.filter(pk=child.pk).update(parent=notice.sjp, state="CANCELLED")
    assert EmergencyNotice.objects.to_move().exists()
    Sjp.objects.filter(pk=child.pk).update(state="ISSUED")
    assert not EmergencyNotice.objects.to_move().exists()
    Sjp.objects.filter(pk=child.pk).update(state="EXPIRED")
    Sjp.objects.filter(pk=notice.sjp_id).update(state="SERVICE_DONE")
    assert not EmergencyNotice.objects.to_move().exists()


def test_where_there_is_a_contract_the_patient_stays():
    notice = e.approved()
    with pytest.raises(Refused):
        reporting.mark_stable(notice=notice, actor=notice.reported_by, at=LATER)


def test_only_a_guaranteed_patient_is_moved_by_the_own_desk():
    notice = e.report(r.desk(f.make_facility()))
    with pytest.raises(WrongState):
        reporting.mark_stable(notice=notice, actor=notice.reported_by, at=LATER)
    with pytest.raises(NotAllowed):
        reporting.mark_stable(notice=notice, actor=r.desk(f.hospital(5)), at=LATER)


# The last guard


@pytest.mark.parametrize(
    ("values", "name"),
    [
        ({"state": "APPROVED"}, "notice_approved_has_its_sjp"),
        ({"state": "LATE"}, "notice_in_late_state_is_late"),
        ({"late": True}, "late_notice_says_why"),
        ({"resident": None}, "notice_names_or_describes_the_patient"),
        ({"payer_amount": -1}, "notice_payer_amount_not_negative"),
        ({"service": "INPATIENT", "dead_on_arrival": True}, "dead_on_arrival_is_emergency_room_only"),
        ({"departure": at(1)}, "notice_departure_after_arrival"),
    ],
)
def test_the_database_refuses_what_no_procedure_allows(values, name):
    notice = e.report()
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        EmergencyNotice.objects.filter(pk=notice.pk).update(**values)


# Perimeters


def test_a_notice_is_seen_by_its_hospital_its_puskesmas_dinkes_and_auditors():
    notice = e.report()
    theirs = [
        ("HOSPITAL_DESK", notice.hospital, True),
        ("HOSPITAL_BILLER", notice.hospital, True),
        ("HOSPITAL_DIRECTOR", notice.hospital, False),
        ("HOSPITAL_DESK", f.hospital(5), False),
        ("PUSKESMAS_CLERK", notice.puskesmas, True),
        ("PUSKESMAS_CLERK", Facility.objects.puskesmas().exclude(pk=notice.puskesmas_id).first(), False),
        ("DINKES_SERVICES", None, True),
        ("AUDITOR", None, True),
        ("DINKES_MEMBERSHIP", None, False),
        ("DINKES_CLAIMS", None, False),
    ]
    for role, place, sees in theirs:
        user = f.make_user(role, facility=place)
        assert EmergencyNotice.objects.visible_to(user).exists() is sees, (role, place)


# At once


def at_once(*acts):
    start = Barrier(len(acts))

    def run(act):
        try:
            start.wait()
            return act()
        except Refused as refusal:
            return refusal
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(acts)) as pool:
        return [future.result() for future in [pool.submit(run, act) for act in acts]]


@pytest.mark.django_db(transaction=True)
def test_two_officers_at_once_issue_one_letter():
    notice = e.report()
    actors = [e.officer() for _ in range(3)]
    results = at_once(*(lambda a=actor: deciding.approve(notice=notice, actor=a, at=LATER) for actor in actors))
    assert sum(isinstance(result, Sjp) for result in results) == 1
    assert Sjp.objects.count() == Episode.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_desks_at_once_report_one_emergency():
    place, person = r.contracted(), f.covered_person()
    desks = [r.desk(place) for _ in range(3)]
    at_once(*(lambda d=desk: e.report(d, person) for desk in desks))
    assert EmergencyNotice.objects.count() == 1
