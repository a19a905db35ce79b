"""When a line is used up: the pace of the last three months, after what is reserved already."""

import datetime
from dataclasses import dataclass

from django.db.models import Sum

from budget.enums import LedgerKind as K
from budget.models import LedgerEntry

WINDOW = 91  # days


@dataclass(frozen=True)
class Forecast:
    """``a_day`` rupiah committed a day; ``exhausted_on`` None when the year ends first; ``at_year_end`` rupiah, committed."""

    a_day: int
    exhausted_on: datetime.date | None
    at_year_end: int


def forecasts(lines, *, on):
    """``{line key: Forecast}`` as seen on a day, one query. Debts carried over and corrections are no pace."""
    since = on - datetime.timedelta(days=WINDOW)
    recent = LedgerEntry.objects.filter(
        line__in=lines, kind=K.COMMIT, entered_at__date__gt=since, entered_at__date__lte=on
    )
    sums = dict(recent.order_by().values_list("line").annotate(Sum("amount")))
    return {line.pk: _of(line, sums.get(line.pk, 0), on) for line in lines}


def _of(line, committed_lately, on):
    a_day = committed_lately // WINDOW
    used = line.committed + line.reserved
    last_day = datetime.date(line.year_id, 12, 31)
    days_left = max((last_day - on).days, 0)
    free = line.ceiling - used
    if free <= 0:
        exhausted = on
    elif a_day and free // a_day < days_left:
        exhausted = on + datetime.timedelta(days=free // a_day)
    else:
        exhausted = None
    return Forecast(a_day=a_day, exhausted_on=exhausted, at_year_end=used + a_day * days_left)
