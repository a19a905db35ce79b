"""The audit of beds: a month of all hospitals, or of one."""

import calendar
import datetime

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from facilities.models import Facility
from facilities.permissions import BED_WATCHERS, requires
from ksb.core import journal
from ksb.core.forms import KsbForm
from reports import bed_audit

MONTHS = 24


class AuditForm(KsbForm):
    month = forms.ChoiceField(label=_("Month"))
    hospital = forms.ModelChoiceField(
        label=_("Hospital"), queryset=Facility.objects.none(), required=False, empty_label=_("all hospitals")
    )

    def __init__(self, *args, today, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["hospital"].queryset = Facility.objects.hospitals().filter(active=True).order_by("name")
        newest = today.year * 12 + today.month - 1
        months = [divmod(newest - n, 12) for n in range(MONTHS)]
        self.fields["month"].choices = [(f"{y}-{m + 1:02}", f"{m + 1:02}/{y}") for y, m in months]


def _asked(request):
    """The form, and the period and hospital it asks for: this month of all hospitals unless it says otherwise."""
    today = timezone.localdate()
    form = AuditForm(request.GET if "month" in request.GET else {"month": f"{today:%Y-%m}"}, today=today)
    valid = form.is_valid()
    year, month = map(int, form.cleaned_data["month"].split("-")) if valid else (today.year, today.month)
    return form, {
        "first": datetime.date(year, month, 1),
        "last": datetime.date(year, month, calendar.monthrange(year, month)[1]),
        "hospital": form.cleaned_data["hospital"] if valid else None,
    }


@requires(*BED_WATCHERS)
@require_safe
def audit(request):
    """Reports of beds beside refusals, admissions and claims."""
    form, asked = _asked(request)
    context = {"form": form, **asked, **bed_audit.report(**asked)}
    return render(request, "reports/bed_audit.html", context)


@requires(*BED_WATCHERS)
@require_safe
def audit_csv(request):
    """The same for a spreadsheet, every row."""
    _form, asked = _asked(request)
    hospital = asked["hospital"]
    journal.record("bed_audit.export", hospital, actor=request.user, month=f"{asked['first']:%Y-%m}")
    name = f"audit-tempat-tidur-{asked['first']:%Y-%m}.csv"
    return HttpResponse(
        bed_audit.as_csv(**asked),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
