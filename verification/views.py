"""The verifier's queue, the claim side by side with everything known about it, and the minutes."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.db.models import Count, Q
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from claims.enums import BatchState, ClaimState
from claims.models import Claim, ClaimBatch
from facilities.permissions import requires
from ksb.core import journal
from ksb.core.errors import Refused
from ksb.core.letters import letter_pdf, pdf_response
from ksb.core.paging import keyset_page
from ksb.core.ratelimit import hit
from verification import assignment, decisions, history, minutes
from verification.enums import Outcome
from verification.forms import AssignForm, DecisionForm
from verification.letters import bahv_letter
from verification.models import Bahv
from verification.permissions import BAHV_READERS, COORDINATION, QUEUE_READERS, VERIFIERS
from verification.workflow import BAHV

SIGNATURES = {
    "sign_hospital": minutes.sign_hospital,
    "sign_verifier": minutes.sign_verifier,
    "approve": minutes.approve,
}


@requires(*QUEUE_READERS)
@require_safe
def queue(request):
    """Batches with their undecided claims: the verifier's own, for the coordinator also those without a verifier."""
    rows = (
        ClaimBatch.objects.visible_to(request.user)
        .filter(state__in=[BatchState.SUBMITTED, BatchState.IN_VERIFICATION, BatchState.BAHV_DRAFT])
        .select_related("hospital")
        .annotate(
            undecided=Count("claims", filter=Q(claims__state=ClaimState.IN_VERIFICATION), distinct=True),
        )
    )
    page = keyset_page(rows, request.GET, keys=("pk",))
    return render(
        request, "verification/queue.html", {"page": page, "coordinates": request.user.has_role(*COORDINATION)}
    )


@requires(*COORDINATION)
def assign(request, batch_id):
    batch = get_object_or_404(
        ClaimBatch.objects.visible_to(request.user).select_related("hospital"), public_id=batch_id
    )
    candidates = assignment.candidates(batch.hospital, on=timezone.localdate())
    form = AssignForm(request.POST or None, candidates=candidates)
    if request.method == "POST" and form.is_valid():
        try:
            assignment.assign(
                batch=batch, verifier=form.cleaned_data["verifier"], actor=request.user, at=timezone.now()
            )
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("The batch was assigned."))
            return redirect("verification:queue")
    return render(request, "verification/assign.html", {"batch": batch, "form": form, "candidates": candidates})


@requires(*QUEUE_READERS)
@require_safe
def batch_detail(request, batch_id):
    """The claims of one batch: undecided first, then by line."""
    batch = _batch(request, batch_id)
    rows = batch.claims.select_related("sjp").annotate(
        grave=Count("findings", filter=Q(findings__severity="P")),
        remarks=Count("findings", filter=Q(findings__severity="W")),
    )
    if request.GET.get("show") != "all":
        rows = rows.filter(state=ClaimState.IN_VERIFICATION)
    page = keyset_page(rows, request.GET, keys=("line_number",))
    context = {
        "batch": batch,
        "page": page,
        "shows_all": request.GET.get("show") == "all",
        "undecided": decisions.undecided(batch),
        "bahv": Bahv.objects.filter(batch=batch).first(),
        "may_draw": batch.state == BatchState.IN_VERIFICATION and request.user.has_role(*VERIFIERS),
    }
    return render(request, "verification/batch_detail.html", context)


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


@requires(*VERIFIERS)
@require_POST
def draw(request, batch_id):
    batch = _batch(request, batch_id)
    try:
        bahv = minutes.draw(batch=batch, actor=request.user, at=timezone.now())
    except Refused as refusal:
        messages.error(request, refusal.message)
        return redirect("verification:batch", batch.public_id)
    messages.success(request, _("The BAHV was drawn up. The hospital signs next."))
    return redirect("verification:bahv", bahv.public_id)


@requires(*BAHV_READERS)
@require_safe
def bahv_list(request):
    rows = Bahv.objects.visible_to(request.user).select_related("batch__hospital").distinct()
    return render(request, "verification/bahv_list.html", {"page": keyset_page(rows, request.GET, keys=("-pk",))})


@requires(*BAHV_READERS)
@require_safe
def bahv_detail(request, bahv_id):
    bahv = _bahv(request, bahv_id)
    moves = [m for m in BAHV.allowed(bahv, request.user) if m.name in SIGNATURES]
    letter = bahv_letter(bahv)
    return render(request, "verification/bahv_detail.html", {"bahv": bahv, "letter": letter, "moves": moves})


@requires(*BAHV_READERS)
@require_safe
def bahv_pdf(request, bahv_id):
    bahv = _bahv(request, bahv_id)
    return pdf_response(letter_pdf(bahv_letter(bahv)), f"BAHV {bahv.number}")


@requires(*BAHV_READERS)
@require_POST
def sign(request, bahv_id):
    bahv = _bahv(request, bahv_id)
    move = next((m for m in BAHV.allowed(bahv, request.user) if m.name in SIGNATURES), None)
    try:
        if move is None:
            raise Refused(_("There is nothing for you to sign here now."))
        SIGNATURES[move.name](bahv=bahv, actor=request.user, at=timezone.now())
    except Refused as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, _("Your signature was recorded."))
    return redirect("verification:bahv", bahv.public_id)


@login_not_required
@require_safe
def bahv_validity(request, token):
    """What the QR of a BAHV says to anybody: number, date and whether it is in force. Nothing else."""
    hit("qr", request.META["REMOTE_ADDR"], limit=60, seconds=60, now=timezone.now())
    bahv = Bahv.objects.filter(token=token).first()
    return render(request, "verification/bahv_validity.html", {"bahv": bahv}, status=200 if bahv else 404)


def _batch(request, batch_id):
    rows = ClaimBatch.objects.visible_to(request.user).select_related("hospital").distinct()
    return get_object_or_404(rows, public_id=batch_id)


def _bahv(request, bahv_id):
    rows = Bahv.objects.visible_to(request.user).select_related(
        "batch__hospital", "drawn_by", "hospital_signed_by", "verifier_signed_by", "approved_by"
    )
    return get_object_or_404(rows.distinct(), public_id=bahv_id)
