"""The desks in the browser: keyboard alone, small phone, no JavaScript. Every page quiet, accessible, narrow enough."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from referrals.models import Episode, Sjp
from tests import factories as f
from tests.referrals import factories as r

pytestmark = pytest.mark.django_db(transaction=True)

WIDTHS = [1280, 390]


@pytest.fixture
def clerk():
    return r.clerk()


@pytest.fixture
def person():
    household = f.make_family(3)
    f.enrol(household)
    f.fresh_sources()
    r.contracted()
    r.contracted(1)
    r.contracted(public=False)
    return household.head


def tab_to(page, selector, presses=80):
    """Press Tab until the element has the focus."""
    for _ in range(presses):
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
        page.keyboard.press("Tab")
    pytest.fail(f"Tab does not reach {selector}")


class Requests:
    """What the clerk waits for: pages shown and fragments fetched; a redirect belongs to its form."""

    def __init__(self, page):
        self.seen = []
        page.on("response", self._note)

    def _note(self, response):
        if response.request.resource_type in ("document", "xhr", "fetch") and response.status == 200:
            self.seen.append(response.url)


@pytest.mark.parametrize("width", WIDTHS)
def test_a_clerk_writes_a_letter_with_the_keyboard_alone(page, sign_in, audit, clerk, person, width):
    page.set_viewport_size({"width": width, "height": 800})
    sign_in(page, clerk)
    page.goto(reverse("referrals:search"))
    audit(page)
    waited = Requests(page)
    page.keyboard.type(person.nik)  # the field has the focus already
    page.keyboard.press("Enter")
    page.wait_for_url("**/pasien/*/")
    audit(page)
    waited.seen = waited.seen[:1]
    page.keyboard.press("Enter")  # so has the button
    page.wait_for_url("**/rujukan/pasien/*/rujukan/")
    page.keyboard.type("Demam dan sesak sejak tiga hari")
    page.keyboard.press("Tab")
    page.keyboard.type("TD 120/80, nadi 96, suhu 38,4")
    tab_to(page, "#id_query")
    page.keyboard.type("j189")
    page.keyboard.press("Enter")
    page.wait_for_selector("#diagnosis-list [value='J18.9']")
    tab_to(page, "#diagnosis-list input")
    page.keyboard.press("Space")
    tab_to(page, "#id_reason")
    page.keyboard.press("ArrowDown")
    tab_to(page, "#id_specialty")
    page.select_option("#id_specialty", "INT")
    page.wait_for_selector("#hospital-list input:checked")
    audit(page)
    tab_to(page, "#id_doctor_name")
    page.keyboard.type("dr. Sari Wulandari")
    page.keyboard.press("Enter")
    page.wait_for_url("**/periksa/")
    audit(page)
    tab_to(page, "main form button")
    page.keyboard.press("Enter")
    page.wait_for_url("**/terbit/")
    audit(page)
    sjp = Sjp.objects.get()
    assert sjp.number in page.inner_text("h1 ~ p")
    assert (sjp.resident, sjp.diagnosis_id) == (person, "J18.9")
    assert len(waited.seen) <= 6, waited.seen


def test_a_clerk_writes_a_letter_without_javascript(page_without_javascript, sign_in, audit, clerk, person):
    page = page_without_javascript
    sign_in(page, clerk)
    page.goto(reverse("referrals:search"))
    page.fill("#id_nik", "123")
    page.keyboard.press("Enter")
    page.wait_for_selector("#id_nik_error")
    audit(page)
    page.fill("#id_nik", person.nik)
    page.keyboard.press("Enter")
    page.wait_for_url("**/pasien/*/")
    audit(page)
    page.click(f"a[href$='{page.url.split('/')[-2]}/rujukan/']")
    page.fill("#id_complaint", "Demam dan sesak")
    page.fill("#id_findings", "TD 120/80")
    page.fill("#id_query", "radang paru")
    page.keyboard.press("Enter")
    page.wait_for_url("**#diagnoses")
    page.check("#diagnosis-list [value='J18.9']")
    page.select_option("#id_reason", "STAFF")
    page.select_option("#id_specialty", "INT")
    page.click("[value=hospitals]")
    page.wait_for_url("**#hospitals")
    audit(page)
    assert page.is_checked("#diagnosis-list [value='J18.9']")
    assert page.locator("#hospital-list input:checked").count() == 1
    page.fill("#id_doctor_name", "dr. Sari Wulandari")
    page.click("#continue")
    page.wait_for_url("**/periksa/")
    audit(page)
    page.click("main form button")
    page.wait_for_url("**/terbit/")
    assert Sjp.objects.get().number in page.inner_text("main")


def test_a_pbi_member_is_turned_away_with_the_reason(page, sign_in, audit, clerk, person):
    f.cover_elsewhere(person, segment=21)
    sign_in(page, clerk)
    page.goto(reverse("referrals:search"))
    page.fill("#id_nik", person.nik)
    page.keyboard.press("Enter")
    page.wait_for_url("**/pasien/*/")
    audit(page)
    assert "JKN/KIS" in page.inner_text(".k-note--bad")
    assert page.locator("a[href$='/rujukan/']:not(nav a, header a)").count() == 0


def test_errors_take_the_focus_and_name_their_fields(page, sign_in, audit, clerk, person):
    sign_in(page, clerk)
    page.goto(reverse("referrals:search"))
    page.fill("#id_nik", person.nik)
    page.keyboard.press("Enter")
    page.wait_for_url("**/pasien/*/")
    expect(page.locator("[autofocus]")).to_be_focused()
    page.keyboard.press("Enter")
    page.wait_for_selector("#continue")
    page.click("#continue")
    page.wait_for_selector("#ringkasan-kesalahan")
    expect(page.locator("#ringkasan-kesalahan")).to_be_focused()
    audit(page)
    for link in page.locator("#ringkasan-kesalahan a").all():
        assert page.locator(link.get_attribute("href")).count() == 1, link.inner_text()


@pytest.mark.parametrize("width", WIDTHS)
def test_the_hospital_takes_the_patient_in_and_sends_them_home(page, sign_in, audit, clerk, person, width):
    page.set_viewport_size({"width": width, "height": 800})
    sjp = r.issue(clerk, resident=person, service="INPATIENT")
    sign_in(page, r.desk(sjp.hospital))
    letter = reverse("referrals:letter", args=[sjp.public_id])
    page.goto(reverse("referrals:inbox"))
    audit(page)
    page.fill("#id_number", sjp.number)
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{letter}")
    audit(page)
    page.click("form[action$='/terima/'] button")
    page.wait_for_selector("[role=status]")
    page.click("a[href$='/kedatangan/']")
    page.wait_for_selector("#id_medical_record")
    audit(page)
    page.check("#id_identity_check_0")
    page.fill("#id_medical_record", "00-12-34")
    page.check("#id_class_three")
    page.click("main form button")
    page.wait_for_url(f"**{letter}")
    audit(page)
    page.click("a[href$='/pulang/']")
    page.check("#id_status_0")
    page.select_option("#id_condition", "IMPROVED")
    page.fill("#id_follow_up", "Kontrol 7 hari lagi")
    audit(page)
    page.click("main form button")
    page.wait_for_url("**/episode/*/")
    audit(page)
    assert Episode.objects.get().state == "DISCHARGED"
    sjp.refresh_from_db()
    assert sjp.state == "SERVICE_DONE"


@pytest.mark.parametrize(
    "name", ["referrals:sjp_text", "referrals:referral_text", "validity", "referrals:find_hospital"]
)
def test_letters_and_the_validity_page_are_read_on_a_phone(page, sign_in, audit, clerk, person, name):
    sjp = r.issue(clerk, resident=person)
    sign_in(page, clerk)
    page.set_viewport_size({"width": 390, "height": 800})
    if name == "validity":
        page.goto(reverse("validity:letter", args=[sjp.token]))
    elif name == "referrals:find_hospital":
        page.goto(reverse(name) + "?specialty=INT&service=OUTPATIENT")
    else:
        page.goto(reverse(name, args=[sjp.public_id]))
    audit(page)
