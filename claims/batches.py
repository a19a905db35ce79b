"""A month's batch from the desk to Dinkes: judged again, signed by the director, handed in once, or taken back.

Every act locks the batch first. What follows from it (claims, letters, totals) happens in the same transaction.
"""

from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from claims import clocks, totals
from claims.enums import BatchState, ClaimState, CompletenessOutcome
from claims.intake.taking import batch_number
from claims.models import BatchFile, ClaimBatch
from claims.permissions import require_billing, require_director
from claims.pricing import adjust, class_paid, reprice
from claims.rules.checking import check_batch
from claims.workflow import BATCH, CLAIM
from ksb.core import journal
from ksb.core.errors import NotAllowed, Refused, WrongState
from ksb.core.integrity import refusing
from ksb.core.workflow import system_user
from referrals.models import Sjp
from referrals.workflow import SJP

CLAIMED_MEANWHILE = {
    "an_episode_is_claimed_once": gettext_lazy("An SJP of this batch was claimed a moment ago. Check the batch again.")
}


def locked(batch):
    """The batch as it is now, held until the end of the transaction."""
    return ClaimBatch.objects.select_for_update(no_key=True, of=("self",)).select_related("hospital").get(pk=batch.pk)


def recheck(*, batch, actor, at):
    """Judge an open batch again, as of ``at``: letters, patients and tariffs may have changed since. Returns it."""
    require_billing(actor, batch.hospital_id)
    with refusing(CLAIMED_MEANWHILE), transaction.atomic():
        batch = locked(batch)
        if batch.state != BatchState.OPEN:
            raise WrongState(
                _("This batch is not open any more: it is “%(state)s”.") % {"state": batch.get_state_display()}
            )
        reprice(batch, care_class=class_paid(localdate(at)))
        adjust(batch)
        refused = check_batch(batch, on=localdate(at))
        CLAIM.apply_many(batch.claims.filter(pk__in=refused), "block", actor=actor, at=at)
        CLAIM.apply_many(batch.claims.exclude(pk__in=refused), "clear", actor=actor, at=at)
        totals.recount(batch)
    return batch


def submit(*, batch, actor, at, expected=None):
    """Give the ready claims of ``batch`` to the director; blocked ones stay behind. Their letters become claimed.

    The batch is judged again first. It keeps the claims of one kind of care; each other kind becomes a batch of its own
    (``batch.splits``), with its own covering letter, signature and payment. ``expected`` is ``(ready claims, rupiah)`` as the
    officer saw them: when that is no longer so, nothing is submitted. Raises Refused, WrongState.
    """
    recheck(batch=batch, actor=actor, at=at)
    with transaction.atomic():
        _refuse_too_often(batch, on=localdate(at))
        batch = locked(batch)
        BATCH.check(batch, "submit", actor=actor)
        kinds = batch.claims.filter(state=ClaimState.READY).by_kind()
        if not kinds:
            raise Refused(_("No claim of this batch is ready: every row is refused by a rule. Correct the rows first."))
        if expected and tuple(expected) != (sum(cases for cases, _sum in kinds.values()), batch.claimed):
            raise WrongState(_("The batch has changed since you looked at it. Look at it again before you submit."))
        parts = {batch.kind if batch.kind in kinds else next(iter(kinds)): batch}
        parts |= {kind: _split(batch, kind, actor=actor, at=at) for kind in kinds if kind not in parts}
        if len(parts) > 1:
            totals.recount(batch)
        for kind, part in parts.items():
            submitted = _give_to_director(part, kind, actor=actor, at=at)
            batch = submitted if part is batch else batch
    return batch


def _split(batch, kind, *, actor, at):
    """A batch of its own for the ready claims of one ``kind``: they keep their lines, and the files stay where they are."""
    part = ClaimBatch.objects.create(
        number=batch_number(batch.hospital, localdate(at)),
        hospital=batch.hospital,
        service_month=batch.service_month,
        kind=kind,
        split_from=batch,
        sha256=batch.sha256,
        created_at=batch.created_at,
        created_by=batch.created_by,
    )
    batch.claims.filter(state=ClaimState.READY).of_kind(kind).update(batch=part)
    totals.recount(part)
    journal.record("batch.split", part, actor=actor, batch=batch.number, kind=str(kind))
    return part


def _give_to_director(batch, kind, *, actor, at):
    batch = BATCH.apply(batch, "submit", actor=actor, at=at, update={"kind": kind})
    ready = batch.claims.filter(state=ClaimState.READY)
    letters = Sjp.objects.filter(pk__in=list(ready.values_list("sjp_id", flat=True)))
    CLAIM.apply_many(ready, "submit", actor=actor, at=at)
    SJP.apply_many(letters, "claim", actor=actor, at=at, data={"batch": batch.number})
    return batch


def _refuse_too_often(batch, *, on):
    most = clocks.parameters_on(on).max_resubmit
    if batch.completeness_checks.filter(outcome=CompletenessOutcome.RETURNED).count() > most:
        raise Refused(
            _(
                "This batch was returned %(times)d times: it cannot be handed in again. Take it back and hand in a new file."
            )
            % {"times": most + 1}
        )


def sign(*, batch, actor, at):
    """The director hands the batch in with the covering letter. After the due day of its month it is late (susulan).

    Whoever put the batch together does not sign it (domain.md G3.2).
    """
    require_director(actor, batch.hospital_id)
    with transaction.atomic():
        batch = locked(batch)
        if batch.submitted_by_id == actor.pk:
            raise NotAllowed(_("You put this batch together yourself. Another person signs it."))
        late = localdate(at) > clocks.due_on(batch.service_month)
        return BATCH.apply(batch, "sign", actor=actor, at=at, data={"late": late}, update={"late": late})


def send_back(*, batch, actor, at, reason):
    """The director does not sign: the batch is open again at the billing desk."""
    require_director(actor, batch.hospital_id)
    if not reason.strip():
        raise Refused(_("Write down the reason."))
    with transaction.atomic():
        batch = reopen(locked(batch), "send_back", actor=actor, at=at, data={"reason": reason.strip()})
    return batch


def reopen(batch, move, *, actor, at, data):
    """Move a locked ``batch`` back to the desk: its claims are ready again, its letters no longer claimed."""
    empty = {"submitted_at": None, "submitted_by": None, "signed_at": None, "signed_by": None, "late": False}
    batch = BATCH.apply(batch, move, actor=actor, at=at, data=data, update=empty)
    handed_in = batch.claims.filter(state=ClaimState.SUBMITTED)
    letters = Sjp.objects.filter(pk__in=list(handed_in.values_list("sjp_id", flat=True)))
    CLAIM.apply_many(handed_in, "reopen", actor=actor, at=at)
    SJP.apply_many(letters, "withdraw_claim", actor=actor, at=at, data={"batch": batch.number})
    return batch


def withdraw(*, batch, actor, at, reason):
    """Take back a whole batch before its verification. The file may be handed in again, its letters claimed anew."""
    require_billing(actor, batch.hospital_id)
    if not reason.strip():
        raise Refused(_("Write down the reason."))
    with transaction.atomic():
        batch = locked(batch)
        letters = list(batch.claims.filter(state=ClaimState.SUBMITTED).values_list("sjp_id", flat=True))
        CLAIM.apply_many(batch.claims.all(), "withdraw", actor=actor, at=at)
        SJP.apply_many(Sjp.objects.filter(pk__in=letters), "withdraw_claim", actor=actor, at=at)
        totals.recount(batch)
        # Parts share the files of their hand-in: the first of them that is taken back gives them free.
        files = BatchFile.objects.filter(pk__in=[file.pk for file in batch.known_files()], withdrawn_at__isnull=True)
        files.update(withdrawn_at=at, withdrawn_by=actor or system_user())
        return BATCH.apply(batch, "withdraw", actor=actor, at=at, data={"reason": reason.strip()})
