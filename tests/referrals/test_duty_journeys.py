"""From a refusal to the bed found, in the browser: clerk, hospital desk and duty officer, narrow and without JavaScript."""

from datetime import timedelta

import pytest
from django.urls import reverse

from facilities import beds
from referrals import escalation
from referrals.models import Escalation, Sjp
from tests import factories as f
from tests.referrals import factories as r

pytestmark = pytest.mark.django_db(transaction=True)
WIDTHS = [1280, 390]


@pytest.fixture
def sjp():
    """A request for intensive care at the first hospital, which has one bed left; the second is full."""
    sjp = r.issue(to=r.contracted(), service="INTENSIVE")
    for number, occupied in ((0, 3), (1, 4)):
        figures = {"ICU": beds.Figures(capacity=4, occupied=occupied)}
        place = r.contracted(number)
        beds.report(facility=place, figures=figures, source="MANUAL", actor=f.system(), at=f.NOW)
    r.contracted(2)
    return sjp


def url(name, thing):
    return reverse(f"referrals:{name}", args=[thing.public_id])


def refuse_in_the_browser(page, sign_in, audit, sjp):
    sign_in(page, r.desk(sjp.hospital))
    page.goto(reverse("referrals:inbox"))
    audit(page)
    page.click(f"a[href='{url('letter', sjp)}']")
    page.click("a[href$='/tolak/']")
    page.click("main form button")
    page.wait_for_selector("#ringkasan-kesalahan")
    audit(page)
    page.check("[name=code][value=NO_BED]")
    page.fill("#id_reason", "Tempat tidur ICU terakhir baru terisi")
    page.click("main form button")
    page.wait_for_url(f"**{reverse('referrals:inbox')}")


@pytest.mark.parametrize("width", WIDTHS)
def test_a_refused_patient_is_sent_on_with_one_click(page, sign_in, audit, sjp, width):
    page.set_viewport_size({"width": width, "height": 900})
    refuse_in_the_browser(page, sign_in, audit, sjp)
    sign_in(page, sjp.issued_by)
    page.goto(reverse("referrals:search"))
    audit(page)
    page.click(f"form[action='{url('choose_again', sjp)}'] button")
    page.wait_for_url("**/rujukan/pasien/*/rujukan/")
    audit(page)
    page.click("#continue")
    page.wait_for_url("**/periksa/")
    audit(page)
    page.click("main form button")
    page.wait_for_url("**/terbit/")
    audit(page)
    new = Sjp.objects.order_by("-pk").first()
    assert (new.referral.earlier, new.referral.complaint) == (sjp.referral, sjp.referral.complaint)
    page.goto(url("letter", new))
    audit(page)


def test_a_hospital_keeps_a_bed_by_accepting_without_javascript(page_without_javascript, sign_in, audit, sjp):
    page = page_without_javascript
    sign_in(page, r.desk(sjp.hospital))
    page.goto(url("letter", sjp))
    audit(page)
    page.click("form[action$='/terima/'] button")
    page.wait_for_selector(".k-note--ok")
    audit(page)
    sjp.referral.refresh_from_db()
    assert sjp.referral.state == "ACCEPTED"


def _find_a_hospital(page, sign_in, audit, sjp):
    escalation.open_overdue(at=sjp.referral.answer_due + timedelta(minutes=1))
    case = Escalation.objects.get()
    found = r.contracted(2)
    sign_in(page, f.make_user("DINKES_SERVICES"))
    page.goto(reverse("referrals:escalations"))
    audit(page)
    page.click(f"a[href='{url('escalation', case)}']")
    audit(page)
    page.click("form[action$='/ambil/'] button")
    page.wait_for_selector("form[action$='/rs/']")
    page.click("form[action$='/rs/'] button")
    page.wait_for_selector("#ringkasan-kesalahan")
    audit(page)
    page.check(f"[name=found-hospital][value='{found.pk}']")
    page.fill("#id_found-accepted_by_name", "dr. Rini, dokter jaga ICU")
    page.click("form[action$='/rs/'] button")
    page.wait_for_selector(".k-note--ok")
    audit(page)
    sign_in(page, sjp.issued_by)
    page.goto(reverse("referrals:search"))
    audit(page)
    page.click(f"a[href='{url('escalation', case)}']")
    audit(page)
    page.click("form[action$='/surat/'] button")
    page.wait_for_url("**/rujukan/pasien/*/rujukan/")
    assert page.is_checked(f"[name=hospital][value='{found.pk}']")
    page.click("#continue")
    page.wait_for_url("**/periksa/")
    page.click("main form button")
    page.wait_for_url("**/terbit/")
    new = Sjp.objects.order_by("-pk").first()
    assert (new.hospital, new.referral.state) == (found, "ACCEPTED")


@pytest.mark.parametrize("width", WIDTHS)
def test_the_duty_officer_finds_a_bed_and_the_clerk_writes_the_letter(page, sign_in, audit, sjp, width):
    page.set_viewport_size({"width": width, "height": 900})
    _find_a_hospital(page, sign_in, audit, sjp)


def test_so_they_do_without_javascript(page_without_javascript, sign_in, audit, sjp):
    _find_a_hospital(page_without_javascript, sign_in, audit, sjp)
