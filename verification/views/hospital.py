"""The hospital's side: questions about its claims, decisions it does not accept, and the letters about both."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.db.models import F
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from claims.enums import ClaimState
from facilities.permissions import requires
from ksb.core.errors import Refused
from ksb.core.letters import letter_pdf, pdf_response
from ksb.core.paging import keyset_page
from ksb.core.ratelimit import hit
from verification import disputes, proofs, questions
from verification.enums import DisputeState, Ruling
from verification.forms import AnswerForm, ArgumentForm
from verification.letters import decision_letter, decision_number, question_letter
from verification.models import Dispute, Proof, Question, Review
from verification.permissions import ANSWERING, ASKED, LETTER_READERS, PROOF_READERS
from verification.views.loading import load_claim, load_question


@requires(*ASKED)
@require_safe
def question_list(request):
    """Questions of the verifiers to this hospital: open ones by their last day, or all, newest first."""
    rows = Question.objects.visible_to(request.user).select_related("claim__batch")
    shows_all = request.GET.get("show") == "all"
    if not shows_all:
        rows = rows.filter(answered_at__isnull=True, ended_at__isnull=True)
    page = keyset_page(rows, request.GET, keys=("-pk",) if shows_all else ("due_on", "pk"))
    return render(request, "verification/questions.html", {"page": page, "shows_all": shows_all})


@requires(*ASKED)
def question(request, question_id):
    """One question; the billing officer answers it here."""
    found = load_question(request, question_id)
    answers = found.is_open and request.user.has_role(*ANSWERING)
    form = AnswerForm(request.POST or None, request.FILES or None) if answers else None
    if form is not None and request.method == "POST" and form.is_valid():
        try:
            questions.answer(question=found, actor=request.user, at=timezone.now(), **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("Your answer was handed to the verifier."))
            return redirect("verification:questions")
    context = {"question": found, "claim": found.claim, "form": form, "proofs": list(found.proofs.all())}
    return render(request, "verification/question.html", context)


@requires(*ASKED)
def dispute_claim(request, claim_id):
    """Dispute the decision on a claim, with argument and documents."""
    claim = load_claim(request, claim_id)
    filed = Dispute.objects.filter(claim=claim).first()
    if filed is not None:
        return redirect("verification:dispute", filed.public_id)
    against = disputes.obstacle(claim, on=timezone.localdate())
    form = None if against else ArgumentForm(request.POST or None, request.FILES or None)
    if form is not None and request.method == "POST" and form.is_valid():
        try:
            filed = disputes.file_dispute(
                claim=claim,
                argument=form.cleaned_data["text"],
                files=form.cleaned_data["files"],
                actor=request.user,
                at=timezone.now(),
            )
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("The dispute was filed. The coordinator names its panel."))
            return redirect("verification:dispute", filed.public_id)
    context = {
        "claim": claim,
        "form": form,
        "against": against,
        "until": None if against else disputes.last_day(claim),
        "reviews": list(claim.reviews.order_by("-pk")) if claim.decided_at else [],
        "lines": list(claim.lines.all()),
    }
    return render(request, "verification/dispute_claim.html", context)


@requires(*LETTER_READERS)
@require_safe
def question_pdf(request, question_id):
    found = load_question(request, question_id)
    return pdf_response(letter_pdf(question_letter(found)), f"permintaan penjelasan {found.number}")


@requires(*LETTER_READERS)
@require_safe
def decision_pdf(request, claim_id):
    """The letter about a rejection or an adjustment. There is none about anything else."""
    claim = load_claim(request, claim_id)
    adjusted = claim.approved is not None and claim.approved < claim.claimed
    if claim.decided_at is None or not (adjusted or claim.state == ClaimState.REJECTED):
        raise Http404
    return pdf_response(letter_pdf(decision_letter(claim)), f"keputusan klaim {claim.pk}")


@requires(*PROOF_READERS)
@require_safe
def proof(request, evidence_id):
    """A file sent with an answer or a dispute."""
    found = get_object_or_404(Proof.objects.visible_to(request.user), public_id=evidence_id)
    return proofs.hand_out(proof=found, actor=request.user)


@login_not_required
@require_safe
def paper_validity(request, token):
    """What the QR of a question, a decision or a ruling says to anybody: number and date. Nothing else."""
    hit("qr", request.META["REMOTE_ADDR"], limit=60, seconds=60, now=timezone.now())
    paper = Question.objects.filter(token=token).values("number", dated=F("asked_at")).first()
    paper = paper or Dispute.objects.filter(token=token).values("number", dated=F("filed_at")).first()
    paper = paper or _decision(token)
    return render(request, "verification/paper_validity.html", {"paper": paper}, status=200 if paper else 404)


def _decision(token):
    """Number and day of the letter about a decision, and the number of the ruling that took its place."""
    rows = Review.objects.select_related("claim__hospital").filter(token=token, claim__decided_at__isnull=False)
    review = rows.first()
    if review is None:
        return None
    changed = Dispute.objects.filter(claim=review.claim_id, state=DisputeState.DECIDED).exclude(ruling=Ruling.DENY)
    ruling = changed.values_list("number", flat=True).first()
    return {"number": decision_number(review), "dated": review.decided_at, "replaced_by": ruling}
