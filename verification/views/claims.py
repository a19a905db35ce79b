"""One claim, read and decided."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from claims.enums import ClaimState
from claims.models import Claim
from facilities.permissions import requires
from ksb.core import journal
from ksb.core.errors import Refused
from verification import decisions, history
from verification.enums import Outcome
from verification.forms import DecisionForm
from verification.permissions import QUEUE_READERS, VERIFIERS


@requires(*QUEUE_READERS)
def claim_review(request, claim_id):
    """One claim: what is asked, the letter, the patient's history, the findings, and the decision."""
    claim = get_object_or_404(
        Claim.objects.visible_to(request.user).select_related(
            "batch",
            "hospital",
            "resident",
            "sjp__puskesmas",
            "sjp__diagnosis",
            "sjp__specialty",
            "sjp__scheme",
            "sjp__referral",
        ),
        public_id=claim_id,
    )
    lines = list(claim.lines.all())
    decides = claim.state == ClaimState.IN_VERIFICATION and request.user.has_role(*VERIFIERS)
    form = DecisionForm(request.POST or None, lines=lines) if decides else None
    if form is not None and request.method == "POST" and form.is_valid():
        try:
            decisions.decide(
                claim=claim,
                outcome=Outcome(form.cleaned_data["outcome"]),
                reason=form.cleaned_data["reason"],
                lines=form.line_amounts(),
                actor=request.user,
                at=timezone.now(),
            )
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            return _next_claim(request, claim)
    journal.record("claim.read", claim, actor=request.user, purpose="verification")
    context = {
        "claim": claim,
        "lines": lines,
        "findings": list(claim.findings.all()),
        "reviews": list(claim.reviews.select_related("verifier").order_by("-pk")),
        "history": history.of_patient(claim),
        "form": form,
    }
    return render(request, "verification/claim_review.html", context)


def _next_claim(request, claim):
    """After a decision straight to the next undecided claim of the batch, or back to the batch."""
    waiting = Claim.objects.visible_to(request.user).filter(batch=claim.batch_id, state=ClaimState.IN_VERIFICATION)
    following = waiting.filter(line_number__gt=claim.line_number).order_by("line_number").first()
    following = following or waiting.order_by("line_number").first()
    messages.success(request, _("The decision on claim %(line)d was recorded.") % {"line": claim.line_number})
    if following is None:
        return redirect("verification:batch", claim.batch.public_id)
    return redirect("verification:claim", following.public_id)
