"""Intake of an e-Klaim file: read, load, judge, count, in one transaction. A file is taken once; a dry run leaves nothing."""

from collections import Counter
from pathlib import PurePath

from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from claims import totals
from claims.enums import BatchState
from claims.intake import archive, loading, reading, result
from claims.intake.cells import hospital_code, payor
from claims.intake.rows import ParsedRow, RowReader
from claims.models import ClaimBatch
from claims.permissions import require_billing
from claims.rules.checking import check_batch
from ksb.core import formats, journal
from ksb.core.errors import Refused
from ksb.core.integrity import refusing
from ksb.core.numbering import next_number
from ksb.core.scheme import Parameters, scheme_on
from ksb.core.workflow import system_user


class FileRefused(Refused):
    """No row of the file can be taken for one common reason. ``result`` still says what is wrong with each."""

    def __init__(self, message, result):
        super().__init__(message)
        self.result = result


def take_in(*, file, file_name, hospital, actor, at, dry_run=False):
    """Take the e-Klaim ``file`` (open for reading bytes) of ``hospital``. Returns an IntakeResult.

    Rows are refused, not files: a file is refused (Refused) only when it is no e-Klaim file, was handed in before, or every
    row belongs to another hospital. ``actor`` None is the operator at the command line. A dry run stores nothing.
    """
    require_billing(actor, getattr(hospital, "pk", None))
    content = reading.read(file.read(reading.LARGEST + 1))
    _refuse_known_file(content.sha256, hospital)
    parsed, refused = _read_rows(content, hospital, today=localdate(at))
    name = PurePath(file_name).name[:120]
    if not parsed:
        return _nothing_to_take(refused, hospital, name)
    sentences = {"an_episode_is_claimed_once": _("One of these SJP was claimed a moment ago. Hand the file in again.")}
    with refusing(sentences):
        batch = _open_batch(content, parsed, refused, name, hospital, actor, at)
        parameters = _parameters(localdate(at))
        loading.load(batch, parsed, refused, care_class=parameters.class_allowed)
        check_batch(batch, on=localdate(at))
        loading.block_refused(batch)
        totals.recount(batch)
        lines = result.lines_of(batch) if dry_run else None
        blocked = batch.refused - len(refused)
        if dry_run:
            transaction.set_rollback(True)
        else:
            batch.archive = archive.keep(content.content, sha256=content.sha256, hospital=hospital)
            batch.save(update_fields=["archive"])
            journal.record(
                "batch.take_in", batch, actor=actor, rows=batch.rows, accepted=batch.accepted, refused=batch.refused
            )
    return result.IntakeResult(
        batch=None if dry_run else batch,
        file_name=name,
        rows=batch.rows,
        accepted=batch.accepted,
        refused=batch.refused,
        blocked=blocked,
        claimed=batch.claimed,
        kept_lines=lines,
    )


def _refuse_known_file(sha256, hospital):
    known = ClaimBatch.objects.filter(hospital=hospital, sha256=sha256).exclude(state=BatchState.WITHDRAWN).first()
    if known:
        raise Refused(
            _("This very file was already handed in on %(day)s: batch %(number)s. Nothing was taken a second time.")
            % {"day": formats.day(known.created_at), "number": known.number}
        )


def _read_rows(content, hospital, *, today):
    reader = RowReader(content, hospital=hospital, payors_on=_payors(), today=today)
    parsed, refused = [], []
    for row in content.rows():
        answer = reader.read(row)
        (parsed if isinstance(answer, ParsedRow) else refused).append(answer)
    return parsed, refused


def _payors():
    """A function from a day to the payors of its scheme, or None where no scheme says any."""
    known = {}

    def payors_on(day):
        if day not in known:
            scheme = scheme_on(day)
            known[day] = {payor(pair) for pair in scheme.parameters.payors} if scheme else None
        return known[day]

    return payors_on


def _parameters(day):
    scheme = scheme_on(day)
    return scheme.parameters if scheme else Parameters()


def _nothing_to_take(refused, hospital, file_name):
    lines = [result.refused_line(row) for row in refused]
    answer = result.IntakeResult(None, file_name, len(lines), 0, len(lines), 0, 0, lines)
    others = {f.evidence["code"] for line in lines for f in line.findings if f.rule == "HOS-01"}
    if others and all(any(f.rule == "HOS-01" for f in line.findings) for line in lines):
        raise FileRefused(
            _("This file belongs to another hospital (KODE_RS %(code)s). Yours is %(own)s: choose its own file.")
            % {"code": ", ".join(sorted(others)[:3]), "own": hospital_code(hospital.code)},
            answer,
        )
    return answer


def _open_batch(content, parsed, refused, file_name, hospital, actor, at):
    """The new batch. Its number is taken first: the lock on the series lets one file of a hospital in at a time."""
    day = localdate(at)
    number = next_number("KLAIM", hospital.code, day.year)
    _refuse_known_file(content.sha256, hospital)
    return ClaimBatch.objects.create(
        number=f"{number:04d}/KLAIM/{hospital.code}/{formats.roman_month(day.month)}/{day.year}",
        hospital=hospital,
        service_month=_service_month(parsed),
        file_name=file_name,
        sha256=content.sha256,
        rows=len(parsed) + len(refused),
        created_at=at,
        created_by=actor or system_user(),
    )


def _service_month(parsed):
    """The month most of the patients were discharged in; of two equal ones the later."""
    months = Counter(row.discharged_on.replace(day=1) for row in parsed)
    return max(months, key=lambda month: (months[month], month))
