from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from facilities.permissions import requires
from participants.freshness import sources
from participants.permissions import SYNC_READERS
from participants.schemes import suspension
from reports.dashboard import dashboard
from reports.night import nights
from reports.querysets import READERS


@requires(*READERS)
@require_safe
def overview(request):
    """The dashboard of Dinkes: people, letters, claims, money, and how old the data are."""
    now = timezone.now()
    today = timezone.localdate(now)
    context = dashboard(request.user, today=today) | {"sources": sources(now), "suspended": suspension(today)}
    return render(request, "reports/dashboard.html", context)


@requires(*SYNC_READERS)
@require_safe
def night(request):
    """The last nights step by step; a running one as it goes."""
    found = nights(request.user)
    is_running = bool(found) and found[0].state == "RUNNING" and not found[0].interrupted
    return render(request, "reports/night.html", {"nights": found, "is_running": is_running})
