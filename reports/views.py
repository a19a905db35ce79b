from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from facilities.permissions import requires
from ksb.core import journal
from participants.freshness import sources
from reports import leakage
from reports.dashboard import dashboard
from reports.querysets import READERS


@requires(*READERS)
@require_safe
def overview(request):
    """The dashboard of Dinkes: people, letters, claims, money, and how old the data are."""
    context = dashboard(request.user, today=timezone.localdate())
    return render(request, "reports/dashboard.html", {**context, "sources": sources(timezone.now())})


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
