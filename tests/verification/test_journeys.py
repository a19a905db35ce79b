"""Administrative verifier, medical verifier, coordinator, billing officer and director in the browser, over one batch."""

import pytest
import time_machine
from django.urls import reverse

from claims.enums import ClaimState
from tests import factories as f
from tests.verification import factories as v

pytestmark = pytest.mark.django_db(transaction=True)
PHONE = {"width": 390, "height": 800}


@pytest.fixture(autouse=True)
def _today():
    with time_machine.travel(f.NOW, tick=True):
        yield


class Walk:
    """The browser in the hands of one person after another."""

    def __init__(self, page, sign_in, audit):
        self.page, self.sign_in, self.audit = page, sign_in, audit

    def as_(self, user, name, *args):
        self.sign_in(self.page, user)
        self.page.goto(reverse(name, args=args))
        self.audit(self.page)

    def follow(self, name, *args):
        self._go(f"main a[href='{reverse(name, args=args)}']")

    def press(self, action=""):
        self._go(f"form[action='{action}'] button" if action else "main form:not([action]) button")

    def _go(self, selector):
        with self.page.expect_navigation(wait_until="load"):
            self.page.locator(selector).last.click()
        self.audit(self.page)

    def unfold(self, selector):
        self.page.locator("details", has=self.page.locator(selector)).locator("summary").click()

    def decide(self, outcome, reason=""):
        self.page.check(f"[name=outcome][value={outcome}]")
        self.page.fill("[name=reason]", reason)
        self.press()


def _walk_through(walk):
    admin, doctor, panel = v.verifier(), v.verifier("VERIFIER_MEDICAL"), v.verifier("VERIFIER_MEDICAL")
    coordinator, officer = v.coordinator(), f.make_user("DINKES_SERVICES")
    batch, _reader = v.assigned(v.submitted(claims=3, care_type=1, item=(10, 5_000)), by=admin)
    biller, director = (f.make_user(role, facility=batch.hospital) for role in ("HOSPITAL_BILLER", "HOSPITAL_DIRECTOR"))
    passed, asked, refused = batch.claims.order_by("line_number")

    walk.as_(admin, "verification:queue")
    walk.follow("verification:batch", batch.public_id)
    walk.follow("verification:claim", passed.public_id)
    walk.decide("PASS")
    walk.unfold("[name=wanted]")
    walk.page.check("[name=wanted][value=RESUME]")
    walk.decide("PEND", "Mohon resume medis yang lengkap")
    walk.decide("REJECT", "Pelayanan tidak terbukti")

    question = asked.questions.get()
    walk.as_(biller, "verification:questions")
    walk.follow("verification:question", question.public_id)
    walk.page.fill("[name=text]", "Resume terlampir")
    walk.press()
    walk.as_(biller, "claims:claim", refused.public_id)
    walk.follow("verification:dispute_claim", refused.public_id)
    walk.page.fill("[name=text]", "Bukti ada di rekam medis")
    walk.press()

    walk.as_(admin, "verification:claim", asked.public_id)
    walk.decide("PASS")
    medical = batch.assignments.lasting().get(stage="MEDICAL").verifier
    walk.as_(medical, "verification:batch", batch.public_id)
    walk.follow("verification:claim", passed.public_id)
    walk.decide("APPROVE")
    part = asked.lines.get(kind="ITEM")
    walk.unfold(f"[name=quantity_{part.pk}]")
    walk.page.fill(f"[name=quantity_{part.pk}]", "4")
    walk.page.select_option(f"[name=why_{part.pk}]", "FORMULARY")
    walk.decide("ADJUST", "Obat di luar formularium")

    dispute = refused.dispute
    judge = panel if medical == doctor else doctor
    walk.as_(coordinator, "verification:disputes")
    walk.follow("verification:dispute", dispute.public_id)
    walk.page.select_option("[name=doctor]", str(judge.pk))
    walk.press(reverse("verification:name_panel", args=[dispute.public_id]))
    for name in ("verification:team", "verification:readings", "verification:report"):
        walk.as_(coordinator, name)
    walk.as_(coordinator, "verification:person", judge.pk)
    walk.as_(judge, "verification:dispute", dispute.public_id)
    walk.page.check("[name=ruling][value=UPHOLD]")
    walk.page.fill("[name=grounds]", "Bukti pelayanan sah")
    walk.press(reverse("verification:rule", args=[dispute.public_id]))
    walk.as_(officer, "verification:dispute", dispute.public_id)
    walk.press(reverse("verification:confirm_ruling", args=[dispute.public_id]))

    walk.as_(admin, "verification:batch", batch.public_id)
    walk.press(reverse("verification:draw", args=[batch.public_id]))
    bahv = batch.bahvs.get()
    walk.as_(director, "verification:bahv", bahv.public_id)
    walk.press(reverse("verification:sign", args=[bahv.public_id]))
    bahv.refresh_from_db()
    refused.refresh_from_db()
    assert (bahv.state, refused.state) == ("SIGNED_HOSPITAL", ClaimState.APPROVED)
    assert bahv.total_approved == 3 * v.ASKED - 6 * 5_000


def test_a_batch_goes_through_verification_at_a_desk(page, sign_in, audit):
    _walk_through(Walk(page, sign_in, audit))


def test_a_batch_goes_through_verification_on_a_telephone_without_javascript(page_without_javascript, sign_in, audit):
    page_without_javascript.set_viewport_size(PHONE)
    _walk_through(Walk(page_without_javascript, sign_in, audit))
