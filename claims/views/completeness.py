"""Whether a batch is complete: looked at by Dinkes or the coordinator, on paper for both sides."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from claims import clocks, completeness
from claims.enums import BatchState, ClaimState
from claims.forms import ReturnForm
from claims.letters import by_kind, completeness_letter
from claims.permissions import CHECKERS, READERS
from claims.views.loading import load_batch
from claims.views.speaking import speak
from facilities.permissions import requires
from ksb.core.errors import Refused
from ksb.core.letters import letter_pdf, pdf_response


@requires(*CHECKERS)
def check(request, batch_id):
    """Find a batch complete, or return it with what lacks."""
    batch = load_batch(request, batch_id)
    form = ReturnForm(request.POST if "return" in request.POST else None)
    if request.method == "POST":
        said = _decide(request, batch, form)
        if said:
            messages.success(request, said)
            return redirect("claims:batch", batch.public_id)
    elif batch.state != BatchState.SUBMITTED:
        return redirect("claims:batch", batch.public_id)
    context = {
        "batch": batch,
        "form": form,
        "kinds": by_kind(batch.claims.filter(state=ClaimState.SUBMITTED)),
        "mend_by": clocks.mend_by(timezone.localdate()),
    }
    return render(request, "claims/completeness.html", context)


def _decide(request, batch, form):
    """The sentence that says what was done; None when the form has to be mended."""
    who = {"batch": batch, "actor": request.user, "at": timezone.now()}
    if "return" not in request.POST:
        completeness.find_complete(**who)
        return _("The batch is complete. The verification begins.")
    if not form.is_valid():
        return None
    try:
        completeness.return_(**who, **form.cleaned_data)
    except Refused as refusal:
        speak(form, refusal, "incomplete")
        return None
    return _("The batch went back to the hospital with the list of what lacks.")


@requires(*READERS)
@require_safe
def letter(request, batch_id):
    """BA kelengkapan or BA pengembalian as PDF: the one with this ``number``, by default the newest (L12)."""
    batch = load_batch(request, batch_id)
    rows = batch.completeness_checks.select_related("checked_by")
    if "number" in request.GET:
        rows = rows.filter(number=request.GET["number"])
    found = rows.first()
    if found is None:
        raise Http404
    found.batch = batch
    return pdf_response(letter_pdf(completeness_letter(found)), f"kelengkapan {found.number}")
