"""Random people: the single look-up, the family's page and the sweep of the city agree with plain Python, and with each other."""

import datetime

import pytest
from django.db import transaction
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from facilities.enums import Service
from ksb.core.models import SchemeVersion
from ksb.core.scheme import Parameters, scheme_on
from participants import schemes
from participants.eligibility import evaluate, family_view
from participants.eligibility.city import reevaluate
from participants.enums import CardState, CoverageSource, EnrolmentState, SyncKind
from participants.models import (
    Card,
    CoverageStatus,
    EventPerson,
    Override,
    Resident,
    SpecialCover,
    SpecialEvent,
    SplitGrace,
)
from participants.models.office import LIFTABLE
from tests.factories import (
    NOW,
    TODAY,
    cover_elsewhere,
    enrol,
    fresh_sources,
    make_contract,
    make_facility,
    make_household,
    make_resident,
    make_run,
    make_user,
    system,
)
from tests.participants import oracle
from tests.participants.factories import keeper, propose_scheme
from tests.participants.office import make_ticket
from tests.participants.oracle import Case, Cover, Ground, Lifting, Membership, Person, months_later

pytestmark = pytest.mark.django_db

DAY = datetime.timedelta(days=1)
PLAINLY_TOLD = (
    *("running_since", "referred", "cause", "unpaid_elsewhere", "complement", "exclusion", "care_class"),
    *("bridged", "spent_episode", "spent_year", "unverified"),
)
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
        grounds=[] if adult else draw(st.lists(grounds(day), max_size=2)),
        mother=None if adult else draw(st.none() | persons(day, adult=True)),
        lifting=draw(st.none() | liftings(day)),
    )


@st.composite
def liftings(draw, day):
    since = draw(near([day, day - 20 * DAY], 1))
    codes = draw(st.sets(st.sampled_from(LIFTABLE), min_size=1, max_size=3))
    return Lifting(codes, since, since + draw(st.sampled_from([0, 1, 19, 20, 21, 30])) * DAY)


@st.composite
def grounds(draw, day):
    since = draw(near([day, day - 30 * DAY], 1))
    kind = draw(st.sampled_from(["SPLIT", "LETTER", "EVENT", "CENTRAL"]))
    length = draw(st.sampled_from([0, 1, 29, 30, 31, None]))
    if length is None and kind in ("SPLIT", "LETTER"):
        length = 90
    return Ground(kind, since, None if length is None else since + length * DAY)


@st.composite
def told(draw, day):
    """A case as a desk tells it."""
    some = st.sampled_from
    return Case(
        running_since=draw(st.none() | near([day - 3 * DAY, day - 40 * DAY], 4)),
        hospital=draw(st.booleans()),
        contracted=draw(st.booleans()),
        referred=draw(st.booleans()),
        cause=draw(some(["", "", "TRAFFIC_ACCIDENT", "WORK_ACCIDENT"])),
        unpaid_elsewhere=draw(st.booleans()),
        complement=draw(some(["", "", "ASSAULT", "DISASTER"])),
        exclusion=draw(some(["", "", "COSMETIC", "ABROAD"])),
        care_class=draw(some([None, 1, 2, 3])),
        other_card=draw(some([False, False, False, True])),
        bridged=draw(some([0, 1, 2])),
        spent_episode=draw(some([None, 0, 100, 101])),
        spent_year=draw(some([None, 0, 100, 101])),
        unverified=draw(st.booleans()),
    )


@st.composite
def parameters(draw):
    """What a regulation could change of the rows that are off by default."""
    some = st.sampled_from
    return {
        "bridge_max": draw(some([None, 1, 2])),
        "bridge_blocks": draw(st.booleans()),
        "benefit_cap": draw(some([None, 100])),
        "benefit_cap_episode": draw(some([None, 100])),
        "general_exclusions": draw(some([("COSMETIC",), ("COSMETIC", "ABROAD"), ()])),
        "complement_categories": draw(some([("ASSAULT",), ("ASSAULT", "DISASTER"), ()])),
        "other_insurance_blocks": draw(st.booleans()),
        "special_groups": draw(st.booleans()),
        "transition_days": draw(some([0, 2, 30])),
        "ktp_grace_days": draw(some([0, 14])),
    }


@st.composite
def once_pbi(draw):
    """A person; often one whose PBI has ended, about whom more rows have something to say."""
    person = draw(persons(TODAY))
    if draw(st.booleans()):
        person.covers = [Cover(segment=21, status=9, since=TODAY - 100 * DAY, until=None)]
    return person


one_case = st.tuples(once_pbi(), told(TODAY), parameters(), st.booleans(), st.booleans())
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
    for ground in person.grounds:
        _put_ground(resident, ground)
    if person.lifting:
        _put_lifting(resident, person.lifting)
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


def _put_lifting(resident, lifting):
    acts = {"created_at": NOW, "created_by": system(), "approved_at": NOW, "approved_by": make_user()}
    days = {"valid_from": lifting.since, "valid_until": lifting.until}
    words = {"reason": "Data keliru", "evidence": "Surat"}
    ticket = make_ticket(resident)
    Override.objects.create(
        resident=resident, ticket=ticket, rules=sorted(lifting.codes), state="ACTIVE", **words, **days, **acts
    )


def _put_ground(resident, ground):
    acts = {"created_by": system(), "approved_at": NOW, "approved_by": make_user(), "state": "APPROVED"}
    days = {"valid_from": ground.since, "valid_until": ground.until}
    if ground.kind == "SPLIT":
        left = enrol(make_household(), state="ENDED", ended_on=TODAY)
        SplitGrace.objects.create(
            resident=resident,
            household=resident.household,
            enrolment=left,
            since=ground.since,
            until=ground.until,
            run=make_run(SyncKind.REGISTRY, snapshot_date=TODAY),
        )
    elif ground.kind == "LETTER":
        who = {"name": resident.name, "sex": 1, "birth_date": resident.birth_date}
        letter = {"letter_number": "1", "letter_on": TODAY, "letter_text": "X"}
        number = f"{SpecialCover.objects.count() + 1:06d}"
        SpecialCover.objects.create(number=number, group="ODGJ", resident=resident, **who, **letter, **days, **acts)
    else:
        funding = "CENTRAL" if ground.kind == "CENTRAL" else "BTT"
        decree = {"sort": "OUTBREAK", "name": "KLB", "decree": "1", "decree_on": TODAY, "funding": funding}
        event = SpecialEvent.objects.create(**decree, **days, **acts)
        EventPerson.objects.create(event=event, resident=resident, listed_at=NOW, listed_by=system())


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


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(one=one_case)
def test_a_case_told_by_a_desk_is_judged_as_plain_python_judges_it(db, one):
    person, case, changed, emergency, stopped = one
    with transaction.atomic():
        fresh_sources()
        begun = min(TODAY, case.running_since or TODAY)
        ruled = Parameters(**changed)
        SchemeVersion.objects.filter(code="P6").update(parameters=ruled.as_json())
        if stopped and begun < TODAY:
            schemes.approve(proposal=propose_scheme(open=False, actor=keeper()), actor=keeper(), at=NOW)
        resident = put(person)
        place = make_facility() if case.hospital else None
        if place and case.contracted:
            make_contract(place)
        evaluation = evaluate(
            resident,
            on=TODAY,
            at=NOW,
            service=Service.EMERGENCY if emergency else Service.INPATIENT,
            facility=place,
            household_shown=make_household() if case.other_card else None,
            **{name: getattr(case, name) for name in PLAINLY_TOLD},
        )
        open_today = not (stopped and begun < TODAY)
        assert answer(evaluation) == oracle.judge(
            person, TODAY, ruled, emergency=emergency, case=case, open_today=open_today
        )
        transaction.set_rollback(True)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(case=cases)
def test_nothing_changes_before_the_day_on_which_it_may(db, case):
    """But for what is not known yet: the next version of the rules, an application or a lifting not yet approved."""
    day, people = case
    assume(scheme_on(day))
    for person in people:
        person.memberships = [m for m in person.memberships if m.since <= day]
        if person.mother:
            person.mother.memberships = [m for m in person.mother.memberships if m.since <= day]
        assume(not person.lifting or person.lifting.since <= day)
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
