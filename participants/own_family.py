"""The door of a family's own pages: who was admitted is known to the server's session alone, for fifteen minutes.

Each step of an application opens it for another fifteen: a photo over a slow line takes its time.
"""

import hashlib
import secrets
from datetime import datetime, timedelta
from functools import wraps

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from participants import portal
from participants.models import Household

SESSION = "own_family"
DEVICE = "ksb_device"
DEVICE_DAYS = 400
LONGEST_DEVICE = 43


def open_door(request, resident, now):
    """Admit this session to the family of ``resident``, the member whose details were written."""
    request.session.cycle_key()
    request.session[SESSION] = {"household": resident.household_id, "resident": resident.pk, "until": _until(now)}
    if not request.user.is_authenticated:
        request.session.set_expiry(portal.MINUTES * 60)


def keep_open(request):
    """Another fifteen minutes for who is in the middle of something."""
    request.session[SESSION] = {**request.session[SESSION], "until": _until(timezone.now())}
    if not request.user.is_authenticated:
        request.session.set_expiry(portal.MINUTES * 60)


def close_door(request):
    """Close the page; a member of staff who tried it out stays logged in."""
    if request.user.is_authenticated:
        request.session.pop(SESSION, None)
    else:
        request.session.flush()


def admitted(request):
    """The household this session was admitted to less than fifteen minutes ago, or None."""
    entry = request.session.get(SESSION)
    if entry is None or datetime.fromisoformat(entry["until"]) < timezone.now():
        request.session.pop(SESSION, None)
        return None
    return Household.objects.select_related("head", "kelurahan__parent").get(pk=entry["household"])


def resident_of(request):
    """Key of the member whose details opened the door; None for a session of before this was kept."""
    return request.session[SESSION].get("resident")


def for_own_family(view):
    """Decorator: ``view(request, household, ...)`` for whoever was admitted, the door for everybody else."""

    @login_not_required
    @never_cache
    @wraps(view)
    def guarded(request, *args, **kwargs):
        household = admitted(request)
        if household is None:
            messages.info(request, _("For your safety the page was closed. Please enter the three details again."))
            return redirect("resident:check")
        return view(request, household, *args, **kwargs)

    return guarded


def device_of(request):
    """A keyed hash of the telephone or computer in use, empty when it has none yet. Tells one device from another, not whose."""
    token = request.COOKIES.get(DEVICE, "")
    if not token or len(token) > LONGEST_DEVICE or not token.isascii():
        return ""
    return hashlib.sha256(f"{settings.SECRET_KEY}|device|{token}".encode()).hexdigest()[:40]


def mark_device(request, response):
    """Give a device that has none its random word, so that many applications from one are seen (domain.md B2.5)."""
    if not device_of(request):
        token = secrets.token_urlsafe(24)
        request.COOKIES[DEVICE] = token
        response.set_cookie(
            DEVICE,
            token,
            max_age=timedelta(days=DEVICE_DAYS),
            httponly=True,
            samesite="Lax",
            secure=settings.SESSION_COOKIE_SECURE,
        )
    return response


def _until(now):
    return (now + timedelta(minutes=portal.MINUTES)).isoformat()
