"""An interrupted run leaves nothing half done, and run again it ends as if nothing had happened (QUALITY R3)."""

import datetime
import os
import subprocess
import sys
import time

import pytest
from django.db import transaction

from ksb.core.errors import Refused
from ksb.core.models import OutboxEvent
from ksb.embedded.home import PROJECT
from participants.dukcapil import sync as registry
from participants.enums import SyncState
from participants.jkn import sync as jkn
from participants.models import SyncRun
from tests.factories import NOW
from tests.participants.snapshots import DAY, family, people, person, state, take, write
from tests.support.database import database_url

pytestmark = pytest.mark.django_db(transaction=True)
NEXT = DAY + datetime.timedelta(days=1)
POINTS = [1, 2, 3, 5, 8, 12, 16, 20, 24, 28, 32, 36, 40, 44, 48, 52, 56, 60, 64, 68, 72]
MANY = 10_000


def struck_down(kind, way, files, points, media):
    """Run the interrupted program; returns what it prints for each point."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.participants.interrupted", kind, way, *map(str, files), "--", *map(str, points)],
        cwd=PROJECT,
        env=os.environ | database_url() | {"MEDIA_ROOT": str(media), "LOG_LEVEL": "CRITICAL"},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.split()


def patiently(run):
    """The session of a killed client may live some milliseconds longer."""
    for _attempt in range(100):
        try:
            return run()
        except Refused as refusal:
            if refusal.code != "busy":
                raise
            time.sleep(0.05)
    raise AssertionError


def undisturbed(run):
    """The state ``run`` leads to, rolled back again."""
    with transaction.atomic():
        run()
        found = state()
        transaction.set_rollback(True)
    return found


def night():
    home, others = family(4), people(30)
    after = [
        *home[:1],
        home[1] | {"FLAG_STATUS": "1", "TGL_STATUS": "2026-11-20"},
        home[2] | {"NO_KK": "3275010101205555", "STAT_HBKEL": "1"},
        *others[2:],
        others[1] | {"NIK": others[1]["NIK"][:15]},
        person(TGL_DATANG="2026-11-20"),
    ]
    return [*home, *others], after


@pytest.mark.parametrize("way", ["client", "backend"])
def test_a_registry_night_struck_down_at_any_statement_ends_as_if_undisturbed(tmp_path, settings, way):
    before, after = night()
    take(tmp_path, before)
    path = write(tmp_path, after, day=NEXT)
    started = state()

    def run():
        return registry.run(path=path, actor=None, at=NOW)

    expected = undisturbed(run)
    ends = struck_down("registry", way, [path], POINTS, settings.MEDIA_ROOT)
    assert set(ends) <= {"died", "done"}
    assert ends.count("died") >= 15
    assert state() in (started, expected)
    patiently(run)
    assert state() == expected
    assert SyncRun.objects.filter(snapshot_date=NEXT, state=SyncState.APPLIED).count() == 1
    assert SyncRun.objects.filter(snapshot_date=NEXT).count() == 1


def test_what_was_committed_before_the_blow_stays(tmp_path, settings):
    """The positive control: without a blow the same program applies the file."""
    before, after = night()
    take(tmp_path, before)
    path = write(tmp_path, after, day=NEXT)
    expected = undisturbed(lambda: registry.run(path=path, actor=None, at=NOW))
    assert struck_down("registry", "client", [path], [MANY], settings.MEDIA_ROOT) == ["done"]
    assert state() == expected


@pytest.mark.parametrize("way", ["client", "backend"])
def test_a_jkn_run_struck_down_at_any_statement_ends_as_if_undisturbed(tmp_path, settings, way):
    rows = people(20)
    take(tmp_path, rows)
    first, second = tmp_path / "pbi-202610.csv", tmp_path / "pbi-202611.csv"
    for path, month, listed in ((first, 10, rows[:12]), (second, 11, rows[5:])):
        lines = [f"{n:013d};{row['NIK']};{row['NAMA_LGKP']};APBN;{month};2026" for n, row in enumerate(listed)]
        path.write_text("\n".join(["PSNOKA;NIK;NAMA;SEGMEN;BULAN;TAHUN", *lines, "rubbish"]) + "\n")
    jkn.run(paths=[first], actor=None, at=NOW)
    started = state()

    def run():
        return jkn.run(paths=[second], actor=None, at=NOW)

    expected = undisturbed(run)
    ends = struck_down("jkn", way, [second], POINTS, settings.MEDIA_ROOT)
    assert set(ends) <= {"died", "done"}
    assert ends.count("died") >= 15
    assert state() in (started, expected)
    patiently(run)
    assert state() == expected
    # Open letters are looked at again once for each list, however often it was begun.
    assert OutboxEvent.objects.filter(kind=jkn.LEARNED).count() == 2
