"""What an officer does to one claim of an open batch: name its letter by hand, or take it back."""

from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from claims import totals
from claims.batches import locked
from claims.enums import BatchState, ClaimState
from claims.intake.cells import reference
from claims.models import Claim
from claims.permissions import require_billing
from claims.rules.checking import check_claim
from claims.workflow import CLAIM
from ksb.core import journal
from ksb.core.errors import Refused, WrongState
from ksb.core.integrity import refusing
from referrals.models import Sjp
from referrals.workflow import SJP


def link(*, claim, sjp_number, actor, at):
    """Tie a blocked ``claim`` to the letter with this number (e-Klaim wrote a number of its own, or none). Returns it.

    The claim is judged anew and becomes ready when no rule refuses it. Raises Refused when the hospital has no such letter.
    """
    require_billing(actor, claim.hospital_id)
    with refusing({"an_episode_is_claimed_once": gettext_lazy("This SJP was already claimed.")}), transaction.atomic():
        batch = locked(claim.batch)
        claim = Claim.objects.select_for_update(no_key=True, of=("self",)).get(pk=claim.pk)
        if batch.state != BatchState.OPEN or claim.state != ClaimState.BLOCKED:
            raise WrongState(_("Only a blocked claim of an open batch can be given another SJP."))
        sjp = Sjp.objects.filter(number=reference(sjp_number), hospital=claim.hospital_id).first()
        if sjp is None:
            raise Refused(_("No SJP of your hospital bears this number. Read it from the letter once more."))
        claim.sjp, claim.resident_id = sjp, sjp.patient_id
        claim.save(update_fields=["sjp", "resident"])
        journal.record("claim.link", claim, actor=actor, sjp=sjp.number)
        if not check_claim(claim, on=localdate(at)):
            claim = CLAIM.apply(claim, "clear", actor=actor, at=at)
        totals.recount(batch)
    return claim


def withdraw(*, claim, actor, at):
    """Take back one claim before its verification; its letter may be claimed again. Returns the claim."""
    require_billing(actor, claim.hospital_id)
    with transaction.atomic():
        batch = locked(claim.batch)
        claim = CLAIM.apply(claim, "withdraw", actor=actor, at=at)
        SJP.apply_many(Sjp.objects.filter(pk=claim.sjp_id), "withdraw_claim", actor=actor, at=at)
        totals.recount(batch)
    return claim
