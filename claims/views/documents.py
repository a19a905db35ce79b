"""The papers of a claim and the scans of a month."""

import zipfile

from django.contrib import messages
from django.http import JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from claims import deliveries, documents
from claims import scans as month_scans
from claims.enums import DeliveryKind, DocumentKind
from claims.forms import DeliveryForm, PaperForm, ScansForm
from claims.models import ClaimDocument
from claims.permissions import BILLERS, DOCUMENT_READERS, may_bill
from claims.views.loading import load_batch, load_claim, load_document
from claims.views.speaking import speak
from facilities.permissions import requires
from ksb.core.errors import Refused
from ksb.core.paging import keyset_page
from ksb.core.refusals import as_json, status_of


@requires(*DOCUMENT_READERS)
def papers(request, claim_id):
    """The papers of one claim, what it still lacks, and a form to add one."""
    claim = load_claim(request, claim_id)
    may_add = may_bill(request.user, claim.hospital_id) and documents.takes_papers(claim)
    form = PaperForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            documents.attach(claim=claim, **form.cleaned_data, actor=request.user, at=timezone.now())
        except Refused as refusal:
            speak(form, refusal, "file")
        else:
            messages.success(request, _("The scan is kept with the claim."))
            return redirect("claims:papers", claim.public_id)
    context = {
        "claim": claim,
        "papers": list(claim.documents.select_related("uploaded_by")),
        "missing": documents.missing([claim])[claim.pk],
        "form": form if may_add else None,
        "may_remove": may_add and claim.state in documents.OPEN,
    }
    return render(request, "claims/papers.html", context)


@requires(*DOCUMENT_READERS)
@require_safe
def paper(request, claim_paper_id):
    """One scan. Every look is on record."""
    return documents.hand_out(document=load_document(request, claim_paper_id), actor=request.user)


@requires(*BILLERS)
@require_POST
def remove_paper(request, claim_paper_id):
    """Take a scan back that belongs elsewhere."""
    found = load_document(request, claim_paper_id)
    claim = documents.remove(document=found, actor=request.user)
    messages.success(request, _("The scan was taken away."))
    return redirect("claims:papers", claim.public_id)


@requires(*DOCUMENT_READERS)
def scans(request, batch_id):
    """The claims of a batch with what each lacks, and a form for a month's scans."""
    batch = load_batch(request, batch_id)
    form = ScansForm(request.POST or None, request.FILES or None)
    taken = None
    if request.method == "POST" and form.is_valid():
        files = form.cleaned_data["files"]
        if len(files) == 1 and zipfile.is_zipfile(files[0]):
            delivery = _receive(batch, files[0], request.user)
            return redirect("claims:delivery", delivery.public_id)
        taken = month_scans.take_files(batch=batch, files=files, actor=request.user, at=timezone.now())
        _say(request, taken)
    page = keyset_page(batch.claims.living(), request.GET, keys=("line_number",))
    lacking = documents.missing(page.items)
    context = {
        "batch": batch,
        "form": form if may_bill(request.user, batch.hospital_id) else None,
        "refused": [one for one in taken or () if one.refusal],
        "page": page,
        "rows": [(claim, lacking[claim.pk]) for claim in page.items],
        "kinds": [(word, DocumentKind(kind).label) for word, kind in DocumentKind.WORDS.items()],
        "scans": ClaimDocument.objects.filter(claim__batch=batch).count(),
    }
    return render(request, "claims/scans.html", context)


def _receive(batch, file, actor):
    file.seek(0)
    common = {"hospital": batch.hospital, "batch": batch, "actor": actor, "at": timezone.now()}
    return deliveries.receive(kind=DeliveryKind.SCANS, file=file, **common)


def _say(request, taken):
    kept = sum(not one.refusal for one in taken)
    if kept:
        messages.success(request, ngettext("%(n)d scan was kept.", "%(n)d scans were kept.", kept) % {"n": kept})


@requires(*BILLERS)
@require_POST
def begin_scans(request, batch_id):
    """Where the pieces of an archive go, and how many bytes of it are here already."""
    batch = load_batch(request, batch_id)
    form = DeliveryForm(request.POST)
    if not form.is_valid():
        return JsonResponse({"detail": form.errors}, status=400)
    common = {"hospital": batch.hospital, "batch": batch, "actor": request.user, "at": timezone.now()}
    try:
        delivery = deliveries.begin(kind=DeliveryKind.SCANS, **form.cleaned_data, **common)
    except Refused as no:
        return JsonResponse(as_json(no), status=status_of(no))
    return JsonResponse({"received": delivery.received, "page": delivery.get_absolute_url()})
