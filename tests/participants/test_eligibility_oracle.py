"""Random people: the single look-up, the family's page and the sweep of the city agree with plain Python, and with each other."""

import datetime

import pytest
from django.db import transaction
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from facilities.enums import Service
from ksb.core.scheme import scheme_on
from participants.eligibility import evaluate, family_view
from participants.eligibility.city import reevaluate
from participants.enums import CardState, CoverageSource, EnrolmentState
from participants.models import Card, CoverageStatus, Resident
from tests.factories import (
    NOW,
    TODAY,
    cover_elsewhere,
    enrol,
    fresh_sources,
    make_household,
    make_resident,
    system,
)
from tests.participants import oracle
from tests.participants.oracle import Cover, Membership, Person, months_later

pytestmark = pytest.mark.django_db

DAY = datetime.timedelta(days=1)
SCHEME_DAYS = [datetime.date(2013, 5, 1), *(datetime.date(y, 3, 1) for y in (2015, 2018, 2019, 2021, 2023)), TODAY]


@st.composite
def near(draw, days, spread=2):
    """A day within `spread` days of one of `days`: mistakes live at boundaries."""
    return draw(st.sampled_from(days)) + draw(st.integers(-spread, spread)) * DAY


@st.composite
def covers(draw, day):
    since = draw(near([day, day - 400 * DAY], 1))
    length = draw(st.sampled_from([None, 0, 1, 399, 400, 401]))
    declared = draw(st.booleans())
    return Cover(
        segment=draw(st.sampled_from([0, 13, 14, 21, 22])),
        status=draw(st.sampled_from([0, 0, 0, 9])),
        since=since,
        until=None if length is None else since + length * DAY,
        declared=declared,
        believed=draw(st.sampled_from([True, True, True, False])),
    )


@st.composite
def memberships(draw, day):
    since = draw(near([day, day - 300 * DAY], 1))
    state = draw(st.sampled_from(["ACTIVE", "ACTIVE", "SUSPENDED", "ENDED"]))
    stopped = draw(near([max(since, day)], 1)) if state == "SUSPENDED" else max(since, draw(near([day], 1)))
    return Membership(state, since, None if state == "ACTIVE" else stopped)


@st.composite
def persons(draw, day, adult=False):
    births = [months_later(day, -12 * years) for years in ((20, 40) if adult else (0, 3, 17, 40))]
    birth_date = draw(near([*births, day - 28 * DAY] if not adult else births))
    since = [birth_date, birth_date + 60 * DAY, months_later(day, -6), day]
    status = draw(st.sampled_from([0, 0, 0, 0, 1, 2, 3, 9]))
    return Person(
        birth_date=birth_date,
        resident_since=draw(st.none() | near(since)),
        status=status,
        status_on=draw(st.none() | near([day])) if status else None,
        in_city=draw(st.sampled_from([True, True, True, False])),
        married=draw(st.booleans()) if adult else draw(st.sampled_from([False, False, False, True])),
        ektp=draw(st.booleans()),
        memberships=draw(st.lists(memberships(day), max_size=1)),
        covers=draw(st.lists(covers(day), max_size=3)),
        card=draw(st.booleans()),
        mother=None if adult else draw(st.none() | persons(day, adult=True)),
    )


cases = st.sampled_from(SCHEME_DAYS).flatmap(
    lambda day: st.tuples(st.just(day), st.lists(persons(day), min_size=1, max_size=6))
)


def put(person):
    """The person as rows; a mother has a family of her own. Returns the Resident."""
    mother = put(person.mother) if person.mother else None
    household = make_household()
    resident = make_resident(
        household,
        birth_date=person.birth_date,
        sex=2,
        resident_since=person.resident_since,
        status=person.status,
        status_on=person.status_on,
        city_code="32.75" if person.in_city else "31.71",
        marital_status=2 if person.married else 1,
        ektp_recorded=person.ektp,
        mother_nik=mother.nik if mother else "",
    )
    for membership in person.memberships:
        _put_membership(household, membership)
    for cover in _apart(person.covers):
        _put_cover(resident, cover)
    if person.card:
        Card.objects.create(household=household, number=f"KS{resident.pk}", state=CardState.ACTIVE, created_by=system())
    return resident


def _put_membership(household, membership):
    stops = {}
    if membership.state == "SUSPENDED":
        noon = datetime.datetime.combine(membership.stopped, datetime.time(12), tzinfo=NOW.tzinfo)
        stops = {"suspended_at": noon, "suspended_by": system()}
    elif membership.state == "ENDED":
        stops = {"ended_on": membership.stopped}
    enrol(household, state=EnrolmentState(membership.state), registered_on=membership.since, **stops)


def _apart(found):
    """At most one interval a source: the database allows one open one."""
    kept = {}
    for cover in found:
        kept[_source(cover)] = cover
    for cover in found:
        if kept[_source(cover)] is not cover:
            cover.believed = False
    return found


def _source(cover):
    if cover.declared:
        return CoverageSource.DECLARED
    return CoverageSource.PBI_LIST if cover.segment in (21, 22) else CoverageSource.BPJS_LIST


def _put_cover(resident, cover):
    row = cover_elsewhere(
        resident,
        segment=cover.segment,
        status=cover.status,
        since=cover.since,
        until=cover.until,
        source=_source(cover),
        known_from=NOW - 900 * DAY,
    )
    if not cover.believed:
        type(row).objects.filter(pk=row.pk).update(open=False, known_to=NOW - 800 * DAY)


def answer(evaluation):
    return evaluation.headline_rule, sorted({reason.rule for reason in evaluation.applying})


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(case=cases)
def test_one_person_a_family_and_the_city_are_judged_as_plain_python_judges_them(db, case):
    day, people = case
    with transaction.atomic():
        fresh_sources()
        scheme = scheme_on(day)
        residents = [put(person) for person in people]
        written = reevaluate(on=day, at=NOW).written
        assert written == Resident.objects.count()
        swept = {status.resident_id: status for status in CoverageStatus.objects.all()}
        for person, resident in zip(people, residents, strict=True):
            expected = oracle.judge(person, day, scheme.parameters if scheme else None)
            single = evaluate(resident, on=day, at=NOW, service=Service.OUTPATIENT)
            status = swept[resident.pk]
            assert answer(single) == expected
            assert (status.headline_rule, sorted(status.rules)) == expected
            assert status.decision == single.decision
            assert status.scheme_id == single.scheme_id
            assert answer(family_view(resident, on=day, at=NOW).member(resident).evaluation) == expected
            emergency = evaluate(resident, on=day, at=NOW, service=Service.EMERGENCY)
            parameters = scheme.parameters if scheme else None
            assert answer(emergency) == oracle.judge(person, day, parameters, emergency=True)
        transaction.set_rollback(True)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(case=cases)
def test_nothing_changes_before_the_day_on_which_it_may(db, case):
    """But for what is not known yet: the next version of the rules, an application not yet approved."""
    day, people = case
    assume(scheme_on(day))
    for person in people:
        person.memberships = [m for m in person.memberships if m.since <= day]
        if person.mother:
            person.mother.memberships = [m for m in person.mother.memberships if m.since <= day]
    with transaction.atomic():
        fresh_sources()
        residents = [put(person) for person in people]
        reevaluate(on=day, at=NOW)
        for resident in residents:
            status = CoverageStatus.objects.get(resident=resident)
            now = (status.headline_rule, sorted(status.rules))
            for ahead in (1, 2, 30, 200):
                later = day + ahead * DAY
                if status.next_change_on is not None and later >= status.next_change_on:
                    break
                assert answer(evaluate(resident, on=later, at=NOW, service=Service.OUTPATIENT)) == now
        transaction.set_rollback(True)
