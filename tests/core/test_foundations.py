"""Sentences that hold for every model, workflow and table of the house, found by looking at all of them."""

import pytest
from django.apps import apps
from django.db import DatabaseError, connection, models, transaction

from ksb.core import journal, numbering
from ksb.core.models import JournalBlock, JournalEntry, NumberSeries
from ksb.core.querysets import PerimeterQuerySet
from tests import factories as f

HOUSE = [
    app
    for app in apps.get_app_configs()
    if app.name.split(".")[0]
    in {
        "ksb",
        "facilities",
        "participants",
        "referrals",
        "claims",
        "budget",
        "verification",
        "reports",
    }
]
MODELS = [m for app in HOUSE for m in app.get_models() if not m._meta.auto_created]


def stamped(model):
    """``(act, at, by)`` for each field ``<act>_at`` of a model."""
    names = {field.name: field for field in model._meta.concrete_fields}
    for name, field in names.items():
        if name.endswith("_at") and isinstance(field, models.DateTimeField):
            yield name.removesuffix("_at"), field, names.get(f"{name.removesuffix('_at')}_by")


@pytest.mark.parametrize("model", MODELS, ids=lambda m: m._meta.label)
class TestEveryModel:
    def test_each_moment_has_its_author(self, model):
        checks = {c.name for c in model._meta.constraints}
        for act, at, by in stamped(model):
            assert by is not None, f"{model._meta.label}.{act}_at has no {act}_by"
            if at.null or by.null:
                assert any(name.endswith(f"{act}_at_has_its_by") for name in checks), f"{model._meta.label}.{act}"

    def test_has_a_perimeter_of_its_own(self, model):
        manager = model._default_manager
        assert hasattr(manager, "visible_to")
        queryset = getattr(manager, "_queryset_class", None)
        assert queryset is None or issubclass(queryset, PerimeterQuerySet) or hasattr(type(manager), "visible_to")

    def test_money_is_whole_rupiah(self, model):
        for field in model._meta.concrete_fields:
            assert not isinstance(field, models.FloatField | models.DecimalField) or field.name in {
                "latitude",
                "longitude",
                "temperature",
            }


@pytest.mark.django_db
class TestJournal:
    def test_sealed_blocks_hold(self):
        assert list(journal.broken_blocks()) == []

    @pytest.mark.parametrize("statement", ["UPDATE core_journalentry SET verb = 'x'", "DELETE FROM core_journalentry"])
    def test_entries_are_never_rewritten(self, statement):
        journal.record("test.act", actor=None)
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)

    def test_it_is_read_by_auditors_only(self):
        journal.record("test.act", actor=None)
        assert JournalEntry.objects.visible_to(f.make_user("AUDITOR")).exists()
        assert not JournalEntry.objects.visible_to(f.make_user("DINKES_SERVICES")).exists()


@pytest.mark.django_db(transaction=True)
class TestSealing:
    def alter(self, statement):
        """What only a superuser could do: rewrite history with the triggers off."""
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE core_journalentry DISABLE TRIGGER USER")
            cursor.execute(statement)
            cursor.execute("ALTER TABLE core_journalentry ENABLE TRIGGER USER")

    def seal(self):
        """A seal over all entries. Nobody else writes here; other suites on the server may keep transactions open."""
        with connection.cursor() as cursor:
            cursor.execute("SELECT (pg_snapshot_xmax(pg_current_snapshot())::text)::bigint")
            return journal.seal(below=cursor.fetchone()[0])

    def sealed(self):
        JournalEntry.objects.bulk_create(JournalEntry(verb="test.act", data={"n": n}) for n in range(20))
        first = self.seal()
        JournalEntry.objects.bulk_create(JournalEntry(verb="test.act", data={"n": n}) for n in range(20))
        return first, self.seal()

    def test_the_table_cannot_be_emptied(self):
        with pytest.raises(DatabaseError, match="append-only"), connection.cursor() as cursor:
            cursor.execute("TRUNCATE core_journalentry")

    def test_everything_below_the_horizon_is_sealed_and_chained(self):
        first, second = self.sealed()
        assert first.number < second.number
        assert sum(JournalBlock.objects.values_list("entries", flat=True)) == JournalEntry.objects.count()
        assert list(journal.broken_blocks()) == []

    def test_nothing_new_makes_no_block(self):
        self.sealed()
        assert self.seal() is None
        assert JournalBlock.objects.count() >= 2

    def test_an_edit_is_found_in_its_block(self):
        _first, second = self.sealed()
        self.alter("UPDATE core_journalentry SET verb = 'forged' WHERE id = (SELECT max(id) FROM core_journalentry)")
        assert [number for number, _what in journal.broken_blocks()] == [second.number]

    def test_a_deletion_is_found_in_its_block(self):
        first, _second = self.sealed()
        self.alter("DELETE FROM core_journalentry WHERE id = (SELECT min(id) FROM core_journalentry)")
        assert [number for number, _what in journal.broken_blocks()] == [first.number]

    def test_a_row_slipped_in_is_found(self):
        first, _second = self.sealed()
        self.alter(
            "INSERT INTO core_journalentry (verb, object_type, data, transaction)"
            f" VALUES ('forged', '', '{{}}', {first.to_transaction - 1})"
        )
        assert first.number in [number for number, _what in journal.broken_blocks()]

    def test_after_a_restore_that_restarts_transaction_numbers_sealing_goes_on_in_a_new_era(self):
        _first, second = self.sealed()
        ahead = second.to_transaction + 10**9
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE core_journalblock DISABLE TRIGGER USER")
            cursor.execute("ALTER TABLE core_journalentry DISABLE TRIGGER USER")
            cursor.execute("DELETE FROM core_journalblock")
            cursor.execute("UPDATE core_journalentry SET transaction = transaction + 1000000000")
            cursor.execute("ALTER TABLE core_journalblock ENABLE TRIGGER USER")
            cursor.execute("ALTER TABLE core_journalentry ENABLE TRIGGER USER")
        count = JournalEntry.objects.count()
        entries, newest, rows = self.digest(0, ahead)
        old = JournalBlock.objects.create(
            number=1,
            first_entry=0,
            from_transaction=0,
            to_transaction=ahead,
            last_entry=newest,
            entries=entries,
            previous_digest=journal.GENESIS,
            digest=journal._digest(journal.GENESIS, 1, entries, rows),
        )
        JournalEntry.objects.bulk_create(JournalEntry(verb="test.after_restore") for n in range(20))
        block = self.seal()
        assert (old.entries, block.entries) == (count, 20)
        assert list(journal.broken_blocks()) == []

    def digest(self, start, end):
        with connection.cursor() as cursor:
            cursor.execute(journal._ROWS, [start, end, 0, None, None])
            return cursor.fetchone()


@pytest.mark.django_db
class TestNumbers:
    def test_a_rollback_gives_the_number_back(self):
        assert numbering.next_number("SJP", "X", 2026) == 1
        with transaction.atomic():
            assert numbering.next_number("SJP", "X", 2026) == 2
            transaction.set_rollback(True)
        assert numbering.next_number("SJP", "X", 2026) == 2

    def test_each_owner_and_year_counts_alone(self):
        numbering.next_number("SJP", "X", 2026)
        assert numbering.next_number("SJP", "X", 2027) == 1
        assert numbering.next_number("SJP", "Y", 2026) == 1
        assert NumberSeries.objects.count() == 3
