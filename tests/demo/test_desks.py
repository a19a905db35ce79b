"""The demonstration's desks in the morning: not a year of notices, and figures of the months gone by."""

import pytest

from facilities.enums import Role
from ksb.core.models import Notice
from ksb.demo import desks
from reports.models import MonthlyFigure, PuskesmasVisits
from tests import factories as f
from tests.notices import factories as n

pytestmark = pytest.mark.django_db


def test_each_desk_keeps_its_newest_notices_as_new():
    places = [f.hospital(0), f.hospital(1)]
    for number in range(desks.NEW_AT_EACH_DESK + 3):
        for place in places:
            n.tell_desk(Role.HOSPITAL_DESK, place, once=number)
    assert desks.clear_the_past(at=f.NOW) == 6
    for place in places:
        unread = Notice.objects.visible_to(f.make_user(Role.HOSPITAL_DESK, facility=place)).unread()
        assert unread.count() == desks.NEW_AT_EACH_DESK
        assert unread.order_by("id").first().pk > Notice.objects.filter(read_at__isnull=False, facility=place).last().pk


def test_the_doctor_has_entered_a_year_of_visits():
    doctor = f.make_user(Role.PUSKESMAS_DOCTOR)
    assert desks.count_referrals(doctor=doctor, on=f.TODAY, at=f.NOW) > 0
    assert PuskesmasVisits.objects.filter(puskesmas=doctor.facility).count() == desks.MONTHS
    assert MonthlyFigure.objects.filter(measure="visits", puskesmas=doctor.facility).count() == desks.MONTHS
