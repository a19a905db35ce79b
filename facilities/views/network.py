"""The network on screens: the list, a facility with all that hangs on it, and what Dinkes changes there."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from facilities import history, network, standings, suspensions
from facilities.enums import FacilityKind
from facilities.filters import FacilityFilter
from facilities.forms import FactsForm, NewFacilityForm, ReasonForm, StandingForm, SuspensionForm
from facilities.models import Contract, Facility, Suspension
from facilities.permissions import KEEPERS, NETWORK_READERS, requires
from ksb.core.errors import Refused
from ksb.core.paging import keyset_page


@requires(*NETWORK_READERS)
@require_safe
def facilities(request):
    """The list with its filters: hospitals, until another kind is chosen."""
    today = timezone.localdate()
    asked = request.GET.copy()
    asked.setdefault("kind", FacilityKind.HOSPITAL)  # what contracts are made with
    found = FacilityFilter(asked, queryset=Facility.objects.visible_to(request.user), request=request)
    page = keyset_page(found.qs.select_related("kecamatan"), request.GET, keys=("name", "pk"))
    _tell_contracts(page.items, today)
    context = {"page": page, "form": found.form, "may_write": request.user.has_role(*KEEPERS)}
    return render(request, "facilities/facilities.html", context)


def _tell_contracts(facilities, today):
    """Give each of a page of facilities its ``contract`` and ``suspension`` of today. Two queries."""
    agreed = {c.facility_id: c for c in Contract.objects.filter(facility__in=facilities, valid__contains=today)}
    resting = {s.facility_id: s for s in Suspension.objects.on(today).filter(facility__in=facilities)}
    for facility in facilities:
        facility.contract, facility.suspension = agreed.get(facility.pk), resting.get(facility.pk)
        last = facility.contract and facility.contract.last_day
        facility.days_left = last and (last - today).days


@requires(*KEEPERS)
def new_facility(request):
    form = NewFacilityForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            facility = network.create(values=form.values(), actor=request.user)
            messages.success(request, _("In the network now. Next: its contract."))
            return redirect("facilities:facility", facility.code)
        except Refused as no:
            form.add_error("code", no.message)
    return _form(request, form, _("New facility"), _("Enter"))


@requires(*NETWORK_READERS)
@require_safe
def facility(request, facility_code):
    place = _facility(request, facility_code)
    today = timezone.localdate()
    agreements = list(place.contracts.visible_to(request.user).order_by("-valid"))
    context = {
        "facility": place,
        "specialties": place.specialties.order_by("name_id"),
        "standings": place.standings.order_by("-days"),
        "contracts": agreements,
        "suspension": Suspension.objects.visible_to(request.user).on(today).filter(facility=place).first(),
        "suspensions": place.suspensions.visible_to(request.user).select_related("suspended_by", "lifted_by"),
        "doctors": place.doctors.filter(valid__contains=today).count(),
        "today": today,
        "may_write": request.user.has_role(*KEEPERS),
    }
    return render(request, "facilities/facility.html", context)


@requires(*NETWORK_READERS)
@require_safe
def facility_history(request, facility_code):
    """Who changed what and when, in sentences."""
    place = _facility(request, facility_code)
    return render(request, "facilities/history.html", {"facility": place, "lines": history.lines(place)})


@requires(*KEEPERS)
def change_facility(request, facility_code):
    place = _facility(request, facility_code)
    initial = {name: getattr(place, name) for name in FactsForm.base_fields if name != "specialties"}
    form = FactsForm(request.POST or None, initial=initial | {"specialties": place.specialties.all()})
    if request.method == "POST" and form.is_valid():
        if network.change(facility=place, values=form.values(), actor=request.user):
            messages.success(request, _("Saved. The history says what changed."))
        return redirect("facilities:facility", place.code)
    return _form(request, form, _("Change the facility"), _("Save"), place=place)


@requires(*KEEPERS)
def change_standing(request, facility_code):
    """Another class, kind or owner from a day on."""
    place = _facility(request, facility_code)
    form = StandingForm(request.POST or None, initial={name: getattr(place, name) for name in standings.FIELDS})
    if request.method == "POST" and form.is_valid():
        try:
            standings.change(facility=place, actor=request.user, at=timezone.now(), **form.told())
            messages.success(request, _("Noted. Letters and claims of earlier days keep what was true then."))
            return redirect("facilities:facility", place.code)
        except Refused as no:
            form.add_error("day", no.message)
    return _form(request, form, _("Another class or kind"), _("Note the change"), place=place)


@requires(*KEEPERS)
def suspend(request, facility_code):
    place = _facility(request, facility_code)
    form = SuspensionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            suspensions.suspend(facility=place, actor=request.user, at=timezone.now(), **form.told())
            messages.success(request, _("Suspended. Stays that run and letters given out before are honoured."))
            return redirect("facilities:facility", place.code)
        except Refused as no:
            form.add_error("starts", no.message)
    return _form(request, form, _("Suspend the hospital"), _("Suspend"), place=place, bad=True)


@requires(*KEEPERS)
def lift(request, suspension_id):
    rows = Suspension.objects.visible_to(request.user).select_related("facility")
    suspension = get_object_or_404(rows, pk=suspension_id)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        suspensions.lift(suspension=suspension, actor=request.user, at=timezone.now(), **form.cleaned_data)
        messages.success(request, _("Lifted. New letters may go there from today."))
        return redirect("facilities:facility", suspension.facility.code)
    return _form(request, form, _("Let letters go there again"), _("Lift the suspension"), place=suspension.facility)


def _facility(request, code):
    return get_object_or_404(Facility.objects.visible_to(request.user).select_related("kecamatan"), code=code)


def _form(request, form, title, button, *, place=None, bad=False):
    context = {"form": form, "title": title, "button": button, "facility": place, "bad": bad}
    return render(request, "facilities/form.html", context)
