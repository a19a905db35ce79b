"""One claim."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from claims import corrections
from claims.enums import BatchState, ClaimState
from claims.findings import explained
from claims.forms import LinkForm
from claims.history import history_of
from claims.letters import claim_letter
from claims.permissions import BILLERS, CLINICAL_READERS, READERS, may_bill
from claims.views.loading import load_claim
from claims.views.speaking import speak
from claims.workflow import CLAIM
from facilities.permissions import requires
from ksb.core import journal
from ksb.core.errors import Refused
from ksb.core.letters import letter_pdf, pdf_response


@requires(*READERS)
@require_safe
def claim_detail(request, claim_id):
    """One claim: what was asked, what the rules found, what was decided, where the money is."""
    claim = load_claim(request, claim_id)
    journal.record("claim.view", claim, actor=request.user)
    return _claim_page(request, claim, LinkForm())


def _claim_page(request, claim, link_form, status=200):
    bills = may_bill(request.user, claim.hospital_id)
    to_link = bills and claim.batch.state == BatchState.OPEN and claim.state == ClaimState.BLOCKED
    context = {
        "claim": claim,
        "findings": explained(claim.findings.all(), actor=request.user, undecided=claim.decided_at is None),
        "lines": list(claim.lines.all()),
        # What a verifier wrote is told once it stands: a second reader must not know it, nor the hospital before.
        "reviews": list(claim.reviews.order_by("-pk")) if claim.decided_at else [],
        "disputable": claim.state in CLAIM["dispute"].sources and request.user.has_role(*CLAIM["dispute"].roles),
        "history": history_of(claim),
        "link_form": link_form if to_link else None,
        "may_withdraw": bills and any(move.name == "withdraw" for move in CLAIM.allowed(claim, request.user)),
        "shows_codes": request.user.has_role(*CLINICAL_READERS),
    }
    return render(request, "claims/claim_detail.html", context, status=status)


@requires(*CLINICAL_READERS)
@require_safe
def letter(request, claim_id):
    """The claim in detail as PDF (L10): codes, real costs, every step of its price."""
    claim = load_claim(request, claim_id)
    journal.record("claim.print", claim, actor=request.user)
    return pdf_response(letter_pdf(claim_letter(claim)), f"rincian klaim {claim.batch.number} {claim.line_number}")


@requires(*BILLERS)
@require_POST
def link(request, claim_id):
    """Tie a claim to its SJP by hand."""
    claim = load_claim(request, claim_id)
    form = LinkForm(request.POST)
    if form.is_valid():
        try:
            claim = corrections.link(claim=claim, actor=request.user, at=timezone.now(), **form.cleaned_data)
        except Refused as refusal:
            speak(form, refusal, "sjp_number")
        else:
            if claim.state == ClaimState.READY:
                messages.success(request, _("The SJP was linked. No rule refuses this claim any more."))
            else:
                messages.warning(request, _("The SJP was linked, but a rule still refuses this claim."))
            return redirect("claims:claim", claim.public_id)
    return _claim_page(request, claim, form)


@requires(*BILLERS)
@require_POST
def withdraw_claim(request, claim_id):
    """Take one claim back before its verification."""
    claim = load_claim(request, claim_id)
    corrections.withdraw(claim=claim, actor=request.user, at=timezone.now())
    messages.success(request, _("The claim was taken back."))
    return redirect("claims:claim", claim.public_id)
