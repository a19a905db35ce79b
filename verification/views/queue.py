"""Batches to verify, and who gets them."""

from django.contrib import messages
from django.db.models import Count, Q
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from claims.enums import BatchState, ClaimState
from claims.models import ClaimBatch
from facilities.permissions import requires
from ksb.core.errors import Refused
from ksb.core.paging import keyset_page
from verification import assignment, decisions
from verification.forms import AssignForm
from verification.models import Bahv
from verification.permissions import COORDINATION, QUEUE_READERS, VERIFIERS
from verification.views.loading import load_batch


@requires(*QUEUE_READERS)
@require_safe
def queue(request):
    """Batches with their undecided claims: the verifier's own, for the coordinator also those without a verifier."""
    rows = (
        ClaimBatch.objects.visible_to(request.user)
        .filter(state__in=[BatchState.COMPLETE, BatchState.IN_VERIFICATION, BatchState.BAHV_DRAFT])
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
    batch = load_batch(request, batch_id)
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
