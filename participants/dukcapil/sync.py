"""The registry night: take a snapshot or a delta in, find what it changes, apply it as a whole or not at all.

The file is kept first and worked on from the archive. When the last snapshot's file is still the one the database was made
from (checksum of the file, number and combined fingerprint of the people), the two files are compared and only the lines that
differ are loaded; otherwise every line is loaded and held against the database. Both ways end in the same tables and give
the same result. A delta holds the lines of the people that changed since the day it names; all of it is loaded. A run that is
killed leaves nothing behind but its row, and is run again.
"""

import re
from contextlib import contextmanager
from datetime import date, timedelta
from itertools import islice
from pathlib import Path

from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from ksb.core.errors import Refused
from ksb.core.locks import advisory_lock
from ksb.core.scheme import Parameters, scheme_on
from participants import archive, merge, runs
from participants.dukcapil import apply, differences, effects, guard, preview, staging
from participants.dukcapil.differences import Extent
from participants.dukcapil.lines import COLUMNS
from participants.dukcapil.progress import progress_of
from participants.eligibility.facts import CITY_CODE
from participants.enums import SyncKind, SyncStage, SyncState
from participants.models import SyncRun
from participants.tabular import Layout

LOCK = "participants.registry"
BUFFER = 1 << 20
# Snapshots of tomorrow exist (an office exports after midnight UTC); a year typed wrongly would block all nights until then.
DAYS_AHEAD = 7
# Above this share of the lines, or this number in a small file, comparing two files costs more than loading one.
COMPARED_SHARE, COMPARED_LINES = 0.05, 20_000
_DAY_IN_NAME = re.compile(r"(?<!\d)(20\d\d)[-_]?(\d\d)[-_]?(\d\d)(?!\d)")
DELTA, GAP = "delta", "gap"


def run(*, path, actor, at, dry_run=False, say=None):
    """Take the snapshot or delta ``path`` in. Returns its SyncRun with ``state`` and ``counters``.

    ``actor`` None is the system; ``say(stage, done, total)`` hears how far the run has come. Above the thresholds nothing is
    applied and the run waits for two people (``runs.approve``, then ``resume``). The last applied file again changes nothing
    (``counters["already_applied"]``). A dry run returns an unsaved SyncRun with the state, the counters and the preview the run
    would have. Raises Refused with a sentence when the file as a whole cannot be used or another run is going on; a kept run
    then says the same.
    """
    path = Path(path)
    with _alone():
        if dry_run:
            return _rehearse(path, at=at, say=say)
        kept, facts = archive.keep(path)
        base, day = days_of(path.name, at)
        if again := _already_applied(facts, day):
            return again
        if base:
            _check_base(base, SyncRun.objects.last_applied(SyncKind.REGISTRY))
        wrong = _wrong_with(path, facts)
        # One transaction: what an interruption leaves behind was checked, because it is taken up again without its side file.
        with transaction.atomic():
            found = runs.begin(
                kind=SyncKind.REGISTRY,
                file_name=path.name,
                kept=kept,
                facts=facts,
                snapshot_date=day,
                base_date=base,
                actor=actor,
                at=at,
            )
            if found.state == SyncState.WAITING_APPROVAL:
                return found
            if wrong:
                runs.give_up(found, wrong, actor=actor, at=at)
        if wrong:
            raise wrong
        with _recorded(found, actor=actor, at=at):
            return _take_in(found, kept, facts, actor=actor, at=at, say=say)


def resume(*, run, actor, at, say=None):
    """Apply a run that two people approved, or one that was interrupted, from its kept file."""
    with _alone():
        kept = archive.kept(run.archive)
        if not kept.exists():
            raise Refused(_("The kept file of this run is missing. Send the file again."), code="kept_file_missing")
        run.refresh_from_db()
        if run.state == SyncState.APPLIED:
            return run
        if run.state != SyncState.FETCHED:
            runs.SYNC_RUN.apply(run, "again", actor=actor, at=at)
        with _recorded(run, actor=actor, at=at):
            return _take_in(run, kept, archive.examine(kept), actor=actor, at=at, say=say)


def days_of(name, at):
    """``(base, day)`` that a file name tells: ``registry-20261122.csv`` is a snapshot of that day, without a base;
    ``delta-20261121-20261122.csv`` holds what changed since its base. A name without a day is a snapshot of ``at``."""
    try:
        days = [date(*map(int, found)) for found in _DAY_IN_NAME.findall(name)]
    except ValueError:
        raise Refused(
            _("The file name %(name)s does not hold a day. Name it registry-YYYYMMDD.csv.") % {"name": name},
            code="file_name",
        ) from None
    if not name.startswith(DELTA):
        return None, days[0] if days else localdate(at)
    if len(days) != 2 or days[0] > days[1]:
        raise Refused(
            _("The file name %(name)s does not hold two days. Name changes delta-YYYYMMDD-YYYYMMDD.csv: since, until.")
            % {"name": name},
            code="file_name",
        )
    return days[0], days[1]


@contextmanager
def _alone():
    with advisory_lock(LOCK) as mine:
        if not mine:
            raise Refused(runs.busy_sentence(SyncKind.REGISTRY), code="busy")
        yield


@contextmanager
def _recorded(run, *, actor, at):
    """Whatever ends the run early is told in its row."""
    try:
        yield
    except Exception as error:
        runs.give_up(run, error, actor=actor, at=at)
        raise


def _wrong_with(path, facts):
    """The refusal of a file that is no text or differs from its side file, else None."""
    try:
        archive.check(path, facts)
    except Refused as refusal:
        return refusal
    return None


def _already_applied(facts, day):
    """The last applied run, when this is its file: nothing is left to do. The same content of a later day is news."""
    last = SyncRun.objects.last_applied(SyncKind.REGISTRY)
    if last is None or (last.sha256, last.snapshot_date) != (facts.sha256, day):
        return None
    nothing = dict.fromkeys(("added", "changed", "died", "moved_in", "moved_out", "gone", "held"), 0)
    last.counters |= nothing | {"unchanged": last.counters["accepted"], "events": {}, "already_applied": True}
    return last


def _rehearse(path, *, at, say):
    facts, (base, day) = archive.examine(path), days_of(path.name, at)
    if again := _already_applied(facts, day):
        return again
    archive.check(path, facts)
    run = SyncRun(kind=SyncKind.REGISTRY, file_name=path.name, sha256=facts.sha256, snapshot_date=day, base_date=base)
    with staging.tables(), progress_of(None, say) as progress:
        run.counters, checks = _find(run, path, facts, apply.proof(), progress, at=at)
        run.preview = preview.look(checks)
    reasons = guard.sentences(checks)
    run.message = " ".join(reasons)
    run.state = SyncState.WAITING_APPROVAL if reasons else SyncState.APPLIED
    return run


def _take_in(run, file, facts, *, actor, at, say):
    with staging.tables(), progress_of(run.pk, say) as progress:
        before = apply.proof()
        counters, checks = _find(run, file, facts, before, progress, at=at)
        reasons = guard.sentences(checks)
        runs.SYNC_RUN.apply(run, "stage", actor=actor, at=at, update={"counters": counters})
        if reasons and not runs.is_approved(run):
            with transaction.atomic():
                apply.write_quarantine(run=run)
                told = {"message": " ".join(reasons), "preview": preview.look(checks)}
                return runs.SYNC_RUN.apply(run, "hold", actor=actor, at=at, update=told)
        progress.stage(SyncStage.APPLYING)
        with transaction.atomic():
            proof = apply.write(run=run, at=at, before=before)
            if run.base_date is None:
                counters["proof"] = proof.tie(facts)
            effects.write(run=run, at=at)
            return runs.SYNC_RUN.apply(run, "apply", actor=actor, at=at, update={"counters": counters})


def _find(run, file, facts, before, progress, *, at):
    """Fill the temporary tables from ``file``. Returns the counters and the guard's Checks."""
    last = SyncRun.objects.last_applied(SyncKind.REGISTRY)
    _check_order(run, last, at)
    if not facts.lines:
        raise Refused(_("The file has a first line and no person."), code="empty")
    progress.stage(SyncStage.READING, facts.lines)
    with file.open("rb", buffering=BUFFER) as lines:
        layout = Layout.of(lines.readline(archive.CHUNK), COLUMNS)
        if run.base_date:
            extent, removals = Extent.DELTA, _load_delta(progress.watch(lines), layout, file, day=run.snapshot_date)
        else:
            difference = _difference(last, before, lines, facts, layout)
            _load(difference, lines, layout, file, progress, day=run.snapshot_date)
            extent, removals = Extent.ALL if difference is None else Extent.DIFFERENT, 0
    progress.stage(SyncStage.COMPARING)
    differences.find(day=run.snapshot_date, home=CITY_CODE, extent=extent, first=last is None)
    counters = differences.count(read=facts.lines, removals=removals) | {"effects": effects.find()}
    scheme = scheme_on(run.snapshot_date)
    percent = (scheme.parameters if scheme else Parameters()).sync_guard_pct
    return counters, guard.checks(counters, base=before.active, percent=percent)


def _check_base(base, last):
    """A delta goes on top of data as new as its base. Newer ones do no harm: each line says all of a person."""
    if base is None or (last is not None and base <= last.snapshot_date):
        return
    raise Refused(
        _(
            "This file holds the changes since %(base)s; what came before it is missing: %(last)s. Send it, or a full snapshot."
        )
        % {
            "base": f"{base:%d-%m-%Y}",
            "last": _("the last data applied are of %(day)s") % {"day": f"{last.snapshot_date:%d-%m-%Y}"}
            if last
            else _("there is no snapshot yet"),
        },
        code=GAP,
    )


def _check_order(run, last, at):
    _check_base(run.base_date, last)
    if last is not None and run.snapshot_date < last.snapshot_date:
        raise Refused(
            _("This snapshot is of %(day)s, older than the last one applied, of %(last)s. Send the newest one.")
            % {"day": f"{run.snapshot_date:%d-%m-%Y}", "last": f"{last.snapshot_date:%d-%m-%Y}"},
            code="older",
        )
    if run.snapshot_date > localdate(at) + timedelta(days=DAYS_AHEAD):
        raise Refused(
            _("This snapshot is of %(day)s, which is still to come. Check the date in the file name.")
            % {"day": f"{run.snapshot_date:%d-%m-%Y}"},
            code="future",
        )


def _difference(last, before, lines, facts, layout):
    """What differs from the last applied file, or None where file and database do not prove to belong together."""
    tied = last.counters.get("proof") if last else None
    if not before.fits(tied):
        return None
    kept = archive.kept(last.archive)
    if not archive.is_intact(kept, tied["crc32"]):
        return None
    with kept.open("rb", buffering=BUFFER) as old:
        if old.readline(archive.CHUNK) != layout.header:
            return None
        accepted = merge.without(old, last.quarantine.values_list("line_number", flat=True).order_by("line_number"))
        try:
            return merge.difference(accepted, lines, limit=max(COMPARED_LINES, int(facts.lines * COMPARED_SHARE)))
        except merge.TooDifferent:
            return None


def _load(difference, lines, layout, file, progress, *, day):
    """Stage the lines that differ, or all of them."""
    if difference is None:
        lines.seek(0)
        staging.load(enumerate(progress.watch(islice(lines, 1, None)), 2), layout)
        raw_lines = _reader(file)
    else:
        staging.load_removed(difference.removed, layout)
        staging.load(difference.added, layout)
        raw_lines = _among(difference.added)
    staging.judge(day=day, home=CITY_CODE, compared=difference is not None, raw_lines=raw_lines)


def _load_delta(lines, layout, file, *, day):
    """Stage the lines of a delta. Returns how many say that somebody is removed."""
    removals = staging.load_delta(enumerate(lines, 2), layout)
    staging.judge(day=day, home=CITY_CODE, compared=False, raw_lines=_reader(file))
    return removals


def _reader(file):
    def raw_lines(numbers):
        with file.open("rb", buffering=BUFFER) as lines:
            for number, line in enumerate(lines, 1):
                if number in numbers:
                    yield number, line

    return raw_lines


def _among(added):
    return lambda numbers: ((number, line) for number, line in added if number in numbers)
