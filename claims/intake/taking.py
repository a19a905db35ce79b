"""Intake of an e-Klaim file: read, load, judge, count, in one transaction. A file is taken once; a dry run leaves nothing."""

from pathlib import PurePath

from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from claims import totals
from claims.enums import BatchState
from claims.intake import archive, loading, reading, result
from claims.intake.cells import hospital_code, payor
from claims.intake.lines import LineReader
from claims.models import ClaimBatch
from claims.permissions import require_billing
from claims.pricing import class_paid
from claims.rules.checking import check_batch
from claims.rules.row import OWN_HOSPITAL
from ksb.core import formats, journal
from ksb.core.errors import Refused
from ksb.core.integrity import refusing
from ksb.core.models import SchemeVersion
from ksb.core.numbering import next_number
from ksb.core.scheme import Parameters
from ksb.core.workflow import system_user

CLAIMED_MEANWHILE = {
    "an_episode_is_claimed_once": gettext_lazy("One of these SJP was claimed a moment ago. Hand the file in again.")
}


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
    require_billing(actor, hospital.pk)
    content = reading.read(file.read(reading.LARGEST + 1))
    _refuse_known_file(content, hospital)
    name = PurePath(file_name).name[:120]
    today = localdate(at)
    reader = LineReader(content, payors=_payors())
    with refusing(CLAIMED_MEANWHILE), transaction.atomic():
        loading.stage(reader)
        refusals = loading.judge_rows(reader, hospital_code=hospital_code(hospital.code), today=today)
        if len(refusals) == len(content.lines):
            return _nothing_to_take(refusals, hospital, name)
        batch = _open_batch(reader, len(refusals), name, hospital, actor, at)
        loading.load(batch, reader, refusals, care_class=class_paid(today))
        loading.block(check_batch(batch, on=today))
        totals.recount(batch)
        lines = result.lines_of(batch) if dry_run else None
        if dry_run:
            transaction.set_rollback(True)
        else:
            archive.keep(batch.archive, content.content)
            journal.record(
                "batch.take_in", batch, actor=actor, rows=batch.rows, accepted=batch.accepted, refused=batch.refused
            )
    return result.IntakeResult(
        batch=None if dry_run else batch,
        file_name=name,
        rows=batch.rows,
        accepted=batch.accepted,
        refused=batch.refused,
        blocked=batch.refused - len(refusals),
        claimed=batch.claimed,
        kept_lines=lines,
    )


def _refuse_known_file(content, hospital):
    same = ClaimBatch.objects.filter(hospital=hospital, sha256=content.sha256)
    known = same.exclude(state=BatchState.WITHDRAWN).first()
    if known:
        raise Refused(
            _("This very file was already handed in on %(day)s: batch %(number)s. Nothing was taken a second time.")
            % {"day": formats.day(known.created_at), "number": known.number}
        )


def _payors():
    """Every payor the programme ever had, by its normal form."""
    versions = SchemeVersion.objects.all()
    return {payor(pair): pair for v in versions for pair in Parameters.from_json(v.parameters).payors}


def _nothing_to_take(refusals, hospital, file_name):
    lines = [result.refused_line(row) for row in refusals]
    answer = result.IntakeResult(None, file_name, len(lines), 0, len(lines), 0, 0, lines)
    foreign = [found.evidence["code"] for line in lines for found in line.findings if found.rule == OWN_HOSPITAL.code]
    if len(foreign) == len(lines):
        raise FileRefused(
            _("This file belongs to another hospital (KODE_RS %(code)s). Yours is %(own)s: choose its own file.")
            % {"code": ", ".join(sorted(set(foreign))[:3]), "own": hospital_code(hospital.code)},
            answer,
        )
    return answer


def _open_batch(reader, refused, file_name, hospital, actor, at):
    """The new batch. Its number is taken first: the lock on the series lets one file of a hospital in at a time."""
    day = localdate(at)
    number = next_number("KLAIM", hospital.code, day.year)
    _refuse_known_file(reader.file, hospital)
    return ClaimBatch.objects.create(
        number=f"{number:04d}/KLAIM/{hospital.code}/{formats.roman_month(day.month)}/{day.year}",
        hospital=hospital,
        service_month=loading.service_month(),
        file_name=file_name,
        sha256=reader.file.sha256,
        archive=archive.path_of(sha256=reader.file.sha256, hospital=hospital),
        header="\t".join(reader.columns),
        rows=len(reader.file.lines),
        refused=refused,
        created_at=at,
        created_by=actor or system_user(),
    )
