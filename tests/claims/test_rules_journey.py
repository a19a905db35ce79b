"""A rule is changed by two people and its hits are seen; a pattern is judged. In the browser, every page quiet and accessible."""

import pytest
import time_machine
from django.urls import reverse

from claims.models import FraudSignal, RuleSetting
from ksb.core import outbox
from tests import factories as f
from tests.claims import factories as c

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _today():
    with time_machine.travel(c.AT, tick=True):
        yield


def press(page, selector):
    with page.expect_navigation(wait_until="load"):
        page.click(selector)


def pattern(claim):
    """What the night noticed about the hospital of ``claim``."""
    return FraudSignal.objects.create(
        rule="FRD-02",
        key=f"{claim.hospital_id}/2026-10",
        hospital=claim.hospital,
        score=20,
        facts={"count": 4, "share": 20, "peers": 1},
        claims=[claim.pk],
        noticed_on=c.AT.date(),
        first_on=claim.admitted_on,
        last_on=claim.discharged_on,
    )


def test_a_rule_is_changed_by_two_people_and_a_pattern_is_judged(page, sign_in, audit):
    claim = c.claimed(c.letter(since=c.AT.date()), TARIF_RS="5000", OBAT="5000", KONSULTASI="0")
    assert claim.state == "READY"
    page.set_viewport_size({"width": 1280, "height": 900})
    coordinator, officer = f.make_user("VERIFIER_COORDINATOR"), f.make_user("DINKES_SERVICES")

    sign_in(page, coordinator)
    page.goto(reverse("claims:rules"))
    audit(page)
    press(page, f"a[href='{reverse('claims:rule', args=['TRF-03'])}']")
    audit(page)
    press(page, f"a[href='{reverse('claims:propose_rule', args=['TRF-03'])}']")
    audit(page)
    page.check("input[name=severity][value=R]")
    page.fill("[name=reason]", "Tagihan jauh di bawah tarif tidak lagi dibayar tanpa perbaikan.")
    page.fill("[name=starts]", f"{c.AT:%d/%m/%Y}")
    press(page, "main form button")
    setting = RuleSetting.objects.get()
    assert page.locator(f"form[action$='{setting.public_id}/approve/']").count() == 0

    page.context.clear_cookies()
    sign_in(page, officer)
    page.goto(reverse("claims:rule", args=["TRF-03"]))
    audit(page)
    press(page, f"form[action$='{setting.public_id}/approve/'] button")
    setting.refresh_from_db()
    assert setting.state == "IN_FORCE"
    outbox.drain()
    claim.refresh_from_db()
    assert claim.state == "BLOCKED"
    page.goto(reverse("claims:claim", args=[claim.public_id]))
    assert "TRF-03" in page.inner_text("main")

    signal = pattern(claim)
    page.goto(reverse("claims:signals"))
    audit(page)
    press(page, f"a[href='{reverse('claims:signal', args=[signal.public_id])}']")
    audit(page)
    press(page, "button[value=review]")
    page.fill("[name=note]", "Kunjungan dibuktikan dengan catatan poliklinik.")
    press(page, "button[value=dismiss]")
    signal.refresh_from_db()
    assert (signal.state, signal.judged_by) == ("NOT_PROVEN", officer)
    audit(page)
