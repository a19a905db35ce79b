"""Beds in the browser: the desk on a wide screen, a telephone, and without JavaScript; everybody's page; Dinkes' audit."""

from datetime import timedelta

import pytest
from django.utils import timezone

from facilities.enums import Role, WardType
from facilities.models import BedCount
from referrals import hospital as acts
from referrals.enums import RefusalReason
from tests import factories as f
from tests.facilities.factories import report
from tests.referrals import factories as r

pytestmark = pytest.mark.django_db(transaction=True)
BEDS = "/faskes/tempat-tidur/"


@pytest.fixture
def desk():
    return f.make_user(Role.HOSPITAL_DESK, facility=f.hospital())


@pytest.mark.parametrize("width", [1280, 390])
def test_the_desk_writes_confirms_and_is_told_what_is_wrong(page, sign_in, audit, desk, width):
    page.set_viewport_size({"width": width, "height": 900})
    report(capacity=40, occupied=30, at=timezone.now() - timedelta(hours=3))
    sign_in(page, desk)
    page.goto(BEDS)
    audit(page)
    page.fill("#id_CLASS_3-occupied", "41")
    page.keyboard.press("Enter")
    page.wait_for_selector("#id_CLASS_3-occupied_error")
    audit(page)
    page.fill("#id_CLASS_3-occupied", "39")
    page.keyboard.press("Enter")
    page.wait_for_selector(".k-note--ok")
    audit(page)
    assert BedCount.objects.get().free == 1
    page.click(f"form[action='{BEDS}tetap/'] button")
    page.wait_for_selector(".k-note--ok")
    page.goto("/tempat-tidur/")
    audit(page)
    assert page.locator("main .k-tag--ok").count() == 1


def test_the_desk_works_without_javascript(page_without_javascript, sign_in, audit, desk):
    page = page_without_javascript
    sign_in(page, desk)
    page.goto(BEDS)
    audit(page)
    page.fill("#id_ICU-capacity", "6")
    page.fill("#id_ICU-occupied", "2")
    page.keyboard.press("Enter")
    page.wait_for_selector(".k-note--ok")
    audit(page)
    assert BedCount.objects.get(ward=WardType.ICU).free == 4


def test_dinkes_reads_the_audit_and_makes_a_key(page, sign_in, audit):
    sjp = r.issue(service="INPATIENT")
    report(hospital=sjp.hospital, capacity=10, occupied=7)
    acts.refuse(
        sjp=sjp,
        code=RefusalReason.NO_BED,
        reason="Ruang penuh",
        actor=r.desk(sjp.hospital),
        at=f.NOW + timedelta(minutes=5),
    )
    sign_in(page, f.make_user(Role.DINKES_SERVICES))
    for width in (1280, 390):
        page.set_viewport_size({"width": width, "height": 900})
        page.goto("/reports/tempat-tidur/")
        page.select_option("#id_hospital", str(sjp.hospital_id))
        page.click("main form button")
        page.wait_for_selector("svg")
        audit(page)
        assert sjp.referral.number in page.inner_text("main")
        page.goto(f"{BEDS}belum-lapor/")
        audit(page)
        page.goto(f"{BEDS}kunci/")
        page.select_option("#id_hospital", str(sjp.hospital_id))
        page.click("main > form button")
        page.wait_for_selector(".k-note--ok code")
        audit(page)
