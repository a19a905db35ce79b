"""Whether the files of a batch are complete: said within ``completeness_days``, otherwise silence says yes (domain.md B16)."""

from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from claims import clocks
from claims.batches import locked, reopen
from claims.enums import BatchState, ClaimState, CompletenessOutcome
from claims.models import ClaimBatch, CompletenessCheck
from claims.workflow import BATCH
from ksb.core import formats, journal
from ksb.core.errors import Refused
from ksb.core.numbering import next_number
from ksb.core.workflow import system_user

LONGEST_LIST = 200


def find_complete(*, batch, actor, at):
    """Say that nothing lacks: the verification may begin. Returns the CompletenessCheck (BA kelengkapan)."""
    return _complete(batch, CompletenessOutcome.COMPLETE, actor=actor, at=at)


def return_(*, batch, actor, at, incomplete, lacking):
    """Return the batch to its billing desk with the sentences ``lacking`` (BA pengembalian). Returns the CompletenessCheck.

    ``incomplete`` is the number of claims whose files lack something. It comes back at latest with the next month's claims.
    """
    said = [line.strip()[:255] for line in lacking if line.strip()]
    if not said:
        raise Refused(_("Write down what lacks, one thing a line."))
    if len(said) > LONGEST_LIST:
        raise Refused(_("Write at most %(most)d lines.") % {"most": LONGEST_LIST})
    with transaction.atomic():
        batch = locked(batch)
        BATCH.check(batch, "return_", actor=actor)
        count = _handed_in(batch)
        if not 1 <= incomplete <= count:
            raise Refused(_("Between 1 and %(count)d claims of this batch can be incomplete.") % {"count": count})
        found = {"incomplete": incomplete, "lacking": said, "due_on": clocks.mend_by(localdate(at))}
        check = _write(batch, CompletenessOutcome.RETURNED, count, actor=actor, at=at, **found)
        reopen(batch, "return_", actor=actor, at=at, data={"check": check.number, "incomplete": incomplete})
    return check


def settle_silent(*, at):
    """Batches nobody has looked at in time are complete. Returns their number. For the night."""
    day = localdate(at)
    waiting = [batch for batch in ClaimBatch.objects.filter(state=BatchState.SUBMITTED) if batch.silent_on <= day]
    for batch in waiting:
        _complete(batch, CompletenessOutcome.SILENT, actor=None, at=at)
    return len(waiting)


def _complete(batch, outcome, *, actor, at):
    with transaction.atomic():
        batch = BATCH.apply(locked(batch), "complete", actor=actor, at=at, data={"outcome": str(outcome)})
        return _write(batch, outcome, _handed_in(batch), actor=actor, at=at)


def _handed_in(batch):
    return batch.claims.filter(state=ClaimState.SUBMITTED).count()


def _write(batch, outcome, count, *, actor, at, **found):
    day = localdate(at)
    number = next_number("BA-KLAIM", "DINKES", day.year)
    check = CompletenessCheck.objects.create(
        batch=batch,
        number=f"{number:04d}/BA-KLAIM/DINKES/{formats.roman_month(day.month)}/{day.year}",
        outcome=outcome,
        received=batch.handed_in_at,
        claims=count,
        claimed=batch.claimed,
        checked_at=at,
        checked_by=actor or system_user(),
        **found,
    )
    journal.record("completeness.write", check, actor=actor, batch=batch.number, outcome=str(outcome))
    return check
