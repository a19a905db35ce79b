"""Claims judged again when what they rest on has changed: every night, and soon after an event that may change findings (a
rule in force, a letter revoked, a list of care paid elsewhere, a dispensation, a patient found in the registry). What comes
with the loads of registry, JKN and tables is judged in the night.

An open batch is settled as at its submission: claims become blocked or ready. What is with the verifiers keeps its state; its
findings are found anew, those a person has set aside excepted.
"""

from django.db import transaction
from django.utils.timezone import localdate

from claims import totals
from claims.batches import locked
from claims.enums import BatchState
from claims.models import Claim, ClaimBatch
from claims.pricing import class_paid, reprice
from claims.rules.checking import check_batch
from claims.workflow import CLAIM
from ksb.core import outbox

JUDGE = "claims.judge"

# Batches whose claims somebody may still decide about.
UNDECIDED = ("OPEN", "TO_SIGN", "SUBMITTED", "COMPLETE", "IN_VERIFICATION", "BAHV_DRAFT")


def rejudge_all(*, at, since=None):
    """Judge all claims nobody has decided on again, batch by batch. ``since``: only batches with services from that day on.

    Returns ``{"batches", "claims", "blocked", "cleared"}``.
    """
    batches = ClaimBatch.objects.filter(state__in=UNDECIDED)
    if since:
        batches = batches.filter(pk__in=Claim.objects.filter(admitted_on__gte=since).values("batch"))
    done = {"batches": 0, "claims": 0, "blocked": 0, "cleared": 0}
    for batch in batches.order_by("pk").iterator():
        for name, count in rejudge(batch=batch, at=at).items():
            done[name] += count
    return done


def rejudge_soon(claims):
    """Ask for the batches of ``claims`` to be judged again, in the transaction that changed what they rest on."""
    batches = ClaimBatch.objects.filter(pk__in=claims.values("batch"), state__in=UNDECIDED)
    outbox.emit_many(JUDGE, batches.values_list("pk", flat=True))


def rejudge(*, batch, at):
    """The same for one batch, in one transaction under its lock."""
    on = localdate(at)
    with transaction.atomic():
        batch = locked(batch)
        if batch.state not in UNDECIDED:
            return {}
        blocked = cleared = 0
        if batch.state == BatchState.OPEN:
            reprice(batch, care_class=class_paid(on))
        refused = check_batch(batch, on=on, undecided=True)
        if batch.state == BatchState.OPEN:
            blocked = CLAIM.apply_many(batch.claims.filter(pk__in=refused), "block", actor=None, at=at)
            cleared = CLAIM.apply_many(batch.claims.exclude(pk__in=refused), "clear", actor=None, at=at)
            if blocked or cleared:
                totals.recount(batch)
    return {"batches": 1, "claims": batch.claims.count(), "blocked": blocked, "cleared": cleared}
