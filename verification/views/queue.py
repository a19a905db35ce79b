"""Batches to verify, who gets them, and many claims approved at once."""

from uuid import UUID

from django.contrib import messages
from django.db.models import Count, Exists, OuterRef, Q
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from claims.enums import UNDER_REVIEW, BatchState, ClaimState
from claims.models import ClaimBatch, Finding
from facilities.permissions import requires
from ksb.core.errors import Refused
from ksb.core.paging import keyset_page
from verification import assignment, decisions, minutes, worklist
from verification.enums import Stage
from verification.forms import AssignForm
from verification.models import Assignment
from verification.permissions import COORDINATION, QUEUE_READERS, VERIFIERS
from verification.views.loading import load_batch

BEFORE_AND_IN = (*assignment.WAITING, BatchState.IN_VERIFICATION, BatchState.BAHV_DRAFT)
# What a batch's page shows: name in the address -> label.
SHOWN = {
    "mine": gettext_lazy("Waiting for me"),
    "clean": gettext_lazy("Without findings"),
    "asked": gettext_lazy("With questions of the rules"),
    "pending": gettext_lazy("With the hospital"),
    "all": gettext_lazy("All"),
}


@requires(*QUEUE_READERS)
@require_safe
def queue(request):
    """Batches with their undecided claims: the verifier's own, for the coordinator also those without a verifier."""
    rows = (
        ClaimBatch.objects.visible_to(request.user)
        .filter(state__in=BEFORE_AND_IN)
        .select_related("hospital")
        .annotate(undecided=Count("claims", filter=Q(claims__state__in=UNDER_REVIEW), distinct=True))
    )
    context = {
        "page": keyset_page(rows, request.GET, keys=("pk",)),
        "coordinates": request.user.has_role(*COORDINATION),
        "waiting_states": assignment.WAITING,
        "readings": worklist.readings_of(request.user)[:50] if request.user.has_role(*VERIFIERS) else [],
    }
    return render(request, "verification/queue.html", context)


@requires(*COORDINATION)
def assign(request, batch_id):
    """Give a stage of a batch to somebody by hand, or hand it over."""
    batch = get_object_or_404(
        ClaimBatch.objects.visible_to(request.user).select_related("hospital"), public_id=batch_id
    )
    stage = Stage.MEDICAL if request.GET.get("stage") == "MEDICAL" else Stage.ADMIN
    current = Assignment.objects.lasting().filter(batch=batch, stage=stage).select_related("verifier").first()
    candidates = assignment.candidates(batch.hospital, on=timezone.localdate(), stage=stage)
    candidates = [person for person in candidates if current is None or person.pk != current.verifier_id]
    form = AssignForm(request.POST or None, candidates=candidates)
    if request.method == "POST" and form.is_valid():
        try:
            _assign(current, batch, stage, form.cleaned_data["verifier"], request.user)
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("The batch was assigned."))
            return redirect("verification:queue")
    context = {"batch": batch, "form": form, "candidates": candidates, "stage": stage, "current": current}
    return render(request, "verification/assign.html", context)


def _assign(current, batch, stage, verifier, actor):
    if current is None:
        assignment.assign(batch=batch, stage=stage, verifier=verifier, actor=actor, at=timezone.now())
    else:
        assignment.reassign(assignment=current, verifier=verifier, actor=actor, at=timezone.now())


@requires(*QUEUE_READERS)
@require_safe
def batch_detail(request, batch_id):
    """The claims of one batch: what waits for the reader first, then by line."""
    batch = load_batch(request, batch_id)
    verifies = request.user.has_role(*VERIFIERS)
    show = request.GET.get("show")
    show = show if show in SHOWN else "mine" if verifies else "all"
    rows = _shown(batch, request.user, show).annotate(
        grave=Count("findings", filter=Q(findings__severity="P"), distinct=True),
        remarks=Count("findings", filter=Q(findings__severity="W"), distinct=True),
    )
    context = {
        "batch": batch,
        "page": keyset_page(rows, request.GET, keys=("line_number",)),
        "show": show,
        "shown": [(name, label) for name, label in SHOWN.items() if verifies or name not in ("mine", "clean")],
        "undecided": decisions.undecided(batch),
        "split_off": batch.claims.filter(state__in=(ClaimState.PENDED, ClaimState.DISPUTED)).count(),
        "bahvs": list(batch.bahvs.order_by("sequence")),
        "assignments": list(batch.assignments.lasting().select_related("verifier").order_by("stage")),
        "may_draw": verifies and _may_draw(batch),
    }
    return render(request, "verification/batch_detail.html", context)


def _may_draw(batch):
    if batch.state == BatchState.IN_VERIFICATION:
        return True
    return batch.state in minutes.DRAWN_LATER and minutes.ready(batch).exists()


def _shown(batch, actor, show):
    if show == "mine":
        return worklist.waiting_for(actor, batch)
    if show == "clean":
        return batch.claims.filter(pk__in=decisions.approvable(batch, actor).values("pk"))
    if show == "asked":
        asking = Finding.objects.filter(claim=OuterRef("pk"), severity="P")
        return batch.claims.filter(Exists(asking), state__in=UNDER_REVIEW)
    if show == "pending":
        return batch.claims.filter(state__in=(ClaimState.PENDED, ClaimState.DISPUTED))
    return batch.claims.exclude(state__in=(ClaimState.BLOCKED, ClaimState.WITHDRAWN))


@requires(*VERIFIERS)
@require_POST
def approve_many(request, batch_id):
    """Approve the ticked claims without findings; a share of them is read again by somebody else."""
    batch = load_batch(request, batch_id)
    chosen = [value for value in request.POST.getlist("claim") if _is_uuid(value)]
    if not chosen:
        messages.error(request, _("Tick the claims to approve."))
        return redirect("verification:batch", batch.public_id)
    done = decisions.approve_many(batch=batch, claims=chosen, actor=request.user, at=timezone.now())
    messages.success(
        request, _("%(approved)d claims approved, %(passed_on)d passed on to the medical verifier.") % done
    )
    return redirect("verification:batch", batch.public_id)


def _is_uuid(text):
    try:
        UUID(text)
    except ValueError:
        return False
    return True
