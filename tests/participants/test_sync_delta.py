"""Changes between two days instead of a whole snapshot: same result, in order, any number of times."""

import datetime

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ksb.core.errors import Refused
from participants import inbox
from participants.enums import ResidentStatus, SyncState
from participants.models import FormerNik, Resident, SyncRun
from tests.factories import NOW
from tests.participants.snapshots import (
    DAY,
    changes,
    events,
    family,
    of,
    people,
    person,
    refused,
    state,
    take,
    take_changes,
    write,
)

pytestmark = pytest.mark.django_db
NEXT = DAY + datetime.timedelta(days=1)
AFTER = NEXT + datetime.timedelta(days=1)
NEW_KK = "3275010101206666"


def both_ways(tmp_path, first, second, **how):
    """What a snapshot of ``second`` makes of ``first``, and what the delta between them makes of it."""

    def night(take_second):
        with transaction.atomic():
            take(tmp_path, first)
            take_second()
            found = state()
            transaction.set_rollback(True)
        return found

    whole = night(lambda: take(tmp_path, second, day=NEXT))
    delta = changes(first, second)
    return whole, night(lambda: take_changes(tmp_path, delta, since=DAY, day=NEXT, **how))


def busy_night():
    home, leaving, merged, alone = family(5), family(3), family(3), person()
    others = people(30)
    first = [*others, *home, *leaving, *merged, alone]
    second = [
        *others[1:],
        *home[:2],
        home[2] | {"NO_KK": NEW_KK, "STAT_HBKEL": "1"},
        home[3] | {"FLAG_EKTP": "1"},
        home[4] | {"NIK": "3275011705909999"},
        *(row | {"FLAG_STATUS": "2", "TGL_STATUS": "2026-11-20", "NO_KAB": "16"} for row in leaving),
        merged[0] | {"FLAG_STATUS": "1", "TGL_STATUS": "2026-11-20"},
        merged[1] | {"STAT_HBKEL": "1", "STAT_KWN": "4"},
        merged[2] | {"NAMA_LGKP": "NAMA BARU"},
        alone | {"NO_KK": home[0]["NO_KK"], "STAT_HBKEL": "7"},
        person(TGL_LHR="2026-11-10", TGL_DATANG="2026-11-10", FLAG_EKTP="0"),
        person(TGL_DATANG="2026-11-20"),
    ]
    return first, second


def test_changes_lead_to_the_same_people_families_history_and_events_as_the_whole_snapshot(tmp_path):
    whole, by_changes = both_ways(tmp_path, *busy_night())
    assert by_changes == whole


FATES = st.sampled_from(
    [
        {},
        {"NAMA_LGKP": "NAMA BARU"},
        {"FLAG_STATUS": "1", "TGL_STATUS": "2026-11-20"},
        {"FLAG_STATUS": "2", "TGL_STATUS": "2026-11-20", "NO_KAB": "16"},
        {"NO_KK": NEW_KK},
        {"NO_KEC": "2", "ALAMAT": "JL. LAIN"},
        {"STAT_HBKEL": "1"},
        None,
    ]
)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(fates=st.lists(FATES, min_size=9, max_size=9))
def test_whatever_happens_changes_and_snapshot_agree(tmp_path, fates):
    first = [*family(4), *family(3), *people(2)]
    second = [row | fate for row, fate in zip(first, fates, strict=True) if fate is not None]
    whole, by_changes = both_ways(tmp_path, first, [*second, person()])
    assert by_changes == whole


def test_the_snapshot_of_the_same_day_proves_the_changes(tmp_path):
    first, second = busy_night()
    take(tmp_path, first)
    take_changes(tmp_path, changes(first, second), since=DAY, day=NEXT)
    run = take(tmp_path, second, day=NEXT)
    assert run.counters["events"] == {}
    assert run.counters["unchanged"] == len(second)


def test_nights_after_changes_go_on_with_snapshots_or_changes(tmp_path):
    rows = people(5)
    take(tmp_path, rows)
    take_changes(tmp_path, [rows[0] | {"NAMA_LGKP": "DUA"}], since=DAY, day=NEXT)
    take_changes(tmp_path, [rows[0] | {"NAMA_LGKP": "TIGA"}], since=NEXT, day=AFTER)
    assert of(rows[0]).name == "TIGA"
    last = take(tmp_path, [*rows[1:], rows[0] | {"NAMA_LGKP": "TIGA"}], day=AFTER + datetime.timedelta(days=1))
    assert last.counters["unchanged"] == 5


def test_who_does_not_stand_in_the_changes_stays_as_known(tmp_path):
    rows = people(4)
    take(tmp_path, rows)
    run = take_changes(tmp_path, [rows[0] | {"FLAG_EKTP": "0"}], since=DAY, day=NEXT)
    assert (run.counters["gone"], run.counters["changed"], run.base_date) == (0, 1, DAY)
    assert Resident.objects.filter(listed=True, status=ResidentStatus.ACTIVE).count() == 4


def test_a_line_with_status_9_says_that_somebody_is_no_longer_in_the_registry(tmp_path):
    rows = people(4)
    take(tmp_path, rows)
    run = take_changes(tmp_path, changes(rows, rows[1:]), since=DAY, day=NEXT)
    assert (events(run, rows[0]), of(rows[0]).status) == (["GONE"], ResidentStatus.GONE)
    counted = ("unchanged", "added", "changed", "died", "moved_in", "moved_out", "quarantined", "removals")
    assert run.counters["read"] == sum(run.counters[name] for name in counted) == 1


def test_status_9_in_a_snapshot_is_refused(tmp_path):
    run = take(tmp_path, [*people(3), person(FLAG_STATUS="9")])
    assert refused(run) == {5: "BAD_STATUS_FLAG"}


def test_an_old_nik_removed_and_a_new_one_for_the_same_person_is_a_new_nik(tmp_path):
    home = family(3)
    take(tmp_path, home)
    renamed = home[2] | {"NIK": "3275011705908888"}
    run = take_changes(tmp_path, changes(home, [*home[:2], renamed]), since=DAY, day=NEXT)
    assert events(run) == ["NIK_CHANGE"]
    assert FormerNik.objects.get(nik=home[2]["NIK"]).resident == of(renamed)


def test_a_bad_line_leaves_the_person_as_known(tmp_path):
    rows = people(3)
    take(tmp_path, rows)
    run = take_changes(tmp_path, [rows[0] | {"JENIS_KLMIN": "9"}, "rubbish"], since=DAY, day=NEXT)
    assert refused(run) == {2: "BAD_SEX", 3: "COLUMN_COUNT"}
    assert (of(rows[0]).status, of(rows[0]).listed) == (ResidentStatus.ACTIVE, True)


@pytest.mark.parametrize("base", [DAY - datetime.timedelta(days=3), DAY])
def test_changes_since_an_earlier_day_cover_what_is_known_already(tmp_path, base):
    rows = people(3)
    take(tmp_path, rows)
    run = take_changes(tmp_path, [rows[0] | {"NAMA_LGKP": "BARU"}, rows[1]], since=base, day=NEXT)
    assert (run.counters["changed"], run.counters["unchanged"]) == (1, 1)


def test_a_gap_is_named_and_leaves_no_run(tmp_path):
    take(tmp_path, people(3))
    with pytest.raises(Refused, match=r"22-11-2026.*21-11-2026") as caught:
        take_changes(tmp_path, [person()], since=NEXT, day=AFTER)
    assert caught.value.code == "gap"
    assert SyncRun.objects.count() == 1


def test_changes_need_a_snapshot_before_them(tmp_path):
    with pytest.raises(Refused) as caught:
        take_changes(tmp_path, [person()], since=DAY, day=NEXT)
    assert caught.value.code == "gap"


def test_changes_older_than_what_is_known_are_refused(tmp_path):
    take(tmp_path, people(3), day=AFTER)
    with pytest.raises(Refused) as caught:
        take_changes(tmp_path, [person()], since=DAY, day=NEXT)
    assert caught.value.code == "older"


@pytest.mark.parametrize(
    "name", ["delta.csv", "delta-20261121.csv", "delta-20261122-20261121.csv", "delta-20269921-1.csv"]
)
def test_a_delta_is_named_by_two_days(tmp_path, name):
    take(tmp_path, people(1))
    with pytest.raises(Refused) as caught:
        take(tmp_path, [person()], name=name)
    assert caught.value.code == "file_name"


def test_the_same_changes_again_change_nothing(tmp_path):
    rows = people(3)
    take(tmp_path, rows)
    delta = [rows[0] | {"NAMA_LGKP": "BARU"}, person()]
    take_changes(tmp_path, delta, since=DAY, day=NEXT)
    before = state()
    again = take_changes(tmp_path, delta, since=DAY, day=NEXT)
    assert (again.counters["already_applied"], state()) == (True, before)
    other = take_changes(tmp_path, delta[:1], since=DAY, day=NEXT)
    assert (other.counters["events"], other.counters["unchanged"]) == ({}, 1)


def test_unusual_changes_wait_as_a_snapshot_would(tmp_path):
    rows = people(60)
    take(tmp_path, rows)
    run = take_changes(tmp_path, changes(rows, rows[25:]), since=DAY, day=NEXT)
    assert (run.state, Resident.objects.filter(status=ResidentStatus.GONE).count()) == (SyncState.WAITING_APPROVAL, 0)


def test_a_dry_run_counts_changes_and_writes_nothing(tmp_path):
    rows = people(3)
    take(tmp_path, rows)
    before = state()
    run = take_changes(tmp_path, [rows[0] | {"NAMA_LGKP": "BARU"}], since=DAY, day=NEXT, dry_run=True)
    assert (run.counters["changed"], run.pk, state()) == (1, None, before)


# The inbox


@pytest.fixture
def folder(settings):
    settings.INBOX_DIR.mkdir(parents=True)
    return settings.INBOX_DIR


def put(folder, rows, since, day):
    return write(folder, rows, name=f"delta-{since:%Y%m%d}-{day:%Y%m%d}.csv", manifest=True)


def test_the_inbox_takes_changes_before_the_snapshot_of_their_day(folder):
    rows = people(3)
    renamed = rows[0] | {"NAMA_LGKP": "BARU"}
    write(folder, rows, manifest=True)
    write(folder, [renamed, *rows[1:]], day=NEXT, manifest=True)
    put(folder, [renamed], DAY, NEXT)
    first, delta, proof = inbox.take_registry(at=NOW)
    assert [first.counters["added"], delta.counters["changed"], proof.counters["unchanged"]] == [3, 1, 3]


def test_changes_whose_base_is_missing_stay_in_the_inbox_until_it_is_there(folder):
    rows = people(3)
    write(folder, rows, manifest=True)
    later = put(folder, [rows[0] | {"NAMA_LGKP": "TIGA"}], NEXT, AFTER)
    *_done, waiting = inbox.take_registry(at=NOW)
    assert (waiting.state, later.exists()) == (SyncState.REFUSED, True)
    put(folder, [rows[0] | {"NAMA_LGKP": "DUA"}], DAY, NEXT)
    assert [outcome.state for outcome in inbox.take_registry(at=NOW)] == [SyncState.APPLIED] * 2
    assert (of(rows[0]).name, later.exists()) == ("TIGA", False)
