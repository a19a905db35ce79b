"""The BAHV, drawn up, signed, printed."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from facilities.permissions import requires
from ksb.core.errors import Refused
from ksb.core.letters import letter_pdf, pdf_response
from ksb.core.paging import keyset_page
from ksb.core.ratelimit import hit
from verification import minutes
from verification.letters import bahv_letter
from verification.models import Bahv
from verification.permissions import BAHV_READERS, VERIFIERS
from verification.views.loading import load_bahv, load_batch
from verification.workflow import BAHV

SIGNATURES = {
    "sign_hospital": minutes.sign_hospital,
    "sign_verifier": minutes.sign_verifier,
    "approve": minutes.approve,
}


@requires(*VERIFIERS)
@require_POST
def draw(request, batch_id):
    batch = load_batch(request, batch_id)
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
    bahv = load_bahv(request, bahv_id)
    moves = [m for m in BAHV.allowed(bahv, request.user) if m.name in SIGNATURES]
    letter = bahv_letter(bahv)
    return render(request, "verification/bahv_detail.html", {"bahv": bahv, "letter": letter, "moves": moves})


@requires(*BAHV_READERS)
@require_safe
def bahv_pdf(request, bahv_id):
    bahv = load_bahv(request, bahv_id)
    return pdf_response(letter_pdf(bahv_letter(bahv)), f"BAHV {bahv.number}")


@requires(*BAHV_READERS)
@require_POST
def sign(request, bahv_id):
    bahv = load_bahv(request, bahv_id)
    move = next((m for m in BAHV.allowed(bahv, request.user) if m.name in SIGNATURES), None)
    try:
        if move is None:
            raise Refused(_("There is nothing for you to sign here now."))
        _same(bahv, request.POST.get("annex", ""))
        SIGNATURES[move.name](bahv=bahv, actor=request.user, at=timezone.now())
    except Refused as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, _("Your signature was recorded."))
    return redirect("verification:bahv", bahv.public_id)


def _same(bahv, seen):
    """A draft may lose a disputed claim: whoever signs has read the list as it is now."""
    if seen and seen != bahv.annex_sha256:
        raise Refused(_("The list of this BAHV has changed since you looked at it. Read it again."))


@login_not_required
@require_safe
def bahv_validity(request, token):
    """What the QR of a BAHV says to anybody: number, date and whether it is in force. Nothing else."""
    hit("qr", request.META["REMOTE_ADDR"], limit=60, seconds=60, now=timezone.now())
    bahv = Bahv.objects.filter(token=token).first()
    return render(request, "verification/bahv_validity.html", {"bahv": bahv}, status=200 if bahv else 404)
