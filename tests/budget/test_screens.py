"""The pages of the budget: what each shows and what its forms do."""

import pytest
from django.urls import reverse

from budget import reconciling
from budget.models import BudgetDocument, BudgetLine, FiscalYear, Payment, Reconciliation, Recovery
from tests import factories as f
from tests.budget import factories as b
from tests.verification import factories as v

pytestmark = pytest.mark.django_db
LISTS = (
    "lines",
    "documents",
    "realisation",
    "realisation_pdf",
    "debts",
    "debts_pdf",
    "payment_list",
    "recoveries",
    "reconciliations",
)


@pytest.fixture
def money():
    """One hospital with a disbursed payment to confirm, a recovery in force, an unpaid claim and a waiting document."""
    hospital = f.hospital(public=False)
    found = b.reconciliation(hospital)
    recovery = b.recovery(hospital, claim=found.items.get().payment.parts.get().bahv.batch.claims.first())
    return {"hospital": hospital, "reconciliation": found, "recovery": recovery, "document": b.document()}


def test_what_the_bank_confirms_after_a_month_was_drawn_up_comes_into_one_more_list(money):
    hospital, month = money["hospital"], f.TODAY.replace(day=1)
    assert hospital not in reconciling.due(month)
    late = b.disbursed(b.propose([v.approved_bahv(hospital)]))
    assert reconciling.due(month) == {hospital: [late]}
    second = b.reconciliation(hospital)
    assert (second.number, second.items.get().payment) == (2, late)


@pytest.mark.parametrize("name", LISTS)
def test_every_page_opens_empty_and_full(client, name):
    client.force_login(f.make_user("DINKES_CLAIMS"))
    assert client.get(reverse(f"budget:{name}")).status_code == 200


def test_every_page_opens_with_money_on_it(client, money):
    v.approved_bahv(money["hospital"])
    client.force_login(f.make_user("DINKES_CLAIMS", "BUDGET_USER"))
    for name in LISTS:
        page = client.get(reverse(f"budget:{name}"))
        assert page.status_code == 200, name
    payment = Payment.objects.first()
    for name in ("payment", "receipt", "resume", "refuse"):
        assert client.get(reverse(f"budget:{name}", args=[payment.public_id])).status_code == 200, name
    assert client.get(reverse("budget:propose", args=[money["hospital"].code])).context["waits"]
    for name in ("document", "recovery", "reconciliation"):
        assert client.get(reverse(f"budget:{name}", args=[money[name].public_id])).status_code == 200, name


def test_a_year_is_opened_filled_and_funded_through_the_screens(client):
    client.force_login(f.make_user("DINKES_CLAIMS"))
    client.post(reverse("budget:new_year"), {"year": 2027, "office": "Dinas Kesehatan"})
    line = {
        **{
            "name": "Klaim RS",
            "sub_activity": b.SUB_ACTIVITY,
            "account": "5.1.02.02.02.0005",
            "funding_source": "APBD",
        },
        **{"source_1": "APBD", "percent_1": "60", "source_2": "Bankeu", "percent_2": "40"},
    }
    refused = client.post(reverse("budget:new_line") + "?year=2027", line | {"percent_2": "30"})
    assert refused.context["form"].non_field_errors()
    assert client.post(reverse("budget:new_line") + "?year=2027", line).status_code == 302
    made = BudgetLine.objects.get(year=2027)
    sent = {"kind": "DPA", "number": "DPA/27", "dated": "01-11-2026", f"line_{made.pk}": "1.000.000"}
    assert client.post(reverse("budget:new_document") + "?year=2027", sent).status_code == 302
    document = BudgetDocument.objects.get()
    client.force_login(f.make_user("BUDGET_USER"))
    client.post(reverse("budget:document", args=[document.public_id]), {"approve": ""})
    made.refresh_from_db()
    assert (made.ceiling, FiscalYear.objects.get(year=2027).document) == (1_000_000, "DPA/27")


def test_a_payment_back_and_a_month_are_settled_through_the_screens(client, money):
    client.force_login(f.make_user("TREASURER"))
    sent = {"amount": "1.000.000", "reference": "STS/1"}
    client.post(reverse("budget:recovery", args=[money["recovery"].public_id]), sent)
    assert Recovery.objects.get().state == "SETTLED"
    found = money["reconciliation"]
    address = reverse("budget:reconciliation", args=[found.public_id])
    client.force_login(f.make_user("HOSPITAL_DIRECTOR", facility=money["hospital"]))
    item = found.items.get()
    assert client.post(address, {f"item_{item.pk}": "1"}).context["form"].non_field_errors()
    assert client.post(address, {f"item_{item.pk}": str(item.ours)}).status_code == 302
    client.force_login(f.make_user("DINKES_CLAIMS"))
    client.post(address, {"close": ""})
    assert Reconciliation.objects.get().state == "CLOSED"
    assert Payment.objects.get().state == "RECONCILED"
