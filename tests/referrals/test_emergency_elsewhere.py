"""Emergencies at hospitals that have no account: reported for them, decided by somebody else, with the same clocks."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from facilities.models import Facility
from ksb.core.errors import NotAllowed, Refused
from referrals import hospital
from referrals.emergency import deciding, elsewhere, patients, reporting
from referrals.models import EmergencyNotice, Episode
from tests import factories as f
from tests.referrals import emergencies as e
from tests.referrals import factories as r

pytestmark = pytest.mark.django_db
TELLS = "Budi, suami pasien, 0812-5550-1234"


@pytest.fixture
def person():
    f.fresh_sources()
    return f.covered_person()


def told(actor, person, *, place=None, **values):
    """A notice for a hospital without account."""
    place = place or elsewhere.enter_hospital(name="RS Harapan Karawang", address="Karawang", actor=actor, at=f.NOW)
    return e.report(actor, person, hospital=place, informant=TELLS, specialty=r.specialty("IGD"), **values)


def test_a_clerk_reports_for_a_hospital_nobody_has_heard_of_and_another_person_decides(person):
    clerk = r.clerk()
    notice = told(clerk, person)
    assert (notice.state, notice.reporting_puskesmas, notice.late) == ("REPORTED", clerk.facility, False)
    assert notice.hospital.code.startswith("LUAR26")
    with pytest.raises(NotAllowed):
        deciding.approve(notice=notice, actor=clerk, at=f.NOW)
    sjp = deciding.approve(notice=notice, actor=e.officer(), at=f.NOW)
    assert (sjp.state, sjp.hospital) == ("USED", notice.hospital)


def test_the_rules_of_a_late_report_hold_here_too(person):
    admitted = {"admitted_at": f.NOW - timedelta(hours=96)}
    with pytest.raises(Refused):
        told(r.clerk(), person, **admitted)
    assert told(r.clerk(), person, **admitted, late_reason="Keluarga baru tahu.").state == "LATE"


def test_a_hospital_with_an_account_reports_itself(person):
    with pytest.raises(Refused):
        told(r.clerk(), person, place=r.desk(r.contracted()).facility)
    assert not EmergencyNotice.objects.exists()


def test_a_name_written_twice_is_one_hospital():
    clerk = r.clerk()
    places = [
        elsewhere.enter_hospital(name=name, address="Karawang", actor=clerk, at=f.NOW)
        for name in ("RS Harapan Karawang", "  rs harapan  karawang ", "RS Lain")
    ]
    assert len({place.pk for place in places}) == 2


def test_who_reported_answers_and_dinkes_registers_the_discharge(person):
    clerk, officer = r.clerk(), e.officer()
    notice = told(clerk, person)
    deciding.ask(notice=notice, question="Ruang?", until=f.NOW + e.HOUR, actor=officer, at=f.NOW)
    for stranger in (r.clerk(f.puskesmas(1)), e.officer(), r.desk(r.contracted())):
        with pytest.raises(NotAllowed):
            reporting.answer(notice=notice, text="ICU", actor=stranger, at=f.NOW)
    notice = reporting.answer(notice=notice, text="ICU", actor=clerk, at=f.NOW)
    deciding.approve(notice=notice, actor=officer, at=f.NOW)
    stay = Episode.objects.get(resident=person)
    with pytest.raises(NotAllowed):
        hospital.discharge(episode=stay, actor=clerk, at=f.NOW, status=1)
    assert hospital.discharge(episode=stay, actor=officer, at=f.NOW, status=1).state == "DISCHARGED"


def test_a_patient_nobody_knows_is_identified_by_who_reported_and_decided_on_by_another(person):
    clerk, officer = r.clerk(), e.officer()
    notice = told(clerk, None, **e.UNKNOWN)
    assert (notice.resident, notice.reporting_puskesmas) == (None, clerk.facility)
    found = {"notice": notice, "resident": person, "identity_check": "FAMILY", "at": f.NOW}
    for stranger in (r.clerk(f.puskesmas(1)), r.desk(r.contracted())):
        with pytest.raises(NotAllowed):
            patients.identify(actor=stranger, **found)
    with pytest.raises(Refused):
        deciding.approve(notice=notice, actor=officer, at=f.NOW)
    notice = patients.identify(actor=clerk, **found)
    with pytest.raises(NotAllowed):
        deciding.approve(notice=notice, actor=clerk, at=f.NOW)
    assert deciding.approve(notice=notice, actor=officer, at=f.NOW).resident == person


def test_on_the_pages_a_patient_without_a_name_is_described_and_named_later(client, person):
    client.force_login(r.clerk())
    assert (
        reverse("referrals:report_unknown_elsewhere")
        in client.get(reverse("referrals:begin_elsewhere")).content.decode()
    )
    typed = {
        **e.CASE,
        **e.UNKNOWN,
        **{"informant": TELLS, "diagnosis": "J18.9", "specialty": "IGD", "hospital_name": "RS Jauh"},
        **{
            "hospital_address": "Cirebon",
            "day": f"{timezone.localdate():%d-%m-%Y}",
            "clock": "00.00",
            "step": "report",
        },
    }
    client.post(reverse("referrals:report_unknown_elsewhere"), typed)
    notice = EmergencyNotice.objects.get()
    page = client.get(reverse("referrals:emergency", args=[notice.public_id])).content.decode()
    address = reverse("referrals:identify_emergency", args=[notice.public_id])
    assert address in page
    client.post(address, {"nik": person.nik, "identity_check": "FAMILY"})
    notice.refresh_from_db()
    assert notice.resident == person


def test_on_the_pages_of_clerk_and_dinkes(client, person):
    clerk = r.clerk()
    client.force_login(clerk)
    address = client.post(reverse("referrals:begin_elsewhere"), {"nik": person.nik}).url
    assert person.nik not in address
    typed = {
        **e.CASE,
        **{"informant": TELLS, "identity_check": "FAMILY", "diagnosis": "J18.9", "specialty": "IGD"},
        **{"day": f"{timezone.localdate():%d-%m-%Y}", "clock": "00.00"},
    }
    page = client.post(address, {**typed, "step": "check"})
    assert "hospital" in page.context["form"].errors
    typed |= {"hospital_name": "RS Harapan Karawang", "hospital_address": "Jl. Tuparev, Karawang"}
    page = client.post(address, {**typed, "step": "check"})
    assert "RS Harapan Karawang" in page.content.decode()
    assert not Facility.objects.filter(name="RS Harapan Karawang").exists()
    done = client.post(address, {**typed, "step": "report"}, follow=True).content.decode()
    assert TELLS in done
    client.force_login(e.officer())
    assert (
        TELLS
        in client.get(reverse("referrals:emergency", args=[EmergencyNotice.objects.get().public_id])).content.decode()
    )
