"""The case behind a claim, to read: referral, emergency notice, visits with their summaries."""

from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from claims.models import Claim
from facilities.permissions import requires
from participants.eligibility import thaw
from referrals import case_file
from verification.permissions import QUEUE_READERS


@requires(*QUEUE_READERS)
@require_safe
def case(request, claim_id):
    """What the referral station knows of the claim's letter; nothing for a claim without one."""
    claim = get_object_or_404(Claim.objects.visible_to(request.user), public_id=claim_id)
    if claim.sjp_id is None:
        raise Http404
    found = case_file.of_letter(claim.sjp_id, actor=request.user)
    context = {"claim": claim, "case": found, "reasons": thaw(found["sjp"].decision)}
    return render(request, "verification/case.html", context)
