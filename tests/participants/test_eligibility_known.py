"""What the registry was believed to be at a moment: a decision of then can be replayed, whatever became known since."""

import datetime

import pytest

from participants import enrolment
from participants.eligibility import evaluate
from participants.enums import Decision, EnrolmentReason, SyncKind
from tests.factories import NOW, TODAY, covered_person, enrol, fresh_sources, make_run
from tests.participants import snapshots
from tests.participants.factories import keeper
from tests.participants.snapshots import family, of, person, take

pytestmark = pytest.mark.django_db

DAY = datetime.timedelta(days=1)
HOUR = datetime.timedelta(hours=1)
FIRST = snapshots.DAY
SECOND = FIRST + DAY
LATER = NOW + DAY


@pytest.fixture
def nights(tmp_path):
    """Two snapshots a day apart, the second learned at LATER; the first family is a member."""

    def between(before, after):
        take(tmp_path, [person(), *before])
        enrol(of(before[0]).household)
        make_run(SyncKind.JKN, snapshot_date=FIRST, at=NOW - DAY)
        return take(tmp_path, [person(), *after], day=SECOND, at=LATER)

    return between


def now_and_then(row, on):
    """The decision on ``on`` as it is known after the second night, and as it was known before."""
    after = LATER + datetime.timedelta(hours=1)
    nik = row["NIK"]
    return evaluate(nik, on=on, at=after), evaluate(nik, on=on, at=after, known_at=NOW)


def test_a_death_told_late_excludes_now_but_was_not_known_then(nights):
    row = person()
    nights([row], [row | {"FLAG_STATUS": "1", "TGL_STATUS": "2026-11-10"}])
    now, then = now_and_then(row, TODAY - DAY)
    assert now.decision == Decision.EXCLUDED_MENINGGAL
    assert then.decision == Decision.COVERED


def test_a_move_told_late_excludes_now_but_was_not_known_then(nights):
    row = person()
    nights([row], [row | {"FLAG_STATUS": "2", "TGL_STATUS": "2026-11-15", "NO_KAB": "16"}])
    now, then = now_and_then(row, TODAY - DAY)
    assert now.headline_rule == "C05"
    assert then.decision == Decision.COVERED


def test_a_ktp_recorded_since_covers_now_but_was_not_known_then(nights):
    row = person(FLAG_EKTP="0")
    nights([row], [row | {"FLAG_EKTP": "1"}])
    now, then = now_and_then(row, TODAY - DAY)
    assert now.covered
    assert then.headline_rule == "C10"


def test_the_family_card_of_then_counts(nights):
    home = family(3)
    home[2]["FLAG_EKTP"] = "1"
    own = home[2] | {"NO_KK": "3275010101208888", "STAT_HBKEL": "1"}
    nights(home, [*home[:2], own])
    now, then = now_and_then(home[2], TODAY - DAY)
    assert now.headline_rule == "C08"
    assert then.decision == Decision.COVERED


def test_the_membership_that_followed_its_family_to_a_new_card_is_found_for_then(nights):
    home = family(3)
    nights(home, [row | {"NO_KK": "3275010101209999"} for row in home])
    now, then = now_and_then(home[0], TODAY - DAY)
    assert now.covered
    assert then.covered


def test_who_was_not_known_then_was_not_found(nights):
    row, newcomer = person(), person()
    nights([row], [row, newcomer])
    now, then = now_and_then(newcomer, TODAY - DAY)
    assert now.headline_rule == "C08"
    assert then.headline_rule == "C02"


def test_of_several_versions_the_one_of_the_moment_counts(nights, tmp_path):
    row, wife = family(2, FLAG_EKTP="0")
    gone = row | {"FLAG_STATUS": "1", "TGL_STATUS": "2026-11-22"}
    nights([row, wife], [row | {"FLAG_EKTP": "1"}, wife])
    take(tmp_path, [person(), gone, wife], day=SECOND + DAY, at=LATER + DAY)
    at = LATER + 2 * DAY
    told = [evaluate(row["NIK"], on=SECOND + DAY, at=at, known_at=moment) for moment in (NOW, LATER, LATER + DAY)]
    assert [e.headline_rule for e in told] == ["C10", "C34", "C03"]


def test_the_mother_of_then_decides_for_her_newborn(nights):
    home = family(2)
    baby = home[1] | {
        **{"NIK": "3275011011260077", "JENIS_KLMIN": "1", "STAT_HBKEL": "4", "STAT_KWN": "1"},
        **{"NIK_IBU": home[1]["NIK"], "TGL_LHR": "2026-11-10", "TGL_DATANG": "2026-11-10"},
    }
    rows = [*home, baby]
    nights(rows, [home[0], home[1] | {"TGL_DATANG": "2026-11-01"}, baby])
    now, then = now_and_then(baby, TODAY - DAY)
    assert now.headline_rule == "C07"
    assert then.headline_rule == "C21"


def test_a_membership_approved_since_was_none_then_though_its_first_day_lies_before():
    fresh_sources()
    person = covered_person()
    member = person.household.enrolments.get()
    type(member).objects.filter(pk=member.pk).update(approved_at=NOW, approved_by=keeper())
    for known_at, rule in ((NOW - DAY, "C08"), (NOW, "C34")):
        told = evaluate(person, on=TODAY, at=NOW + DAY, known_at=known_at)
        assert told.headline_rule == rule


@pytest.mark.parametrize("move", ["suspend", "end"])
def test_a_membership_stopped_since_ran_then(move):
    fresh_sources()
    person = covered_person()
    member = person.household.enrolments.get()
    getattr(enrolment, move)(
        enrolment=member,
        reason_code=EnrolmentReason.SANCTION,
        reason="Uji",
        actor=keeper(),
        at=NOW + HOUR,
    )
    assert evaluate(person, on=TODAY, at=NOW + 2 * HOUR).headline_rule == "C09"
    assert evaluate(person, on=TODAY, at=NOW + 2 * HOUR, known_at=NOW).headline_rule == "C34"
