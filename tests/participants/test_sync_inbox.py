"""The inbox folder: complete files are taken and moved away, the rest waits."""

import os

import pytest
from django.conf import settings

from facilities.enums import Role
from participants import inbox, runs
from participants.enums import ResidentStatus, SyncState
from participants.models import Resident, SyncRun
from tests.factories import NOW, make_resident, make_user
from tests.participants.snapshots import DAY, people, person, take, write

pytestmark = pytest.mark.django_db


@pytest.fixture
def folder():
    settings.INBOX_DIR.mkdir(parents=True)
    return settings.INBOX_DIR


def left(path, *, minutes=10):
    """As if it had been written some minutes ago."""
    moment = NOW.timestamp() - 60 * minutes
    os.utime(path, (moment, moment))
    return path


def names(folder):
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def pbi(folder, name, text="PSNOKA;NIK;NAMA;SEGMEN;BULAN;TAHUN\n1;{};A;APBN;11;2026\n"):
    path = folder / name
    path.write_text(text.format(make_resident().nik))
    return left(path)


def test_an_empty_or_missing_inbox_is_no_work():
    assert (inbox.take_registry(at=NOW), inbox.take_jkn(at=NOW)) == ([], [])


def test_a_file_with_its_side_file_is_taken_at_once_and_moved(folder):
    write(folder, people(2), manifest=True)
    (outcome,) = inbox.take_registry(at=NOW)
    assert (outcome.state, outcome.counters["added"]) == (SyncState.APPLIED, 2)
    assert names(folder) == ["done/registry-20261121.csv", "done/registry-20261121.csv.json"]


def test_a_file_without_one_is_taken_once_it_no_longer_grows(folder):
    path = left(write(folder, people(2)), minutes=1)
    assert inbox.take_registry(at=NOW) == []
    left(path, minutes=2)
    assert len(inbox.take_registry(at=NOW)) == 1


def test_several_snapshots_are_taken_in_the_order_of_their_days(folder):
    rows = people(3)
    left(write(folder, [*rows, person()], day=DAY.replace(day=22)))
    left(write(folder, rows))
    assert [outcome.file for outcome in inbox.take_registry(at=NOW)] == [
        "registry-20261121.csv",
        "registry-20261122.csv",
    ]
    assert SyncRun.objects.filter(state=SyncState.APPLIED).count() == 2


def test_a_refused_file_goes_aside_with_its_sentence(folder):
    write(folder, people(2), manifest={"rows": 9})
    (outcome,) = inbox.take_registry(at=NOW)
    assert (outcome.state, "9" in outcome.message) == (SyncState.REFUSED, True)
    assert names(folder) == ["refused/registry-20261121.csv", "refused/registry-20261121.csv.json"]


def test_a_file_of_the_same_name_does_not_overwrite_the_earlier_one(folder):
    for _time in range(2):
        write(folder, ["x"], header="NIK", manifest=True)
        inbox.take_registry(at=NOW)
    assert len(names(folder)) == 4


def test_a_run_two_people_approved_is_applied_by_the_night(folder, tmp_path):
    rows = people(60)
    take(tmp_path, rows)
    run = take(tmp_path, rows[20:], day=DAY.replace(day=22))
    run = runs.approve(run=run, actor=make_user(Role.REGISTRY_OPERATOR), at=NOW)
    runs.approve(run=run, actor=make_user(Role.DINKES_MEMBERSHIP), at=NOW)
    (outcome,) = inbox.take_registry(at=NOW)
    assert (outcome.state, outcome.counters["gone"]) == (SyncState.APPLIED, 20)
    assert Resident.objects.filter(status=ResidentStatus.GONE).count() == 20


def test_all_files_of_a_month_are_taken_together(folder):
    pbi(folder, "pbi-202611-apbn.csv")
    pbi(folder, "pbi-202611-lain.csv")
    outcomes = inbox.take_jkn(at=NOW)
    assert [outcome.counters["opened"] for outcome in outcomes] == [1, 1]
    assert names(folder) == ["done/pbi-202611-apbn.csv", "done/pbi-202611-lain.csv"]


def test_a_month_waits_for_the_part_that_is_still_arriving_or_was_refused(folder):
    pbi(folder, "pbi-202611-1.csv")
    second = pbi(folder, "pbi-202611-2.csv", "rubbish")
    os.utime(second, (NOW.timestamp(), NOW.timestamp()))
    assert inbox.take_jkn(at=NOW) == []
    left(second)
    (outcome,) = inbox.take_jkn(at=NOW)
    assert (outcome.file, outcome.state) == ("pbi-202611-2.csv", SyncState.REFUSED)
    assert names(folder) == ["pbi-202611-1.csv", "refused/pbi-202611-2.csv"]


def test_other_files_are_left_alone(folder):
    left(folder / "catatan.txt") if (folder / "catatan.txt").write_text("x") else None
    assert (inbox.take_registry(at=NOW), inbox.take_jkn(at=NOW), names(folder)) == ([], [], ["catatan.txt"])
