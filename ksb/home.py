"""Where everybody starts: what waits for them, and what is new."""

from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from ksb.core.models import Notice
from ksb.counters import counters_of
from ksb.navigation import items_for

NEWEST = 5


@require_safe
def home(request):
    """The counters of the user's desks and the newest notices; without a role in force, whom to ask."""
    if not items_for(request.user, request.path):
        return render(request, "no_role.html")
    context = {
        "standings": counters_of(request.user, at=timezone.now()),
        "notices": Notice.objects.visible_to(request.user).unread().order_by("-id")[:NEWEST],
    }
    return render(request, "home.html", context)
