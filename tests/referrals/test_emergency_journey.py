"""Emergencies in the browser: the hospital's desk and the duty officer, wide and narrow, without JavaScript."""

import pytest
from django.urls import reverse

from referrals.models import EmergencyNotice, Sjp
from tests import factories as f
from tests.referrals import emergencies as e
from tests.referrals import factories as r

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def desk():
    return r.desk(r.contracted())


def fill_in(page):
    page.check("[name=identity_check][value=KTP_SEEN]")
    page.fill("#id_day", "22-11-2026")
    page.fill("#id_clock", "07.30")
    page.fill("#id_medical_record", "00-77-01")
    page.check("[name=service][value=INPATIENT]")
    page.fill("#id_room", "ICU 2")
    page.check("[name=criterion][value=CONSCIOUSNESS]")
    page.fill("#id_diagnosis", "J18.9")
    page.fill("#id_findings", "GCS 9, TD 90/60")
    page.fill("#id_statement", "Penurunan kesadaran, perlu tindakan segera")
    page.fill("#id_doctor_name", "dr. Rudi Hartono")


def walk(page, sign_in, audit, desk, person):
    sign_in(page, desk)
    page.goto(reverse("referrals:emergencies"))
    audit(page)
    page.click(f"a[href='{reverse('referrals:begin_emergency')}']")
    audit(page)
    page.fill("#id_nik", person.nik)
    page.keyboard.press("Enter")
    page.wait_for_url("**/lapor/*-*/")
    audit(page)
    page.click("main form button")
    page.wait_for_selector("#id_criterion_0, [name=criterion]")
    audit(page)  # everything that is missing is said
    fill_in(page)
    page.click("main form button")
    page.wait_for_selector("[value=report]")
    audit(page)
    page.click("[value=report]")
    page.wait_for_selector(".k-tag--info")
    audit(page)
    notice = EmergencyNotice.objects.get()
    assert (notice.resident, notice.room) == (person, "ICU 2")
    officer = e.officer()
    sign_in(page, officer)
    page.goto(reverse("referrals:emergencies"))
    audit(page)
    page.click(f"a[href='{reverse('referrals:emergency', args=[notice.public_id])}']")
    audit(page)
    page.click("form[action$='setujui/'] button")
    page.wait_for_selector(".k-tag--ok")
    audit(page)
    assert Sjp.objects.get().number in page.inner_text("main")


@pytest.mark.parametrize("width", [1280, 390])
def test_desk_reports_and_officer_approves(page, sign_in, audit, desk, width):
    page.set_viewport_size({"width": width, "height": 800})
    walk(page, sign_in, audit, desk, f.covered_person())


def test_desk_reports_and_officer_approves_without_javascript(page_without_javascript, sign_in, audit, desk):
    walk(page_without_javascript, sign_in, audit, desk, f.covered_person())


def test_a_late_report_of_an_unknown_victim_of_traffic(page, sign_in, audit, desk):
    page.set_viewport_size({"width": 390, "height": 800})
    notice = e.late(desk, cause="TRAFFIC_ACCIDENT", **e.UNKNOWN)
    address = reverse("referrals:emergency", args=[notice.public_id])
    sign_in(page, desk)
    for name in ("identify_emergency", "emergency_payer", "attach_emergency_paper", "emergency_text"):
        page.goto(reverse(f"referrals:{name}", args=[notice.public_id]))
        audit(page)
    person = f.covered_person()
    page.goto(reverse("referrals:identify_emergency", args=[notice.public_id]))
    page.fill("#id_nik", person.nik)
    page.check("[name=identity_check][value=FAMILY]")
    page.click("main form button")
    page.wait_for_url(f"**{address}")
    audit(page)
    sign_in(page, e.officer())
    for name in ("permit_emergency", "decline_emergency"):
        page.goto(reverse(f"referrals:{name}", args=[notice.public_id]))
        audit(page)
    page.goto(reverse("referrals:permit_emergency", args=[notice.public_id]))
    page.fill("#id_reason", "Keluarga baru ditemukan")
    page.click("main form button")
    page.wait_for_url(f"**{address}")
    audit(page)
    assert Sjp.objects.get().emergency
