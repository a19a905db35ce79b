"""The sweep of the city writes what changed, for whom it must."""

import datetime
from contextlib import closing

import pytest
from django.db import connection

from ksb.core.errors import WrongState
from ksb.core.locks import _key
from ksb.core.models import JournalEntry
from participants.eligibility import city
from participants.eligibility.city import reevaluate
from participants.models import CoverageChange, CoverageStatus, Resident
from tests.factories import NOW, TODAY, cover_elsewhere, covered_person, make_family, make_resident

pytestmark = pytest.mark.django_db

DAY = datetime.timedelta(days=1)


def status(person):
    return CoverageStatus.objects.get(resident=person)


def test_everybody_is_judged_once_and_written_only_when_the_result_differs():
    person, other = covered_person(), make_resident()
    assert reevaluate(on=TODAY, at=NOW).written == 2
    assert (status(person).decision, status(person).headline_rule) == ("COVERED", "C34")
    assert (status(other).decision, status(other).headline_rule) == ("EXCLUDED_BELUM_TERDAFTAR", "C08")
    assert reevaluate(on=TODAY, at=NOW).written == 0
    cover_elsewhere(person, segment=21)
    assert reevaluate(on=TODAY, at=NOW).written == 1
    assert status(person).headline_rule == "C12"
    assert status(person).rules == ["C12"]


def test_only_the_touched_are_judged_and_those_whose_day_has_come():
    person, other = covered_person(), make_resident()
    waiting = covered_person(resident_since=datetime.date(2026, 5, 23))
    reevaluate(on=TODAY, at=NOW)
    assert status(waiting).next_change_on == TODAY + DAY
    cover_elsewhere(person, segment=21)
    cover_elsewhere(other, segment=21)
    sweep = reevaluate(on=TODAY, at=NOW, touched=[person.pk, person.pk])
    assert (sweep.judged, sweep.written) == (1, 1)
    assert status(other).rules == ["C08"]
    sweep = reevaluate(on=TODAY + DAY, at=NOW + DAY, touched=[])
    assert (sweep.judged, sweep.written) == (1, 1)
    assert status(waiting).decision == "COVERED"
    assert status(waiting).next_change_on is None


def test_new_people_are_judged_when_touched():
    reevaluate(on=TODAY, at=NOW)
    person = covered_person()
    reevaluate(on=TODAY, at=NOW, touched=(pk for pk in [person.pk]))
    assert status(person).decision == "COVERED"


def test_a_newborn_is_judged_with_its_mother():
    mother = covered_person(sex=2)
    born = TODAY - 10 * DAY
    child = make_resident(
        mother.household, birth_date=born, resident_since=born, mother_nik=mother.nik, ektp_recorded=False
    )
    reevaluate(on=TODAY, at=NOW)
    assert status(child).decision == "COVERED_NEWBORN"
    cover_elsewhere(mother, segment=21)
    assert reevaluate(on=TODAY, at=NOW, touched=[mother.pk]).judged == 2
    assert status(child).headline_rule == "C22"


def test_what_two_lists_say_is_one_rule():
    covered_person()
    reevaluate(on=TODAY, at=NOW + 100 * DAY)
    late = reevaluate(on=TODAY + 100 * DAY, at=NOW + 100 * DAY)
    assert late.written == 1
    assert CoverageStatus.objects.get().rules == ["C32"]


def test_one_sweep_at_a_time():
    other = connection.copy()
    with closing(other), other.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [_key("participants.coverage")])
        with pytest.raises(WrongState):
            reevaluate(on=TODAY, at=NOW)
        cursor.execute("SELECT pg_advisory_unlock_all()")
        assert reevaluate(on=TODAY, at=NOW).written == 0


def test_the_sweep_is_journalled_with_its_counts():
    make_family(3)
    reevaluate(on=TODAY, at=NOW)
    entry = JournalEntry.objects.get(verb="coverage.reevaluated")
    assert entry.data == {"on": "2026-11-22", "judged": None, "written": 3}


def test_the_number_of_statements_does_not_grow_with_people(query_count):
    make_family(2)
    with query_count("participants.reevaluate"):
        reevaluate(on=TODAY, at=NOW)
    for _ in range(5):
        make_family(4)
    Resident.objects.update(ektp_recorded=False)
    with query_count("participants.reevaluate"):
        assert reevaluate(on=TODAY, at=NOW).written == 22


def test_a_large_city_is_judged_in_parts_and_tells_how_far_it_is(monkeypatch):
    monkeypatch.setattr(city, "PART", 2)
    people = [covered_person() for _ in range(5)]
    heard = []
    assert reevaluate(on=TODAY, at=NOW, told=lambda done, of: heard.append((done, of))).written == 5
    assert heard[-1] == (heard[-1][1],) * 2
    assert len(heard) >= 3
    assert all(status(person).headline_rule == "C34" for person in people)


def test_what_turned_is_kept_with_the_rule_before_and_after():
    person = covered_person()
    reevaluate(on=TODAY, at=NOW)
    assert not CoverageChange.objects.exists()
    cover_elsewhere(person, segment=21)
    reevaluate(on=TODAY, at=NOW, touched=[person.pk])
    [change] = person.coverage_changes.all()
    assert (change.was, change.was_rule) == ("COVERED", "C34")
    assert (change.became, change.rule, change.on, change.judged) == ("EXCLUDED_PBI_APBN", "C12", TODAY, NOW)
    reevaluate(on=TODAY, at=NOW)
    assert person.coverage_changes.count() == 1


def test_the_few_an_act_touched_are_judged_in_its_transaction():
    person = covered_person()
    assert city.refresh_family(person.household, on=TODAY, at=NOW) == 1
    cover_elsewhere(person, segment=21)
    assert city.refresh([person.pk], on=TODAY, at=NOW) == 1
    assert city.refresh([person.pk], on=TODAY, at=NOW) == 0
    assert status(person).headline_rule == "C12"
