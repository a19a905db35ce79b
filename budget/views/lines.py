"""The year's lines."""

from django.shortcuts import render
from django.views.decorators.http import require_safe

from budget.bars import bar_of
from budget.models import BudgetLine, FiscalYear
from budget.permissions import BUDGET_READERS
from facilities.permissions import requires


@requires(*BUDGET_READERS)
@require_safe
def lines(request):
    """Every line of a fiscal year with its bar; the newest year unless the address names another."""
    years = list(FiscalYear.objects.visible_to(request.user))
    chosen = request.GET.get("year", "")
    year = next((y for y in years if str(y.year) == chosen), years[0] if years else None)
    rows = BudgetLine.objects.visible_to(request.user).filter(year=year).order_by("account", "pk")
    bars = [(line, bar_of(line)) for line in rows]
    return render(request, "budget/lines.html", {"years": years, "year": year, "bars": bars})
