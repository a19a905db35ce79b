"""A month's batch from the desk to the verifier: judged again, submitted once, or taken back.

Every act locks the batch first. What follows from it (claims, letters, totals) happens in the same transaction.
"""

from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from claims import totals
from claims.enums import BatchState, ClaimState
from claims.models import ClaimBatch
from claims.permissions import require_billing
from claims.pricing import class_paid, reprice
from claims.rules.checking import check_batch
from claims.workflow import BATCH, CLAIM
from ksb.core.errors import Refused, WrongState
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
        refused = check_batch(batch, on=localdate(at))
        CLAIM.apply_many(batch.claims.filter(pk__in=refused), "block", actor=actor, at=at)
        CLAIM.apply_many(batch.claims.exclude(pk__in=refused), "clear", actor=actor, at=at)
        totals.recount(batch)
    return batch


def submit(*, batch, actor, at, expected=None):
    """Hand the ready claims of ``batch`` to the verifiers; blocked ones stay behind. Their letters become claimed.

    The batch is judged again first. ``expected`` is ``(ready claims, rupiah)`` as the officer saw them: when that is no
    longer so, nothing is submitted. Raises Refused, WrongState.
    """
    recheck(batch=batch, actor=actor, at=at)
    with transaction.atomic():
        batch = BATCH.apply(locked(batch), "submit", actor=actor, at=at)
        ready = batch.claims.filter(state=ClaimState.READY)
        count = ready.count()
        if not count:
            raise Refused(_("No claim of this batch is ready: every row is refused by a rule. Correct the rows first."))
        if expected and tuple(expected) != (count, batch.claimed):
            raise WrongState(_("The batch has changed since you looked at it. Look at it again before you submit."))
        letters = Sjp.objects.filter(pk__in=list(ready.values_list("sjp_id", flat=True)))
        CLAIM.apply_many(ready, "submit", actor=actor, at=at)
        SJP.apply_many(letters, "claim", actor=actor, at=at, data={"batch": batch.number})
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
        batch.files.update(withdrawn_at=at, withdrawn_by=actor or system_user())
        return BATCH.apply(batch, "withdraw", actor=actor, at=at, data={"reason": reason.strip()})
