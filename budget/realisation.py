"""The realisation of a budget at the end of a month, a quarter or the year (L19): by line, source, hospital, kind, kecamatan."""

import calendar
import datetime
from dataclasses import dataclass, replace

from django.db.models import Q, Sum

from budget import bahvs, sources
from budget.enums import LedgerKind as K
from budget.forecast import forecasts
from budget.models import LedgerEntry, PaymentPart
from facilities.enums import CareType

QUARTER = 3  # months


@dataclass(frozen=True)
class Period:
    """A month, a quarter or the whole of a year; days inclusive."""

    code: str
    first: datetime.date
    last: datetime.date

    @property
    def is_quarter(self):
        return "Q" in self.code

    @property
    def is_year(self):
        return self.code == "Y"

    @property
    def quarter(self):
        return (self.last.month + 2) // QUARTER


def periods(year):
    """The twelve months, the four quarters and the whole of a year."""
    months = [Period(f"{m:02d}", datetime.date(year, m, 1), _last_day(year, m)) for m in range(1, 13)]
    quarters = [Period(f"Q{m // 3}", datetime.date(year, m - 2, 1), _last_day(year, m)) for m in (3, 6, 9, 12)]
    return [*months, *quarters, Period("Y", datetime.date(year, 1, 1), _last_day(year, 12))]


def _last_day(year, month):
    return datetime.date(year, month, calendar.monthrange(year, month)[1])


@dataclass(frozen=True)
class Row:
    """A line at the end of a period, whole rupiah. ``debt`` was carried over from earlier years; ``at_year_end`` forecast."""

    name: str
    account: str = ""
    original: int = 0
    revised: int = 0
    in_period: int = 0
    realised: int = 0
    unpaid: int = 0
    debt: int = 0
    at_year_end: int = 0

    @property
    def left(self):
        return self.revised - self.realised


def report(lines, *, period, on):
    """The report of ``lines`` (a queryset of one year) for ``period``, seen on a day. A dictionary for page and paper.

    ``lines`` Rows and their ``total``; ``sources`` SourceRows; ``hospitals`` (name, is public, in the period,
    cumulative); ``kinds`` and ``kecamatan`` (name, cumulative); ``reciprocal`` what went to the city's own hospitals.
    """
    lines = list(lines)
    rows = _rows(lines, period, on)
    hospitals = _hospitals(lines, period)
    year = lines[0].year_id if lines else period.first.year
    claims = bahvs.paid_claims(year=year, until=period.last).order_by()
    kinds = claims.values_list("care_type").annotate(sum=Sum("approved"))
    places = claims.values_list("resident__kelurahan__parent__name").annotate(sum=Sum("approved"))
    return {
        "lines": list(rows.values()),
        "total": _total(rows.values()),
        "sources": sources.of_lines(lines, period),
        "hospitals": hospitals,
        "reciprocal": sum(cumulative for _name, public, _period, cumulative in hospitals if public),
        "kinds": [(CareType(kind).label, amount) for kind, amount in kinds.order_by("care_type")],
        "kecamatan": [(name or "–", amount) for name, amount in places.order_by("resident__kelurahan__parent__name")],
    }


def _rows(lines, period, on):
    found = {line.pk: Row(name=line.name, account=line.account) for line in lines}
    ends = Q(line__in=found, entered_at__date__lte=period.last)
    sums = LedgerEntry.objects.filter(ends).order_by().values_list("line", "kind").annotate(sum=Sum("amount"))
    moved = {(line, kind): amount for line, kind, amount in sums}
    paid = dict(_paid(lines, period, since=None))
    in_period = dict(_paid(lines, period, since=period.first))
    expected = forecasts(lines, on=min(on, period.last))
    for pk, row in found.items():
        debt = moved.get((pk, K.DEBT), 0)
        committed = moved.get((pk, K.COMMIT), 0) + debt - moved.get((pk, K.UNCOMMIT), 0)
        realised = paid.get(pk, 0)
        found[pk] = replace(
            row,
            original=moved.get((pk, K.ALLOCATE), 0),
            revised=moved.get((pk, K.ALLOCATE), 0) + moved.get((pk, K.REVISE), 0),
            in_period=in_period.get(pk, 0),
            realised=realised,
            unpaid=max(committed - realised, 0),
            debt=debt,
            at_year_end=expected[pk].at_year_end,
        )
    return found


def _paid(lines, period, *, since):
    """What SP2Ds dated in the period, or until its end, took from each line."""
    parts = PaymentPart.objects.filter(line__in=lines, live=True, payment__sp2d_date__lte=period.last)
    if since:
        parts = parts.filter(payment__sp2d_date__gte=since)
    return parts.order_by().values_list("line").annotate(Sum("amount"))


def _total(rows):
    names = ("original", "revised", "in_period", "realised", "unpaid", "debt", "at_year_end")
    return Row(name="", **{name: sum(getattr(row, name) for row in rows) for name in names})


def _hospitals(lines, period):
    parts = PaymentPart.objects.filter(line__in=lines, live=True, payment__sp2d_date__lte=period.last)
    inside = Q(payment__sp2d_date__gte=period.first)
    sums = parts.order_by().values_list("payment__hospital__name", "payment__hospital__ownership")
    found = sums.annotate(inside=Sum("amount", filter=inside, default=0), all=Sum("amount"))
    return [
        (name, owner == "PUBLIC", now, total) for name, owner, now, total in found.order_by("payment__hospital__name")
    ]
