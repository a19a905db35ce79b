"""Leakage: letters used by people JKN covered that day, known or unknown at issue, in letters and rupiah (domain.md B7.7)."""

import csv
import datetime
import io

import pytest
from django.urls import reverse

from facilities.enums import Role
from referrals.models import Sjp
from reports import leakage
from reports.enums import LeakageCause
from reports.models import Leakage
from tests import factories as f
from tests.claims import factories as c
from tests.referrals import factories as r

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)
USED = datetime.datetime(2026, 10, 14, 9, 0, tzinfo=f.NOW.tzinfo)


def used(person=None, *, issued_at=USED - DAY, used_at=USED, **values):
    """A letter used in October."""
    return c.letter(person, used_at=used_at, used_by=f.system(), issued_at=issued_at, **values)


def counted():
    """{cause: (letters, claims, claimed, approved)} of all months together."""
    leakage.roll_up()
    return {x.cause: (x.letters, x.claims, x.claimed, x.approved) for x in Leakage.objects.all()}


def test_a_list_that_named_the_person_at_issue_makes_it_known():
    sjp = used()
    f.cover_elsewhere(sjp.resident, known_from=USED - 30 * DAY)
    assert counted() == {"KNOWN": (1, 0, 0, 0)}
    row = Leakage.objects.get()
    assert (row.month, row.puskesmas) == (datetime.date(2026, 10, 1), sjp.puskesmas)


def test_a_list_that_came_later_makes_it_unknown():
    f.cover_elsewhere(used().resident, known_from=USED + 20 * DAY)
    assert counted() == {"UNKNOWN": (1, 0, 0, 0)}


@pytest.mark.parametrize(
    "values",
    [
        {"status": 9},
        {"until": datetime.date(2026, 10, 13)},
        {"since": datetime.date(2026, 10, 15)},
        {"source": "DECLARED"},
    ],
    ids=["inactive", "ended before", "began after", "declared by the family"],
)
def test_without_active_jkn_on_the_day_of_service_nothing_leaks(values):
    f.cover_elsewhere(used().resident, **{"known_from": USED - DAY * 30, **values})
    assert counted() == {}


def test_the_last_day_of_a_membership_counts():
    f.cover_elsewhere(used().resident, until=datetime.date(2026, 10, 14), known_from=USED + DAY)
    assert counted() == {"UNKNOWN": (1, 0, 0, 0)}


def test_what_the_list_took_back_is_no_leakage():
    interval = f.cover_elsewhere(used().resident, known_from=USED - 30 * DAY)
    interval.known_to, interval.open = USED + 30 * DAY, False
    interval.save()
    assert counted() == {}


def test_a_row_corrected_later_was_known_when_its_first_form_said_so():
    person = used().resident
    first = f.cover_elsewhere(person, segment=13, known_from=USED - 30 * DAY)
    first.known_to, first.open = USED + 30 * DAY, False
    first.save()
    f.cover_elsewhere(person, segment=13, until=datetime.date(2026, 10, 31), known_from=USED + 30 * DAY)
    assert counted() == {"KNOWN": (1, 0, 0, 0)}


@pytest.mark.parametrize(("used_at", "decision"), [(None, "COVERED"), (USED, "COVERED_COMPLEMENTARY")])
def test_unused_letters_and_complements_leak_nothing(used_at, decision):
    by = f.system() if used_at else None
    sjp = c.letter(used_at=used_at, used_by=by, issued_at=USED, decision={"decision": decision})
    f.cover_elsewhere(sjp.resident, known_from=USED - 30 * DAY)
    assert counted() == {}


def test_the_child_of_a_jkn_mother_has_no_membership_of_its_own_yet():
    mother = f.covered_person(sex=2)
    child = r.birth(r.desk(f.hospital()), mother)
    used(mother, newborn=child, service="NEWBORN")
    f.cover_elsewhere(mother, known_from=USED - 30 * DAY)
    assert counted() == {}


def test_rules_that_let_pbi_members_in_leak_nothing():
    sjp = used()
    f.cover_elsewhere(sjp.resident, segment=21, known_from=USED - 30 * DAY)
    scheme = sjp.scheme
    scheme.parameters = {**scheme.parameters, "pbi_blocks": False}
    scheme.save()
    assert counted() == {}


def test_the_claims_of_the_letter_say_what_it_costs():
    sjp = used(state="SERVICE_DONE")
    f.cover_elsewhere(sjp.resident, known_from=USED + 20 * DAY)
    claim = c.claimed(sjp, admitted=datetime.date(2026, 10, 14))
    assert counted() == {"UNKNOWN": (1, 1, claim.claimed, 0)}


def test_counting_takes_two_statements_whatever_the_city(django_assert_num_queries):
    for _letter in range(4):
        f.cover_elsewhere(used().resident, known_from=USED + DAY)
    with django_assert_num_queries(4):  # with the transaction
        assert leakage.roll_up() == 1


# The page


def figures(letters, *, cause="KNOWN", month=datetime.date(2026, 10, 1), place=0, claimed=1000):
    return Leakage.objects.create(
        month=month,
        puskesmas=f.puskesmas(place),
        cause=cause,
        letters=letters,
        claims=letters,
        claimed=claimed,
        approved=claimed // 2,
    )


def rows_of(client, year=2026):
    content = client.get(reverse("reports:leakage_csv"), {"year": year}).content.decode("utf-8-sig")
    return list(csv.reader(io.StringIO(content)))


def test_the_page_counts_by_month_and_place_with_totals_and_chart(client):
    figures(7)
    figures(3, cause="UNKNOWN", place=1)
    figures(2, month=datetime.date(2026, 11, 1))
    client.force_login(f.make_user(Role.DINKES_SERVICES))
    page = client.get(reverse("reports:leakage"))
    totals = {line.cause: line.letters for line in page.context["totals"]}
    assert totals == {LeakageCause.KNOWN: 9, LeakageCause.UNKNOWN: 3}
    assert "<svg" in page.content.decode()
    assert len(rows_of(client)) == 4
    assert client.get(reverse("reports:leakage"), {"year": 2025}).context["months"] == []


def test_planners_see_no_small_cells_and_cannot_subtract_them(client):
    figures(7)
    figures(3, cause="UNKNOWN", place=1, claimed=777)
    client.force_login(f.make_user(Role.PLANNING_VIEWER))
    page = client.get(reverse("reports:leakage"))
    assert page.context["hidden"]
    assert {line.cause: line.letters for line in page.context["totals"]} == {"KNOWN": 7, "UNKNOWN": 0}
    assert "777" not in page.content.decode()
    assert [row[4:] for row in rows_of(client)[1:]] == [["7", "7", "1000", "500"], ["", "", "", ""]]


@pytest.mark.parametrize("year", ["", "x", "9" * 30, "1999", "²"])
def test_a_year_that_is_none_is_this_year(client, year):
    client.force_login(f.make_user(Role.AUDITOR))
    assert client.get(reverse("reports:leakage"), {"year": year}).context["year"] == 2026


def test_the_night_counts_the_leakage():
    f.cover_elsewhere(used().resident, known_from=USED + DAY)
    from reports.night import STEPS

    step = next(step for step in STEPS if step.name == "figures")
    assert step.run(f.TODAY, f.NOW, None)["leakage"] == 1
    assert Sjp.objects.count() == 1
