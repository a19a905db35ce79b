"""From arrival to the way back: visits under one letter, summaries, control letters, back-referrals, no-shows, handovers."""

import datetime

import pytest
from django.db import IntegrityError, transaction

from facilities.enums import Role, Service
from facilities.models import Specialty
from ksb.core.errors import NotAllowed, Refused, WrongState
from referrals import back_referral, control, expiry, handover, hospital, missed, own_patients, resume, today, visits
from referrals.enums import FollowUp
from referrals.models import ControlLetter, Episode, Handover, MissedCall
from tests import factories as f
from tests.referrals import factories as r

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)
WEEK = r.AT + 7 * DAY


@pytest.fixture
def sjp():
    return r.issue()


@pytest.fixture
def desk(sjp):
    return r.desk(sjp.hospital)


def fresh(thing):
    thing.refresh_from_db()
    return thing


class TestVisitsUnderOneLetter:
    def test_a_control_visit_needs_no_new_letter_and_matches_its_date(self, sjp, desk):
        letter = r.call_back(r.left(sjp, desk), desk)
        assert fresh(sjp).state == "USED"
        with pytest.raises(Refused, match="29 November"):
            r.admit(sjp, desk, at=WEEK - DAY, invitation=letter)
        visit = r.admit(sjp, desk, at=WEEK, invitation=letter)
        assert (fresh(letter).state, letter.visit, visit.service) == ("USED", visit, "OUTPATIENT")

    def test_without_a_control_letter_a_letter_in_use_admits_nobody(self, sjp, desk):
        r.left(sjp, desk)
        with pytest.raises(WrongState):
            r.admit(sjp, desk, at=WEEK)

    def test_the_letter_is_finished_by_the_last_discharge(self, sjp, desk):
        letter = r.call_back(r.left(sjp, desk), desk)
        visit = r.admit(sjp, desk, at=WEEK, invitation=letter)
        hospital.discharge(episode=visit, actor=desk, at=WEEK, status=1, next_step=FollowUp.HOME, condition="RECOVERED")
        assert (fresh(sjp).state, fresh(sjp.referral).state) == ("SERVICE_DONE", "DONE")

    def test_a_patient_still_awaited_at_another_clinic_keeps_the_letter_in_use(self, sjp, desk):
        episode = r.admit(sjp, desk)
        control.refer_internally(
            episode=episode, specialty=r.specialty("JAN"), doctor_name="dr. A", question="Jantung?", actor=desk, at=r.AT
        )
        hospital.discharge(episode=episode, actor=desk, at=r.AT + 2 * r.LATER, status=1, condition="IMPROVED")
        assert fresh(sjp).state == "USED"
        (way,) = visits.invitations(sjp, f.TODAY)
        there = r.admit(sjp, desk, at=r.AT + 3 * r.LATER, invitation=way)
        assert there.clinic == Specialty.objects.get(pk="JAN")
        assert not visits.invitations(sjp, f.TODAY)

    def test_a_stay_may_be_followed_by_control_visits_as_an_outpatient(self):
        stay = r.issue(service=Service.INPATIENT)
        desk = r.desk(stay.hospital)
        letter = r.call_back(r.left(stay, desk), desk)
        assert r.admit(stay, desk, at=WEEK, invitation=letter).service == "OUTPATIENT"

    def test_a_series_admits_again_without_a_control_letter_until_its_last_day(self):
        to = f.hospital()
        f.make_contract(to, services=[Service.HAEMODIALYSIS])
        series = r.issue(service=Service.HAEMODIALYSIS, to=to)
        desk = r.desk(to)
        r.left(series, desk, next_step=FollowUp.HOME)
        assert fresh(series).state == "USED"
        assert not Episode.objects.filter(sjp=series).without_summary().exists()  # a session needs none of its own
        assert r.admit(series, desk, at=r.AT + 3 * DAY).pk
        with pytest.raises(Refused):
            r.admit(series, desk, at=r.AT + 90 * DAY)

    def test_a_control_letter_of_another_sjp_is_refused(self, sjp, desk):
        r.left(sjp, desk)
        other = r.issue(to=sjp.hospital)
        foreign = r.call_back(r.left(other, desk), desk)
        with pytest.raises(Refused, match="SJP"):
            r.admit(sjp, desk, at=WEEK, invitation=foreign)
        assert fresh(foreign).state == "ISSUED"

    def test_the_desk_finishes_a_letter_and_its_open_control_letters_end(self, sjp, desk):
        letter = r.call_back(r.left(sjp, desk), desk)
        visits.finish(sjp=sjp, actor=desk, at=r.AT + 4 * r.LATER)
        assert (fresh(sjp).state, fresh(letter).state) == ("SERVICE_DONE", "CANCELLED")

    def test_a_letter_is_not_finished_while_the_patient_is_in_care(self, sjp, desk):
        r.admit(sjp, desk)
        with pytest.raises(Refused):
            visits.finish(sjp=sjp, actor=desk, at=r.AT + 2 * r.LATER)

    def test_the_night_ends_letters_nobody_can_come_back_under(self, sjp, desk):
        r.left(sjp, desk)
        stays_open = r.issue(to=sjp.hospital)
        r.admit(stays_open, desk)
        last = sjp.referral.valid_until
        assert visits.end(on=last, at=r.AT) == 0
        assert visits.end(on=last + DAY, at=r.AT) == 1
        assert (fresh(sjp).state, fresh(sjp.referral).state) == ("SERVICE_DONE", "DONE")
        assert fresh(stays_open).state == "USED"


class TestOverlapGuard:
    def test_out_here_and_in_there_on_one_day_is_a_move(self, sjp):
        stay = r.issue(resident=sjp.resident, service=Service.INPATIENT, to=r.contracted(1))
        r.left(stay, status=2, next_step=FollowUp.REFERRED)
        assert r.admit(sjp, at=r.AT + 3 * r.LATER)

    def test_an_arrival_written_for_a_day_of_a_stay_elsewhere_is_refused(self, sjp):
        stay = r.issue(resident=sjp.resident, service=Service.INPATIENT, to=r.contracted(1))
        r.admit(stay, at=r.AT)
        hospital.discharge(
            episode=stay.episodes.get(), actor=r.desk(stay.hospital), at=r.AT + 3 * DAY, status=1, condition="IMPROVED"
        )
        with pytest.raises(Refused, match=stay.hospital.name):
            r.admit(sjp, at=r.AT + 4 * DAY, admitted_at=r.AT + DAY)

    def test_a_visit_elsewhere_on_the_same_day_is_pointed_out(self, sjp):
        other = r.issue(resident=sjp.resident, to=r.contracted(1), specialty=r.specialty("BED"))
        r.left(other, next_step=FollowUp.HOME)
        assert [episode.hospital for episode in hospital.elsewhere_on(sjp, f.TODAY)] == [other.hospital]


class TestDischarge:
    def test_a_death_has_its_time_and_its_condition_follows(self, sjp, desk):
        episode = r.admit(sjp, desk, at=r.AT)
        letter = r.call_back(episode, desk, at=r.AT + r.LATER)
        at = r.AT + 3 * DAY
        hospital.discharge(episode=episode, actor=desk, at=at, status=4, death_time=at - r.LATER, next_step=4)
        assert (fresh(episode).condition, episode.next_step) == ("DIED_LATE", None)
        assert (fresh(sjp).state, fresh(letter).state) == ("SERVICE_DONE", "CANCELLED")

    def test_a_death_within_48_hours_is_told_apart(self, sjp, desk):
        episode = r.left(sjp, desk, status=4, condition="")
        assert episode.condition == "DIED_EARLY"

    def test_a_time_of_death_outside_the_stay_is_refused(self, sjp, desk):
        episode = r.admit(sjp, desk, at=r.AT)
        with pytest.raises(Refused):
            hospital.discharge(episode=episode, actor=desk, at=r.AT + DAY, status=4, death_time=r.AT - r.LATER)

    def test_the_database_knows_death_as_a_manner_of_discharge_only(self, sjp, desk):
        episode = r.left(sjp, desk)
        with pytest.raises(IntegrityError, match="death_is_a_manner"), transaction.atomic():
            Episode.objects.filter(pk=episode.pk).update(death_time=episode.discharged_at)


class TestSummary:
    def test_it_is_complete_when_nothing_is_missing(self, sjp, desk):
        episode = r.left(sjp, desk)
        resume.save(episode=episode, actor=desk, at=r.AT + 3 * r.LATER, complaint="Demam")
        with pytest.raises(Refused, match="DPJP"):
            resume.complete(episode=episode, actor=desk, at=r.AT + 3 * r.LATER)
        r.complete(episode, desk)
        assert (fresh(episode).state, episode.completed_by) == ("COMPLETE", desk)

    def test_it_is_not_written_of_a_patient_in_care_nor_changed_once_complete(self, sjp, desk):
        episode = r.admit(sjp, desk)
        with pytest.raises(WrongState):
            resume.save(episode=episode, actor=desk, at=r.AT + 2 * r.LATER, complaint="x")
        hospital.discharge(episode=episode, actor=desk, at=r.AT + 2 * r.LATER, status=1, condition="IMPROVED")
        r.complete(episode, desk)
        with pytest.raises(WrongState):
            resume.save(episode=episode, actor=desk, at=r.AT + 4 * r.LATER, complaint="x")

    def test_another_hospital_does_not_write_it(self, sjp, desk):
        episode = r.left(sjp, desk)
        with pytest.raises(NotAllowed):
            resume.save(episode=episode, actor=r.desk(r.contracted(1)), at=r.AT + 3 * r.LATER)

    def test_it_is_due_so_many_days_after_discharge(self, sjp, desk):
        assert resume.due(r.left(sjp, desk)) == f.TODAY + 7 * DAY

    def test_late_ones_are_marked_on_the_desks_list(self, sjp, desk):
        r.left(sjp, desk)
        for days, late in ((7, False), (8, True)):
            (section,) = [part for part in today.of_hospital(desk, at=r.AT + days * DAY) if part.code == "resumes"]
            assert [row.late for row in section.rows] == [late]


class TestControlLetters:
    def test_the_day_lies_within_the_referral(self, sjp, desk):
        episode = r.left(sjp, desk)
        last = sjp.referral.valid_until
        with pytest.raises(Refused):
            r.call_back(episode, desk, on=last + DAY)
        with pytest.raises(Refused):
            r.call_back(episode, desk, on=f.TODAY - DAY)
        assert r.call_back(episode, desk, on=last).valid_until == last

    def test_a_new_one_for_the_same_clinic_takes_the_place_of_the_open_one(self, sjp, desk):
        episode = r.left(sjp, desk)
        first = r.call_back(episode, desk)
        second = r.call_back(episode, desk, on=f.TODAY + 9 * DAY)
        assert (fresh(first).state, second.state) == ("CANCELLED", "ISSUED")

    def test_numbers_are_gapless_per_hospital(self, sjp, desk):
        episode = r.left(sjp, desk)
        numbers = [r.call_back(episode, desk).number for _ in range(2)]
        with pytest.raises(Refused):
            r.call_back(episode, desk, reason=" ")
        numbers.append(r.call_back(episode, desk).number)
        assert [int(number[:6]) for number in numbers] == [1, 2, 3]

    def test_who_does_not_come_is_known_the_night_after(self, sjp, desk):
        letter = r.call_back(r.left(sjp, desk), desk)
        assert visits.miss(on=letter.control_on, at=r.AT) == 0
        assert visits.miss(on=letter.control_on + DAY, at=r.AT) == 1
        assert fresh(letter).state == "MISSED"

    def test_only_a_letter_in_use_is_called_back_under(self, sjp, desk):
        episode = r.left(sjp, desk, next_step=FollowUp.HOME)
        with pytest.raises(WrongState):
            r.call_back(episode, desk)

    def test_the_database_holds_one_open_letter_per_clinic(self, sjp, desk):
        letter = r.call_back(r.left(sjp, desk), desk)
        letter.pk, letter.number, letter.token, letter.public_id = (
            None,
            "x",
            "y",
            "00000000-0000-4000-8000-000000000000",
        )
        with pytest.raises(IntegrityError, match="one_open_control_letter"), transaction.atomic():
            letter.save(force_insert=True)
        with pytest.raises(IntegrityError, match="a_used_control_letter_has_its_visit"), transaction.atomic():
            ControlLetter.objects.update(state="USED")


class TestBackReferral:
    @pytest.fixture
    def letter(self, sjp, desk):
        return r.send_back(r.left(sjp, desk), desk)

    def test_it_closes_the_letter_and_its_referral(self, sjp, letter):
        assert (fresh(sjp).state, fresh(sjp.referral).state, letter.state) == ("SERVICE_DONE", "SENT_BACK", "SENT")

    def test_a_patient_is_referred_back_once_and_not_while_in_care(self, sjp, desk, letter):
        with pytest.raises(Refused):
            r.send_back(letter.episode, desk)
        running = r.admit(r.issue(to=sjp.hospital), desk)
        with pytest.raises(Refused):
            r.send_back(running, desk)

    def test_the_puskesmas_takes_over_and_records_the_visits(self, sjp, letter):
        clerk = sjp.issued_by
        back_referral.accept(letter=letter, actor=clerk, at=WEEK)
        first, second = f.TODAY + 6 * DAY, f.TODAY + 7 * DAY
        at = r.AT + 8 * DAY
        back_referral.record_visit(letter=letter, visited_on=second, next_on=f.TODAY + 37 * DAY, actor=clerk, at=at)
        back_referral.record_visit(letter=letter, visited_on=first, next_on=second, actor=clerk, at=at)
        assert (fresh(letter).state, letter.visited_on, letter.due_on) == ("VISITED", first, f.TODAY + 37 * DAY)

    def test_a_visit_is_recorded_once_and_only_after_taking_over(self, sjp, letter):
        clerk = sjp.issued_by
        with pytest.raises(WrongState):
            back_referral.record_visit(letter=letter, visited_on=f.TODAY, actor=clerk, at=WEEK)
        back_referral.accept(letter=letter, actor=clerk, at=WEEK)
        for day in (f.TODAY - DAY, f.TODAY + 30 * DAY):
            with pytest.raises(Refused):
                back_referral.record_visit(letter=letter, visited_on=day, actor=clerk, at=WEEK)
        back_referral.record_visit(letter=letter, visited_on=f.TODAY, actor=clerk, at=WEEK)
        with pytest.raises(Refused):
            back_referral.record_visit(letter=letter, visited_on=f.TODAY, actor=clerk, at=WEEK)

    def test_another_puskesmas_takes_nobody_over(self, letter):
        with pytest.raises(NotAllowed):
            back_referral.accept(letter=letter, actor=r.clerk(f.puskesmas(1)), at=WEEK)

    def test_who_is_due_stands_on_the_puskesmas_list(self, sjp, desk):
        letter = r.send_back(r.left(sjp, desk), desk, due_on=f.TODAY + DAY)
        clerk = sjp.issued_by
        back_referral.accept(letter=letter, actor=clerk, at=WEEK)
        lists = {section.code: section.rows for section in today.of_puskesmas(clerk, at=WEEK)}
        assert lists["due"] == [letter]
        back_referral.end(letter=letter, reason="Pindah", actor=clerk, at=WEEK)
        assert not any(section.rows for section in today.of_puskesmas(clerk, at=WEEK))


class TestNoShows:
    def test_an_unused_letter_is_called_about_until_its_patient_is_reached(self, sjp):
        clerk = sjp.issued_by
        late = sjp.valid_until + DAY
        expiry.expire(on=late, at=r.AT)
        assert list(missed.letters(clerk, on=late)) == [fresh(sjp)]
        missed.record_call(sjp=sjp, outcome="NOT_REACHED", actor=clerk, at=r.AT)
        assert missed.letters(clerk, on=late).get().last_outcome == "NOT_REACHED"
        missed.record_call(sjp=sjp, outcome="WELL", actor=clerk, at=r.AT + r.LATER)
        assert not missed.letters(clerk, on=late)

    def test_a_missed_control_date_is_on_the_list_until_a_new_one_is_given(self, sjp, desk):
        episode = r.left(sjp, desk)
        letter = r.call_back(episode, desk)
        visits.miss(on=letter.control_on + DAY, at=r.AT)
        on = letter.control_on + DAY
        assert list(missed.controls(sjp.issued_by, on=on)) == [letter]
        r.call_back(episode, desk, on=on + DAY, at=WEEK + DAY)
        assert not missed.controls(sjp.issued_by, on=on)

    def test_nobody_is_called_about_a_letter_that_was_used(self, sjp, desk):
        r.left(sjp, desk)
        with pytest.raises(Refused):
            missed.record_call(sjp=fresh(sjp), outcome="WELL", actor=sjp.issued_by, at=r.AT)

    def test_another_puskesmas_does_not_call(self, sjp):
        expiry.expire(on=sjp.valid_until + DAY, at=r.AT)
        with pytest.raises(NotAllowed):
            missed.record_call(sjp=fresh(sjp), outcome="WELL", actor=r.clerk(f.puskesmas(1)), at=r.AT)

    def test_calls_are_only_ever_added(self, sjp):
        expiry.expire(on=sjp.valid_until + DAY, at=r.AT)
        missed.record_call(sjp=fresh(sjp), outcome="WELL", actor=sjp.issued_by, at=r.AT)
        with pytest.raises(IntegrityError), transaction.atomic():
            MissedCall.objects.update(outcome="DIED")


class TestHandover:
    def test_open_matters_list_themselves_and_the_next_shift_reads_by_name(self, sjp, desk):
        r.admit(sjp, desk)
        note = handover.write(facility=sjp.hospital, shift="MORNING", text="Bed 3", actor=desk, at=r.AT + 2 * r.LATER)
        assert note.matters == {"in_care": 1}
        with pytest.raises(Refused):
            handover.read(note=note, actor=desk, at=r.AT)
        colleague = r.desk(sjp.hospital)
        handover.read(note=note, actor=colleague, at=r.AT + 3 * r.LATER)
        assert fresh(note).read_by == colleague
        with pytest.raises(WrongState):
            handover.read(note=note, actor=r.desk(sjp.hospital), at=r.AT)

    def test_another_desk_neither_writes_nor_sees_it(self, sjp, desk):
        note = handover.write(facility=sjp.hospital, shift="NIGHT", text="Sepi", actor=desk, at=r.AT)
        other = r.desk(r.contracted(1))
        assert not Handover.objects.visible_to(other)
        for act in (
            lambda: handover.read(note=note, actor=other, at=r.AT),
            lambda: handover.write(facility=sjp.hospital, shift="NIGHT", text="x", actor=other, at=r.AT),
        ):
            with pytest.raises(NotAllowed):
                act()

    @pytest.mark.parametrize(("hour", "shift"), [(6, "NIGHT"), (7, "MORNING"), (14, "AFTERNOON"), (23, "NIGHT")])
    def test_the_shift_follows_from_the_hour(self, hour, shift):
        assert handover.shift_at(f.NOW.replace(hour=hour)) == shift


class TestOwnPatients:
    def test_a_patient_is_found_by_name_nik_and_record_among_own_letters_only(self, sjp, desk):
        r.admit(sjp, desk, medical_record="00-77-88")
        foreign = r.issue(resident=f.covered_person(name=sjp.resident.name), to=r.contracted(1))
        r.admit(foreign, medical_record="00-77-88")
        for typed in (sjp.resident.name[:4].lower(), sjp.resident.nik, "00-77-88"):
            assert own_patients.find(query=typed, actor=desk, at=r.AT) == [sjp]
        assert own_patients.find(query=foreign.resident.nik, actor=desk, at=r.AT) == []

    def test_two_letters_of_a_name_are_too_few(self, desk):
        with pytest.raises(Refused):
            own_patients.find(query="A ", actor=desk, at=r.AT)


class TestTodaysLists:
    def test_the_hospital_sees_each_patient_where_the_next_step_is(self, sjp, desk):
        accepted, waiting = r.issue(to=sjp.hospital), r.issue(to=sjp.hospital)
        hospital.accept(referral=accepted.referral, actor=desk, at=r.AT)
        letter = r.call_back(r.left(sjp, desk), desk, on=f.TODAY)
        inside = r.admit(r.issue(to=sjp.hospital), desk)
        r.issue(to=r.contracted(1))
        lists = {section.code: section.rows for section in today.of_hospital(desk, at=r.AT + 3 * r.LATER)}
        assert lists["answer"] == [waiting]
        assert lists["arrivals"] == [accepted]
        assert lists["controls"] == [letter]
        assert lists["in_care"] == [inside]
        assert lists["forgotten"] == []
        assert lists["resumes"] == [letter.episode]

    def test_an_outpatient_of_yesterday_is_to_be_discharged(self, sjp, desk):
        inside = r.admit(sjp, desk)
        lists = {section.code: section.rows for section in today.of_hospital(desk, at=r.AT + DAY)}
        assert (lists["forgotten"], lists["in_care"]) == ([inside], [])

    def test_a_desk_asks_the_same_number_of_questions_for_many_patients(self, sjp, desk, django_assert_max_num_queries):
        with django_assert_max_num_queries(12) as few:
            today.of_hospital(desk, at=r.AT)
        for _ in range(3):
            r.admit(r.issue(to=sjp.hospital), desk)
        with django_assert_max_num_queries(len(few)):
            today.of_hospital(desk, at=r.AT + 2 * r.LATER)

    def test_a_doctor_of_the_puskesmas_sees_the_same_list_as_the_clerk(self, sjp, desk):
        letter = r.send_back(r.left(sjp, desk), desk)
        doctor = f.make_user(Role.PUSKESMAS_DOCTOR, facility=sjp.puskesmas)
        lists = {section.code: section.rows for section in today.of_puskesmas(doctor, at=r.AT + DAY)}
        assert lists["take_over"] == [letter]
