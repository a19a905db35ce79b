"""The page on which a hospital sees where its money is."""

from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from facilities.enums import Role
from facilities.models import Facility
from facilities.permissions import requires
from reports import hospital_money

HOSPITALS = (Role.HOSPITAL_BILLER, Role.HOSPITAL_DIRECTOR)


@requires(*HOSPITALS)
@require_safe
def where_is_my_money(request):
    """Per batch and month: how far, how much, what to do by when, paid about when. The own hospital only."""
    today = timezone.localdate()
    places = list(Facility.objects.filter(pk__in=request.user.facility_ids(*HOSPITALS)).order_by("name"))
    chosen = next((place for place in places if place.code == request.GET.get("hospital")), places[0])
    rows = hospital_money.batches_of(chosen, on=today)
    context = {
        "hospital": chosen,
        "others": [place for place in places if place != chosen],
        "rows": rows,
        "totals": hospital_money.totals(rows),
        "ages": hospital_money.ages(rows, on=today),
        "unclaimed": hospital_money.unclaimed(chosen, on=today),
    }
    return render(request, "reports/hospital_money.html", context)
