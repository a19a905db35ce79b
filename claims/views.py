"""The hospital's claims: hand in a file, see what every row became, submit, follow each claim to its payment."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from claims import batches, corrections
from claims.enums import BatchState, ClaimState
from claims.filters import BatchFilter
from claims.forms import HandInForm, LinkForm, ReasonForm, SubmitForm
from claims.history import history_of
from claims.intake import FileRefused, take_in
from claims.letters import recap_letter
from claims.models import Claim, ClaimBatch
from claims.permissions import BILLERS, CLINICAL_READERS, LIST_READERS, READERS, may_bill
from claims.refused_file import refused_file
from claims.workflow import BATCH, CLAIM
from facilities.models import Facility
from facilities.permissions import requires
from ksb.core import journal
from ksb.core.errors import NotAllowed, Refused, WrongState
from ksb.core.letters import letter_pdf, pdf_response
from ksb.core.paging import keyset_page

SHOWN_LINES = 200
# The parts of a batch's page: name in the address -> label and the claims in it.
PARTS = {
    "questions": (gettext_lazy("With questions"), lambda claims: claims.with_questions()),
    "blocked": (gettext_lazy("Blocked"), lambda claims: claims.blocked()),
    "refused": (gettext_lazy("Rows refused"), None),
    "clean": (gettext_lazy("Without questions"), lambda claims: claims.without_questions()),
}


@requires(*LIST_READERS)
@require_safe
def batch_list(request):
    """Batches, newest first."""
    rows = ClaimBatch.objects.visible_to(request.user).select_related("hospital")
    chosen = BatchFilter(request.GET, queryset=rows, one_hospital=request.user.facility is not None)
    context = {
        "filter": chosen,
        "page": keyset_page(chosen.qs, request.GET, keys=("-pk",)),
        "bills": request.user.has_role(*BILLERS),
    }
    return render(request, "claims/batch_list.html", context)


# Handing in


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
            _speak(form, refusal, "file")
        else:
            if result.batch:
                messages.success(request, _("The file was taken in. Look at what the rules found, then submit."))
                return redirect("claims:batch", result.batch.public_id)
            if not rehearsal:
                form.add_error(
                    "file", _("No row of this file could be taken. Correct the rows and hand the file in again.")
                )
    context = {
        "form": form,
        "result": result,
        "lines": _lines_with_findings(result),
        "shown_lines": SHOWN_LINES,
    }
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
    """The first lines on which anything was found, refused ones first."""
    if result is None:
        return []
    found = [line for line in result.lines if line.findings]
    return sorted(found, key=lambda line: (line.status != "REFUSED", line.line))[:SHOWN_LINES]


# A batch


@requires(*READERS)
@require_safe
def batch_detail(request, batch_id):
    """One batch: its totals, its claims by what the rules found, its refused rows."""
    batch = _batch(request, batch_id)
    counts = batch.claims.parts() | {"refused": batch.intake_rows.count()}
    part = request.GET.get("part")
    part = part if part in PARTS else next((name for name in PARTS if counts[name]), "clean")
    bills = may_bill(request.user, batch.hospital_id)
    moves = {move.name for move in BATCH.allowed(batch, request.user)} if bills else set()
    context = {
        "batch": batch,
        "page": keyset_page(_rows(batch, part), request.GET, keys=("line_number",)),
        "part": part,
        "parts": [(name, label, counts[name]) for name, (label, _claims) in PARTS.items()],
        "counts": counts,
        "may_submit": "submit" in moves,
        "may_withdraw": "withdraw" in moves,
        "shows_codes": request.user.has_role(*CLINICAL_READERS),
    }
    return render(request, "claims/batch_detail.html", context)


def _rows(batch, part):
    _label, claims = PARTS[part]
    return batch.intake_rows.all() if claims is None else claims(batch.claims).prefetch_related("findings")


@requires(*CLINICAL_READERS)
@require_safe
def refused_rows(request, batch_id):
    """Download what has to be corrected: rows as handed in, diagnoses included."""
    batch = _batch(request, batch_id)
    journal.record("batch.download_refused", batch, actor=request.user)
    response = HttpResponse(refused_file(batch), content_type="text/tab-separated-values; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="perbaikan-{slugify(batch.number)}.txt"'
    response.headers["Cache-Control"] = "private, no-store"
    return response


@requires(*READERS)
@require_safe
def recap(request, batch_id):
    """The covering letter with recapitulation as PDF."""
    batch = _batch(request, batch_id)
    return pdf_response(letter_pdf(recap_letter(batch)), f"pengajuan klaim {batch.number}")


@requires(*BILLERS)
def submit(request, batch_id):
    """Look at what is handed to the verifiers, then hand it over."""
    batch = _batch(request, batch_id)
    counts = batch.claims.parts()
    form = SubmitForm(request.POST or None, initial={"ready": counts["ready"], "claimed": batch.claimed})
    if request.method == "POST" and form.is_valid():
        batches.submit(batch=batch, actor=request.user, at=timezone.now(), expected=form.expected)
        messages.success(request, _("The batch was submitted. The verifiers decide next."))
        return redirect("claims:batch", batch.public_id)
    if batch.state != BatchState.OPEN:
        return redirect("claims:batch", batch.public_id)
    return render(request, "claims/submit.html", {"batch": batch, "counts": counts, "form": form})


@requires(*BILLERS)
def withdraw(request, batch_id):
    """Take a batch back before its verification."""
    batch = _batch(request, batch_id)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            batches.withdraw(batch=batch, actor=request.user, at=timezone.now(), **form.cleaned_data)
        except Refused as refusal:
            _speak(form, refusal)
        else:
            messages.success(request, _("The batch was taken back. Its file may be handed in again."))
            return redirect("claims:batch", batch.public_id)
    return render(request, "claims/withdraw.html", {"batch": batch, "form": form})


# A claim


@requires(*READERS)
@require_safe
def claim_detail(request, claim_id):
    """One claim: what was asked, what the rules found, what was decided, where the money is."""
    claim = _claim(request, claim_id)
    journal.record("claim.view", claim, actor=request.user)
    return _claim_page(request, claim, LinkForm())


def _claim_page(request, claim, link_form, status=200):
    bills = may_bill(request.user, claim.hospital_id)
    to_link = bills and claim.batch.state == BatchState.OPEN and claim.state == ClaimState.BLOCKED
    context = {
        "claim": claim,
        "findings": list(claim.findings.all()),
        "lines": list(claim.lines.all()),
        "reviews": list(claim.reviews.order_by("-pk")),
        "history": history_of(claim),
        "link_form": link_form if to_link else None,
        "may_withdraw": bills and any(move.name == "withdraw" for move in CLAIM.allowed(claim, request.user)),
        "shows_codes": request.user.has_role(*CLINICAL_READERS),
    }
    return render(request, "claims/claim_detail.html", context, status=status)


@requires(*BILLERS)
@require_POST
def link(request, claim_id):
    """Tie a claim to its SJP by hand."""
    claim = _claim(request, claim_id)
    form = LinkForm(request.POST)
    if form.is_valid():
        try:
            claim = corrections.link(claim=claim, actor=request.user, at=timezone.now(), **form.cleaned_data)
        except Refused as refusal:
            _speak(form, refusal, "sjp_number")
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
    claim = _claim(request, claim_id)
    corrections.withdraw(claim=claim, actor=request.user, at=timezone.now())
    messages.success(request, _("The claim was taken back."))
    return redirect("claims:claim", claim.public_id)


def _batch(request, batch_id):
    rows = ClaimBatch.objects.visible_to(request.user).select_related("hospital", "created_by", "submitted_by")
    return get_object_or_404(rows, public_id=batch_id)


def _claim(request, claim_id):
    rows = Claim.objects.visible_to(request.user).select_related(
        "batch", "hospital", "sjp__puskesmas", "sjp__specialty", "resident"
    )
    return get_object_or_404(rows, public_id=claim_id)


def _speak(form, refusal, field=None):
    """A refusal of what was typed belongs beside the form; wrong role and wrong state are pages of their own."""
    if isinstance(refusal, NotAllowed | WrongState):
        raise refusal
    form.add_error(field, refusal.message)
