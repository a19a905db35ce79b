"""Dispensations of expired claims on screens: a list with what waits, and a form."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from claims import dispensations
from claims.forms import DispensationForm
from claims.models import Dispensation
from claims.permissions import DISPENSERS, LIST_READERS
from claims.views.speaking import speak
from facilities.permissions import requires
from ksb.core.errors import Refused
from ksb.core.paging import keyset_page


@requires(*LIST_READERS)
@require_safe
def dispensation_list(request):
    """Dispensations, newest first; who may decide finds the buttons beside."""
    rows = Dispensation.objects.visible_to(request.user).select_related("hospital", "proposed_by", "approved_by")
    page = keyset_page(rows, request.GET, keys=("-pk",))
    for one in page.items:
        one.to_decide = dispensations.decides(request.user, one)
    context = {"page": page, "proposes": request.user.has_role(*DISPENSERS)}
    return render(request, "claims/dispensations.html", context)


@requires(*DISPENSERS)
def new_dispensation(request):
    form = DispensationForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            dispensations.propose(actor=request.user, at=timezone.now(), **form.cleaned_data)
        except Refused as refusal:
            speak(form, refusal)
        else:
            messages.success(request, _("The dispensation waits for another officer."))
            return redirect("claims:dispensations")
    return render(request, "claims/new_dispensation.html", {"form": form})


@requires(*DISPENSERS)
@require_POST
def decide(request, dispensation_id):
    """Grant or refuse, by the button pressed."""
    found = get_object_or_404(Dispensation.objects.visible_to(request.user), public_id=dispensation_id)
    act = dispensations.refuse if "refuse" in request.POST else dispensations.approve
    act(dispensation=found, actor=request.user, at=timezone.now())
    messages.success(request, _("The dispensation was decided about."))
    return redirect("claims:dispensations")
