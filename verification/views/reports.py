"""The tables of verification by month, on a page and for a spreadsheet."""

import calendar
import datetime

from django import forms
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from facilities.permissions import requires
from ksb.core import journal
from ksb.core.forms import KsbForm
from ksb.core.scheme import Parameters, scheme_on
from verification import reports
from verification.permissions import REPORT_READERS

MONTHS = 24


class MonthForm(KsbForm):
    month = forms.ChoiceField(label=_("Month"))

    def __init__(self, *args, today, **kwargs):
        super().__init__(*args, **kwargs)
        newest = today.year * 12 + today.month - 1
        months = [divmod(newest - n, 12) for n in range(MONTHS)]
        self.fields["month"].choices = [(f"{y}-{m + 1:02}", f"{m + 1:02}/{y}") for y, m in months]


def _asked(request):
    today = timezone.localdate()
    form = MonthForm(request.GET if "month" in request.GET else {"month": f"{today:%Y-%m}"}, today=today)
    year, month = map(int, form.cleaned_data["month"].split("-")) if form.is_valid() else (today.year, today.month)
    scheme = scheme_on(today)
    return form, {
        "first": datetime.date(year, month, 1),
        "last": datetime.date(year, month, calendar.monthrange(year, month)[1]),
        "verify_days": (scheme.parameters if scheme else Parameters()).verify_days,
        "on": today,
    }


@requires(*REPORT_READERS)
@require_safe
def report(request):
    form, asked = _asked(request)
    return render(request, "verification/report.html", {"form": form, "tables": reports.tables(**asked), **asked})


@requires(*REPORT_READERS)
@require_safe
def report_csv(request, table):
    """One table of the page, every row."""
    _form, asked = _asked(request)
    found = next((one for one in reports.tables(**asked) if one.code == table), None)
    if found is None:
        raise Http404
    journal.record("verification.export", actor=request.user, table=table, month=f"{asked['first']:%Y-%m}")
    name = f"verifikasi-{table}-{asked['first']:%Y-%m}.csv"
    return HttpResponse(
        reports.as_csv(found),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
