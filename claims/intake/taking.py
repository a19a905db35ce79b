"""Intake of an e-Klaim file: read, load, judge, count, in one transaction. A file is taken once; a dry run leaves nothing."""

import hashlib
from pathlib import PurePath

from django.db import transaction
from django.db.models import F
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from claims import totals
from claims.enums import BatchState, Source, Stage
from claims.intake import archive, loading, reading, result, versions
from claims.intake.cells import hospital_code, payor
from claims.intake.lines import LineReader
from claims.models import BatchFile, ClaimBatch
from claims.permissions import require_billing
from claims.pricing import class_paid
from claims.rules.checking import check_batch
from claims.rules.row import OWN_HOSPITAL
from claims.workflow import CLAIM
from ksb.core import formats, journal, locks
from ksb.core.errors import Refused
from ksb.core.integrity import refusing
from ksb.core.models import SchemeVersion
from ksb.core.numbering import next_number
from ksb.core.scheme import Parameters
from ksb.core.workflow import system_user

CLAIMED_MEANWHILE = {
    "an_episode_is_claimed_once": gettext_lazy("One of these SJP was claimed a moment ago. Hand the file in again."),
    "a_claim_is_replaced_once": gettext_lazy("One of these claims was corrected a moment ago. Hand the file in again."),
}


class FileRefused(Refused):
    """No row of the file can be taken for one common reason. ``result`` still says what is wrong with each."""

    def __init__(self, message, result):
        super().__init__(message)
        self.result = result


def take_in(*, file, file_name, hospital, actor, at, dry_run=False, tell=None, source=Source.FILE):
    """Take the e-Klaim ``file`` (open for reading bytes) of ``hospital`` into its open batch of that month, or a new one.

    Rows are refused, not files: a file is refused (Refused) only when it is no e-Klaim file, was handed in before, or every
    row belongs to another hospital. ``actor`` None is the operator at the command line. A dry run stores nothing.
    ``tell(stage, done, total)`` is told how far it is; ``source`` says who wrote the rows. Returns an IntakeResult.
    """
    require_billing(actor, hospital.pk)
    content = reading.read(file.read(reading.LARGEST + 1))
    _refuse_known_file(content, hospital)
    name = PurePath(file_name).name[:120]
    today = localdate(at)
    reader = LineReader(content, payors=_payors())
    with refusing(CLAIMED_MEANWHILE), transaction.atomic():
        tell = tell or (lambda stage, done, total: None)
        total = len(content.lines)
        loading.stage(reader, tell=lambda done: tell(Stage.READING, done, total))
        tell(Stage.JUDGING, total, total)
        refusals = loading.judge_rows(reader, hospital_code=hospital_code(hospital.code), today=today)
        if len(refusals) == len(content.lines):
            return _nothing_to_take(refusals, hospital, name)
        # One file of a hospital at a time: what the other one brought is seen here, not overtaken.
        locks.hold_until_commit(f"intake {hospital.pk}")
        _refuse_known_file(content, hospital)
        numbers = {number for number, _line in reader.origins.values()}
        batch = open_batch(hospital=hospital, month=loading.service_month(), numbers=numbers, actor=actor, at=at)
        stored, repeats = _load(batch, reader, refusals, actor=actor, at=at, file_name=name, source=source)
        _judge(batch, stored, actor, at)
        tell(Stage.STORING, total, total)
        answer = _answer(batch, stored, repeats, dry_run=dry_run)
        if dry_run:
            transaction.set_rollback(True)
        else:
            archive.keep(stored.archive, content.content)
            counts = {"rows": answer.rows, "accepted": answer.accepted, "refused": answer.refused}
            journal.record("batch.take_in", batch, actor=actor, file=stored.pk, **counts)
    return answer


def _refuse_known_file(content, hospital):
    same = BatchFile.objects.filter(hospital=hospital, sha256=content.sha256, withdrawn_at__isnull=True)
    known = same.select_related("batch").first()
    if known:
        raise Refused(
            _("This very file was already handed in on %(day)s: batch %(number)s. Nothing was taken a second time.")
            % {"day": formats.day(known.received_at), "number": known.batch.number}
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


def open_batch(*, hospital, month, actor, at, numbers=()):
    """The open batch with one of ``numbers``, else that of the ``month``, else a new one; held until the transaction ends."""
    rows = ClaimBatch.objects.select_for_update(no_key=True, of=("self",)).select_related("hospital")
    # One that came back to the desk for one kind of care is the last to be asked.
    rows = rows.filter(hospital=hospital, state=BatchState.OPEN).order_by(F("split_from").asc(nulls_first=True), "-pk")
    named = numbers and rows.filter(number__in=numbers).first()
    if found := named or rows.filter(service_month=month).first():
        return found
    return ClaimBatch.objects.create(
        number=batch_number(hospital, localdate(at)),
        hospital=hospital,
        service_month=month,
        created_at=at,
        created_by=actor or system_user(),
    )


def batch_number(hospital, day):
    """The next number of a batch of ``hospital``."""
    number = next_number("KLAIM", hospital.code, day.year)
    return f"{number:04d}/KLAIM/{hospital.code}/{formats.roman_month(day.month)}/{day.year}"


def _load(batch, reader, refusals, *, actor, at, **about):
    """Make a BatchFile with its claims and refused rows. Returns it and the claims that other rows only repeat."""
    header = "\t".join(reader.columns)
    offset = batch.last_line()
    origins = {line: origin for line, (number, origin) in reader.origins.items() if number == batch.number}
    repeats, others = versions.settle(batch, header=header, origins=origins, actor=actor, at=at)
    care_class = class_paid(localdate(at))
    stored = BatchFile.objects.create(
        batch=batch,
        hospital=batch.hospital,
        **about,
        sha256=reader.file.sha256,
        archive=archive.path_of(sha256=reader.file.sha256, hospital=batch.hospital),
        header=header,
        offset=offset,
        last_line=reader.file.lines[-1][0],
        rows=len(reader.file.lines),
        taken=loading.load(batch, reader, refusals, offset=offset, care_class=care_class),
        unchanged=len(repeats),
        refused=len(refusals),
        received_at=at,
        received_by=actor or system_user(),
    )
    for other in others:
        totals.recount(other)
    sums = list(batch.files.order_by("offset").values_list("sha256", flat=True))
    batch.sha256 = sums[0] if len(sums) == 1 else hashlib.sha256("".join(sums).encode()).hexdigest()
    batch.save(update_fields=["sha256"])
    return stored, repeats


def _judge(batch, stored, actor, at):
    """Judge the whole batch: a new row may stand in the way of an earlier one, or clear it."""
    refused = check_batch(batch, on=localdate(at))
    loading.block(refused, batch=batch, above=stored.offset)
    if stored.offset:
        CLAIM.apply_many(batch.claims.filter(pk__in=refused), "block", actor=actor, at=at)
        CLAIM.apply_many(batch.claims.exclude(pk__in=refused), "clear", actor=actor, at=at)
    totals.recount(batch)


def _answer(batch, stored, repeats, *, dry_run):
    blocked, claimed, replaced = result.counts_of(stored, repeats)
    refused = stored.refused + blocked
    return result.IntakeResult(
        batch=None if dry_run else batch,
        file_name=stored.file_name,
        rows=stored.rows,
        accepted=stored.rows - refused,
        refused=refused,
        blocked=blocked,
        claimed=claimed,
        kept_lines=result.lines_of(stored, repeats) if dry_run else None,
        file=stored,
        repeats=repeats,
        replaced=replaced,
    )
