"""The PBI/JKN cross-check: lists of other insurers' members become intervals per person and source.

Only an exact NIK excludes anybody; rows without one of ours wait for a person to judge them. Lists that speak of the same
period are taken together, so that a list in several files closes nobody who stands in another of them. A list in one file is
compared with the one before it where that is safe (``comparison``), so that only rows that differ are loaded.
"""

from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import islice
from pathlib import Path

from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from ksb.core import outbox
from ksb.core.errors import Refused
from ksb.core.locks import advisory_lock
from participants import archive, merge, runs
from participants.enums import CoverageSource, SyncKind, SyncState
from participants.jkn import comparison, intervals, lines, staging
from participants.models import SyncRun
from participants.tabular import Layout

LOCK = "participants.jkn"
# Somebody's other coverage is known that was not known before: open letters are looked at again.
LEARNED = "jkn.learned"
BUFFER = 1 << 20
# The list of a month is sent some days before it begins.
DAYS_AHEAD = 31


class BadFile(Refused):
    """One file of a call cannot be used; ``path`` says which."""

    def __init__(self, path, refusal):
        super().__init__(f"{path.name}: {refusal.message}", code=refusal.code)
        self.path = path


@dataclass
class List:
    """One file, looked at but not yet read."""

    file: Path
    name: str
    facts: archive.Facts
    source: CoverageSource
    layout: Layout
    period: tuple[date, date]
    first_row: bytes
    run: SyncRun | None = None

    def rows(self):
        with self.file.open("rb", buffering=BUFFER) as file:
            yield from enumerate(islice(file, 1, None), 2)

    def rows_at(self, numbers):
        """The rows with the given ascending line numbers."""
        with self.file.open("rb", buffering=BUFFER) as file:
            next(file)
            yield from merge.lines_at(file, numbers)


def run(*, paths, actor, at, dry_run=False):
    """Take JKN lists in. Returns their SyncRuns, in order, with ``state`` and ``counters``.

    ``actor`` None is the system. All files are looked at before the first is taken: a file that cannot be used refuses the
    call (BadFile, a Refused with a sentence naming it) and nothing is changed. A list applied before changes nothing
    (``counters["already_applied"]``). A dry run returns unsaved SyncRuns with the counters the runs would have.
    """
    with advisory_lock(LOCK) as mine:
        if not mine:
            raise Refused(_("Another JKN run is going on. Wait until it has ended."), code="busy")
        found = [_look_at(Path(path), actor=actor, at=at, dry_run=dry_run) for path in paths]
        for file in found:
            file.run = _already_applied(file) or _begin(file, actor=actor, at=at, dry_run=dry_run)
        for group in _groups(found):
            _take_in(group, actor=actor, at=at, dry_run=dry_run)
        return [file.run for file in found]


def _look_at(path, *, actor, at, dry_run):
    file, facts = (path, archive.examine(path)) if dry_run else archive.keep(path)
    try:
        archive.check(path, facts)
        with file.open("rb") as text:
            source, layout = lines.layout_of(text.readline(archive.CHUNK))
            first_row = text.readline(archive.CHUNK)
        period = lines.period_of(path.name, source, first_row, layout, localdate(at))
        if not facts.lines:
            raise Refused(_("The file has a first line and no row."), code="empty")
        _check_order(source, period, at)
    except Refused as refusal:
        if not dry_run:
            refused = _begin_row(path.name, "", localdate(at), file, facts, actor=actor, at=at)
            runs.give_up(refused, refusal, actor=actor, at=at)
        raise BadFile(path, refusal) from refusal
    return List(file, path.name, facts, source, layout, period, first_row)


def _check_order(source, period, at):
    last = SyncRun.objects.last_applied(SyncKind.JKN, source)
    if last is not None and period[1] < last.snapshot_date:
        raise Refused(
            _("This list is of %(day)s, older than the last one applied, of %(last)s. Send the newest one.")
            % {"day": f"{period[1]:%d-%m-%Y}", "last": f"{last.snapshot_date:%d-%m-%Y}"},
            code="older",
        )
    if period[0] > localdate(at) + timedelta(days=DAYS_AHEAD):
        raise Refused(
            _("This list is of %(day)s, which is still to come. Check the month in the file name.")
            % {"day": f"{period[1]:%d-%m-%Y}"},
            code="future",
        )


def _already_applied(file):
    run = SyncRun.objects.filter(
        kind=SyncKind.JKN,
        source=file.source,
        state=SyncState.APPLIED,
        sha256=file.facts.sha256,
        snapshot_date=file.period[1],
    ).first()
    if run is not None:
        counters = run.counters
        matched = counters["opened"] + counters["unchanged"]
        run.counters = counters | {"opened": 0, "closed": 0, "unchanged": matched, "already_applied": True}
    return run


def _begin(file, *, actor, at, dry_run):
    if dry_run:
        values = {"source": file.source, "file_name": file.name, "snapshot_date": file.period[1]}
        return SyncRun(kind=SyncKind.JKN, sha256=file.facts.sha256, **values)
    return _begin_row(file.name, file.source, file.period[1], file.file, file.facts, actor=actor, at=at)


def _begin_row(name, source, day, kept, facts, *, actor, at):
    return runs.begin(
        kind=SyncKind.JKN,
        source=source,
        file_name=name,
        kept=kept,
        facts=facts,
        snapshot_date=day,
        actor=actor,
        at=at,
    )


def _groups(files):
    """Files not applied yet, by source and period, in the order of time."""
    groups = {}
    for file in files:
        if file.run.state != SyncState.APPLIED:
            groups.setdefault((file.period, file.source), []).append(file)
    return [groups[key] for key in sorted(groups)]


def _take_in(group, *, actor, at, dry_run):
    source, period, told = group[0].source, group[0].period, _told(group)
    with _recorded(group, actor=actor, at=at, dry_run=dry_run), staging.tables():
        alone = len(group) == 1 and not told
        last = SyncRun.objects.last_applied(SyncKind.JKN, source) if alone else None
        compared = last is not None and comparison.load(group[0], last)
        if not compared:
            for number, file in enumerate(group):
                staging.load(number, file.rows(), lines.reader(source, file.layout, period))
        staging.match(source=source, compared=compared)
        staging.set_apart(group)
        intervals.find(source=source, period=period, told=told, compared=compared)
        _count(group, last if compared else None)
        if dry_run:
            for file in group:
                file.run.state = SyncState.APPLIED
            return
        with transaction.atomic():
            pks = [file.run.pk for file in group]
            intervals.write(source=source, period=period, runs=pks, at=at, compared=compared)
            for file in group:
                tie = {"proof": comparison.tie(file)} if alone else {}
                counters = file.run.counters | tie
                runs.SYNC_RUN.apply(file.run, "stage", actor=actor, at=at, update={"counters": counters})
                file.run = runs.SYNC_RUN.apply(file.run, "apply", actor=actor, at=at)
            outbox.emit(LEARNED, group[-1].run)


def _told(group):
    """Segments that lists of this month taken before have spoken of."""
    earlier = SyncRun.objects.filter(
        kind=SyncKind.JKN, source=group[0].source, state=SyncState.APPLIED, snapshot_date=group[0].period[1]
    )
    return sorted({segment for run in earlier for segment in run.counters.get("segments", ())})


def _count(group, last):
    """What is closed is counted with the last file: only then everybody has been looked for.

    ``last`` is the run whose file this one was compared with, else None.
    """
    counters, closed = intervals.count(rows=[file.facts.lines for file in group])
    for place, (file, counter) in enumerate(zip(group, counters, strict=True), 1):
        file.run.counters = {"read": file.facts.lines, "closed": closed if place == len(group) else 0, **counter}
    if group[0].source == CoverageSource.PBI_LIST:
        told = intervals.segments(listed=comparison.listed(last) if last else {})
        for file in group:
            file.run.counters["segments"] = told


@contextmanager
def _recorded(group, *, actor, at, dry_run):
    try:
        yield
    except Exception as error:
        if not dry_run:
            for file in group:
                runs.give_up(file.run, error, actor=actor, at=at)
        raise
