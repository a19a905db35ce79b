"""The demonstration's beds: no empty screen, however often it is made."""

import pytest

from facilities import bed_history
from facilities.models import BedCount, BedReport
from ksb.demo.beds import report_beds
from tests import factories as f

pytestmark = pytest.mark.django_db


def test_every_hospital_with_beds_has_reported_for_a_month_and_again_changes_only_now():
    report_beds(at=f.NOW)
    wards, reports = BedCount.objects.count(), BedReport.objects.count()
    assert reports == wards * (1 + 30 * 4)
    assert len(bed_history.occupancy(f.hospital(), first=f.TODAY.replace(day=1), last=f.TODAY)) == 22
    report_beds(at=f.NOW)
    assert BedReport.objects.count() == reports
