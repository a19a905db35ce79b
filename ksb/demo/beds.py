"""Beds of the demonstration: what every hospital has now, and a month of reports behind it, so that charts have a line."""

from django.db import connection

from facilities import beds
from facilities.beds import Figures
from facilities.enums import BedSource, WardType
from facilities.models import Facility

# One bed of this many of the hospital's stands in a ward of the type.
SHARES = {
    WardType.CLASS_3: 3,
    WardType.EMERGENCY: 15,
    WardType.ICU: 40,
    WardType.NICU: 60,
    WardType.ISOLATION: 30,
    WardType.MATERNITY: 12,
}
_MONTH_BEFORE = """
    INSERT INTO facilities_bedreport (count_id, capacity, occupied, cleaning, queue, source, reported_at, reported_by_id)
    SELECT c.id, c.capacity, c.capacity * (60 + (c.id * 7 + extract(doy FROM t) * 11 + extract(hour FROM t))::int %% 41) / 100,
           0, 0, c.source, t, c.reported_by_id
      FROM facilities_bedcount c
     CROSS JOIN generate_series(%(at)s - interval '30 days', %(at)s - interval '6 hours', interval '6 hours') t
     WHERE NOT EXISTS (SELECT FROM facilities_bedreport r WHERE r.count_id = c.id AND r.reported_at < %(at)s)"""


def report_beds(*, at):
    """Let every hospital that has beds report at ``at``; where nothing was reported before, fill the month before."""
    for number, hospital in enumerate(Facility.objects.hospitals().filter(active=True, beds__gt=0).order_by("code")):
        figures = {ward: _figures(max(1, hospital.beds // share), number) for ward, share in SHARES.items()}
        beds.report(facility=hospital, figures=figures, source=BedSource.MANUAL, actor=None, at=at)
    with connection.cursor() as cursor:
        cursor.execute(_MONTH_BEFORE, {"at": at})


def _figures(capacity, number):
    """Two thirds to all of the beds taken, one in twenty being cleaned."""
    occupied = capacity * (66 + number * 5 % 35) // 100
    return Figures(capacity=capacity, occupied=occupied, cleaning=min(capacity // 20, capacity - occupied))
