"""The watch over the lines: each threshold is told once, when commitments pass it, and again nothing."""

from budget.models import BudgetLine, LineAlert
from budget.notices import THRESHOLD
from facilities.enums import Role
from ksb.core import formats
from ksb.core.notices.telling import To, tell

THRESHOLDS = (50, 75, 90, 100)  # percent of the ceiling (domain.md B21)
TOLD = (Role.DINKES_CLAIMS, Role.BUDGET_USER)


def settle(*, at):
    """Tell of every threshold a line of an open year has passed since the last time. Returns how many were told."""
    told = 0
    lines = BudgetLine.objects.filter(year__closed_at__isnull=True, ceiling__gt=0).prefetch_related("alerts")
    for line in lines.order_by("pk"):
        known = {alert.percent for alert in line.alerts.all()}
        passed = [p for p in THRESHOLDS if line.committed * 100 >= p * line.ceiling and p not in known]
        LineAlert.objects.bulk_create([LineAlert(line=line, percent=p, told=at) for p in passed], ignore_conflicts=True)
        if passed:
            _tell(line, max(passed), at)
            told += 1
    return told


def _tell(line, percent, at):
    params = {
        "line": line.name,
        "year": line.year_id,
        "percent": percent,
        "committed": formats.rupiah(line.committed),
        "ceiling": formats.rupiah(line.ceiling),
    }
    for role in TOLD:
        tell(THRESHOLD, to=To(role=role), about=line, params=params, at=at, once=percent, link="")
