"""Letters of every kind in the browser: Dinkes decides, a hospital asks for days, refers on, registers sessions."""

import pytest
from django.urls import reverse

from facilities.enums import Service
from referrals import hospital
from referrals.models import Extension, Session, Sjp
from tests import factories as f
from tests.referrals import factories as r

pytestmark = pytest.mark.django_db(transaction=True)

WIDTHS = [1280, 390]


def at_width(page, width):
    page.set_viewport_size({"width": width, "height": 900})


@pytest.mark.parametrize("width", WIDTHS)
def test_dinkes_approves_one_letter_and_declines_another(page, sign_in, audit, width):
    first, second = (r.issue(to=r.outside()) for _ in range(2))
    at_width(page, width)
    sign_in(page, r.officer())
    page.goto(reverse("referrals:approvals"))
    audit(page)
    page.click(f"a[href*='{first.public_id}']")
    audit(page)
    page.click("button[value=approve]")
    page.goto(reverse("referrals:decide", args=[second.public_id]))
    page.click("button[value=decline]")
    page.wait_for_selector("#id_reason_error")
    audit(page)
    page.fill("#id_reason", "Dapat dilayani di RSUD")
    page.click("button[value=decline]")
    page.wait_for_url("**/persetujuan/")
    assert [Sjp.objects.get(pk=sjp.pk).state for sjp in (first, second)] == ["ISSUED", "DECLINED"]


@pytest.mark.parametrize("width", WIDTHS)
def test_a_hospital_asks_for_more_days_and_refers_on(page, sign_in, audit, width):
    sjp, other = r.issue(service=Service.INPATIENT), r.contracted(1)
    r.admit(sjp, at=f.NOW)
    at_width(page, width)
    sign_in(page, r.desk(sjp.hospital))
    page.goto(reverse("referrals:letter", args=[sjp.public_id]))
    audit(page)
    page.click("a[href$='/perpanjang/']")
    audit(page)
    page.fill("#id_doctor_name", "dr. Rahma, Sp.PD")
    page.fill("#id_reason", "Antibiotik belum selesai")
    page.click("main form button.k-btn")
    page.wait_for_url("**/surat/*/")
    assert Extension.objects.get().state == "WAITING"
    page.click("a[href$='/pindah/']")
    page.select_option("#id_reason", "EQUIPMENT")
    page.check("#id_direction_0")
    page.fill("#id_complaint", "Sesak berat")
    page.fill("#id_findings", "SpO2 84")
    page.fill("#id_doctor_name", "dr. Rahma, Sp.PD")
    page.click("button[name=show]")
    page.check(f"input[name=hospital][value='{other.pk}']")
    audit(page)
    page.click("main form button.k-btn:not([name])")
    page.wait_for_url("**/surat/*/")
    child = Sjp.objects.get(parent=sjp)
    hospital.accept(referral=child.referral, actor=r.desk(other), at=f.NOW)
    page.reload()
    audit(page)
    page.click("form[action$='/berangkat/'] button")
    page.wait_for_load_state()
    assert Sjp.objects.get(pk=sjp.pk).state == "SERVICE_DONE"


@pytest.mark.parametrize("width", WIDTHS)
def test_a_session_is_registered(page, sign_in, audit, width):
    letter = r.issue(service=Service.HAEMODIALYSIS, diagnosis=r.diagnosis("N18.5"))
    desk = r.desk(letter.hospital)
    at_width(page, width)
    sign_in(page, desk)
    page.goto(reverse("referrals:begin_series", args=[letter.public_id]))
    page.fill("#id_doctor_name", "dr. Rahma, Sp.PD-KGH")
    page.check("#id_weekdays_0")
    audit(page)
    page.click("main form button.k-btn")
    page.wait_for_url("**/seri/*/")
    audit(page)
    page.click("a[href$='/sesi/']")
    page.check("#id_identity_check_0")
    page.fill("#id_medical_record", "HD0003")
    page.fill("#id_clock", "04.00")
    page.fill("#id_ended", "08.00")
    audit(page)
    page.click("main form button.k-btn")
    page.wait_for_url("**/seri/*/")
    page.goto(reverse("referrals:series_list"))
    audit(page)
    assert Session.objects.count() == 1


def test_a_complement_and_a_trip_without_javascript(page_without_javascript, sign_in, tmp_path):
    from tests.support.scans import photo

    page, clerk, to = page_without_javascript, r.clerk(), r.contracted()
    member = f.covered_person()
    f.cover_elsewhere(member, segment=13)
    r.ambulance_tariff()
    letter = r.issue(clerk, to=to)
    scan = tmp_path / "bukti.jpg"
    scan.write_bytes(photo())
    sign_in(page, clerk)
    page.goto(reverse("referrals:request_complement", args=[r.draft_for(clerk, member).lookup.pk]))
    page.check("#id_category_0")
    page.select_option("#id_reason", "EQUIPMENT")
    page.fill("#id_diagnosis", "S06.0")
    page.fill("#id_complaint", "Dipukul orang tak dikenal")
    page.fill("#id_findings", "GCS 15")
    page.fill("#id_doctor_name", "dr. Sari")
    page.select_option("#id_service", "OUTPATIENT")
    page.select_option("#id_specialty", "INT")
    page.click("button[name=show]")
    page.check(f"input[name=hospital][value='{to.pk}']")
    page.select_option("#id_proof_kind", "POLICE_REPORT")
    page.fill("#id_proof_number", "LP/1")
    page.fill("#id_proof_dated", "20-11-2026")
    page.set_input_files("#id_file", scan)
    page.click("main form button.k-btn:not([name])")
    page.wait_for_url("**/terbit/")
    assert Sjp.objects.get(resident=member).state == "WAITING"
    page.goto(reverse("referrals:request_trip", args=[letter.public_id]))
    page.check("#id_origin_1")
    page.fill("#id_origin_place", "Puskesmas")
    page.fill("#id_expected_km", "9")
    page.click("main form button.k-btn")
    page.wait_for_url("**/surat/*/")
    assert Sjp.objects.get(service=Service.AMBULANCE).state == "ISSUED"
