"""A line is granted as quantity x price: in the form, on the letter, before the panel, and in the database."""

from importlib import import_module

import pytest
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from claims.models import ClaimLine
from ksb.core.errors import Refused
from ksb.core.letters import letter_pdf
from tests import factories as f
from tests.support.pdf import text_of
from tests.verification import factories as v
from verification import granting
from verification.granting import Grant
from verification.letters import decision_letter
from verification.models import Dispute

pytestmark = pytest.mark.django_db


@pytest.fixture
def case():
    """A claim with ten pieces at Rp 5.000 beside its package, with its verifier."""
    batch, reader = v.assigned(v.submitted(item=(10, 5_000)))
    claim = batch.claims.get()
    return claim, claim.lines.get(kind="ITEM"), reader


@pytest.mark.parametrize(
    ("units", "allowed"),
    [
        ((10, 5_000), True),
        ((4, 5_000), True),
        ((10, 4_999), True),
        ((0, 5_000), True),
        ((11, 4_000), False),
        ((9, 5_001), False),
        ((-1, 5_000), False),
        ((20, 5_000), False),
    ],
)
def test_neither_quantity_nor_price_exceeds_what_was_asked(case, units, allowed):
    _claim, item, _reader = case
    if allowed:
        return granting.check(item, Grant(*units))
    with pytest.raises(Refused):
        granting.check(item, Grant(*units))


@pytest.mark.parametrize(
    ("values", "units"),
    [
        ({"asked": 7_000}, (1, 7_000)),
        ({"asked": 7_000, "adjusted": 0}, (1, 0)),
        ({"asked": 50, "quantity": 10, "unit_price": 5}, (10, 5)),
        ({"asked": 50, "quantity": 10, "unit_price": 5, "adjusted": 35}, (7, 5)),
        ({"asked": 70, "quantity": 10, "unit_price": 7, "adjusted": 60}, (10, 6)),
        ({"asked": 49, "quantity": 7, "unit_price": 7, "adjusted": 30}, (1, 30)),
        ({"asked": 0, "quantity": 3, "unit_price": 0}, (3, 0)),
    ],
)
def test_what_is_payable_is_offered_as_quantity_and_price(values, units):
    assert ClaimLine(kind="ITEM", **values).payable_units == units


def test_a_decision_through_the_screen_is_kept_as_quantity_times_price(client, case):
    claim, item, reader = case
    client.force_login(reader)
    address = reverse("verification:claim", args=[claim.public_id])
    form = client.get(address).context["form"]
    assert (form[f"quantity_{item.pk}"].initial, form[f"price_{item.pk}"].initial) == (10, 5_000)
    typed = {name: field.initial for name, field in form.fields.items() if name.startswith(("quantity_", "price_"))}
    typed |= {"outcome": "ADJUST", "reason": "Tidak semua terpakai", f"quantity_{item.pk}": "11"}
    page = client.post(address, {**typed, f"price_{item.pk}": ""})
    assert f"price_{item.pk}" in page.context["form"].errors
    page = client.post(address, typed)
    assert f"quantity_{item.pk}" in page.context["form"].errors
    client.post(
        address, {**typed, f"quantity_{item.pk}": "6", f"price_{item.pk}": "4.500", f"why_{item.pk}": "QUANTITY"}
    )
    item.refresh_from_db()
    claim.refresh_from_db()
    assert (item.approved_quantity, item.approved_price, item.approved) == (6, 4_500, 27_000)
    assert claim.approved == sum(line.approved for line in claim.lines.all()) == v.ASKED - 23_000
    written = next(line for line in claim.reviews.get().lines if line["line"] == item.pk)
    assert (written["quantity"], written["price"], written["approved"]) == (6, 4_500, 27_000)
    assert (written["reason_code"], item.reason) == ("QUANTITY", "jumlah tidak dijelaskan")
    paper = text_of(letter_pdf(decision_letter(claim))).replace("\N{NO-BREAK SPACE}", " ")
    assert "6 × Rp 4.500" in paper


@pytest.mark.parametrize(
    "values",
    [
        {"approved": 30_000, "approved_quantity": 6, "approved_price": 4_999},
        {"approved": 30_000},
        {"approved": 30_000, "approved_quantity": 6},
        {"approved": 44_000, "approved_quantity": 11, "approved_price": 4_000},
        {"approved": 36_000, "approved_quantity": 6, "approved_price": 6_000},
        {"approved_quantity": 6, "approved_price": 5_000},
    ],
)
def test_the_database_multiplies_too(case, values):
    _claim, item, _reader = case
    with pytest.raises(IntegrityError, match="line_approved_is_quantity_times_price"), transaction.atomic():
        ClaimLine.objects.filter(pk=item.pk).update(reason="x", **values)


def test_old_decisions_get_the_units_that_divide_them_or_none(case):
    """The upgrade: what was approved as a sum, of 10 x 5.000, before units were kept."""
    claim, item, reader = case
    units, json = (
        import_module(f"{app}.migrations.{name}").UNITS
        for app, name in (("claims", "0013_approved_units"), ("verification", "0005_letters_and_signers"))
    )
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE claims_claimline DROP CONSTRAINT line_approved_is_quantity_times_price")
        for approved, expected in ((15_000, (3, 5_000)), (12_340, (10, 1_234)), (12_345, (None, None))):
            ClaimLine.objects.filter(pk=item.pk).update(approved=approved, approved_price=None, reason="x")
            cursor.execute(units)
            item.refresh_from_db()
            assert (item.approved_quantity, item.approved_price) == expected
            assert Grant(*item.approved_units).amount == approved
    review = v.decide(claim, reader, "REJECT", reason="x")
    old = [{"line": item.pk, "kind": "ITEM", "code": "", "asked": 50_000, "approved": 15_000, "reason": "x"}]
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE verification_review DISABLE TRIGGER append_only_rows")
        type(review).objects.filter(pk=review.pk).update(lines=old)
        Dispute.objects.create(
            claim=claim, number="1", token="1", argument="x", filed_at=f.NOW, filed_by=reader, due_on=f.TODAY,
            lines={str(item.pk): 12_345},
        )  # fmt: skip
        cursor.execute(json)
        cursor.execute(json)
    review.refresh_from_db()
    assert review.lines == [{**old[0], "quantity": 3, "price": 5_000, "reason_code": ""}]
    assert Dispute.objects.get().lines == {str(item.pk): [1, 12_345]}


def test_the_verifier_s_page_shows_what_changed_the_papers_and_the_findings_gravest_first(client):
    old = v.submitted().claims.get()
    batch, reader = v.assigned(v.submitted(old.hospital, claims=2, version=2, replaces=old, medical_record="77-01"))
    claim, following = batch.claims.order_by("line_number")
    scan = {"media_type": "application/pdf", "size": 9, "sha256": "a" * 64, "path": "x", "scan": "CLEAN"}
    paper = claim.documents.create(kind="RESUME", uploaded_at=f.NOW, uploaded_by=f.system(), **scan)
    for rule, severity in (("FRD-09", "W"), ("ADM-13", "P"), ("ADM-10", "P")):
        claim.findings.create(rule=rule, severity=severity, evidence={"since": "2026-09-20", "claimed": 1})
    claim.findings.filter(rule="ADM-10").update(overridden_at=f.NOW, overridden_by=reader, override_reason="x")
    client.force_login(reader)
    page = client.get(reverse("verification:claim", args=[claim.public_id]))
    assert [found.rule for found in page.context["findings"]] == ["ADM-13", "FRD-09", "ADM-10"]
    assert ("MRN", "", "77-01") in [(d.label, d.old, d.new) for d in page.context["differences"]]
    assert reverse("claims:paper", args=[paper.public_id]) in page.text
    assert page.context["missing"]
    assert f'href="{reverse("verification:claim", args=[following.public_id])}" accesskey="n"' in page.text
