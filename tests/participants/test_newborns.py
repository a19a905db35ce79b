"""Births without NIK: whose child, what it is on its first day, and how it is found in the registry (domain.md B4, C21-C23)."""

import datetime

import pytest

from facilities.enums import Role
from ksb.core.errors import NotAllowed, Refused, WrongState
from ksb.core.models import JournalEntry, OutboxEvent
from participants import newborns
from participants.models import BirthCandidate, FormerNik, Newborn
from tests import factories as f
from tests.referrals import factories as r

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)
HOUR = datetime.timedelta(hours=1)
BORN = f.NOW - 5 * HOUR


@pytest.fixture
def desk():
    return f.make_user(Role.HOSPITAL_DESK)


def mother_of_family(**values):
    values = {"sex": 2, "birth_date": datetime.date(1995, 2, 3), **values}
    return f.covered_person(**values)


def father_of_family():
    return f.covered_person(sex=1)


def record(desk, *, mother=None, **values):
    return r.birth(desk, mother, **values)


def in_registry(mother, *, birth_date=None, sex=1, **values):
    """The child as the registry has it after the birth was reported."""
    return f.make_resident(
        mother.household,
        birth_date=birth_date or f.TODAY,
        sex=sex,
        mother_nik=mother.nik,
        ektp_recorded=False,
        **values,
    )


# Recording


def test_the_child_is_named_after_its_mother_and_gets_no_number(desk):
    mother = mother_of_family()
    child = record(desk, mother=mother)
    assert child.name == f"BY. NY. {mother.name}"
    assert (child.resident, child.mother_nik, child.born_on) == (None, mother.nik, f.TODAY)


def test_c21_the_child_of_a_covered_mother_is_covered_and_the_decision_is_frozen(desk):
    mother = mother_of_family()
    child = record(desk, mother=mother)
    assert (child.decision["decision"], child.decision["headline_rule"]) == ("COVERED_NEWBORN", "C21")
    f.cover_elsewhere(mother, segment=21)
    child.refresh_from_db()
    assert child.decision["decision"] == "COVERED_NEWBORN"


@pytest.mark.parametrize(
    ("segment", "decision", "rule"),
    [
        (21, "EXCLUDED_PBI_APBN", "C22"),
        (22, "EXCLUDED_PBI_APBD", "C22"),
        (13, "EXCLUDED_JKN_AKTIF", "C23"),
    ],
)
def test_c22_c23_jkn_takes_the_child_of_its_members_also_when_the_father_is_covered(desk, segment, decision, rule):
    mother = mother_of_family()
    f.cover_elsewhere(mother, segment=segment)
    child = record(desk, mother=mother, father=father_of_family())
    assert (child.decision["decision"], child.decision["headline_rule"]) == (decision, rule)


def test_a_covered_father_stands_in_for_a_mother_from_another_city(desk):
    child = record(desk, father=father_of_family(), mother_nik="3216010101950001")
    assert child.decision["decision"] == "COVERED_NEWBORN"
    assert child.guardian == child.father


def test_a_covered_father_stands_in_for_a_mother_who_is_no_member(desk):
    mother = f.make_resident(sex=2, birth_date=datetime.date(1995, 2, 3))
    assert record(desk, mother=mother, father=father_of_family()).decision["decision"] == "COVERED_NEWBORN"


def test_what_the_mother_was_on_the_day_of_birth_counts(desk):
    mother = mother_of_family()
    f.cover_elsewhere(mother, segment=21, since=f.TODAY - DAY)
    child = record(desk, mother=mother, birth_time=f.NOW - 3 * DAY)
    assert child.decision["decision"] == "COVERED_NEWBORN"


def test_a_mother_who_died_in_childbirth_covers_her_child(desk):
    mother = mother_of_family(status=1, status_on=f.TODAY)
    assert record(desk, mother=mother).decision["decision"] == "COVERED_NEWBORN"


def test_a_stillborn_child_is_recorded_without_a_decision(desk):
    child = record(desk, mother=mother_of_family(), stillborn=True)
    assert (child.state, child.decision) == ("STILLBORN", {})
    assert "30" in newborns.next_step(child)


def test_twins_are_told_apart_by_their_order(desk):
    mother = mother_of_family()
    first = record(desk, mother=mother, children=2, birth_order=1)
    second = record(desk, mother=mother, children=2, birth_order=2)
    assert (first.name[-3:], second.name[-3:]) == ("(1)", "(2)")


def test_the_same_child_is_recorded_once(desk):
    mother, father = mother_of_family(), father_of_family()
    record(desk, mother=mother)
    with pytest.raises(Refused) as no:
        record(desk, mother=mother, birth_time=BORN + HOUR)
    assert no.value.code == "one_newborn_per_mother_day_and_order"
    record(desk, father=father)
    with pytest.raises(Refused) as no:
        record(desk, father=father)
    assert no.value.code == "one_newborn_per_father_day_and_order"


@pytest.mark.parametrize("birth_time", [f.NOW + HOUR, f.NOW - 61 * DAY])
def test_a_birth_lies_in_the_last_two_months(desk, birth_time):
    with pytest.raises(Refused):
        record(desk, mother=mother_of_family(), birth_time=birth_time)


def test_a_child_of_nobody_in_the_registry_is_a_case_for_dinsos(desk):
    with pytest.raises(Refused, match="Dinsos"):
        record(desk)
    assert not Newborn.objects.exists()


def test_a_desk_records_births_of_its_own_place_only(desk):
    with pytest.raises(NotAllowed):
        record(desk, mother=mother_of_family(), facility=f.hospital(1))


def test_a_birth_is_known_where_it_was_recorded_and_to_the_puskesmas_that_follows(desk):
    child = record(desk, mother=mother_of_family(), puskesmas=f.puskesmas(1))
    sees = {
        "own desk": desk,
        "its Puskesmas": f.make_user(Role.PUSKESMAS_CLERK, facility=f.puskesmas(1)),
        "Dinkes": f.make_user(Role.DINKES_MEMBERSHIP),
    }
    for user in sees.values():
        assert Newborn.objects.visible_to(user).get() == child
    for user in (f.make_user(Role.HOSPITAL_DESK, facility=f.hospital(1)), f.make_user(Role.PUSKESMAS_CLERK)):
        assert not Newborn.objects.visible_to(user).exists()


# Finding the child in the registry


def night(on=f.TODAY):
    return newborns.match_births(on=on, at=f.NOW)


@pytest.mark.parametrize("days", [-1, 0, 1])
def test_a_child_is_found_by_its_mothers_nik_day_of_birth_and_sex(desk, days):
    mother = mother_of_family()
    child = record(desk, mother=mother)
    person = in_registry(mother, birth_date=f.TODAY + days * DAY)
    assert night() == {"matched": 1, "to_judge": 0}
    child.refresh_from_db()
    assert (child.state, child.resident) == ("MATCHED", person)
    assert OutboxEvent.objects.filter(kind=newborns.MOVED, object_id=child.pk).count() == 1
    assert night() == {"matched": 0, "to_judge": 0}


def test_a_child_is_found_by_a_nik_its_mother_no_longer_has(desk):
    mother = mother_of_family()
    child = record(desk, mother=mother)
    FormerNik.objects.create(nik="3275015203950077", resident=mother, run=f.make_run())
    person = in_registry(mother)
    person.mother_nik = "3275015203950077"
    person.save()
    assert night()["matched"] == 1
    child.refresh_from_db()
    assert child.resident == person


def test_a_child_of_a_mother_from_elsewhere_is_found_by_her_nik(desk):
    father = father_of_family()
    child = record(desk, father=father, mother_nik="3216010101950001")
    f.make_resident(father.household, birth_date=f.TODAY, mother_nik="3216010101950001", ektp_recorded=False)
    night()
    child.refresh_from_db()
    assert child.state == "MATCHED"


def test_two_days_apart_is_another_child(desk):
    mother = mother_of_family()
    record(desk, mother=mother)
    in_registry(mother, birth_date=f.TODAY - 2 * DAY)
    assert night() == {"matched": 0, "to_judge": 0}


def test_another_sex_is_for_a_person_to_judge(desk):
    mother = mother_of_family()
    child = record(desk, mother=mother, sex=1)
    in_registry(mother, sex=2)
    assert night() == {"matched": 0, "to_judge": 1}
    assert Newborn.objects.to_judge().get() == child


def test_a_child_on_the_fathers_kk_without_its_mothers_nik_is_for_a_person_to_judge(desk):
    father = father_of_family()
    record(desk, father=father)
    f.make_resident(father.household, birth_date=f.TODAY, ektp_recorded=False)
    assert night() == {"matched": 0, "to_judge": 1}


def test_twins_of_different_sex_find_themselves(desk):
    mother = mother_of_family()
    boy = record(desk, mother=mother, children=2, birth_order=1, sex=1)
    girl = record(desk, mother=mother, children=2, birth_order=2, sex=2)
    son, daughter = in_registry(mother, sex=1), in_registry(mother, sex=2)
    assert night() == {"matched": 2, "to_judge": 0}
    boy.refresh_from_db()
    girl.refresh_from_db()
    assert (boy.resident, girl.resident) == (son, daughter)


@pytest.mark.parametrize("registered", [1, 2])
def test_twins_of_one_sex_are_for_a_person_to_judge(desk, registered):
    mother = mother_of_family()
    for order in (1, 2):
        record(desk, mother=mother, children=2, birth_order=order)
    for _twin in range(registered):
        in_registry(mother)
    assert night() == {"matched": 0, "to_judge": 2}
    assert BirthCandidate.objects.count() == 2 * registered


def test_when_one_twin_is_matched_by_hand_the_other_finds_itself(desk):
    mother = mother_of_family()
    one, other = (record(desk, mother=mother, children=2, birth_order=order) for order in (1, 2))
    first, second = in_registry(mother), in_registry(mother)
    night()
    newborns.match(newborn=one, resident=second, actor=f.make_user(Role.DINKES_MEMBERSHIP), at=f.NOW)
    assert night() == {"matched": 1, "to_judge": 0}
    other.refresh_from_db()
    assert other.resident == first


def test_a_stillborn_child_is_not_looked_for(desk):
    mother = mother_of_family()
    record(desk, mother=mother, stillborn=True)
    in_registry(mother)
    assert night() == {"matched": 0, "to_judge": 0}


def test_the_search_costs_the_same_for_every_number_of_children(desk, django_assert_num_queries):
    for number in (1, 6):
        for _child in range(number):
            mother = mother_of_family()
            record(desk, mother=mother)
            in_registry(mother)
        with django_assert_num_queries(15, exact=False):
            assert night()["matched"] == number


# A person decides


def test_dinkes_matches_by_hand_and_only_dinkes(desk):
    mother = mother_of_family()
    child, person = record(desk, mother=mother), in_registry(mother, birth_date=f.TODAY - 3 * DAY)
    with pytest.raises(NotAllowed):
        newborns.match(newborn=child, resident=person, actor=desk, at=f.NOW)
    officer = f.make_user(Role.DINKES_MEMBERSHIP)
    newborns.match(newborn=child, resident=person, actor=officer, at=f.NOW)
    child.refresh_from_db()
    assert (child.state, child.resident, child.matched_by) == ("MATCHED", person, officer)


def test_of_two_officers_at_once_one_matches(desk):
    mother = mother_of_family()
    child, person = record(desk, mother=mother), in_registry(mother)
    officer = f.make_user(Role.DINKES_MEMBERSHIP)
    newborns.match(newborn=child, resident=person, actor=officer, at=f.NOW)
    with pytest.raises(WrongState):
        newborns.match(newborn=child, resident=in_registry(mother), actor=officer, at=f.NOW)


def test_one_person_is_one_child(desk):
    mother = mother_of_family()
    one, other = (record(desk, mother=mother, children=2, birth_order=order) for order in (1, 2))
    person, officer = in_registry(mother), f.make_user(Role.DINKES_MEMBERSHIP)
    newborns.match(newborn=one, resident=person, actor=officer, at=f.NOW)
    with pytest.raises(Refused) as no:
        newborns.match(newborn=other, resident=person, actor=officer, at=f.NOW)
    assert no.value.code == "one_newborn_per_resident"


def test_a_parent_or_a_grown_person_is_not_the_child(desk):
    mother = mother_of_family()
    child, officer = record(desk, mother=mother), f.make_user(Role.DINKES_MEMBERSHIP)
    for person in (mother, f.make_resident()):
        with pytest.raises(Refused):
            newborns.match(newborn=child, resident=person, actor=officer, at=f.NOW)


def test_a_wrong_match_is_undone_with_a_reason_and_not_made_again(desk):
    mother = mother_of_family()
    child, _person = record(desk, mother=mother), in_registry(mother)
    night()
    officer = f.make_user(Role.DINKES_MEMBERSHIP)
    with pytest.raises(Refused):
        newborns.unmatch(newborn=child, reason=" ", actor=officer, at=f.NOW)
    newborns.unmatch(newborn=child, reason="Kembar tertukar", actor=officer, at=f.NOW)
    child.refresh_from_db()
    assert (child.state, child.resident, child.matched_at) == ("RECORDED", None, None)
    assert night() == {"matched": 0, "to_judge": 0}
    assert JournalEntry.objects.filter(verb="newborn.unmatch", object_id=child.pk).count() == 1


def test_a_rejected_candidate_does_not_come_back(desk):
    mother = mother_of_family()
    record(desk, mother=mother, sex=1)
    in_registry(mother, sex=2)
    night()
    newborns.reject(candidate=BirthCandidate.objects.get(), actor=f.make_user(Role.DINKES_MEMBERSHIP))
    assert night() == {"matched": 0, "to_judge": 0}


# Days


def test_after_28_days_without_nik_the_cover_is_over_and_the_child_is_still_looked_for(desk):
    mother = mother_of_family()
    child = record(desk, mother=mother)
    assert newborns.expire(on=f.TODAY + 28 * DAY, at=f.NOW) == 0
    assert newborns.expire(on=f.TODAY + 29 * DAY, at=f.NOW) == 1
    in_registry(mother)
    assert night(f.TODAY + 40 * DAY)["matched"] == 1
    child.refresh_from_db()
    assert child.state == "MATCHED"


@pytest.mark.parametrize(("days", "reminders"), [(6, 0), (7, 1), (14, 2), (21, 3), (25, 3)])
def test_the_family_is_reminded_on_day_7_14_and_21(desk, days, reminders):
    child = record(desk, mother=mother_of_family())
    newborns.remind(on=f.TODAY + days * DAY)
    newborns.remind(on=f.TODAY + days * DAY)
    child.refresh_from_db()
    assert child.reminders == reminders
    assert child.reminder_waits is (reminders > 0)


def test_who_has_a_nik_is_not_reminded(desk):
    mother = mother_of_family()
    child = record(desk, mother=mother)
    in_registry(mother)
    found = newborns.follow(on=f.TODAY + 7 * DAY, at=f.NOW)
    child.refresh_from_db()
    assert (child.state, child.reminders) == ("MATCHED", 0)
    assert found == {"matched": 1, "to_judge": 0, "expired": 0, "reminders": 0}
