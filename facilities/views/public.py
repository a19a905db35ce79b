"""Beds for everybody, without a log-in: counts only, one small page without script, and the same as JSON."""

from django.contrib.auth.decorators import login_not_required
from django.http import JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from facilities import bed_board
from facilities.enums import WardType

FRESH_SECONDS = 60


@login_not_required
@require_safe
@cache_control(public=True, max_age=FRESH_SECONDS)
def page(request):
    """Free beds by ward type, then by hospital; ``?ward=ICU`` narrows to one type, the fullest last."""
    now = timezone.now()
    hospitals = bed_board.city(at=now)
    asked = request.GET.get("ward", "")
    ward = WardType(asked) if asked in WardType.values else None
    context = {
        "totals": bed_board.totals(hospitals),
        "hospitals": bed_board.only(hospitals, ward) if ward else hospitals,
        "ward": ward,
        "now": now,
    }
    return render(request, "facilities/beds_public.html", context)


@login_not_required
@require_safe
@cache_control(public=True, max_age=FRESH_SECONDS)
def as_json(request):
    now = timezone.now()
    hospitals = [
        {"code": hospital.code, "name": hospital.name, "wards": [ward.as_json() for ward in wards]}
        for hospital, wards in bed_board.city(at=now)
    ]
    return JsonResponse({"at": now.isoformat(), "hospitals": hospitals})
