"""The history of beds: occupancy weighted with time, and thinning that never loses a day."""

import datetime
from datetime import timedelta

import pytest

from facilities import bed_history
from facilities.enums import WardType
from facilities.models import BedReport
from tests import factories as f
from tests.facilities.factories import report

pytestmark = pytest.mark.django_db
DAY = f.TODAY - timedelta(days=1)


def moment(day, hour, minute=0):
    return datetime.datetime.combine(day, datetime.time(hour, minute), tzinfo=f.NOW.tzinfo)


def test_each_report_counts_for_as_long_as_it_held():
    report(capacity=10, occupied=10, at=moment(DAY, 0))
    report(capacity=10, occupied=5, at=moment(DAY, 18))
    assert bed_history.occupancy(f.hospital(), first=DAY, last=DAY) == {DAY: 87.5}


def test_wards_count_by_their_beds_and_other_hospitals_not_at_all():
    report(capacity=30, occupied=30, at=moment(DAY, 8))
    report(ward=WardType.ICU, capacity=10, occupied=0, at=moment(DAY, 8))
    report(ward=WardType.EMERGENCY, capacity=10, occupied=0, at=moment(DAY, 8))
    report(hospital=f.hospital(1), capacity=10, occupied=0, at=moment(DAY, 8))
    assert bed_history.occupancy(f.hospital(), first=DAY, last=DAY) == {DAY: 75.0}


def test_a_day_belongs_to_jakarta_and_one_without_report_leaves_a_gap():
    report(capacity=10, occupied=10, at=moment(DAY, 0, 30))
    found = bed_history.occupancy(f.hospital(), first=DAY - timedelta(days=1), last=DAY)
    assert found == {DAY: 100.0}
    assert "BOR" in bed_history.occupancy_chart(f.hospital(), until=DAY)
    assert bed_history.occupancy_chart(f.hospital(1), until=DAY) == ""


def test_a_ward_without_beds_has_no_rate():
    report(capacity=0, occupied=0, at=moment(DAY, 8))
    assert bed_history.occupancy(f.hospital(), first=DAY, last=DAY) == {}


def test_old_reports_grow_thin_by_the_hour_then_by_the_day_and_young_ones_stay():
    ages = {"young": 10, "month": 40, "old": 100}
    for days in sorted(ages.values(), reverse=True):
        day = f.TODAY - timedelta(days=days)
        for n, (hour, minute) in enumerate([(8, 0), (8, 20), (8, 40), (9, 0)]):
            report(occupied=n, at=moment(day, hour, minute))
    assert bed_history.thin(at=f.NOW) == 2 + 3

    def kept(age):
        day = f.TODAY - timedelta(days=ages[age])
        return list(
            BedReport.objects.filter(reported_at__date=day).order_by("reported_at").values_list("occupied", flat=True)
        )

    assert (kept("young"), kept("month"), kept("old")) == ([0, 1, 2, 3], [2, 3], [3])
    assert bed_history.thin(at=f.NOW) == 0
