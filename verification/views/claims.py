"""One claim, read and decided: everything on one page, then straight on to the next."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from claims.enums import ClaimState
from facilities.permissions import requires
from ksb.core import journal
from ksb.core.errors import Refused
from verification import decisions, history, worklist
from verification.forms import DecisionForm
from verification.permissions import COORDINATION, QUEUE_READERS, VERIFIERS
from verification.views.loading import load_claim

ON_THE_PAGE = ("resident", "sjp__puskesmas", "sjp__diagnosis", "sjp__specialty", "sjp__scheme", "sjp__referral")


@requires(*QUEUE_READERS)
def claim_review(request, claim_id):
    """One claim: what is asked, the letter, the patient's history, the findings, and the decision."""
    claim = load_claim(request, claim_id, *ON_THE_PAGE)
    lines, findings = list(claim.lines.all()), list(claim.findings.all())
    claim._prefetched_objects_cache = {"findings": findings, "lines": lines}
    outcomes, reading = worklist.outcomes_for(claim, request.user) if request.user.has_role(*VERIFIERS) else ((), None)
    form = DecisionForm(request.POST or None, lines=lines, outcomes=outcomes) if outcomes else None
    if form is not None and request.method == "POST" and form.is_valid():
        try:
            _decide(form, claim, reading, request.user)
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("The decision on claim %(line)d was recorded.") % {"line": claim.line_number})
            return _next_claim(request, claim)
    journal.record("claim.read", claim, actor=request.user, purpose="verification")
    context = {
        "claim": claim,
        "lines": lines,
        "findings": findings,
        "reviews": _reviews(claim, request.user),
        "questions": list(claim.questions.prefetch_related("proofs").order_by("-pk")),
        "history": history.of_patient(claim),
        "form": form,
        "second": reading is not None,
        "following": _following(claim, request.user) if form else None,
    }
    return render(request, "verification/claim_review.html", context)


def _decide(form, claim, reading, actor):
    if reading is not None:
        decisions.read_second(reading=reading, actor=actor, at=timezone.now(), **form.decision())
    else:
        decisions.decide(claim=claim, actor=actor, at=timezone.now(), wanted=form.asked_for, **form.decision())


def _reviews(claim, actor):
    """Blind: while a claim is read a second time, nobody but the coordinator sees what was decided first."""
    if claim.state == ClaimState.SECOND_READING and not actor.has_role(*COORDINATION):
        return []
    return list(claim.reviews.select_related("verifier").order_by("-pk"))


def _following(claim, actor):
    """The next claim of the batch that waits for the actor, after this one; then from its beginning. None at the end."""
    waiting = worklist.waiting_for(actor, claim.batch).exclude(pk=claim.pk).only("public_id").order_by("line_number")
    return waiting.filter(line_number__gt=claim.line_number).first() or waiting.first()


def _next_claim(request, claim):
    """After a decision straight to the next claim that waits in the batch, to a second reading, or back to the list."""
    following = _following(claim, request.user)
    if following is not None:
        return redirect("verification:claim", following.public_id)
    reading = worklist.readings_of(request.user).first()
    if reading is not None:
        return redirect("verification:claim", reading.claim.public_id)
    if decisions.stages_of(claim.batch_id, request.user):
        return redirect("verification:batch", claim.batch.public_id)
    return redirect("verification:queue")
