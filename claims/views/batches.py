"""A month's batch, from its list to the director's signature."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from claims import batches, clocks, documents
from claims.enums import BatchState, ClaimState, Source
from claims.filters import BatchFilter
from claims.forms import ReasonForm, SubmitForm
from claims.history import not_signed
from claims.letters import by_kind, recap_letter
from claims.models import ClaimBatch
from claims.permissions import BILLERS, CLINICAL_READERS, DIRECTORS, LIST_READERS, READERS, may_bill
from claims.refused_file import refused_file
from claims.views.loading import load_batch
from claims.views.speaking import speak
from claims.workflow import BATCH
from facilities.permissions import requires
from ksb.core import journal
from ksb.core.errors import Refused
from ksb.core.letters import letter_pdf, pdf_response
from ksb.core.paging import keyset_page

# The parts of a batch's page: name in the address -> label and the claims in it.
PARTS = {
    "questions": (gettext_lazy("With questions"), lambda claims: claims.with_questions()),
    "blocked": (gettext_lazy("Blocked"), lambda claims: claims.blocked()),
    "refused": (gettext_lazy("Rows refused"), None),
    "clean": (gettext_lazy("Without questions"), lambda claims: claims.without_questions()),
    "taken_back": (gettext_lazy("Taken back or replaced"), lambda claims: claims.taken_back()),
}
# Shown also when empty.
ALWAYS = ("questions", "blocked", "refused", "clean")


@requires(*LIST_READERS)
@require_safe
def batch_list(request):
    """Batches, newest first."""
    rows = ClaimBatch.objects.visible_to(request.user).select_related("hospital")
    chosen = BatchFilter(request.GET, queryset=rows, one_hospital=request.user.facility is not None)
    page = keyset_page(chosen.qs, request.GET, keys=("-pk",))
    lacking = documents.found_incomplete(page.items)
    for batch in page.items:
        batch.incomplete = lacking.get(batch.pk, 0)
    context = {
        "filter": chosen,
        "page": page,
        "bills": request.user.has_role(*BILLERS),
        "year_end": clocks.year_end_near(timezone.localdate()) if request.user.facility else None,
    }
    return render(request, "claims/batch_list.html", context)


@requires(*READERS)
@require_safe
def batch_detail(request, batch_id):
    """One batch: its totals, its claims by what the rules found, its refused rows."""
    batch = load_batch(request, batch_id)
    counts = batch.claims.parts() | {"refused": batch.intake_rows.refused().count()}
    part = request.GET.get("part")
    part = part if part in PARTS else next((name for name in PARTS if counts[name]), "clean")
    bills = may_bill(request.user, batch.hospital_id)
    incomplete, lacking = documents.lacking(batch) if batch.state in documents.TAKES_PAPERS else (0, [])
    moves = {move.name for move in BATCH.allowed(batch, request.user)}
    context = {
        "batch": batch,
        "checks": batch.completeness_checks.select_related("checked_by"),
        "moves": moves,
        "incomplete": incomplete,
        "lacking": lacking,
        "together": batch.family().visible_to(request.user).exclude(pk=batch.pk),
        "not_signed": not_signed(batch) if batch.state == BatchState.OPEN else "",
        "page": keyset_page(_rows(batch, part), request.GET, keys=("line_number",)),
        "part": part,
        "parts": [
            (name, label, counts[name]) for name, (label, _claims) in PARTS.items() if name in ALWAYS or counts[name]
        ],
        **_files(batch),
        "counts": counts,
        "may_submit": bills and "submit" in moves,
        "may_withdraw": bills and "withdraw" in moves,
        "shows_codes": request.user.has_role(*CLINICAL_READERS),
    }
    return render(request, "claims/batch_detail.html", context)


def _files(batch):
    """The files of a batch, and what was entered by hand or came from a program."""
    every = list(batch.files.select_related("received_by"))
    files = [file for file in every if file.source == Source.FILE]
    return {"files": files, "entered": [file for file in every if file not in files]}


def _rows(batch, part):
    _label, claims = PARTS[part]
    return batch.intake_rows.refused() if claims is None else claims(batch.claims).prefetch_related("findings")


@requires(*CLINICAL_READERS)
@require_safe
def refused_rows(request, batch_id):
    """Download what has to be corrected: rows as handed in, diagnoses included."""
    batch = load_batch(request, batch_id)
    journal.record("batch.download_refused", batch, actor=request.user)
    response = HttpResponse(refused_file(batch), content_type="text/tab-separated-values; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="perbaikan-{slugify(batch.number)}.txt"'
    response.headers["Cache-Control"] = "private, no-store"
    return response


@requires(*READERS)
@require_safe
def recap(request, batch_id):
    """The covering letter with recapitulation as PDF."""
    batch = load_batch(request, batch_id)
    return pdf_response(letter_pdf(recap_letter(batch)), f"pengajuan klaim {batch.number}")


@requires(*BILLERS)
def submit(request, batch_id):
    """Look at what the director is to sign, then give it to the director."""
    batch = load_batch(request, batch_id)
    counts = batch.claims.parts()
    form = SubmitForm(request.POST or None, initial={"ready": counts["ready"], "claimed": batch.claimed})
    if request.method == "POST" and form.is_valid():
        batch = batches.submit(batch=batch, actor=request.user, at=timezone.now(), expected=form.expected)
        _say_submitted(request, batch)
        return redirect("claims:batch", batch.public_id)
    if batch.state != BatchState.OPEN:
        return redirect("claims:batch", batch.public_id)
    kinds = by_kind(batch.claims.filter(state=ClaimState.READY))
    return render(request, "claims/submit.html", {"batch": batch, "counts": counts, "form": form, "kinds": kinds})


def _say_submitted(request, batch):
    parts = batch.family().filter(state=BatchState.TO_SIGN).count()
    if parts == 1:
        messages.success(request, _("The batch waits for the director's signature."))
        return
    messages.success(
        request,
        _("%(count)d batches wait for the director's signature, one for each kind of care.") % {"count": parts},
    )


@requires(*DIRECTORS)
def sign(request, batch_id):
    """The director reads the figures and signs, or sends the batch back to the billing desk with a reason."""
    batch = load_batch(request, batch_id)
    form = ReasonForm(request.POST if "send_back" in request.POST else None)
    if request.method == "POST" and "send_back" not in request.POST:
        batches.sign(batch=batch, actor=request.user, at=timezone.now())
        messages.success(request, _("The batch was signed and handed in to Dinkes."))
        return redirect("claims:batch", batch.public_id)
    if form.is_valid():
        batches.send_back(batch=batch, actor=request.user, at=timezone.now(), **form.cleaned_data)
        messages.success(request, _("The batch is back at the billing desk."))
        return redirect("claims:batch", batch.public_id)
    if request.method == "GET" and batch.state != BatchState.TO_SIGN:
        return redirect("claims:batch", batch.public_id)
    context = {
        "batch": batch,
        "form": form,
        "kinds": by_kind(batch.claims.filter(state=ClaimState.SUBMITTED)),
        "own_work": batch.submitted_by_id == request.user.pk,
    }
    return render(request, "claims/sign.html", context)


@requires(*BILLERS)
def withdraw(request, batch_id):
    """Take a batch back before its verification."""
    batch = load_batch(request, batch_id)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            batches.withdraw(batch=batch, actor=request.user, at=timezone.now(), **form.cleaned_data)
        except Refused as refusal:
            speak(form, refusal)
        else:
            messages.success(request, _("The batch was taken back. Its file may be handed in again."))
            return redirect("claims:batch", batch.public_id)
    others = batch.family().exclude(pk=batch.pk).exclude(state=BatchState.WITHDRAWN).exists()
    return render(request, "claims/withdraw.html", {"batch": batch, "form": form, "others": others})
