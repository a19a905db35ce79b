"""One decision on one claim by its verifier: approve, adjust lines, return, reject. Approval commits the money."""

from django.db import transaction
from django.utils.translation import gettext as _

from budget import ledger
from claims.models import Claim, ClaimBatch, ClaimLine
from claims.workflow import CLAIM
from ksb.core import journal
from ksb.core.errors import NotAllowed, Refused
from ksb.core.formats import rupiah
from verification.enums import Outcome
from verification.models import Assignment, Review

MOVES = {
    Outcome.APPROVE: "approve",
    Outcome.ADJUST: "approve_part",
    Outcome.RETURN: "return_",
    Outcome.REJECT: "reject",
}


def decide(*, claim, outcome, actor, at, reason="", lines=None):
    """Decide ``claim``. ``lines`` maps line pk to ``(approved rupiah, reason)`` for an adjustment.

    Returns the Review. Raises NotAllowed for anybody but the assigned verifier, WrongState when it was decided meanwhile,
    Refused for an amount above the asked one, a missing reason, or an adjustment that changes nothing.
    """
    _check_assigned(claim, actor)
    reason = reason.strip()
    if outcome != Outcome.APPROVE and not reason:
        raise Refused(_("Give the reason: the hospital must understand the decision."))
    with transaction.atomic():
        # The claim's row first: two verifiers' windows, one decision.
        CLAIM.check(Claim.objects.select_for_update(no_key=True).get(pk=claim.pk), MOVES[outcome], actor=actor)
        approved = _approve_lines(claim, outcome, lines or {}, reason)
        decided = CLAIM.apply(
            claim,
            MOVES[outcome],
            actor=actor,
            at=at,
            data={"approved": approved},
            update={"approved": approved if outcome in (Outcome.APPROVE, Outcome.ADJUST) else None},
        )
        if outcome in (Outcome.APPROVE, Outcome.ADJUST):
            ledger.commit(decided, actor=actor, at=at)
        elif outcome == Outcome.REJECT and decided.sjp:
            ledger.release(decided.sjp, actor=actor, at=at)
        review = Review.objects.create(
            claim=claim,
            verifier=actor,
            outcome=outcome,
            reason=reason,
            approved=approved or 0,
            lines=list(claim.lines.values("kind", "code", "asked", "approved", "reason")),
            decided_at=at,
            decided_by=actor,
        )
        journal.record("review.create", review, actor=actor, outcome=outcome, claim=claim.pk)
    return review


def _check_assigned(claim, actor):
    if not Assignment.objects.filter(batch=claim.batch_id, verifier=actor, ended_at__isnull=True).exists():
        raise NotAllowed(_("This claim is not assigned to you."))


def _approve_lines(claim, outcome, wanted, reason):
    """Write the approved amount of every line; returns their sum, or None when the claim is not approved."""
    if outcome not in (Outcome.APPROVE, Outcome.ADJUST):
        claim.lines.update(approved=None, reason="")
        return None
    total, changed = 0, False
    lines = list(claim.lines.select_for_update(no_key=True))
    for line in lines:
        amount, why = wanted.get(line.pk, (line.asked, "")) if outcome == Outcome.ADJUST else (line.asked, "")
        if not 0 <= amount <= line.asked:
            raise Refused(
                _("%(part)s: at most the asked amount of %(asked)s can be approved.")
                % {"part": line.get_kind_display(), "asked": rupiah(line.asked)}
            )
        line.approved = amount
        line.reason = (why.strip() or reason) if amount != line.asked else ""
        changed |= amount != line.asked
        total += amount
    if outcome == Outcome.ADJUST and not changed:
        raise Refused(_("No line was adjusted. Choose “approve”, or lower an amount."))
    ClaimLine.objects.bulk_update(lines, ["approved", "reason"])
    return total


def undecided(batch: ClaimBatch):
    """How many claims of the batch still wait for a decision."""
    return batch.claims.filter(state="IN_VERIFICATION").count()
