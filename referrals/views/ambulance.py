"""Ambulance trips at the desks: asked for on the page of a letter, entered when the patient has arrived. Domain.md B26."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from facilities.permissions import requires
from ksb.core.errors import Refused
from ksb.core.paging import keyset_page
from referrals import ambulance
from referrals.ambulance_forms import ArrivalForm, TripForm
from referrals.forms import posted
from referrals.models import AmbulanceTrip
from referrals.permissions import DESK, ISSUERS, SERIES_READERS
from referrals.views.letters import letter_or_404


@requires(*SERIES_READERS)
@require_safe
def trips(request):
    """Trips of the own ambulance, or of the own patients, newest first."""
    rows = AmbulanceTrip.objects.visible_to(request.user).select_related(
        *("sjp__resident", "sjp__newborn", "sjp__special", "sjp__hospital", "destination")
    )
    page = keyset_page(rows, request.GET, keys=("-pk",))
    return render(request, "referrals/trips.html", {"page": page, "desk": request.user.has_role(*DESK)})


@requires(*ISSUERS, *DESK)
def request_trip(request, letter_id):
    """From where to where, by whose ambulance; a letter of its own follows."""
    sjp = letter_or_404(request, letter_id)
    now = timezone.now()
    form = TripForm(
        posted(request),
        providers=ambulance.providers(timezone.localdate(now)),
        initial={"destination": sjp.hospital_id, "provider": sjp.issuing_hospital_id or sjp.hospital_id},
    )
    if form.is_valid():
        try:
            trip = ambulance.request(for_sjp=sjp, actor=request.user, at=now, **form.cleaned_data)
        except Refused as no:
            form.add_error(None, no.message)
        else:
            messages.success(request, _("The trip has its letter."))
            return redirect("referrals:letter", trip.sjp.public_id)
    title = _("Ask for an ambulance")
    return render(request, "referrals/series_form.html", {"form": form, "sjp": sjp, "title": title})


@requires(*DESK)
def complete_trip(request, trip_id):
    """The patient has arrived: times, kilometres, crew."""
    own = AmbulanceTrip.objects.visible_to(request.user).select_related(
        "sjp__resident", "sjp__newborn", "sjp__special", "destination"
    )
    trip = get_object_or_404(own, public_id=trip_id)
    now = timezone.now()
    form = ArrivalForm(posted(request), now=now, initial={"km": trip.expected_km})
    if form.is_valid():
        typed = {name: form.cleaned_data[name] for name in ("vehicle", "crew", "km")}
        moments = {"departed_at": form.moment(), "arrived_at": form.arrived_at()}
        ambulance.complete(trip=trip, actor=request.user, at=now, **typed, **moments)
        messages.success(request, _("The trip is entered and can be claimed."))
        return redirect("referrals:letter", trip.sjp.public_id)
    title = _("Enter the trip")
    return render(request, "referrals/series_form.html", {"form": form, "sjp": trip.sjp, "title": title})
