from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from facilities.models import Facility
from facilities.permissions import requires
from ksb.core import journal
from participants.freshness import sources
from participants.permissions import SYNC_READERS
from participants.schemes import suspension
from reports import leakage, referral_indicators, visits
from reports.dashboard import dashboard
from reports.forms import VisitsForm
from reports.models import PuskesmasVisits
from reports.night import nights
from reports.querysets import HEADS, READERS


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
    return _csv(leakage.as_csv(request.user, year=year, on=timezone.localdate()), f"kebocoran-{year}.csv")


@requires(*READERS, *HEADS)
@require_safe
def referrals(request):
    """Indicators of referral of one month, by Puskesmas and by hospital."""
    known = referral_indicators.months(request.user)
    month = _month(request, known)
    context = referral_indicators.report(request.user, month=month, on=timezone.localdate())
    return render(request, "reports/referrals.html", {**context, "months": known})


@requires(*READERS, *HEADS)
@require_safe
def referrals_csv(request):
    """The same figures for a spreadsheet."""
    month = _month(request, referral_indicators.months(request.user))
    journal.record("referral_indicators.export", actor=request.user, month=f"{month:%Y-%m}")
    content = referral_indicators.as_csv(request.user, month=month, on=timezone.localdate())
    return _csv(content, f"indikator-rujukan-{month:%Y-%m}.csv")


@requires(*visits.WRITERS)
def enter_visits(request):
    """The head of a Puskesmas writes down how many visits a month had."""
    now = timezone.now()
    place = Facility.objects.get(pk=request.user.facility_ids(*visits.WRITERS)[0])
    months = visits.months_to_enter(timezone.localdate(now))
    form = VisitsForm(request.POST or None, months=months)
    if request.method == "POST" and form.is_valid():
        visits.enter(puskesmas=place, actor=request.user, at=now, **form.cleaned_data)
        messages.success(request, _("Written down. The indicators take it up within the hour."))
        return redirect("reports:visits")
    entered = PuskesmasVisits.objects.visible_to(request.user).filter(puskesmas=place, month__gte=months[-1])
    context = {"form": form, "place": place, "entered": entered.select_related("entered_by").order_by("-month")}
    return render(request, "reports/visits.html", context)


def _csv(content, name):
    return HttpResponse(
        content,
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _month(request, known):
    """The month asked for in the address, if it has figures; else the newest, or this one."""
    asked = request.GET.get("month", "")
    newest = known[0] if known else timezone.localdate().replace(day=1)
    return next((month for month in known if f"{month:%Y-%m}" == asked), newest)


def _year(request):
    """The year asked for in the address, else this year."""
    asked = request.GET.get("year", "")
    this = timezone.localdate().year
    return int(asked) if asked.isascii() and asked.isdigit() and 2000 <= int(asked[:5]) <= this else this
