"""The money in the browser, from the signed BAHV to the auditor: at a desk, and narrow without JavaScript."""

import pytest
from django.urls import reverse

from budget.models import Payment, Reconciliation
from reports.audit_models import AuditFinding
from tests import factories as f
from tests.budget import factories as b
from tests.verification import factories as v

pytestmark = pytest.mark.django_db(transaction=True)
BUTTON = "main form button"


class Desk:
    """One browser, handed from officer to officer."""

    def __init__(self, page, sign_in, audit):
        self.page, self.sign_in, self.audit = page, sign_in, audit
        self.users = {}

    def as_(self, role, name, *args, **place):
        if role not in self.users:
            self.users[role] = f.make_user(role, **place)
        self.sign_in(self.page, self.users[role])
        self.page.goto(reverse(name, args=args))
        self.audit(self.page)

    def fill(self, **values):
        for name, value in values.items():
            self.page.fill(f"[name={name}]", value)

    def press(self, selector=BUTTON):
        self.page.locator(selector).last.click()
        self.page.wait_for_load_state()
        self.audit(self.page)


@pytest.fixture(params=["desk", "narrow"])
def desk(request, page, page_without_javascript, sign_in, audit):
    if request.param == "desk":
        return Desk(page, sign_in, audit)
    page_without_javascript.set_viewport_size({"width": 390, "height": 800})
    return Desk(page_without_javascript, sign_in, audit)


def test_from_the_signed_bahv_to_the_reconciled_month_and_its_audit(desk):
    bahv = v.approved_bahv()
    hospital = b.payable(bahv.batch.hospital)
    today = f"{f.TODAY:%d-%m-%Y}"
    pay(desk, hospital, today)
    payment = Payment.objects.get()
    assert (payment.state, payment.bank_reference) == ("DISBURSED", "BJB/1")
    reconcile(desk, hospital)
    payment.refresh_from_db()
    assert payment.state == "RECONCILED"
    for name in ("lines", "realisation", "debts"):
        desk.as_("DINKES_CLAIMS", f"budget:{name}")
    look_into_it(desk, payment, today)


def pay(desk, hospital, today):
    desk.as_("DINKES_CLAIMS", "budget:payment_list")
    desk.page.click(f"main a[href='{reverse('budget:propose', args=[hospital.code])}']")
    desk.audit(desk.page)
    desk.fill(receipt_number="KW/1/2026", receipt_date=today)
    desk.press()
    address = Payment.objects.get().public_id
    for role, document in (("TREASURER", "SPP"), ("BUDGET_USER", "SPM"), ("BUD", "SP2D")):
        desk.as_(role, "budget:payment", address)
        desk.fill(number=f"1/{document}", date=today)
        desk.press()
    desk.as_("TREASURER", "budget:payment", address)
    desk.fill(reference="BJB/1")
    desk.press()


def reconcile(desk, hospital):
    desk.as_("DINKES_CLAIMS", "budget:reconciliations")
    desk.press(f"form[action^='{reverse('budget:draw_reconciliation', args=[hospital.code])}'] button")
    found = Reconciliation.objects.get().public_id
    desk.as_("HOSPITAL_DIRECTOR", "budget:reconciliation", found, facility=hospital)
    desk.press()
    desk.as_("DINKES_CLAIMS", "budget:reconciliation", found)
    desk.press("[name=close]")


def look_into_it(desk, payment, today):
    desk.users["AUDITOR"] = auditor = f.make_user("AUDITOR")
    desk.as_("BUDGET_USER", "reports:new_audit")
    desk.page.select_option("[name=auditor]", str(auditor.pk))
    desk.fill(letter="ST/1", purpose="Kinerja", valid_first=today, valid_last=today)
    desk.fill(scope_first="01-01-2026", scope_last=today)
    desk.press()
    audit = auditor.audits.get(letter="ST/1").public_id
    desk.as_("AUDITOR", "reports:audit", audit)
    desk.page.check("[name=subject][value=PAYMENTS]")
    desk.fill(size="5")
    desk.press()
    desk.as_("AUDITOR", "reports:new_finding", audit)
    desk.fill(number=payment.sp2d_number, amount="1000", rule="Kuitansi", text="Tanpa materai")
    desk.press()
    desk.as_("AUDITOR", "reports:duties")
    assert AuditFinding.objects.get().payment == payment
