"""Rules of the money beyond one payment: documents, debts, recoveries, clocks, thresholds, duties, and the proof of it all."""

import datetime

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from budget import (
    bahvs,
    closing,
    debts,
    documents,
    forecast,
    ledger,
    leftovers,
    letters,
    payments,
    proof,
    recoveries,
    sources,
    watch,
)
from budget.checks import checks
from budget.enums import LedgerKind as K
from budget.models import BudgetLine, FundingShare, LedgerEntry, Payment, PaymentPart
from budget.workflow import DOCUMENT, RECOVERY
from facilities.models import AccountChange, Contract
from ksb.core.errors import NotAllowed, Refused, WrongState
from ksb.core.letters import letter_pdf
from ksb.core.models import Notice, SchemeVersion
from tests import factories as f
from tests.budget import factories as b
from tests.claims import factories as c
from tests.support.pdf import text_of
from tests.support.workflows import roles_that_may
from tests.verification import factories as v
from verification import questions

pytestmark = pytest.mark.django_db
NEXT_YEAR = f.NOW.replace(year=2027, month=1, day=15)


def approve(document, actor=None):
    return documents.approve(document=document, actor=actor or f.make_user("BUDGET_USER"), at=f.NOW)


class TestDocuments:
    def test_a_shift_moves_what_it_takes_and_nothing_before_it_is_approved(self):
        one, two = b.make_line(1000), b.make_line(1000, name="RSUD", for_public=True)
        document = b.document(kind="SHIFT", changes={one: -400, two: 400})
        one.refresh_from_db()
        assert one.ceiling == 1000
        approve(document)
        assert list(BudgetLine.objects.order_by("pk").values_list("ceiling", flat=True)) == [600, 1400]

    @pytest.mark.parametrize(("kind", "amount"), [("SHIFT", 5), ("DPA", -5), ("DPPA", 0)])
    def test_a_document_that_cannot_be_is_refused_when_it_is_entered(self, kind, amount):
        with pytest.raises(Refused):
            b.document(kind=kind, amount=amount)

    def test_the_database_refuses_a_shift_that_does_not_sum_to_zero_and_a_decided_document_that_changes(self):
        document = b.document(kind="DPPA", amount=5)
        type(document).objects.filter(pk=document.pk).update(kind="SHIFT")
        with pytest.raises(IntegrityError, match="takes other"), transaction.atomic():
            type(document).objects.filter(pk=document.pk).update(
                state="APPROVED", approved_at=f.NOW, approved_by=f.system()
            )
        type(document).objects.filter(pk=document.pk).update(kind="DPPA")
        approve(document)
        with pytest.raises(IntegrityError, match="decided"), transaction.atomic():
            document.changes.update(amount=6)

    def test_a_line_is_not_cut_below_what_is_realised_and_the_document_stays_undecided(self):
        line = b.make_line(1000)
        ledger.post(K.REALISE, line, 900, key="r", actor=None, at=f.NOW)
        document = b.document(amount=-101, line=line)
        with pytest.raises(ledger.Overspent):
            approve(document)
        document.refresh_from_db()
        assert document.state == "PROPOSED"

    def test_who_entered_a_document_does_not_approve_it(self):
        both = f.make_user("DINKES_CLAIMS", "BUDGET_USER")
        with pytest.raises(Refused):
            approve(b.document(actor=both), actor=both)

    @pytest.mark.parametrize("move", DOCUMENT.transitions, ids=lambda m: m.name)
    def test_each_step_belongs_to_its_role(self, move):
        assert roles_that_may(DOCUMENT, move, b.document()) == set(move.roles)

    @pytest.mark.django_db(transaction=True)
    def test_shares_make_a_hundred_in_the_database(self):
        line = b.make_line()
        with pytest.raises(IntegrityError, match="not 100"), transaction.atomic():
            FundingShare.objects.create(line=line, source="APBD", percent=60)
        assert not FundingShare.objects.exists()

    @pytest.mark.parametrize("amount", [1, 99, 100, 101, 12_345_677, -101])
    def test_the_database_splits_every_entry_to_the_rupiah(self, amount):
        line = shared_line({"A": 33, "B": 33, "C": 34}, ceiling=1000)
        entry = ledger.post(K.REVISE, line, amount, key="x", actor=None, at=f.NOW)
        entry.refresh_from_db()
        assert sum(entry.sources.values()) == amount
        off = [entry.sources[source] * 100 - amount * percent for source, percent in (("A", 33), ("B", 33), ("C", 34))]
        assert max(map(abs, off)) < 100

    def test_a_payment_is_borne_by_its_sources_and_reported_so(self, client):
        shared_line({"APBD": 70, "DBHCHT": 30}, ceiling=10**9)
        b.make_line(500, name="HD", earmark="HD", funding_source="Bankeu")
        claim_of = v.submitted(b.payable(f.hospital(public=False)), asked=4_000_001, budget=False)
        payment = b.propose([v.approved_bahv(batch=claim_of)])
        expected = [("APBD", 2_800_001), ("DBHCHT", 1_200_000)]
        assert sources.of_payment(payment) == expected
        payment = b.paid(payment)
        assert sources.of_payment(payment) == expected
        client.force_login(f.make_user("DINKES_CLAIMS"))
        found = client.get(reverse("budget:realisation")).context["report"]["sources"]
        rows = [(row.source, row.ceiling, row.in_period, row.realised) for row in found]
        assert rows == [
            ("APBD", 7 * 10**8, 2_800_001, 2_800_001),
            ("Bankeu", 500, 0, 0),
            ("DBHCHT", 3 * 10**8, 1_200_000, 1_200_000),
        ]
        assert sum(row.realised for row in found) == payment.amount
        assert "DBHCHT" in text_of(letter_pdf(letters.bill_resume(payment)))
        assert not list(proof.differences())


def shared_line(shares, *, ceiling):
    line = b.make_line(0)
    FundingShare.objects.bulk_create(FundingShare(line=line, source=s, percent=p) for s, p in shares.items())
    ledger.allocate(line, ceiling, actor=f.system(), at=f.NOW, note="DPA", key=f"dpa:{line.pk}")
    return line


class TestWhichLine:
    def test_haemodialysis_has_its_own_line_and_nothing_else_is_paid_from_it(self):
        common = b.make_line()
        marked = b.make_line(name="HD", earmark="HD")
        place = f.hospital()
        assert ledger.line_for(hospital=place, year=2026, service="HAEMODIALYSIS") == marked
        assert ledger.line_for(hospital=place, year=2026, service="INPATIENT") == common


class TestCommitments:
    def test_a_second_decision_moves_the_difference_only(self):
        claim = v.approved_bahv().batch.claims.get()
        for approved in (1_000_000, 1_000_000, 3_000_000, 0):
            claim.approved = approved
            ledger.commit(claim, actor=None, at=f.NOW)
            assert sum(ledger.commitments([claim.pk]).get(claim.pk, {}).values()) == approved
        assert BudgetLine.objects.get().committed == 0


class TestLeftovers:
    def test_a_letter_of_several_visits_gives_back_what_its_claims_left_when_it_ends(self):
        sjp = c.letter(to=b.payable(c.hospital()), state="USED", estimate=9_000_000)
        b.make_line(10**9, for_public=False)
        ledger.reserve(sjp, at=f.NOW)
        v.approved_bahv(sjp.hospital, sjp=sjp)
        line = BudgetLine.objects.get()
        assert (leftovers.release(at=f.NOW), line.reserved, line.committed) == (0, 9_000_000, v.ASKED)
        type(sjp).objects.filter(pk=sjp.pk).update(state="SERVICE_DONE")
        assert (leftovers.release(at=f.NOW), leftovers.release(at=f.NOW)) == (1, 0)
        line.refresh_from_db()
        assert line.reserved == 0

    @pytest.mark.parametrize("refused", ["by the verifier", "by silence"])
    def test_a_refused_visit_leaves_the_money_of_the_letter_in_use_until_it_ends(self, refused):
        sjp = c.letter(to=b.payable(c.hospital()), state="USED", estimate=9_000_000)
        line = b.make_line(10**9, for_public=False)
        ledger.reserve(sjp, at=f.NOW)
        batch, reader = v.assigned(v.submitted(sjp.hospital, sjp=sjp))
        silent = refused == "by silence"
        outcome = "PEND" if silent else "REJECT"
        v.decide(batch.claims.get(), reader, outcome, reason="Tidak terbukti")
        if silent:
            assert questions.end_unanswered(at=NEXT_YEAR) == 1
        line.refresh_from_db()
        assert (batch.claims.get().state, leftovers.release(at=f.NOW), line.reserved) == ("REJECTED", 0, 9_000_000)
        type(sjp).objects.filter(pk=sjp.pk).update(state="SERVICE_DONE")
        assert leftovers.release(at=f.NOW) == 1


class TestYearEnd:
    def test_what_is_unpaid_becomes_a_debt_of_the_next_year_and_is_paid_there_with_its_service_year(self):
        bahv = v.approved_bahv()
        old = BudgetLine.objects.get()
        head = f.make_user("BUDGET_USER")
        with pytest.raises(Refused, match="2027"):
            closing.close(year=old.year, actor=head, at=NEXT_YEAR)
        new = b.make_line(10**9, year=2027, for_public=False)
        assert closing.close(year=old.year, actor=head, at=NEXT_YEAR) == v.ASKED
        old.refresh_from_db()
        new.refresh_from_db()
        assert (old.committed, new.committed) == (0, v.ASKED)
        [row] = debts.ageing(on=NEXT_YEAR.date())
        assert (row["last_year"], row["age_31"], row["total"]) == (v.ASKED, 0, v.ASKED)
        payment = b.propose([bahv], at=NEXT_YEAR)
        assert (payment.service_year, payment.parts.get().line) == (2026, new)
        assert not list(proof.differences())
        with pytest.raises(WrongState):
            closing.close(year=old.year, actor=head, at=NEXT_YEAR)

    def test_a_year_is_not_closed_before_its_end_nor_over_a_payment_under_way(self):
        b.propose([v.approved_bahv()])
        b.make_line(10**9, year=2027)
        year = BudgetLine.objects.get(year=2026).year
        head = f.make_user("BUDGET_USER")
        for at in (f.NOW, NEXT_YEAR):
            with pytest.raises(Refused, match=r"2026|1"):
                closing.close(year=year, actor=head, at=at)
        assert Payment.objects.get().state == "PROPOSED"

    def test_letters_of_a_closed_year_give_back_what_they_reserve_in_as_many_steps_for_one_as_for_many(self):
        place, head = b.payable(c.hospital()), f.make_user("BUDGET_USER")

        def closing_costs(letters, year):
            line = b.make_line(10**9, for_public=False, year=year)
            for _letter in range(letters):
                sjp = c.letter(to=place, estimate=1_000_000)
                ledger.post(K.RESERVE, line, 1_000_000, key=f"reserve:sjp:{sjp.pk}", actor=None, at=f.NOW, sjp=sjp)
            with CaptureQueriesContext(connection) as queries:
                closing.close(year=line.year, actor=head, at=NEXT_YEAR)
            line.refresh_from_db()
            assert line.reserved == 0
            return len(queries)

        assert closing_costs(1, 2025) >= closing_costs(5, 2026)
        assert not list(proof.differences())

    def test_a_claim_decided_after_the_year_is_closed_is_committed_in_the_next(self):
        line = b.make_line(for_public=False)
        new = b.make_line(year=2027, for_public=False)
        closing.close(year=line.year, actor=f.make_user("BUDGET_USER"), at=NEXT_YEAR)
        claim = v.approved_bahv(budget=False).batch.claims.get()
        assert ledger.commitments([claim.pk])[claim.pk] == {new.pk: v.ASKED}

    @pytest.mark.parametrize(
        ("days", "column"), [(0, "age_0"), (30, "age_0"), (31, "age_31"), (61, "age_61"), (91, "age_91")]
    )
    def test_a_debt_ages_from_its_decision(self, days, column):
        v.approved_bahv()
        on = f.TODAY + datetime.timedelta(days=days)
        [row] = debts.ageing(on=on)
        expected = "last_year" if on.year > 2026 else column
        assert row[expected] == v.ASKED == row["total"]


class TestProposals:
    def test_several_bahvs_of_one_hospital_are_one_payment_and_each_is_paid_once(self):
        pair = [v.approved_bahv(), v.approved_bahv()]
        payment = b.paid(b.propose(pair))
        assert payment.amount == 2 * v.ASKED
        assert not bahvs.payable().exists()
        with pytest.raises(WrongState):
            b.propose(pair[:1])
        with pytest.raises(IntegrityError, match="a_bahv_is_paid_once"), transaction.atomic():
            PaymentPart.objects.create(payment=payment, bahv=pair[0], line=payment.parts.first().line, amount=1)

    def test_one_payment_pays_one_hospital(self):
        pair = [v.approved_bahv(), v.approved_bahv(f.hospital(1, public=False))]
        with pytest.raises(Refused):
            b.propose(pair)

    @pytest.mark.parametrize(
        "missing",
        [
            {"receipt_number": " "},
            {"receipt_date": f.TODAY + datetime.timedelta(days=1)},
            {"tax_due": "PAID"},
        ],
        ids=lambda missing: next(iter(missing)),
    )
    def test_without_its_papers_nothing_is_proposed(self, missing):
        with pytest.raises(Refused):
            b.propose([v.approved_bahv()], **missing)

    def test_each_check_names_what_is_missing_and_who_mends_it(self):
        bahv = v.approved_bahv()
        place = b.payable(bahv.batch.hospital)

        def failing():
            return [check.code for check in checks(place, [bahv], on=f.TODAY) if not check.is_met and check.mended_by]

        assert failing() == []
        Contract.objects.update(tax_number="")
        AccountChange.objects.filter(state="APPROVED").delete()
        assert failing() == ["two_people", "npwp"]
        Contract.objects.update(valid=("2020-01-01", "2020-12-31"))
        assert failing()[0] == "contract"

    def test_who_approved_the_bahv_issues_no_spp(self):
        bahv = v.approved_bahv(dinkes=f.make_user("DINKES_SERVICES", "TREASURER"))
        with pytest.raises(Refused, match="SPP"):
            b.record(b.propose([bahv]), "spp", actor=bahv.approved_by)
        with pytest.raises(IntegrityError, match="issues no SPP"), transaction.atomic():
            Payment.objects.update(spp_at=f.NOW, spp_by=bahv.approved_by)

    def test_a_budget_user_without_a_decree_orders_nothing(self):
        payment = b.record(b.propose([v.approved_bahv()]), "spp")
        head = f.make_user("BUDGET_USER")
        head.memberships.update(decree="")
        with pytest.raises(Refused):
            b.record(payment, "spm", actor=head)

    def test_the_clock_of_each_step_runs_in_working_days(self):
        payment = b.record(b.propose([v.approved_bahv()]), "spp")
        assert payment.due_on == datetime.date(2026, 11, 24)  # f.NOW is a Sunday
        assert list(Payment.objects.all().overdue(datetime.date(2026, 11, 25))) == [payment]
        assert b.record(b.record(payment, "spm"), "sp2d").due_on is None

    def test_the_bank_confirms_what_was_ordered(self):
        payment = b.paid(b.propose([v.approved_bahv()]))
        treasurer = f.make_user("TREASURER")
        values = {"payment": payment, "date": f.TODAY, "reference": "BJB/1", "actor": treasurer, "at": f.NOW}
        with pytest.raises(Refused, match="Rp"):
            payments.confirm_bank(amount=payment.amount - 1, **values)
        assert payments.confirm_bank(amount=payment.amount, **values).state == "DISBURSED"
        with pytest.raises(WrongState):
            payments.confirm_bank(amount=payment.amount, **values)

    def test_while_the_programme_is_suspended_old_claims_are_paid(self):
        bahv = v.approved_bahv()
        SchemeVersion.objects.filter(valid__contains=f.TODAY).delete()
        assert b.paid(b.propose([bahv])).state == "SP2D_ISSUED"


class TestRecoveries:
    def test_what_is_owed_is_set_off_against_the_next_payment(self):
        recovery = b.recovery(amount=1_000_000)
        line = BudgetLine.objects.get()
        assert (line.owed, recoveries.owed_by(recovery.hospital)) == (1_000_000, 1_000_000)
        with pytest.raises(Refused):
            b.propose([v.approved_bahv(recovery.hospital)], set_off=1_000_001)
        payment = b.paid(b.propose([v.approved_bahv(recovery.hospital)], set_off=1_000_000))
        recovery.refresh_from_db()
        line.refresh_from_db()
        assert (payment.transfer, recovery.state, line.owed) == (v.ASKED - 1_000_000, "SETTLED", 0)
        assert line.realised == 2 * v.ASKED
        assert not list(proof.differences())

    def test_what_a_payment_keeps_back_is_not_paid_in_as_well_and_never_vanishes(self):
        recovery = b.recovery(amount=1_000_000)
        payment = b.record(b.record(b.propose([v.approved_bahv(recovery.hospital)], set_off=600_000), "spp"), "spm")
        deposit = {"recovery": recovery, "actor": f.make_user("TREASURER"), "at": f.NOW}
        with pytest.raises(Refused, match="400"):
            recoveries.receive(amount=400_001, reference="STS/1", **deposit)
        for _twice in range(2):
            recoveries.receive(amount=400_000, reference="STS/1", **deposit)
        type(recovery).objects.filter(pk=recovery.pk).update(repaid=500_000)
        with pytest.raises(Refused):
            b.record(payment, "sp2d")
        payment.refresh_from_db()
        assert payment.state == "SPM_ISSUED"

    def test_more_than_was_paid_is_not_asked_back_and_the_same_deposit_counts_once(self):
        recovery = b.recovery(amount=v.ASKED)
        with pytest.raises(Refused):
            b.recovery(claim=recovery.claim, amount=1)
        for _twice in range(2):
            recoveries.receive(
                recovery=recovery, amount=1000, reference="STS/1", actor=f.make_user("TREASURER"), at=f.NOW
            )
        recovery.refresh_from_db()
        assert recovery.repaid == 1000

    def test_who_entered_a_recovery_does_not_put_it_in_force(self):
        both = f.make_user("DINKES_CLAIMS", "BUDGET_USER")
        found = b.recovery(actor=both, approved=False)
        with pytest.raises(Refused):
            recoveries.approve(recovery=found, actor=both, at=f.NOW)
        with pytest.raises(NotAllowed):
            recoveries.receive(recovery=found, amount=1, reference="x", actor=both, at=f.NOW)

    @pytest.mark.parametrize("move", RECOVERY.transitions, ids=lambda m: m.name)
    def test_each_step_belongs_to_its_role(self, move):
        assert roles_that_may(RECOVERY, move, b.recovery(approved=False)) == set(move.roles)


class TestWatching:
    def test_each_threshold_is_told_once(self):
        line = b.make_line(1000)
        told = []
        for n, amount in enumerate((499, 1, 250, 400)):
            ledger.post(K.COMMIT, line, amount, key=f"c{n}", actor=None, at=f.NOW)
            told.append((watch.settle(at=f.NOW), watch.settle(at=f.NOW)))
        assert told == [(0, 0), (1, 0), (1, 0), (1, 0)]
        assert set(line.alerts.values_list("percent", flat=True)) == {50, 75, 90, 100}
        assert Notice.objects.filter(kind="budget.threshold", role="BUDGET_USER").count() == 3

    def test_a_line_is_forecast_from_the_pace_of_three_months(self):
        line = b.make_line(91_000)
        ledger.post(K.COMMIT, line, 9100 * 9, key="c", actor=None, at=f.NOW)
        line.refresh_from_db()
        found = forecast.forecasts([line], on=f.TODAY)[line.pk]
        assert (found.a_day, found.exhausted_on) == (900, f.TODAY + datetime.timedelta(days=10))

    @pytest.mark.parametrize(
        ("what", "sql"),
        [
            ("committed of a line", "UPDATE budget_budgetline SET committed = committed + 1"),
            ("parts of a payment", "UPDATE budget_payment SET amount = amount + 1"),
            ("recovery", "UPDATE budget_recovery SET repaid = repaid + 1"),
        ],
    )
    def test_the_proof_finds_what_was_written_past_the_ledger(self, what, sql):
        b.recovery()
        assert not list(proof.differences())
        with connection.cursor() as cursor:
            cursor.execute(sql)
        assert what in {one.what for one in proof.differences()}
        assert LedgerEntry.objects.exists()
