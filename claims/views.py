"""The hospital's claims: hand in a file, see what every row became, submit, follow each claim to its payment."""

from django.contrib import messages
from django.db.models import Count, Exists, OuterRef, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from claims import batches, corrections
from claims.enums import BatchState, ClaimState, Severity
from claims.forms import HandInForm, LinkForm, ReasonForm
from claims.intake import FileRefused, take_in
from claims.models import Claim, ClaimBatch, Finding
from claims.permissions import BILLERS, READERS, may_bill
from claims.refused_file import refused_file
from claims.workflow import BATCH, CLAIM
from facilities.models import Facility
from facilities.permissions import requires
from ksb.core import journal
from ksb.core.errors import Refused
from ksb.core.paging import keyset_page

SHOWN_LINES = 200

# The parts of a batch's list: name in the address -> label.
PARTS = {
    "all": gettext_lazy("All claims"),
    "blocked": gettext_lazy("Blocked"),
    "questions": gettext_lazy("With questions"),
    "clean": gettext_lazy("Without findings"),
    "refused": gettext_lazy("Rows refused"),
}


@requires(*READERS)
@require_safe
def batch_list(request):
    """Batches, newest first."""
    rows = ClaimBatch.objects.visible_to(request.user).select_related("hospital").distinct()
    context = {"page": keyset_page(rows, request.GET, keys=("-pk",)), "bills": request.user.has_role(*BILLERS)}
    return render(request, "claims/batch_list.html", context)


@requires(*BILLERS)
def hand_in(request):
    """Check an e-Klaim file without keeping it, or hand it in."""
    hospitals = Facility.objects.visible_to(request.user).filter(pk__in=request.user.facility_ids(*BILLERS))
    form = HandInForm(request.POST or None, request.FILES or None, hospitals=hospitals.order_by("name"))
    result = None
    if request.method == "POST" and form.is_valid():
        rehearsal = "check" in request.POST
        try:
            result = _take_in(form, request.user, dry_run=rehearsal)
        except FileRefused as refusal:
            form.add_error("file", refusal.message)
            result = refusal.result
        except Refused as refusal:
            form.add_error("file", refusal.message)
        else:
            if not rehearsal:
                messages.success(request, _("The file was taken in. Look at what the rules found, then submit."))
                return redirect("claims:batch", result.batch.public_id)
    context = {"form": form, "result": result, "lines": _lines_with_findings(result)}
    return render(request, "claims/hand_in.html", context)


def _take_in(form, actor, *, dry_run):
    file = form.cleaned_data["file"]
    return take_in(
        file=file,
        file_name=file.name,
        hospital=form.cleaned_data["hospital"],
        actor=actor,
        at=timezone.now(),
        dry_run=dry_run,
    )


def _lines_with_findings(result):
    return [line for line in result.lines if line.findings][:SHOWN_LINES] if result else []


@requires(*READERS)
@require_safe
def batch_detail(request, batch_id):
    """One batch: its totals, its claims by what the rules found, its refused rows."""
    batch = _batch(request, batch_id)
    part = request.GET.get("part", "all")
    part = part if part in PARTS else "all"
    if part == "refused":
        page = keyset_page(batch.intake_rows.all(), request.GET, keys=("line_number",))
    else:
        page = keyset_page(_claims(batch, part), request.GET, keys=("line_number",))
    context = {
        "batch": batch,
        "page": page,
        "part": part,
        "parts": [(name, label, name == part) for name, label in PARTS.items()],
        "moves": {move.name for move in BATCH.allowed(batch, request.user)} if _bills(request, batch) else set(),
        "bills": _bills(request, batch),
        "counts": _counts(batch),
    }
    return render(request, "claims/batch_detail.html", context)


def _claims(batch, part):
    of_claim = Finding.objects.filter(claim=OuterRef("pk"))
    rows = batch.claims.prefetch_related("findings")
    if part == "blocked":
        return rows.filter(state=ClaimState.BLOCKED)
    if part == "questions":
        return rows.filter(Exists(of_claim.filter(severity=Severity.PEND))).exclude(state=ClaimState.BLOCKED)
    if part == "clean":
        return rows.filter(~Exists(of_claim))
    return rows


def _counts(batch):
    return batch.claims.aggregate(
        ready=Count("pk", filter=Q(state=ClaimState.READY)), blocked=Count("pk", filter=Q(state=ClaimState.BLOCKED))
    )


@requires(*READERS)
@require_safe
def refused_rows(request, batch_id):
    """Download what has to be corrected."""
    batch = _batch(request, batch_id)
    journal.record("batch.download_refused", batch, actor=request.user)
    response = HttpResponse(refused_file(batch), content_type="text/tab-separated-values; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="perbaikan-{slugify(batch.number)}.txt"'
    response.headers["Cache-Control"] = "private, no-store"
    return response


@requires(*BILLERS)
def submit(request, batch_id):
    """Look at what is handed to the verifiers, then hand it over."""
    batch = _batch(request, batch_id)
    counts = _counts(batch)
    if request.method == "POST":
        try:
            expected = int(request.POST.get("ready", "")), int(request.POST.get("claimed", ""))
            batches.submit(batch=batch, actor=request.user, at=timezone.now(), expected=expected)
        except ValueError:
            messages.error(request, _("The form was incomplete. Look at the batch and submit it from there."))
        except Refused as refusal:
            messages.error(request, refusal.message)
        else:
            messages.success(request, _("The batch was submitted. The verifiers decide next."))
        return redirect("claims:batch", batch.public_id)
    return render(request, "claims/submit.html", {"batch": batch, "counts": counts})


@requires(*READERS)
def withdraw(request, batch_id):
    """Take a batch back before its verification."""
    batch = _batch(request, batch_id)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            batches.withdraw(batch=batch, actor=request.user, at=timezone.now(), **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("The batch was taken back. Its file may be handed in again."))
            return redirect("claims:batch", batch.public_id)
    return render(request, "claims/withdraw.html", {"batch": batch, "form": form})


@requires(*READERS)
@require_safe
def claim_detail(request, claim_id):
    """One claim: what was asked, what the rules found, what was decided, where the money is."""
    claim = _claim(request, claim_id)
    open_batch = claim.batch.state == BatchState.OPEN
    context = {
        "claim": claim,
        "findings": list(claim.findings.all()),
        "lines": list(claim.lines.all()),
        "reviews": list(claim.reviews.order_by("-pk")),
        "link_form": LinkForm()
        if open_batch and claim.state == ClaimState.BLOCKED and _bills(request, claim)
        else None,
        "may_withdraw": _bills(request, claim)
        and any(m.name == "withdraw" for m in CLAIM.allowed(claim, request.user)),
    }
    return render(request, "claims/claim_detail.html", context)


@requires(*BILLERS)
@require_POST
def link(request, claim_id):
    """Tie a claim to its SJP by hand."""
    claim = _claim(request, claim_id)
    form = LinkForm(request.POST)
    if form.is_valid():
        try:
            corrections.link(claim=claim, actor=request.user, at=timezone.now(), **form.cleaned_data)
        except Refused as refusal:
            messages.error(request, refusal.message)
        else:
            messages.success(request, _("The SJP was linked and the claim judged anew."))
    else:
        messages.error(request, _("Write the number of the SJP."))
    return redirect("claims:claim", claim.public_id)


@requires(*BILLERS)
@require_POST
def withdraw_claim(request, claim_id):
    claim = _claim(request, claim_id)
    try:
        corrections.withdraw(claim=claim, actor=request.user, at=timezone.now())
    except Refused as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, _("The claim was taken back."))
    return redirect("claims:claim", claim.public_id)


def _batch(request, batch_id):
    rows = ClaimBatch.objects.visible_to(request.user).select_related("hospital", "created_by", "submitted_by")
    return get_object_or_404(rows.distinct(), public_id=batch_id)


def _claim(request, claim_id):
    rows = Claim.objects.visible_to(request.user).select_related("batch", "hospital", "sjp").distinct()
    return get_object_or_404(rows, public_id=claim_id)


def _bills(request, thing):
    return may_bill(request.user, thing.hospital_id)
