"""The hospital desk and the Puskesmas after the arrival, in the browser: wide, on a phone, and without JavaScript."""

import datetime

import pytest
from django.urls import reverse

from facilities.enums import Role
from referrals.models import BackReferral, ControlLetter, Episode, Handover
from tests import factories as f
from tests.referrals import factories as r
from tests.referrals.test_journeys import tab_to

pytestmark = pytest.mark.django_db(transaction=True)
WIDTHS = [1280, 390]
WEEK_AHEAD = (f.TODAY + datetime.timedelta(days=7)).strftime("%d-%m-%Y")


@pytest.fixture
def sjp():
    person = f.covered_person()
    f.fresh_sources()
    return r.issue(resident=person)


def send(page):
    page.click("main form:not([action]) button:last-of-type")


def goes_home_with_a_control_letter(page, sign_in, audit, sjp):
    """Discharge, medical summary in two sittings, control letter; each page audited."""
    desk = r.desk(sjp.hospital)
    episode = r.admit(sjp, desk, at=f.NOW)
    sign_in(page, desk)
    page.goto(reverse("referrals:today"))
    audit(page)
    page.click(f"a[href$='{episode.public_id}/']")
    page.click("a[href$='/pulang/']")
    page.check("#id_status_0")
    send(page)
    page.wait_for_selector("#id_condition_error")
    audit(page)
    page.select_option("#id_condition", "IMPROVED")
    page.check("#id_next_step_3")
    send(page)
    page.wait_for_url(f"**/episode/{episode.public_id}/")
    audit(page)
    page.click("main a[href$='/resume/']")
    page.fill("#id_complaint", "Demam dan sesak")
    page.fill("#id_diagnosis", "j189")
    page.fill("#id_other_diagnoses", "E119 ZZZ")
    page.click("[name=complete]")
    page.wait_for_selector("#id_other_diagnoses_error")
    audit(page)
    page.fill("#id_other_diagnoses", "E119")
    page.fill("#id_findings", "Ronki kanan")
    page.fill("#id_therapy", "Antibiotik")
    page.fill("#id_advice", "Istirahat")
    page.fill("#id_doctor_name", "dr. Ayu")
    page.click("[name=complete]")
    page.wait_for_url(f"**/episode/{episode.public_id}/")
    page.click("a[href$='/kontrol/']")
    page.fill("#id_control_on", WEEK_AHEAD)
    page.fill("#id_doctor_name", "dr. Ayu")
    page.fill("#id_reason", "Dosis belum tetap")
    audit(page)
    send(page)
    page.wait_for_url(f"**/episode/{episode.public_id}/")
    audit(page)
    episode.refresh_from_db()
    assert (episode.state, ControlLetter.objects.get().specialty) == ("COMPLETE", sjp.specialty)
    assert episode.resume.other_diagnoses == ["E11.9"]


@pytest.mark.parametrize("width", WIDTHS)
def test_a_patient_goes_home_with_a_control_letter(page, sign_in, audit, sjp, width):
    page.set_viewport_size({"width": width, "height": 800})
    goes_home_with_a_control_letter(page, sign_in, audit, sjp)


def test_the_same_without_javascript(page_without_javascript, sign_in, audit, sjp):
    goes_home_with_a_control_letter(page_without_javascript, sign_in, audit, sjp)


@pytest.mark.parametrize("width", WIDTHS)
def test_the_control_visit_is_registered_from_todays_list(page, sign_in, audit, sjp, width):
    page.set_viewport_size({"width": width, "height": 800})
    desk = r.desk(sjp.hospital)
    r.call_back(r.left(sjp, desk, at=f.NOW), desk, on=f.TODAY, at=f.NOW)
    sign_in(page, desk)
    page.goto(reverse("referrals:today"))
    page.click("#controls + ul a")
    page.wait_for_selector("#id_invitation_0:checked")
    audit(page)
    page.check("#id_identity_check_0")
    page.fill("#id_medical_record", "00-12-34")
    send(page)
    page.wait_for_selector("[role=status]")
    assert Episode.objects.filter(sjp=sjp).count() == 2
    assert ControlLetter.objects.get().state == "USED"


def the_puskesmas_goes_on(page, sign_in, audit, sjp, role):
    desk = r.desk(sjp.hospital)
    episode = r.left(sjp, desk, at=f.NOW)
    sign_in(page, desk)
    page.goto(reverse("referrals:send_back", args=[episode.public_id]))
    audit(page)
    page.fill("#id_therapy", "Lanjutkan amlodipin")
    page.fill("#id_medicines", "Amlodipin 5 mg; 1 x 1")
    page.fill("#id_warning_signs", "Nyeri dada")
    page.fill("#id_doctor_name", "dr. Ayu")
    page.select_option("#id_programme", "HYPERTENSION")
    page.fill("#id_due_on", WEEK_AHEAD)
    send(page)
    page.wait_for_selector("#id_medicines_error")
    page.fill("#id_medicines", "Amlodipin 5 mg; 1 x 1; 30")
    send(page)
    page.wait_for_url(f"**/episode/{episode.public_id}/")
    sign_in(page, f.make_user(role, facility=sjp.puskesmas))
    page.goto(reverse("referrals:today"))
    audit(page)
    page.click("#take_over + ul a")
    audit(page)
    page.click("form[action$='/terima/'] button")
    page.wait_for_selector("#id_visited_on")
    audit(page)
    page.fill("#id_next_on", "22-12-2026")
    page.click("form[action$='/kunjungan/'] button")
    page.wait_for_selector("[role=status]")
    letter = BackReferral.objects.get()
    assert (letter.state, letter.visited_on, letter.medicines[0]["days"]) == ("VISITED", f.TODAY, 30)
    page.goto(reverse("referrals:chronic"))
    audit(page)
    page.goto(reverse("referrals:back_referrals"))
    audit(page)


@pytest.mark.parametrize(("width", "role"), [(1280, Role.PUSKESMAS_DOCTOR), (390, Role.PUSKESMAS_CLERK)])
def test_the_puskesmas_takes_a_patient_over(page, sign_in, audit, sjp, width, role):
    page.set_viewport_size({"width": width, "height": 800})
    the_puskesmas_goes_on(page, sign_in, audit, sjp, role)


def test_the_puskesmas_takes_a_patient_over_without_javascript(page_without_javascript, sign_in, audit, sjp):
    the_puskesmas_goes_on(page_without_javascript, sign_in, audit, sjp, Role.PUSKESMAS_DOCTOR)


@pytest.mark.parametrize("width", WIDTHS)
def test_a_shift_hands_over_and_a_patient_is_found(page, sign_in, audit, sjp, width):
    page.set_viewport_size({"width": width, "height": 800})
    desk = r.desk(sjp.hospital)
    r.admit(sjp, desk, at=f.NOW)
    sign_in(page, desk)
    page.goto(reverse("referrals:handovers"))
    audit(page)
    page.fill("#id_text", "Pasien kamar 3 menunggu keluarga.")
    send(page)
    page.wait_for_selector("[role=status]")
    audit(page)
    sign_in(page, r.desk(sjp.hospital))
    page.goto(reverse("referrals:today"))
    audit(page)
    page.click("form[action$='/baca/'] button")
    page.wait_for_url("**/serah-terima/")
    assert Handover.objects.get().read_by
    page.goto(reverse("referrals:today"))
    page.fill("#id_query", sjp.resident.nik)
    page.click("form[action$='/cari/'] button")
    page.wait_for_url("**/cari/")
    audit(page)
    assert sjp.number in page.inner_text("main")


@pytest.mark.parametrize("width", WIDTHS)
def test_a_doctor_takes_a_patient_over_and_records_the_visit_with_the_keyboard_alone(page, sign_in, audit, sjp, width):
    """The head of the Puskesmas: today's list, the specialist's letter, the first visit, the chronic programme, the figures."""
    page.set_viewport_size({"width": width, "height": 800})
    desk = r.desk(sjp.hospital)
    letter = r.send_back(r.left(sjp, desk, at=f.NOW, next_step=None), desk, at=f.NOW)
    sign_in(page, f.make_user(Role.PUSKESMAS_DOCTOR, facility=sjp.puskesmas))
    page.goto(reverse("referrals:today"))
    audit(page)
    tab_to(page, f"a[href$='{letter.public_id}/']")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/{letter.public_id}/")
    tab_to(page, "form[action$='/terima/'] button")
    page.keyboard.press("Enter")
    page.wait_for_selector("form[action$='/kunjungan/'] button")
    tab_to(page, "form[action$='/kunjungan/'] button")
    page.keyboard.press("Enter")
    page.wait_for_selector("form[action$='/kunjungan/'] ~ p, .k-notice--ok")
    audit(page)
    letter.refresh_from_db()
    assert (letter.state, letter.visits.count()) == ("VISITED", 1)
    for name in ("referrals:chronic", "referrals:letters", "reports:visits"):
        page.goto(reverse(name))
        audit(page)
