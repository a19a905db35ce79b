"""Approved and not paid: by hospital, service month and age (L20). Age counts from the day of the decision."""

import datetime

from django.db.models import Count, Q, Sum
from django.db.models.functions import TruncMonth
from django.utils import timezone

from claims.enums import ClaimState
from claims.models import Claim

OWED = (ClaimState.APPROVED, ClaimState.PARTLY_APPROVED)
AGES = ((0, 30), (31, 60), (61, 90), (91, None))
LAST_YEAR = "last_year"


def owed_claims():
    """Every claim the city owes for: approved, not paid."""
    return Claim.objects.filter(state__in=OWED, approved__gt=0)


def ageing(*, on):
    """One row for each hospital and service month that is owed for, oldest month first within a hospital.

    Rows are mappings: ``hospital`` (name), ``month``, ``claims``, ``total`` and rupiah by age: ``age_0`` (to 30 days),
    ``age_31``, ``age_61``, ``age_91``, and ``last_year`` for services of years before ``on``, whatever their age. One query.
    """
    this_year = Q(discharged_on__gte=datetime.date(on.year, 1, 1))
    sums = {
        f"age_{first}": Sum("approved", filter=this_year & _aged(first, last, on), default=0) for first, last in AGES
    }
    return list(
        owed_claims()
        .filter(decided_at__lt=_midnight(on + datetime.timedelta(days=1)))
        .order_by()
        .annotate(month=TruncMonth("discharged_on"))
        .values("hospital__name", "hospital__code", "month")
        .annotate(
            claims=Count("pk"), total=Sum("approved"), last_year=Sum("approved", filter=~this_year, default=0), **sums
        )
        .order_by("hospital__name", "month")
    )


def total(rows):
    """The last row of the list: every column summed."""
    names = ("claims", "total", *(f"age_{first}" for first, _last in AGES), LAST_YEAR)
    return {name: sum(row[name] for row in rows) for name in names}


def _aged(first, last, on):
    aged = Q(decided_at__lt=_midnight(on - datetime.timedelta(days=first - 1)))
    return aged if last is None else aged & Q(decided_at__gte=_midnight(on - datetime.timedelta(days=last)))


def _midnight(day):
    return timezone.make_aware(datetime.datetime.combine(day, datetime.time()))
