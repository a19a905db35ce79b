"""The tables of verification for a month, a quarter, a year or any days between, on a page and for a spreadsheet."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from facilities.permissions import requires
from ksb.core import journal
from ksb.core.forms import DayField, KsbForm
from ksb.core.scheme import Parameters, scheme_on
from verification import reports
from verification.permissions import REPORT_READERS

LONGEST = 366  # days: each table reads its rows by an index on the day


class PeriodForm(KsbForm):
    since = DayField(label=_("From"))
    until = DayField(label=_("Until, the last day"))

    def clean(self):
        cleaned = super().clean()
        since, until = cleaned.get("since"), cleaned.get("until")
        if since and until and not 0 <= (until - since).days < LONGEST:
            self.add_error("until", _("Choose at most a year, the last day after the first."))
        return cleaned


def _shortcuts(today):
    """``[(label, first day)]`` of what is asked for most, until today."""
    quarter = today.replace(month=(today.month - 1) // 3 * 3 + 1, day=1)
    return [
        (_("This month"), today.replace(day=1)),
        (_("This quarter"), quarter),
        (_("This year"), today.replace(month=1, day=1)),
    ]


def _asked(request):
    today = timezone.localdate()
    running = {"since": today.replace(day=1), "until": today}
    form = PeriodForm(request.GET if "since" in request.GET else running)
    days = form.cleaned_data if form.is_valid() else running
    scheme = scheme_on(today)
    return form, {
        "first": days["since"],
        "last": days["until"],
        "verify_days": (scheme.parameters if scheme else Parameters()).verify_days,
        "on": today,
    }


@requires(*REPORT_READERS)
@require_safe
def report(request):
    form, asked = _asked(request)
    context = {"form": form, "tables": reports.tables(**asked), "shortcuts": _shortcuts(asked["on"]), **asked}
    return render(request, "verification/report.html", context)


@requires(*REPORT_READERS)
@require_safe
def report_csv(request, table):
    """One table of the page, every row."""
    _form, asked = _asked(request)
    found = next((one for one in reports.tables(**asked) if one.code == table), None)
    if found is None:
        raise Http404
    days = f"{asked['first']:%Y-%m-%d}_{asked['last']:%Y-%m-%d}"
    journal.record("verification.export", actor=request.user, table=table, days=days)
    name = f"verifikasi-{table}-{days}.csv"
    return HttpResponse(
        reports.as_csv(found),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
