"""In the browser: a family applies without JavaScript, a verifier compares, another person decides; and an appeal."""

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from facilities.enums import Role
from participants.enums import EnrolmentState
from participants.models import Enrolment
from tests.factories import fresh_sources, make_family, make_user
from tests.participants.factories import keeper, verifier
from tests.participants.test_resident_portal import details
from tests.support.scans import photo


@pytest.fixture
def family(transactional_db):
    fresh_sources(on=timezone.localdate(), at=timezone.now())
    return make_family(3)


@pytest.fixture
def telephone(page_without_javascript, live_server):
    """A small window without JavaScript, and ``go(name)`` to one of the residents' pages."""
    page = page_without_javascript
    page.set_viewport_size({"width": 390, "height": 844})

    def go(name):
        page.goto(live_server.url + reverse(f"resident:{name}"))

    page.go = go
    return page


@pytest.fixture
def scan(tmp_path):
    """A photo as the telephone's camera leaves it."""
    path = tmp_path / "IMG_0001.jpg"
    path.write_bytes(photo(size=(1600, 1200)))
    return path


def enter(page, household):
    page.go("check")
    for name, value in details(household.head).items():
        page.locator(f"[name={name}]").fill(value)
    page.locator("main form button").click()


def apply_with_photos(page, audit, scan):
    page.locator("[name=consent]").check()
    page.locator("[name=phone]").fill("0812 3456 7890")
    audit(page)
    page.locator("main form button").last.click()
    for _kind in ("KK", "KTP"):
        audit(page)
        page.locator("[name=file]").set_input_files(scan)
        page.locator("main form button").click()
    audit(page)
    page.locator("main form button").last.click()
    audit(page)


def decide(page, user, application, sign_in, audit):
    sign_in(page, user)
    page.goto(reverse("participants:application", args=[application.public_id]))
    audit(page)


def test_a_family_applies_on_a_telephone_and_two_people_decide(family, telephone, page, audit, sign_in, scan):
    enter(telephone, family)
    telephone.locator(f"a[href='{reverse('resident:begin')}']").click()
    apply_with_photos(telephone, audit, scan)
    application = Enrolment.objects.get()
    assert application.number in telephone.locator("main").inner_text()

    sign_in(page, verifier())
    page.goto(reverse("participants:applications"))
    audit(page)
    page.locator(f"a[href='{reverse('participants:application', args=[application.public_id])}']").click()
    page.locator(f"a[href='{reverse('participants:compare', args=[application.public_id])}']").click()
    assert page.locator("img.k-scan").count() == 2
    for scan_shown in page.locator("img.k-scan").all():
        expect(scan_shown).to_have_js_property("complete", True)
    assert min(page.locator("img.k-scan").evaluate_all("scans => scans.map(scan => scan.naturalWidth)")) > 1000
    audit(page)
    wife = family.residents.get(relation=3)
    page.locator(f"[name=member_{wife.pk}][value=NAME]").check()
    page.locator("[name=pass]").click()
    assert page.locator("#ringkasan-kesalahan").is_visible()
    audit(page)
    page.locator("[name=note]").fill("Ejaan lama di KTP, KK sudah benar.")
    page.locator("[name=pass]").click()
    audit(page)

    decide(page, keeper(), application, sign_in, audit)
    assert "Ejaan lama" in page.locator("main").inner_text()
    page.locator("[name=checked]").check()
    page.locator(f"form[action='{reverse('participants:approve', args=[application.public_id])}'] button").first.click()
    audit(page)
    application.refresh_from_db()
    assert application.state == EnrolmentState.ACTIVE
    telephone.go("application")
    audit(telephone)
    telephone.go("family")
    audit(telephone)
    assert telephone.locator(".k-idcard").is_visible()


def test_a_rejected_family_objects_and_is_visited(family, telephone, page, audit, sign_in, scan):
    enter(telephone, family)
    telephone.go("begin")
    apply_with_photos(telephone, audit, scan)
    rejected = Enrolment.objects.get()
    first = verifier()
    decide(page, first, rejected, sign_in, audit)
    page.locator(f"a[href='{reverse('participants:reject', args=[rejected.public_id])}']").click()
    page.locator("[name=reason_code][value=NOT_LIVING_HERE]").check()
    page.locator("[name=reason]").fill("Tidak ditemukan di alamat.")
    page.locator("main form button").last.click()
    audit(page)

    telephone.go("application")
    audit(telephone)
    telephone.locator(f"a[href='{reverse('resident:appeal')}']").click()
    telephone.locator("[name=statement]").fill("Kami tinggal di rumah belakang.")
    apply_with_photos(telephone, audit, scan)
    appeal = Enrolment.objects.get(appeal_of=rejected)

    decide(page, verifier(), appeal, sign_in, audit)
    page.locator(f"form[action='{reverse('participants:order_field_check', args=[appeal.public_id])}'] button").click()
    audit(page)
    sign_in(page, make_user(Role.REGISTRY_OPERATOR))
    page.goto(reverse("participants:field_checks"))
    audit(page)
    page.locator(f"a[href='{reverse('participants:field_check', args=[appeal.public_id])}']").click()
    audit(page)
    for name in ("found", "met", "identity", "neighbours", "belongings", "since", "lives_here"):
        page.locator(f"[name={name}][value=yes]").check()
    page.locator("[name=visited_on]").fill(timezone.localdate().strftime("%d-%m-%Y"))
    page.locator("[name=note]").fill("Bertemu kepala keluarga di rumah belakang.")
    page.locator("[name=photo]").set_input_files(scan)
    page.locator("main form button").last.click()
    audit(page)
    assert appeal.field_checks.get().score == 100

    decide(page, keeper(), appeal, sign_in, audit)
    page.locator("[name=checked]").check()
    page.locator(f"form[action='{reverse('participants:approve', args=[appeal.public_id])}'] button").first.click()
    appeal.refresh_from_db()
    assert appeal.state == EnrolmentState.ACTIVE
