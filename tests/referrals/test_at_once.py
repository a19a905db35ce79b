"""Several people in the same second, on real transactions."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial
from threading import Barrier

import pytest
from django.db import connections, transaction

from facilities import beds
from facilities.enums import Service
from ksb.core.errors import Refused
from ksb.core.models import OutboxEvent
from referrals import back_referral, escalation, expiry, guarantee, hospital, visits
from referrals.models import BackReferral, ControlLetter, Episode, Escalation, Referral, Sjp
from tests import factories as f
from tests.referrals import factories as r

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*acts):
    """Run all ``acts`` in threads of their own, started together. Returns results, or the refusals they met."""
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


def test_two_clerks_with_the_same_patient_write_one_letter():
    resident, to = f.covered_person(), r.contracted()
    clerks = [r.clerk(f.puskesmas(n)) for n in range(4)]
    results = at_once(*(lambda clerk=clerk: r.issue(clerk, resident=resident, to=to) for clerk in clerks))
    letters = [result for result in results if isinstance(result, Sjp)]
    refusals = [result for result in results if isinstance(result, Refused)]
    assert len(letters) == 1
    assert len(refusals) == 3
    assert all(letters[0].number in refusal.message for refusal in refusals)
    assert Referral.objects.count() == OutboxEvent.objects.filter(kind="sjp.issued").count() == 1


def test_twenty_writers_who_often_change_their_mind_leave_no_gap_in_the_numbers():
    """Five letters each; two of three are rolled back after they had their number, in the middle of the others."""
    place, kept = f.puskesmas(), []

    def write(writer):
        for turn in range(5):
            try:
                with transaction.atomic():
                    number = guarantee.number("SJP", place, f.TODAY)
                    if (writer + turn) % 3:
                        raise Refused("given back")
                    kept.append(number)
            except Refused:
                continue

    at_once(*(partial(write, writer) for writer in range(20)))
    assert sorted(int(number[:6]) for number in kept) == list(range(1, len(kept) + 1))
    assert len(kept) in (33, 34)


def test_numbers_stay_without_gaps_when_some_of_many_are_refused():
    to = r.contracted()
    clerks = [r.clerk() for _ in range(2)]
    people = [f.covered_person() for _ in range(4)]
    pairs = [(clerk, person) for person in people for clerk in clerks]
    at_once(*(lambda c=clerk, p=person: r.issue(c, resident=p, to=to) for clerk, person in pairs))
    numbers = sorted(int(sjp.number[:6]) for sjp in Sjp.objects.all())
    assert numbers == [1, 2, 3, 4]
    assert sorted(int(referral.number[:6]) for referral in Referral.objects.all()) == numbers


def test_a_double_click_becomes_one_letter():
    resident, clerk, to = f.covered_person(), r.clerk(), r.contracted()
    draft = r.draft_for(clerk, resident)
    results = at_once(*[lambda: r.issue(clerk, resident=resident, to=to, draft=draft)] * 3)
    assert {result.pk for result in results} == {Sjp.objects.get().pk}


def test_two_desks_register_one_arrival():
    sjp = r.issue(service=Service.INPATIENT)
    desks = [r.desk(sjp.hospital) for _ in range(3)]
    results = at_once(*(lambda desk=desk: r.admit(sjp, desk) for desk in desks))
    assert sum(isinstance(result, Episode) for result in results) == 1
    assert Episode.objects.count() == 1


def test_two_hospitals_do_not_admit_the_same_patient():
    resident = f.covered_person()
    letters = [
        r.issue(resident=resident, to=r.contracted(n), service=Service.INPATIENT, specialty=r.specialty(code))
        for n, code in enumerate(("INT", "BED"))
    ]
    results = at_once(*(lambda sjp=sjp: r.admit(sjp) for sjp in letters))
    assert sum(isinstance(result, Episode) for result in results) == 1
    assert sorted(Sjp.objects.values_list("state", flat=True)) == ["ISSUED", "USED"]


def test_two_desks_register_one_control_visit():
    sjp = r.issue()
    desks = [r.desk(sjp.hospital) for _ in range(3)]
    letter = r.call_back(r.left(sjp, desks[0]), desks[0], on=f.TODAY)
    at = r.AT + 4 * r.LATER
    results = at_once(*(lambda desk=desk: r.admit(sjp, desk, at=at, invitation=letter) for desk in desks))
    assert sum(isinstance(result, Episode) for result in results) == 1
    letter.refresh_from_db()
    assert letter.visit == Episode.objects.latest("pk")


def test_a_control_letter_and_the_end_of_its_sjp_do_not_cross():
    sjp = r.issue()
    desk = r.desk(sjp.hospital)
    episode = r.left(sjp, desk)
    at_once(
        lambda: visits.finish(sjp=sjp, actor=desk, at=r.AT + 3 * r.LATER),
        lambda: r.call_back(episode, desk),
    )
    sjp.refresh_from_db()
    assert sjp.state == "SERVICE_DONE"
    assert not ControlLetter.objects.to_come().exists()


def test_two_clerks_take_a_patient_over_once():
    sjp = r.issue()
    desk = r.desk(sjp.hospital)
    letter = r.send_back(r.left(sjp, desk), desk)
    clerks = [r.clerk(sjp.puskesmas) for _ in range(3)]
    at = r.AT + 5 * r.LATER
    results = at_once(*(lambda c=clerk: back_referral.accept(letter=letter, actor=c, at=at) for clerk in clerks))
    assert sum(isinstance(result, Refused) for result in results) == 2
    assert BackReferral.objects.get().accepted_by in clerks


def test_of_two_hospital_answers_at_once_one_counts():
    sjp = r.issue()
    accepting, refusing = r.desk(sjp.hospital), r.desk(sjp.hospital)
    results = at_once(
        lambda: hospital.accept(referral=sjp.referral, actor=accepting, at=r.AT),
        lambda: r.refuse(sjp, refusing),
    )
    assert sum(isinstance(result, Refused) for result in results) == 1
    sjp.refresh_from_db()
    assert (sjp.state, sjp.referral.state) in {("ISSUED", "ACCEPTED"), ("CANCELLED", "REFUSED")}


def test_two_accepted_patients_do_not_get_the_last_bed():
    place = r.contracted()
    letters = [r.issue(r.clerk(f.puskesmas(n)), to=place, service=Service.INTENSIVE) for n in range(2)]
    figures = {"ICU": beds.Figures(capacity=4, occupied=3)}
    beds.report(facility=place, figures=figures, source="MANUAL", actor=f.system(), at=r.AT)
    desks = [r.desk(place) for _ in letters]
    results = at_once(
        *(
            lambda sjp=sjp, desk=desk: hospital.accept(referral=sjp.referral, actor=desk, at=r.AT)
            for sjp, desk in zip(letters, desks, strict=True)
        )
    )
    assert sum(isinstance(result, Refused) for result in results) == 1
    assert sorted(Referral.objects.values_list("state", flat=True)) == ["ACCEPTED", "ISSUED"]


def test_accepting_and_expiring_at_once_leaves_one_of_the_two():
    sjp = r.issue()
    desk, last = r.desk(sjp.hospital), sjp.referral.valid_until
    results = at_once(
        lambda: hospital.accept(referral=sjp.referral, actor=desk, at=r.AT),
        lambda: expiry.expire(on=last + timedelta(days=1), at=r.AT),
    )
    sjp.referral.refresh_from_db()
    assert sjp.referral.state == "EXPIRED" or not isinstance(results[0], Refused)
    assert sjp.referral.state in ("ACCEPTED", "EXPIRED")


def test_two_windows_that_go_on_from_one_refusal_send_the_patient_to_one_place():
    first = r.refuse(r.issue())
    places = [r.contracted(1), r.contracted(2)]
    pairs = [(r.clerk(), place, r.specialty(code)) for place, code in zip(places, ("INT", "BED"), strict=True)]
    results = at_once(
        *(lambda c=c, to=to, s=s: r.send_on(first, to, c, specialty=s) for c, to, s in pairs),
    )
    assert sum(isinstance(result, Sjp) for result in results) == 1
    assert Referral.objects.filter(first=first.referral).count() == 1


def test_of_two_officers_one_has_the_case():
    r.issue(service=Service.INTENSIVE)
    late = r.AT + timedelta(minutes=20)
    found = at_once(*[lambda: escalation.open_overdue(at=late)] * 3)
    assert sum(found) == Escalation.objects.count() == 1
    case = Escalation.objects.get()
    officers = [f.make_user("DINKES_SERVICES") for _ in range(3)]
    results = at_once(*(lambda o=o: escalation.take(escalation=case, actor=o, at=late) for o in officers))
    assert sum(isinstance(result, Escalation) for result in results) == 1


def test_an_answer_and_the_clock_at_once_leave_no_case_open_for_an_accepted_patient():
    sjp = r.issue(service=Service.INTENSIVE)
    desk, late = r.desk(sjp.hospital), r.AT + timedelta(minutes=20)
    at_once(
        lambda: hospital.accept(referral=sjp.referral, actor=desk, at=late),
        lambda: escalation.open_overdue(at=late),
    )
    assert not Escalation.objects.running().exists()
