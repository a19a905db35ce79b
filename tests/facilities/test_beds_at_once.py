"""Several desks and programs in the same second, on real transactions."""

from datetime import timedelta

import pytest
from django.db import IntegrityError
from django.db.models import F

from facilities import bed_push, beds
from facilities.enums import BedSource, HoldEnd, WardType
from facilities.models import BedCount, BedHold, BedReport
from ksb.core.errors import Refused
from tests import factories as f
from tests.facilities.factories import report
from tests.referrals.test_at_once import at_once

pytestmark = pytest.mark.django_db(transaction=True)
UNTIL = f.NOW + timedelta(hours=2)


def hold(reference, hospital):
    return beds.hold(facility=hospital, ward=WardType.CLASS_3, reference=reference, until=UNTIL, actor=None, at=f.NOW)


def test_many_clerks_get_as_many_beds_as_there_are():
    report(capacity=10, occupied=7)
    hospital = f.hospital()
    results = at_once(*(lambda n=n: hold(f"R{n}", hospital) for n in range(8)))
    assert sum(isinstance(result, BedHold) for result in results) == 3
    assert sum(isinstance(result, Refused) for result in results) == 5
    assert BedCount.objects.get().held == BedHold.objects.running().count() == 3


def test_without_the_condition_the_same_clerks_would_be_stopped_by_the_database_only():
    """The control of the test above: the guard is seen to matter."""
    report(capacity=10, occupied=7)

    def grab():
        try:
            return BedCount.objects.update(held=F("held") + 1)
        except IntegrityError:
            return "wall"

    results = at_once(*[grab] * 8)
    assert (results.count(1), results.count("wall")) == (3, 5)


def test_a_double_click_holds_one_bed():
    report(capacity=10, occupied=4)
    hospital = f.hospital()
    at_once(*[lambda: hold("R", hospital)] * 4)
    assert BedCount.objects.get().held == BedHold.objects.running().count() == 1


def test_a_hold_ends_once_however_many_end_it():
    report(capacity=10, occupied=4)
    hospital = f.hospital()
    for n in range(4):
        hold(f"R{n}", hospital)
    at_once(
        lambda: beds.release(reference="R0", at=UNTIL, why=HoldEnd.ARRIVED),
        lambda: beds.release(reference="R0", at=UNTIL, why=HoldEnd.CANCELLED),
        lambda: beds.release_due(UNTIL),
        lambda: beds.release_due(UNTIL),
        lambda: report(capacity=10, occupied=9, at=UNTIL),
    )
    assert BedCount.objects.get().held == BedHold.objects.running().count() == 0


def test_reports_of_one_second_are_written_one_after_the_other_and_the_last_moment_stays():
    hospital = f.hospital()
    moments = [f.NOW + timedelta(minutes=n) for n in range(6)]
    at_once(*(lambda n=n, at=at: report(hospital=hospital, occupied=n, at=at) for n, at in enumerate(moments)))
    count = BedCount.objects.get()
    assert (count.reported_at, count.occupied) == (moments[-1], 5)
    written = list(BedReport.objects.order_by("id").values_list("reported_at", flat=True))
    assert written == sorted(written)


def test_rooms_pushed_in_the_same_second_all_count():
    hospital = f.hospital()

    def push(n):
        body = {"kodekelas": "KL3", "koderuang": f"R{n}", "namaruang": "R", "kapasitas": 10, "tersedia": n}
        return bed_push.put(facility=hospital, body=body, vocabulary=BedSource.API, at=f.NOW)

    at_once(*(lambda n=n: push(n) for n in range(6)))
    count = BedCount.objects.get()
    assert (count.capacity, count.free) == (60, 15)
