"""The roster of doctors: the hospital keeps its own, Dinkes any."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from facilities import roster
from facilities.forms import DoctorForm
from facilities.models import Doctor, Facility
from facilities.permissions import (
    HOSPITAL_ROSTER_KEEPERS,
    NETWORK_READERS,
    ROSTER_KEEPERS,
    ROSTER_READERS,
    requires,
)
from ksb.core.errors import Refused
from ksb.core.paging import keyset_page


@requires(*HOSPITAL_ROSTER_KEEPERS)
@require_safe
def own_roster(request):
    """The roster of the hospital one works at."""
    return redirect("facilities:doctors", request.user.facility.code)


@requires(*ROSTER_READERS)
@require_safe
def doctors(request, facility_code):
    """Who is in charge today; ``?all=1`` also who left or is to come."""
    place, everybody = _place(request, facility_code), bool(request.GET.get("all"))
    rows = Doctor.objects.visible_to(request.user).filter(facility=place).select_related("specialty")
    if not everybody:
        rows = rows.filter(valid__contains=timezone.localdate())
    context = {
        "facility": place,
        "page": keyset_page(rows, request.GET, keys=("pk",)),
        "all": everybody,
        "may_write": request.user.has_role(*ROSTER_KEEPERS),
        "in_network": request.user.has_role(*NETWORK_READERS),
    }
    return render(request, "facilities/doctors.html", context)


@requires(*ROSTER_KEEPERS)
def new_doctor(request, facility_code):
    place = _place(request, facility_code)
    form = DoctorForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            roster.enter(facility=place, actor=request.user, **form.told())
            messages.success(request, _("On the roster now: offered wherever a doctor's name is typed."))
            return redirect("facilities:doctors", place.code)
        except Refused as no:
            form.add_error("registration", no.message)
    return _form(request, form, place, _("New doctor"), _("Enter the doctor"))


@requires(*ROSTER_KEEPERS)
def doctor(request, doctor_id):
    """Another name, licence or specialty, or the last day."""
    rows = Doctor.objects.visible_to(request.user).select_related("facility", "specialty")
    found = get_object_or_404(rows, pk=doctor_id)
    form = DoctorForm.of(found, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            roster.change(doctor=found, values=form.told(), actor=request.user)
            messages.success(request, _("Saved. The history says what changed."))
            return redirect("facilities:doctors", found.facility.code)
        except Refused as no:
            form.add_error("registration", no.message)
    return _form(request, form, found.facility, found.name, _("Save"))


def _place(request, code):
    """Any facility for who reads the network, for a hospital only its own."""
    place = get_object_or_404(Facility.objects.visible_to(request.user), code=code)
    own = request.user.facility_ids(*HOSPITAL_ROSTER_KEEPERS)
    if place.pk not in own and not request.user.has_role(*NETWORK_READERS):
        raise Http404
    return place


def _form(request, form, place, title, button):
    context = {"form": form, "facility": place, "title": title, "button": button, "roster": True, "bad": False}
    return render(request, "facilities/form.html", context)
