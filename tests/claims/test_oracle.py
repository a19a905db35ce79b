"""Sums and overlaps against a small model in plain Python: many drawn claims are judged at once, as one file."""

import datetime

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from claims.models import Claim, Finding, IntakeRow
from tests import factories as f
from tests.claims import factories as c
from tests.referrals import factories as r

pytestmark = pytest.mark.django_db
FEW = settings(max_examples=8, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
IN, OUT = 1, 2
BILL, TARIFF, STAY, AGE, GROUP = "TARIF_RS", "TOTAL_TARIF", "LOS", "UMUR_HARI", "INACBG"

# Sums: what is added to each of the five columns that must agree with the rest of the row
off = st.sampled_from([0, 0, 0, 1, -1, 250_000])
sums = st.fixed_dictionaries({BILL: off, TARIFF: off, STAY: off, AGE: off, GROUP: st.sampled_from([0, 0, 0, 1])})


def spoilt(row, changes):
    cells = dict(row)
    for column in (BILL, TARIFF, STAY, AGE):
        cells[column] = str(int(row[column]) + changes[column])
    if changes[GROUP]:
        cells[GROUP] = "X-0-99-X"
    return cells


def expected_of_sums(changes):
    """The rules that must speak of a row whose columns are off by ``changes``. A refused row hears no further rule."""
    if changes[STAY] or changes[AGE]:
        return {"ADM-12"}
    wrong = {"ADM-13"} if changes[BILL] or changes[TARIFF] else set()
    return wrong | ({"TRF-01"} if changes[GROUP] else set())


@pytest.fixture
def letters():
    return [c.letter() for _ in range(12)]


def said(line, claims, rows):
    found = claims.get(line)
    if found is not None:
        return {one.rule for one in found.findings.all()} & {"ADM-12", "ADM-13", "TRF-01"}
    return {one["rule"] for one in rows[line]}


@FEW
@given(drawn=st.lists(sums, min_size=12, max_size=12))
def test_the_five_sums_and_the_totals_of_a_batch_are_those_of_plain_python(letters, drawn):
    rows = [spoilt(c.row(sjp), changes) for sjp, changes in zip(letters, drawn, strict=True)]
    expected = [expected_of_sums(changes) for changes in drawn]
    with transaction.atomic():
        batch = c.take(rows, place=letters[0].hospital).batch
        if batch is None:
            assert all(rules == {"ADM-12"} for rules in expected)
        else:
            claims = {one.line_number: one for one in batch.claims.prefetch_related("findings")}
            refused = {one.line_number: one.findings for one in IntakeRow.objects.filter(batch=batch)}
            assert [said(line, claims, refused) for line in range(2, 14)] == expected
            standing = [n for n, rules in enumerate(expected) if not rules & {"ADM-12", "TRF-01"}]
            assert (batch.rows, batch.accepted, batch.refused) == (12, len(standing), 12 - len(standing))
            assert batch.claimed == sum(int(rows[n][TARIFF]) for n in standing)
        transaction.set_rollback(True)


# Overlaps: claims of three people at two hospitals within seven weeks

DAYS = 50
visits = st.tuples(
    st.integers(0, 2),
    st.integers(0, 1),
    st.sampled_from([IN, OUT]),
    st.integers(0, DAYS),
    st.integers(1, 8),
    st.booleans(),
)
OVERLAPS = {"DUP-02", "DUP-03", "DUP-04", "DUP-05", "DUP-06"}
REFUSING = {"DUP-02", "DUP-03"}


class Stay:
    """One claim of the model. ``first`` and ``last`` are days, both counted."""

    def __init__(self, person, place, care, start, length, other):
        self.person, self.place, self.care, self.code = person, place, care, "J18.9" if other else "A09.9"
        self.first = start
        self.last = start + (length - 1 if care == IN else 0)

    def rules(self, others, earlier):
        """Rules that hit, with ``others`` all claims that may stand in the way and ``earlier`` those that count first."""
        own = [o for o in others if o is not self and o.person == self.person]
        return {rule for rule in OVERLAPS if any(self._meets(rule, o, o in earlier) for o in own)}

    def _meets(self, rule, o, came_first):
        both_in, both_out = self.care == o.care == IN, self.care == o.care == OUT
        here = self.place == o.place
        if rule == "DUP-02":
            return came_first and both_in and o.first < self.last and self.first < o.last
        if rule == "DUP-03":
            return here and self.care == OUT and o.care == IN and o.first <= self.first <= o.last
        if rule == "DUP-04":
            return came_first and here and both_out and self.first == o.first
        if rule == "DUP-05":
            gap = self.first - o.last
            return here and both_in and o.first < self.first and 0 <= gap < 30 and self.code == o.code
        back_soon = both_in and o.first < self.first and 0 <= self.first - o.last <= 2
        serial = both_out and self.code == o.code and 0 < self.first - o.first <= 3
        return came_first and here and (back_soon or serial)


def model(stays):
    """What each claim must hear: the file of hospital 0 is handed in before that of hospital 1."""
    said, standing = {}, []
    for place in (0, 1):
        file = [stay for stay in stays if stay.place == place]
        for n, stay in enumerate(file):
            said[stay] = stay.rules(standing + file, standing + file[:n])
        standing += [stay for stay in file if not said[stay] & REFUSING]
    return said


@pytest.fixture
def places():
    first, second = c.hospital(), r.contracted(1)
    people = [f.make_resident() for _ in range(3)]
    return (first, second), people, (c.biller(first), c.biller(second))


@FEW
@given(drawn=st.lists(visits, min_size=12, max_size=18))
def test_overlaps_of_one_patient_are_those_of_plain_python(places, drawn):
    hospitals, people, billers = places
    stays = [Stay(*one) for one in drawn]
    begin = c.DAY - datetime.timedelta(days=DAYS + 10)
    with transaction.atomic():
        seen = {}
        for place in (0, 1):
            file = [stay for stay in stays if stay.place == place]
            rows = [_row(stay, people[stay.person], hospitals[place], begin) for stay in file]
            if rows:
                batch = c.take(rows, place=hospitals[place], actor=billers[place]).batch
                found = Claim.objects.filter(batch=batch).order_by("line_number").values_list("pk", flat=True)
                seen |= dict(zip(file, found, strict=True))
        rules = {pk: set() for pk in seen.values()}
        for claim, rule in Finding.objects.filter(rule__in=OVERLAPS).values_list("claim", "rule"):
            rules[claim].add(rule)
        assert {stay: rules[pk] for stay, pk in seen.items()} == model(stays)
        transaction.set_rollback(True)


def _row(stay, person, place, begin):
    first = begin + datetime.timedelta(days=stay.first)
    service = "INPATIENT" if stay.care == IN else "OUTPATIENT"
    sjp = c.letter(person, to=place, service=service, since=first)
    return c.row(sjp, days=stay.last - stay.first + 1, DIAGLIST=stay.code)
