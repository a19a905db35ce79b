"""What happens by itself: holds end, silent hospitals are told once a day."""

from datetime import timedelta

import pytest
from django.utils import timezone

from facilities import bed_board, beds
from facilities.enums import Role, WardType
from facilities.models import BedCount, BedSilence
from facilities.tasks import mind_beds
from ksb.core import outbox
from ksb.core.models import Notice, OutboxEvent
from tests import factories as f
from tests.facilities.factories import report
from tests.referrals import factories as r

pytestmark = pytest.mark.django_db


def test_the_minute_ends_holds_and_tells_of_silence():
    hospital = r.contracted()
    then = timezone.now() - timedelta(hours=3)
    report(hospital=hospital, at=then)
    until = then + timedelta(hours=2)
    beds.hold(facility=hospital, ward=WardType.CLASS_3, reference="R1", until=until, actor=None, at=then)
    mind_beds()
    assert BedCount.objects.get().held == 0
    assert BedSilence.objects.get().since == then


def test_a_silent_hospital_is_told_once_a_day():
    hospital = r.contracted()
    report(hospital=hospital, at=f.NOW - timedelta(hours=3))
    assert [bed_board.tell_silence(at=f.NOW + timedelta(minutes=n)) for n in range(3)] == [1, 0, 0]
    assert bed_board.tell_silence(at=f.NOW + timedelta(days=1)) == 1
    event = OutboxEvent.objects.filter(kind="beds.stale").first()
    assert (event.object_id, event.payload) == (hospital.pk, {"day": "2026-11-22", "wards": ["CLASS_3"]})


def test_a_hospital_without_contract_owes_no_report():
    report(at=f.NOW - timedelta(hours=3))
    assert bed_board.tell_silence(at=f.NOW) == 0


def test_the_desk_and_dinkes_are_told_of_silence_once_a_day():
    hospital = r.contracted()
    report(hospital=hospital, at=f.NOW - timedelta(hours=3))
    for minutes in (0, 1):
        bed_board.tell_silence(at=f.NOW + timedelta(minutes=minutes))
        outbox.drain()
    told = Notice.objects.filter(kind__startswith="beds.").order_by("kind")
    assert [(notice.role, notice.facility_id) for notice in told] == [
        (Role.DINKES_SERVICES, None),
        (Role.HOSPITAL_DESK, hospital.pk),
    ]
