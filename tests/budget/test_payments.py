"""From an approved BAHV to the SP2D: three officers, nothing above the line, nothing twice."""

import datetime
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django.urls import reverse

from budget import payments
from budget.enums import PaymentState
from budget.ledger import Overspent
from budget.models import BudgetLine, Payment
from budget.workflow import PAYMENT
from claims.enums import BatchState, ClaimState
from claims.models import ClaimBatch
from ksb.core.errors import Refused, WrongState
from tests import factories as f
from tests.budget import factories as b
from tests.budget.factories import STEPS, record
from tests.support.workflows import roles_that_may
from tests.verification import factories as v
from verification import minutes

pytestmark = pytest.mark.django_db


def approved_batch(*, contract=True):
    """A batch whose BAHV bears all three signatures."""
    bahv = v.approved_bahv(claims=2)
    if contract:
        b.payable(bahv.batch.hospital)
    return bahv.batch


def batch_of(payment):
    return ClaimBatch.objects.get(pk=payment.parts.first().bahv.batch_id)


def propose(batch=None, **values):
    return b.propose([(batch or approved_batch()).bahvs.get()], **values)


class TestTheWayOfTheMoney:
    def test_an_approved_batch_is_paid_by_three_officers(self):
        payment = propose()
        for step in STEPS:
            payment = record(payment, step, number=f"{step}/1")
        batch = batch_of(payment)
        line = BudgetLine.objects.get()
        assert payment.state == PaymentState.SP2D_ISSUED
        assert batch.state == BatchState.PAID
        assert set(batch.claims.values_list("state", flat=True)) == {ClaimState.PAID}
        assert (line.realised, line.committed, line.reserved) == (2 * v.ASKED, 2 * v.ASKED, 0)

    def test_a_batch_is_proposed_once(self):
        batch = approved_batch()
        propose(batch)
        with pytest.raises(WrongState):
            propose(batch)
        assert Payment.objects.count() == 1

    def test_without_an_approved_bahv_nothing_is_proposed(self):
        batch, reader = v.decided()
        minutes.draw(batch=batch, actor=reader, at=f.NOW)
        with pytest.raises(Refused, match="BAHV"):
            propose(batch)

    def test_without_a_bank_account_nothing_is_proposed(self):
        with pytest.raises(Refused, match=r"\w+"):
            payments.propose(
                bahvs=[v.approved_bahv(f.hospital(3, public=False))],
                actor=f.make_user("DINKES_CLAIMS"),
                at=f.NOW,
                receipt_number="KW/1",
                receipt_date=f.TODAY,
            )
        assert not Payment.objects.exists()

    def test_above_the_line_the_proposal_is_refused_with_what_is_left(self):
        batch = approved_batch()
        BudgetLine.objects.update(ceiling=2 * v.ASKED - 1)
        with pytest.raises(Overspent, match=r"7\.999\.999"):
            propose(batch)
        batch.refresh_from_db()
        assert batch.state == BatchState.BAHV_APPROVED

    def test_a_line_cut_after_the_proposal_still_cannot_be_overspent(self):
        payment = record(record(propose(), "spp"), "spm")
        BudgetLine.objects.update(ceiling=1)
        with pytest.raises(Overspent):
            record(payment, "sp2d")
        payment.refresh_from_db()
        assert payment.state == PaymentState.SPM_ISSUED
        assert batch_of(payment).claims.filter(state=ClaimState.PAID).count() == 0

    def test_refusal_sends_the_batch_back_for_a_new_proposal(self):
        payment = propose()
        payments.refuse(payment=payment, reason="Kuitansi belum ada", actor=f.make_user("TREASURER"), at=f.NOW)
        assert propose(batch_of(payment)).state == PaymentState.PROPOSED


class TestThreePeople:
    @pytest.mark.parametrize(("first", "second"), [("spp", "spm"), ("spm", "sp2d")])
    def test_one_person_with_two_roles_cannot_record_two_documents(self, first, second):
        payment = propose()
        both = f.make_user(STEPS[first][1], STEPS[second][1])
        if first == "spm":
            payment = record(payment, "spp")
        payment = record(payment, first, actor=both)
        with pytest.raises(Refused, match="SP2D"):
            record(payment, second, actor=both)

    @pytest.mark.parametrize("move", PAYMENT.transitions, ids=lambda m: m.name)
    def test_each_step_belongs_to_its_role(self, move):
        assert roles_that_may(PAYMENT, move, propose()) == set(move.roles)


class TestDocuments:
    def test_a_date_in_the_future_is_refused(self):
        with pytest.raises(Refused):
            record(propose(), "spp", date=f.TODAY + datetime.timedelta(days=1))

    def test_an_spm_before_its_spp_is_refused(self):
        payment = record(propose(), "spp")
        with pytest.raises(Refused):
            record(payment, "spm", date=f.TODAY - datetime.timedelta(days=1))

    def test_a_number_of_an_sp2d_is_used_once(self):
        first, second = propose(), propose()
        for payment in (first, second):
            payment = record(record(payment, "spp"), "spm")
            if payment.pk == first.pk:
                record(payment, "sp2d", number="SP2D/7")
        with pytest.raises(Refused, match="SP2D"):
            record(payment, "sp2d", number="SP2D/7")


class TestScreens:
    def test_the_form_of_the_next_document_is_offered_to_its_officer_only(self, client):
        payment = propose()
        address = reverse("budget:payment", args=[payment.public_id])
        client.force_login(f.make_user("TREASURER"))
        assert client.get(address).context["document"] == "SPP"
        client.force_login(f.make_user("BUD"))
        assert client.get(address).context["document"] == ""

    def test_a_document_is_recorded_through_the_screen(self, client):
        payment = propose()
        client.force_login(f.make_user("TREASURER"))
        today = datetime.date.today().strftime("%d-%m-%Y")  # noqa: DTZ011
        answer = client.post(reverse("budget:payment", args=[payment.public_id]), {"number": "12/SPP", "date": today})
        assert answer.status_code == 302
        payment.refresh_from_db()
        assert payment.spp_number == "12/SPP"

    def test_a_payment_above_the_line_is_said_in_words(self, client):
        batch = approved_batch()
        BudgetLine.objects.update(ceiling=1)
        client.force_login(f.make_user("DINKES_CLAIMS"))
        sent = {
            "bahvs": [batch.bahvs.get().public_id],
            "receipt_number": "KW/1",
            "receipt_date": "22-11-2026",
            "tax_due": "NONE",
        }
        page = client.post(reverse("budget:propose", args=[batch.hospital.code]), sent)
        assert "Rp" in str(page.context["form"].non_field_errors())
        assert not Payment.objects.exists()

    def test_a_hospital_sees_its_own_payments_only(self, client):
        payment = propose()
        address = reverse("budget:payment", args=[payment.public_id])
        client.force_login(f.make_user("HOSPITAL_BILLER", facility=payment.hospital))
        assert client.get(address).status_code == 200
        client.force_login(f.make_user("HOSPITAL_BILLER", facility=f.hospital(7)))
        assert client.get(address).status_code == 404


@pytest.mark.django_db(transaction=True)
def test_an_sp2d_recorded_twice_at_once_pays_once():
    payment = record(record(propose(), "spp"), "spm")
    officers = [f.make_user("BUD") for _ in range(4)]

    def pay(officer):
        try:
            record(Payment.objects.get(pk=payment.pk), "sp2d", actor=officer, number=f"SP2D/{officer.pk}")
        except WrongState:
            return 0
        finally:
            connection.close()
        return 1

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(pay, officers)) == 1
    assert BudgetLine.objects.get().realised == 2 * v.ASKED
