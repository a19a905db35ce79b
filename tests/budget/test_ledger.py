"""The ledger: what fits is added once, what does not fit changes nothing, and totals are the sums of the entries."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.management import call_command
from django.db import DatabaseError, IntegrityError, connection, transaction

from budget import ledger, proof
from budget.enums import LedgerKind as K
from budget.models import BudgetLine, LedgerEntry
from tests import factories as f
from tests.budget.factories import make_line


def post(line, kind, amount, key):
    return ledger.post(kind, line, amount, key=key, actor=f.system(), at=f.NOW)


@pytest.mark.django_db
class TestPosting:
    def test_each_kind_moves_its_total(self):
        line = make_line(1000)
        post(line, K.RESERVE, 300, "a")
        post(line, K.RELEASE, 100, "b")
        post(line, K.COMMIT, 500, "c")
        post(line, K.REALISE, 400, "d")
        line.refresh_from_db()
        assert (line.ceiling, line.reserved, line.committed, line.realised) == (1000, 200, 500, 400)
        assert line.left == 600

    def test_realisation_above_the_line_is_refused_with_what_is_left_and_changes_nothing(self):
        line = make_line(1000)
        post(line, K.REALISE, 900, "first")
        with pytest.raises(ledger.Overspent, match="100"):
            post(line, K.REALISE, 101, "second")
        line.refresh_from_db()
        assert line.realised == 900
        assert not LedgerEntry.objects.filter(key="second").exists()

    def test_commitments_may_exceed_the_line_because_patients_must_be_treated(self):
        line = make_line(1000)
        post(line, K.COMMIT, 5000, "c")
        line.refresh_from_db()
        assert line.committed == 5000

    def test_the_ceiling_cannot_be_revised_below_what_was_realised(self):
        line = make_line(1000)
        post(line, K.REALISE, 900, "r")
        with pytest.raises(ledger.Overspent):
            post(line, K.REVISE, -101, "cut")

    def test_a_repeated_cause_is_one_movement(self):
        line = make_line(1000)
        assert post(line, K.COMMIT, 10, "commit:claim:1") is not None
        assert post(line, K.COMMIT, 10, "commit:claim:1") is None
        line.refresh_from_db()
        assert line.committed == 10


@pytest.mark.django_db
class TestTheDatabaseIsTheLastGuard:
    def test_a_total_above_the_ceiling_is_refused_whoever_writes_it(self):
        line = make_line(1000)
        with pytest.raises(IntegrityError, match="realised_never_above_the_line"):
            BudgetLine.objects.filter(pk=line.pk).update(realised=1001)

    @pytest.mark.parametrize(
        "statement", ["UPDATE budget_ledgerentry SET amount = 1", "DELETE FROM budget_ledgerentry"]
    )
    def test_entries_can_be_neither_changed_nor_deleted(self, statement):
        make_line(1000)
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


@pytest.mark.django_db
class TestRecomputing:
    def test_totals_agree_with_the_entries(self, capsys):
        post(make_line(1000), K.COMMIT, 10, "c")
        with pytest.raises(SystemExit) as done:
            call_command("check_ledger", "--json")
        assert done.value.code == 0

    def test_a_total_written_past_the_ledger_is_found(self, capsys):
        line = make_line(1000)
        BudgetLine.objects.filter(pk=line.pk).update(realised=7)
        assert list(proof.disagreements()) == [(line, "realised", 7, 0)]


@pytest.mark.django_db
class TestWhichLinePays:
    def test_the_line_for_public_hospitals_comes_before_the_common_one(self):
        common, public = make_line(), make_line(name="RSUD", for_public=True)
        assert ledger.line_for(hospital=f.hospital(public=True), year=2026) == public
        assert ledger.line_for(hospital=f.hospital(public=False), year=2026) == common

    def test_a_year_without_lines_pays_nothing(self):
        assert ledger.line_for(hospital=f.hospital(), year=2031) is None


@pytest.mark.django_db(transaction=True)
def test_many_payments_at_once_never_overspend_and_none_is_lost():
    """16 threads x 25 payments on one line that can bear half of them."""
    line = make_line(200 * 1000)

    def pay(thread):
        paid = 0
        for n in range(25):
            try:
                paid += post(line, K.REALISE, 1000, f"pay:{thread}:{n}") is not None
            except ledger.Overspent:
                continue
        connection.close()
        return paid

    with ThreadPoolExecutor(16) as pool:
        paid = sum(pool.map(pay, range(16)))
    line.refresh_from_db()
    assert paid == 200
    assert line.realised == 200_000
    assert LedgerEntry.objects.filter(kind=K.REALISE).count() == 200


@pytest.mark.django_db(transaction=True)
def test_without_the_guard_the_same_race_does_overspend():
    """Positive control: the test above can fail."""
    line = make_line(50 * 1000)
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE budget_budgetline DROP CONSTRAINT realised_never_above_the_line")

    def pay_carelessly(thread):
        for n in range(25):
            seen = BudgetLine.objects.get(pk=line.pk)
            if seen.realised + 1000 <= seen.ceiling:
                with transaction.atomic():
                    LedgerEntry.objects.create(
                        kind=K.REALISE,
                        line=line,
                        amount=1000,
                        key=f"{thread}:{n}",
                        entered_at=f.NOW,
                        entered_by=f.system(),
                    )
                    with connection.cursor() as cursor:
                        cursor.execute(
                            "UPDATE budget_budgetline SET realised = realised + 1000 WHERE id = %s", [line.pk]
                        )
        connection.close()

    with ThreadPoolExecutor(16) as pool:
        list(pool.map(pay_carelessly, range(16)))
    line.refresh_from_db()
    assert line.realised > line.ceiling
