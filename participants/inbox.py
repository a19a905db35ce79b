"""The folder into which Disdukcapil, Dinsos and BPJS put their files: what lies there is taken in and moved away.

    registry-20261122.csv   with registry-20261122.csv.json beside it where the office writes one
    delta-20261121-20261122.csv   what changed in the registry between two days
    pbi-202611.csv, bpjs-202611.csv

A file is taken once its side file is there, or once it has not grown for a while: an upload may still be going on. A file that
was taken in goes to ``done/``, one that was refused to ``refused/``; any other failure leaves it for the next night.
"""

import datetime
import logging
import re
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError
from django.utils import timezone

from ksb.core.errors import Refused
from participants.archive import manifest_of
from participants.dukcapil import sync as registry_sync
from participants.enums import SyncKind, SyncState
from participants.jkn import sync as jkn_sync
from participants.models import SyncRun

logger = logging.getLogger(__name__)
QUIET = datetime.timedelta(minutes=2)
BUSY = "busy"
_DAYS = re.compile(r"\d{8}")
_MONTH = re.compile(r"(pbi|bpjs)\D*(\d{6})", re.IGNORECASE)


@dataclass(frozen=True)
class Outcome:
    """What became of one file: the state of its run and the counters, or the sentence by which it was refused."""

    file: str
    state: str
    counters: dict
    message: str = ""

    def as_json(self):
        return {"file": self.file, "state": self.state, "counters": self.counters, "message": self.message}


def take_registry(*, at, actor=None):
    """Finish runs that were approved or interrupted, then take in waiting files by their days, oldest first. Returns Outcomes.

    Of one day changes come before the snapshot, which proves them. Changes whose base is missing wait for it.
    """
    outcomes = [_resumed(run, actor, at) for run in _to_finish()]
    files = [path for pattern in ("registry-*.csv", "delta-*.csv") for path in waiting(pattern, at=at)]
    for path in sorted(files, key=_by_day):
        outcomes += _taken([path], lambda paths: [registry_sync.run(path=paths[0], actor=actor, at=at)], at)
    return outcomes


def take_jkn(*, at, actor=None):
    """Take in the waiting PBI and BPJS lists, all files of a month together. Returns Outcomes."""
    outcomes = []
    for paths in _months(at):
        outcomes += _taken(paths, lambda paths: jkn_sync.run(paths=paths, actor=actor, at=at), at)
    return outcomes


def waiting(pattern, *, at):
    """Complete files of the inbox whose name fits, by name."""
    folder = _inbox()
    return [path for path in sorted(folder.glob(pattern)) if path.is_file() and _is_complete(path, at)]


def _by_day(path):
    return max(_DAYS.findall(path.name), default=""), path.name


def _months(at):
    """Lists by kind and month; a month of which a part is still arriving waits as a whole."""
    months = {}
    for path in [path for kind in ("pbi", "bpjs") for path in sorted(_inbox().glob(f"{kind}-*.csv"))]:
        found = _MONTH.match(path.name)
        months.setdefault(found.groups() if found else path.name, []).append(path)
    return [paths for paths in months.values() if all(_is_complete(path, at) for path in paths)]


def _is_complete(path, at):
    if manifest_of(path).exists():
        return True
    changed = datetime.datetime.fromtimestamp(path.stat().st_mtime, tz=timezone.get_current_timezone())
    return at - changed >= QUIET


def _to_finish():
    states = (SyncState.FETCHED, SyncState.STAGED, SyncState.FAILED)
    return SyncRun.objects.filter(kind=SyncKind.REGISTRY, state__in=states).order_by("snapshot_date", "pk")


def _resumed(run, actor, at):
    """The Outcome of a run that is taken up again. One that fails again does not keep newer files from being taken in."""
    try:
        return _outcome(registry_sync.resume(run=run, actor=actor, at=at))
    except Refused as refusal:
        if refusal.code == BUSY:
            raise
        return Outcome(run.file_name, SyncState.REFUSED, {}, str(refusal.message))
    except DatabaseError:
        raise
    except Exception as error:
        logger.exception("run %s failed again", run.pk)
        return Outcome(run.file_name, SyncState.FAILED, {}, type(error).__name__)


def _taken(paths, take, at):
    """Outcomes of ``paths``, which ``take`` takes in together."""
    try:
        runs = take(paths)
    except Refused as refusal:
        if refusal.code == BUSY:
            raise
        bad = getattr(refusal, "path", paths[0])
        if refusal.code != registry_sync.GAP:
            _move(bad, "refused", at)
        return [Outcome(bad.name, SyncState.REFUSED, {}, str(refusal.message))]
    for path in paths:
        _move(path, "done", at)
    return [_outcome(run) for run in runs]


def _outcome(run):
    counters = {name: value for name, value in run.counters.items() if name != "proof"}
    return Outcome(run.file_name, run.state, counters, run.message)


def _move(path, folder, at):
    """Move ``path`` and its side file to a folder of the inbox, under a name nobody has."""
    target = _inbox() / folder
    target.mkdir(exist_ok=True)
    for file in (path, manifest_of(path)):
        if file.exists():
            name = file.name if not (target / file.name).exists() else f"{at:%Y%m%dT%H%M%S}-{file.name}"
            file.rename(target / name)


def _inbox():
    folder = Path(settings.INBOX_DIR)
    folder.mkdir(parents=True, exist_ok=True)
    return folder
