from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from facilities.permissions import requires
from ksb.core import journal
from participants.freshness import sources
from participants.permissions import SYNC_READERS
from participants.schemes import suspension
from reports import leakage
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


@requires(*READERS)
@require_safe
def leakage_report(request):
    """Letters of people whom JKN covered: by month and Puskesmas, known or unknown when they were issued."""
    year = _year(request)
    context = leakage.report(request.user, year=year, on=timezone.localdate())
    return render(request, "reports/leakage.html", {**context, "years": leakage.years(request.user) or [year]})


@requires(*READERS)
@require_safe
def leakage_csv(request):
    """The same figures for a spreadsheet."""
    year = _year(request)
    journal.record("leakage.export", actor=request.user, year=year)
    content = leakage.as_csv(request.user, year=year, on=timezone.localdate())
    name = f"kebocoran-{year}.csv"
    return HttpResponse(
        content,
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _year(request):
    """The year asked for in the address, else this year."""
    asked = request.GET.get("year", "")
    this = timezone.localdate().year
    return int(asked) if asked.isascii() and asked.isdigit() and 2000 <= int(asked[:5]) <= this else this
