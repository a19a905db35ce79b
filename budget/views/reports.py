"""Realisation and debts, on the screen and on paper."""

from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from budget import debts, letters, realisation
from budget.models import BudgetLine
from budget.permissions import BUDGET_READERS
from budget.views.lines import chosen_year
from facilities.permissions import requires
from ksb.core.letters import letter_pdf, pdf_response


@requires(*BUDGET_READERS)
@require_safe
def realisation_report(request):
    """L19 of a month or quarter; the running month unless the address names another period."""
    year, years, period, found = _realisation(request)
    context = {"year": year, "years": years, "period": period, "report": found}
    context["periods"] = realisation.periods(year.year) if year else []
    return render(request, "budget/realisation.html", context)


@requires(*BUDGET_READERS)
@require_safe
def realisation_pdf(request):
    year, _years, period, found = _realisation(request)
    if year is None:
        return realisation_report(request)
    today = timezone.localdate()
    letter = letters.realisation_letter(year, period, found, actor=request.user, on=today)
    return pdf_response(letter_pdf(letter), f"realisasi {year.year} {period.code}")


def _realisation(request):
    year, years = chosen_year(request)
    if year is None:
        return None, years, None, None
    today = timezone.localdate()
    asked = request.GET.get("period", "")
    known = realisation.periods(year.year)
    running = f"{today.month:02d}" if today.year == year.year else "12"
    period = next(p for code in (asked, running) for p in known if p.code == code)
    lines = BudgetLine.objects.visible_to(request.user).filter(year=year).order_by("account", "pk")
    return year, years, period, realisation.report(lines, period=period, on=today)


@requires(*BUDGET_READERS)
@require_safe
def debt_list(request):
    """L20: approved and not paid, by hospital, month and age."""
    rows = debts.ageing(on=timezone.localdate())
    return render(request, "budget/debts.html", {"rows": rows, "total": debts.total(rows)})


@requires(*BUDGET_READERS)
@require_safe
def debts_pdf(request):
    today = timezone.localdate()
    rows = debts.ageing(on=today)
    letter = letters.ageing_letter(rows, debts.total(rows), actor=request.user, on=today)
    return pdf_response(letter_pdf(letter), f"utang klaim {today}")
