"""The demonstration shows an emergency at each step of the way."""

import datetime

import pytest

from facilities.models import Facility
from ksb.demo.emergencies import live_emergencies
from ksb.demo.people import RSUD
from participants.eligibility import city
from referrals.models import EmergencyNotice
from tests import factories as f


@pytest.mark.django_db
def test_every_queue_has_something_to_show():
    f.make_user("HOSPITAL_DESK", facility=Facility.objects.get(code=RSUD), username="rsud.daftar")
    f.make_user("DINKES_SERVICES", username="dinkes.layanan")
    for _ in range(5):
        f.covered_person(birth_date=datetime.date(1960, 5, 17))
    city.reevaluate(on=f.TODAY, at=f.NOW)
    live_emergencies(on=f.TODAY, at=f.NOW)
    states = sorted(EmergencyNotice.objects.values_list("state", flat=True))
    assert states == ["APPROVED", "DECLINED_CRITERIA", "LATE", "NEEDS_DATA", "REPORTED", "REPORTED"]
    assert EmergencyNotice.objects.filter(resident__isnull=True).exists()


@pytest.mark.django_db
def test_a_city_without_people_shows_the_unknown_patient_alone():
    f.make_user("HOSPITAL_DESK", facility=Facility.objects.get(code=RSUD), username="rsud.daftar")
    f.make_user("DINKES_SERVICES", username="dinkes.layanan")
    live_emergencies(on=f.TODAY, at=f.NOW)
    assert EmergencyNotice.objects.get().marks
