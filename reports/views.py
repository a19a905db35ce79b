from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from facilities.permissions import requires
from participants.freshness import sources
from participants.schemes import suspension
from reports.dashboard import dashboard
from reports.querysets import READERS


@requires(*READERS)
@require_safe
def overview(request):
    """The dashboard of Dinkes: people, letters, claims, money, and how old the data are."""
    now = timezone.now()
    today = timezone.localdate(now)
    context = dashboard(request.user, today=today) | {"sources": sources(now), "suspended": suspension(today)}
    return render(request, "reports/dashboard.html", context)
