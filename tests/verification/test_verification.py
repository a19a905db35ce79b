"""Independent decisions: who may read what, what a decision does to money and lines, and minutes nobody can change."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import DatabaseError, connection, transaction
from django.urls import reverse

from budget.models import BudgetLine, LedgerEntry
from claims.enums import BatchState, ClaimState
from claims.models import Claim
from facilities.enums import Role
from ksb.core.errors import NotAllowed, Refused, WrongState
from ksb.core.letters import letter_pdf
from tests import factories as f
from tests.support.pdf import text_of
from tests.verification import factories as v
from verification import assignment, minutes
from verification.enums import BahvState, Outcome
from verification.granting import Grant
from verification.letters import bahv_letter
from verification.models import Bahv, Conflict, Review
from verification.workflow import BAHV

pytestmark = pytest.mark.django_db


class TestIndependence:
    def test_a_verifier_with_a_tie_to_the_hospital_gets_no_batch_of_it(self):
        batch, reader = v.submitted(), v.verifier()
        Conflict.objects.create(verifier=reader, hospital=batch.hospital, reason="x", recorded_by=f.system())
        with pytest.raises(Refused):
            assignment.assign(batch=batch, verifier=reader, actor=v.coordinator(), at=f.NOW)
        assert not batch.assignments.exists()
        assert batch.state == BatchState.COMPLETE

    def test_without_an_appointment_in_force_nobody_verifies(self):
        with pytest.raises(Refused):
            assignment.assign(batch=v.submitted(), verifier=v.verifier(appointed=False), actor=None, at=f.NOW)

    @pytest.mark.parametrize("role", [Role.HOSPITAL_DESK, Role.TREASURER])
    def test_a_verifier_with_a_hospital_or_payment_role_is_not_independent(self, role):
        reader = v.verifier()
        other = f.make_user(role)
        other.memberships.update(user=reader)
        reader = type(reader).objects.get(pk=reader.pk)
        with pytest.raises(Refused):
            assignment.assign(batch=v.submitted(), verifier=reader, actor=None, at=f.NOW)

    def test_waiting_batches_go_to_the_least_loaded_without_a_tie(self):
        tied, free = v.verifier(), v.verifier()
        batch = v.submitted()
        Conflict.objects.create(verifier=tied, hospital=batch.hospital, reason="x", recorded_by=f.system())
        assert assignment.assign_waiting(at=f.NOW)["assigned"] == 1
        assert batch.assignments.get().verifier == free

    def test_one_batch_has_one_verifier(self):
        batch, _reader = v.assigned()
        with pytest.raises(Refused):
            assignment.assign(batch=batch, verifier=v.verifier(), actor=v.coordinator(), at=f.NOW)

    def test_only_the_coordinator_assigns(self):
        with pytest.raises(NotAllowed):
            assignment.assign(batch=v.submitted(), verifier=v.verifier(), actor=f.make_user("DINKES_CLAIMS"), at=f.NOW)


class TestDecisions:
    def test_approval_grants_every_line_and_commits_the_money(self):
        batch, reader = v.assigned()
        claim = batch.claims.get()
        v.decide(claim, reader)
        claim.refresh_from_db()
        assert (claim.state, claim.approved) == (ClaimState.APPROVED, v.ASKED)
        assert LedgerEntry.objects.get(kind="COMMIT").amount == v.ASKED

    def test_an_adjustment_lowers_lines_with_its_reason(self):
        batch, reader = v.assigned()
        claim = batch.claims.get()
        drug = claim.lines.get(kind="SD")
        v.decide(claim, reader, Outcome.ADJUST, reason="Bukti obat kurang", lines={drug.pk: Grant(1, 0)})
        claim.refresh_from_db()
        drug.refresh_from_db()
        assert (claim.state, claim.approved) == (ClaimState.PARTLY_APPROVED, v.ASKED - 100_000)
        assert (drug.approved, drug.reason) == (0, "Bukti obat kurang")

    def test_more_than_was_asked_is_refused_and_nothing_changes(self):
        batch, reader = v.assigned()
        claim = batch.claims.get()
        drug = claim.lines.get(kind="SD")
        with pytest.raises(Refused, match="100"):
            v.decide(claim, reader, Outcome.ADJUST, reason="x", lines={drug.pk: Grant(1, 100_001)})
        claim.refresh_from_db()
        assert claim.state == ClaimState.ADMIN_REVIEW
        assert not LedgerEntry.objects.filter(kind="COMMIT").exists()

    def test_an_adjustment_that_adjusts_nothing_is_refused(self):
        batch, reader = v.assigned()
        with pytest.raises(Refused):
            v.decide(batch.claims.get(), reader, Outcome.ADJUST, reason="x")

    @pytest.mark.parametrize("outcome", [Outcome.RETURN, Outcome.REJECT])
    def test_a_return_or_rejection_needs_a_reason_and_commits_nothing(self, outcome):
        batch, reader = v.assigned()
        claim = batch.claims.get()
        with pytest.raises(Refused):
            v.decide(claim, reader, outcome, reason="  ")
        v.decide(claim, reader, outcome, reason="Resume medis tidak ada")
        claim.refresh_from_db()
        assert claim.approved is None
        assert not LedgerEntry.objects.filter(kind="COMMIT").exists()

    def test_a_decided_claim_is_not_decided_again(self):
        batch, reader = v.assigned()
        claim = batch.claims.get()
        v.decide(claim, reader)
        with pytest.raises(WrongState):
            v.decide(claim, reader, Outcome.REJECT, reason="x")

    def test_another_verifier_cannot_decide(self):
        batch, _reader = v.assigned()
        with pytest.raises(NotAllowed):
            v.decide(batch.claims.get(), v.verifier())

    def test_no_other_role_decides(self):
        batch, _reader = v.assigned()
        for role in set(Role) - {Role.VERIFIER_ADMIN, Role.VERIFIER_MEDICAL}:
            with pytest.raises(NotAllowed):
                v.decide(batch.claims.get(), f.make_user(role))

    def test_without_a_budget_line_nothing_is_approved(self):
        batch, reader = v.assigned()
        BudgetLine.objects.update(year_id=_other_year())
        with pytest.raises(Refused):
            v.decide(batch.claims.get(), reader)
        assert batch.claims.get().state == ClaimState.ADMIN_REVIEW

    def test_reviews_are_never_rewritten(self):
        v.decided()
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("UPDATE verification_review SET approved = 0")


def _other_year():
    from budget.models import FiscalYear

    return FiscalYear.objects.create(year=2031).pk


class TestMinutes:
    def test_undecided_claims_hold_the_minutes_up(self):
        batch, reader = v.assigned(v.submitted(claims=2))
        v.decide(batch.claims.first(), reader)
        with pytest.raises(Refused, match="1"):
            minutes.draw(batch=batch, actor=reader, at=f.NOW)

    def test_totals_are_the_sums_of_the_decisions(self):
        batch, reader = v.assigned(v.submitted(claims=3))
        first, second, third = batch.claims.order_by("pk")
        v.decide(first, reader)
        line = second.lines.get(kind="SD")
        v.decide(second, reader, Outcome.ADJUST, reason="x", lines={line.pk: Grant(1, 1)})
        v.decide(third, reader, Outcome.REJECT, reason="x")
        bahv = minutes.draw(batch=batch, actor=reader, at=f.NOW)
        batch.refresh_from_db()
        table = bahv.totals["RJ"]
        assert table["claimed"]["cases"] == 3
        assert table["approved"] == {"cases": 1, "claimed": v.ASKED, "approved": v.ASKED}
        assert table["adjusted"]["approved"] == v.ASKED - 99_999
        assert table["rejected"]["cases"] == 1
        assert batch.approved == 2 * v.ASKED - 99_999

    def sign(self, bahv, reader):
        director = f.make_user("HOSPITAL_DIRECTOR", facility=bahv.batch.hospital)
        bahv = minutes.sign_hospital(bahv=bahv, actor=director, at=f.NOW)
        return minutes.sign_verifier(bahv=bahv, actor=reader, at=f.NOW)

    def test_three_parties_sign_in_order(self):
        batch, reader = v.decided()
        bahv = minutes.draw(batch=batch, actor=reader, at=f.NOW)
        with pytest.raises(WrongState):
            minutes.sign_verifier(bahv=bahv, actor=reader, at=f.NOW)
        bahv = self.sign(bahv, reader)
        minutes.approve(bahv=bahv, actor=f.make_user("DINKES_SERVICES"), at=f.NOW)
        batch.refresh_from_db()
        assert batch.state == BatchState.BAHV_APPROVED

    def test_another_hospital_s_director_cannot_sign(self):
        batch, reader = v.decided()
        bahv = minutes.draw(batch=batch, actor=reader, at=f.NOW)
        with pytest.raises(NotAllowed):
            minutes.sign_hospital(bahv=bahv, actor=f.make_user("HOSPITAL_DIRECTOR", facility=f.hospital(5)), at=f.NOW)

    def test_an_annex_that_no_longer_agrees_cannot_be_signed(self):
        batch, reader = v.decided()
        bahv = minutes.draw(batch=batch, actor=reader, at=f.NOW)
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("ALTER TABLE claims_claim DISABLE TRIGGER USER")
        Claim.objects.filter(batch=batch).update(approved=1)
        with pytest.raises(Refused, match="BAHV"):
            self.sign(bahv, reader)

    def test_each_signature_belongs_to_its_role_and_place_in_the_order(self):
        people = {role: f.make_user(role) for role in Role}
        for move in BAHV.transitions:
            for state in BahvState:
                passed = {role for role, person in people.items() if v.may(BAHV, Bahv(state=state), move, person)}
                assert passed == (set(move.roles) if state in move.sources else set())

    def test_the_paper_says_what_was_decided(self):
        batch, reader = v.decided()
        bahv = minutes.draw(batch=batch, actor=reader, at=f.NOW)
        text = text_of(letter_pdf(bahv_letter(bahv)))
        assert "Rp 8.000.000" in text.replace("\N{NO-BREAK SPACE}", " ")
        assert "delapan juta rupiah" in text
        assert bahv.number in text
        assert bahv.annex_sha256[:16] in text


class TestPerimeter:
    def test_a_verifier_opening_a_foreign_batch_or_claim_finds_nothing(self, client):
        batch, _reader = v.assigned()
        client.force_login(v.verifier())
        assert client.get(reverse("verification:batch", args=[batch.public_id])).status_code == 404
        assert client.get(reverse("verification:claim", args=[batch.claims.get().public_id])).status_code == 404

    def test_the_own_claim_shows_everything_on_one_page(self, client):
        batch, reader = v.assigned()
        client.force_login(reader)
        page = client.get(reverse("verification:claim", args=[batch.claims.get().public_id]))
        assert page.status_code == 200
        assert "PASIEN 1" in page.text

    def test_a_decision_through_the_screen_leads_to_the_next_claim(self, client):
        batch, reader = v.assigned(v.submitted(claims=2))
        first, second = batch.claims.order_by("line_number")
        client.force_login(reader)
        answer = client.post(reverse("verification:claim", args=[first.public_id]), {"outcome": "APPROVE"})
        assert answer.url == reverse("verification:claim", args=[second.public_id])

    def test_a_missing_reason_is_said_beside_its_field_and_nothing_changes(self, client):
        batch, reader = v.assigned()
        claim = batch.claims.get()
        client.force_login(reader)
        page = client.post(reverse("verification:claim", args=[claim.public_id]), {"outcome": "REJECT"})
        assert "reason" in page.context["form"].errors
        claim.refresh_from_db()
        assert claim.state == ClaimState.ADMIN_REVIEW

    def test_queue_costs_the_same_for_one_batch_and_for_ten(self, client, django_assert_max_num_queries):
        reader = v.verifier()
        for n in range(10):
            v.assigned(v.submitted(f.hospital(n, public=False)), by=reader)
        client.force_login(reader)
        with django_assert_max_num_queries(8):
            client.get(reverse("verification:queue"))


@pytest.mark.django_db(transaction=True)
def test_two_windows_deciding_one_claim_make_one_decision():
    batch, reader = v.assigned()
    claim = batch.claims.get()

    def decide(outcome):
        try:
            v.decide(Claim.objects.get(pk=claim.pk), reader, outcome, reason="x")
        except WrongState:
            return 0
        finally:
            connection.close()
        return 1

    with ThreadPoolExecutor(8) as pool:
        done = sum(pool.map(decide, [Outcome.APPROVE, Outcome.REJECT] * 4))
    assert done == 1
    assert Review.objects.filter(claim=claim).count() == 1
