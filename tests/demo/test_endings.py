"""The demonstration shows letters that did not end as hoped, and a case in the hands of the duty officer."""

import pytest

from facilities.models import Facility
from ksb.demo.endings import live_endings
from ksb.demo.people import PRIVATE_HOSPITAL, PUSKESMAS, RSUD
from participants.eligibility import city
from referrals.models import Escalation, Sjp
from tests import factories as f
from tests.referrals import factories as r

pytestmark = pytest.mark.django_db


def test_every_list_of_letters_has_something_to_show():
    r.contracted()  # a scheme and lists as fresh as a letter needs
    for role, code, name in (
        ("PUSKESMAS_CLERK", PUSKESMAS, "puskesmas"),
        ("HOSPITAL_DESK", RSUD, "rsud.daftar"),
        ("HOSPITAL_DESK", PRIVATE_HOSPITAL, "rs.daftar"),
    ):
        f.make_user(role, facility=Facility.objects.get(code=code), username=name)
    for code in (RSUD, PRIVATE_HOSPITAL):
        place = Facility.objects.get(code=code)
        if not place.contracts.exists():
            f.make_contract(place)
    f.make_user("DINKES_SERVICES", username="dinkes.layanan")
    for _ in range(7):
        f.covered_person()
    city.reevaluate(on=f.TODAY, at=f.NOW)
    live_endings(on=f.TODAY, at=f.NOW)
    assert sorted(Sjp.objects.values_list("state", "referral__state")) == [
        ("CANCELLED", "CANCELLED"),
        ("CANCELLED", "REFUSED"),
        ("CANCELLED", "REFUSED"),
        ("EXPIRED", "ISSUED"),
        ("ISSUED", "ISSUED"),
        ("ISSUED", "ISSUED"),
        ("REVOKED", "CANCELLED"),
    ]
    assert sorted(Escalation.objects.values_list("state", flat=True)) == ["OPEN", "TAKEN"]
