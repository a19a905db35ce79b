"""Budget lines for tests."""

from budget.ledger import allocate
from budget.models import BudgetLine, FiscalYear
from tests import factories as f


def make_line(ceiling=1_000_000_000, *, year=2026, name="Klaim RS", for_public=None):
    FiscalYear.objects.get_or_create(year=year, defaults={"document": "DPA/1"})
    line = BudgetLine.objects.create(
        year_id=year,
        name=name,
        sub_activity="1.02.02.2.02.0026",
        account="5.1.02.02.02.0005",
        for_public=for_public,
    )
    if ceiling:
        allocate(line, ceiling, actor=f.system(), at=f.NOW, note="DPA", key=f"dpa:{line.pk}")
    line.refresh_from_db()
    return line
