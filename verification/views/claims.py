"""One claim, read and decided: everything on one page, then straight on to the next."""

from django.contrib import messages
from django.db.models import Case, IntegerField, When, prefetch_related_objects
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from claims import documents, versions
from claims.enums import UNDER_REVIEW, ClaimState
from claims.findings import explained
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
    """One claim: what is asked and what changed, its papers, the letter, the patient's history, the findings, the decision."""
    claim = load_claim(request, claim_id, *ON_THE_PAGE)
    prefetch_related_objects([claim], "lines")
    desk = _Desk(claim, request.user)
    if request.method == "POST" and desk.decides:
        # What the stage does not allow, the service refuses: it judges under the lock.
        form = DecisionForm(request.POST, lines=list(claim.lines.all()), outcomes=desk.thinkable)
        if form.is_valid():
            try:
                desk.decide(form)
            except Refused as refusal:
                form.add_error(None, refusal.message)
            else:
                messages.success(
                    request, _("The decision on claim %(line)d was recorded.") % {"line": claim.line_number}
                )
                return desk.next_claim()
        return _page(request, claim, desk, form)
    return _page(request, claim, desk)


class _Desk:
    """What one reader may do with one claim: the stages that are theirs, or a second reading."""

    def __init__(self, claim, actor):
        self.claim, self.actor = claim, actor
        verifies = actor.has_role(*VERIFIERS)
        self.stages = decisions.stages_of(claim.batch_id, actor) if verifies else set()
        self.reading = worklist.reading_for(claim, actor) if verifies else None

    @property
    def thinkable(self):
        return decisions.FINAL if self.reading else worklist.EVERY_OUTCOME

    @property
    def decides(self):
        return bool(self.reading or (self.stages and self.claim.state in UNDER_REVIEW))

    def outcomes(self):
        return decisions.FINAL if self.reading else worklist.outcomes_for(self.claim, self.stages)

    def decide(self, form):
        values = {"actor": self.actor, "at": timezone.now(), **form.decision()}
        if self.reading:
            decisions.read_second(reading=self.reading, **values)
        else:
            decisions.decide(claim=self.claim, wanted=form.asked_for, assigned=self.stages, **values)

    def following(self):
        """The next claim of the batch that waits for the reader, after this one; then from its beginning. None at the end."""
        passed = Case(When(line_number__gt=self.claim.line_number, then=0), default=1, output_field=IntegerField())
        return self._waiting().order_by(passed, "line_number").first()

    def preceding(self):
        """The one before it that waits for the reader, or None."""
        return self._waiting().filter(line_number__lt=self.claim.line_number).order_by("-line_number").first()

    def _waiting(self):
        waiting = worklist.waiting_for(self.actor, self.claim.batch, self.stages).exclude(pk=self.claim.pk)
        return waiting.only("public_id", "line_number", "batch_id")

    def next_claim(self):
        """After a decision straight to the next claim of the batch, to a second reading, or back to the list."""
        following = self.following()
        if following is not None:
            return redirect("verification:claim", following.public_id)
        reading = worklist.readings_of(self.actor).first()
        if reading is not None:
            return redirect("verification:claim", reading.claim.public_id)
        if self.stages:
            return redirect("verification:batch", self.claim.batch.public_id)
        return redirect("verification:queue")


def _page(request, claim, desk, form=None):
    prefetch_related_objects([claim], "findings")
    lines, findings = list(claim.lines.all()), list(claim.findings.all())
    outcomes = desk.outcomes()
    if form is None and outcomes:
        form = DecisionForm(lines=lines, outcomes=outcomes)
    journal.record("claim.read", claim, actor=request.user, purpose="verification")
    context = {
        "claim": claim,
        "lines": lines,
        "findings": explained(history.by_severity(findings), actor=request.user, undecided=claim.decided_at is None),
        "differences": versions.differences(claim.replaces, claim) if claim.replaces_id else None,
        "papers": list(claim.documents.all()),
        "missing": documents.missing([claim])[claim.pk],
        "reviews": _reviews(claim, request.user),
        "questions": list(claim.questions.prefetch_related("proofs").order_by("-pk")),
        "history": history.of_patient(claim),
        "form": form,
        "second": desk.reading is not None,
        "following": desk.following() if form else None,
        "preceding": desk.preceding() if form else None,
    }
    return render(request, "verification/claim_review.html", context)


def _reviews(claim, actor):
    """Blind: while a claim is read a second time, nobody but the coordinator sees what was decided first."""
    if claim.state == ClaimState.SECOND_READING and not actor.has_role(*COORDINATION):
        return []
    return list(claim.reviews.select_related("verifier").order_by("-pk"))
