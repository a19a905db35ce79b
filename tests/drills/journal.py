"""The journal cannot be rewritten unseen (QUALITY.md R8): what the owner of the tables changes is found in its block.

    python -m tests.drills.journal --changes 1000

Random edits of every column, deletions and insertions, each with the triggers switched off and in a transaction of its own that
is rolled back; and edits whose block was sealed anew with a digest that agrees: those are found in the block after it.
"""

import argparse
import hashlib
import os
import random
import statistics
import sys
import time
from collections import Counter

EDITS = {
    "verb": "verb || '.forged'",
    "at": "at - interval '1 second'",
    "actor": "CASE WHEN actor_id IS NULL THEN (SELECT min(id) FROM facilities_user) END",
    "object type": "object_type || 'x'",
    "object": "coalesce(object_id, 0) + 1",
    "data": "data || '{\"approved\": 0}'",
}
COLUMNS = {"actor": "actor_id", "object type": "object_type", "object": "object_id"}


class Drill:
    def __init__(self, blocks, entries, seed):
        self.blocks, self.entries, self.draw = blocks, entries, random.Random(seed)

    def fill(self):
        """``blocks`` sealed blocks of ``entries`` entries each."""
        from django.db import connection

        from ksb.core import journal
        from ksb.core.models import JournalEntry
        from tests import factories as f

        actors = [f.system(), None]
        for _n in range(self.blocks):
            JournalEntry.objects.bulk_create(
                JournalEntry(
                    verb="claim.approve", actor=actors[n % 2], object_type="claims.claim", object_id=n, data={"n": n}
                )
                for n in range(self.entries)
            )
            with connection.cursor() as cursor:
                cursor.execute("SELECT (pg_snapshot_xmax(pg_current_snapshot())::text)::bigint")
                journal.seal(below=cursor.fetchone()[0])
        assert not list(journal.broken_blocks())

    def change(self, kind):
        """Make one change of ``kind`` with the triggers off. Returns the numbers of the blocks that must not hold any more."""
        from ksb.core.models import JournalBlock

        block = JournalBlock.objects.get(number=self.draw.randint(2, self.blocks - 1))
        if kind == "insertion":
            self._run(
                """INSERT INTO core_journalentry (verb, object_type, data, transaction)
                   VALUES ('claim.approve', 'claims.claim', '{}', %s)""",
                [self.draw.randrange(block.from_transaction, block.to_transaction)],
            )
            return {block.number}
        key = self.draw.randrange(block.last_entry - block.entries + 1, block.last_entry + 1)
        if kind == "deletion":
            self._run("DELETE FROM core_journalentry WHERE id = %s", [key])
        elif kind == "move":
            other = JournalBlock.objects.get(number=block.number - 1)
            self._run("UPDATE core_journalentry SET transaction = %s WHERE id = %s", [other.from_transaction, key])
            return {block.number, other.number}
        else:
            column = self.draw.choice(list(EDITS))
            self._run(
                f"UPDATE core_journalentry SET {COLUMNS.get(column, column)} = {EDITS[column]} WHERE id = %s", [key]
            )
        if kind == "sealed anew":
            self._seal_anew(block)
            return {block.number + 1}
        return {block.number}

    def _seal_anew(self, block):
        from django.db import connection

        from ksb.core import journal

        with connection.cursor() as cursor:
            values = [block.from_transaction, block.to_transaction, block.first_entry, None, None]
            cursor.execute(journal._ROWS, values)
            entries, _newest, rows = cursor.fetchone()
        digest = hashlib.sha256(f"{block.previous_digest}|{block.number}|{entries}|{rows}".encode()).hexdigest()
        self._run("UPDATE core_journalblock SET digest = %s WHERE number = %s", [digest, block.number])

    @staticmethod
    def _run(statement, values):
        from django.db import connection

        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            for table in ("core_journalentry", "core_journalblock"):
                cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
            cursor.execute(statement, values)
            assert cursor.rowcount == 1

    def run(self, changes):
        """How many of ``changes`` were not found in their block; prints what was tried."""
        from django.db import transaction

        from ksb.core import journal

        kinds, missed = ("edit", "deletion", "insertion", "move", "sealed anew"), 0
        tried = Counter()
        for n in range(changes):
            kind = kinds[n % len(kinds)]
            with transaction.atomic():
                expected = self.change(kind)
                found = {number for number, _what in journal.broken_blocks()}
                transaction.set_rollback(True)
            tried[kind] += 1
            if found != expected:
                missed += 1
                say(f"{kind}: blocks {sorted(found)} instead of {sorted(expected)}")
        say(", ".join(f"{kind} {count}" for kind, count in tried.items()))
        return missed


def cost(rounds, acts):
    """Percent of acts per second that the journal costs: the ledger moved with and without its entry, medians of ``rounds``."""
    from django.db import connection, transaction

    from budget import ledger
    from budget.enums import LedgerKind as K
    from ksb.core import journal
    from tests import factories as f
    from tests.budget.factories import make_line

    with connection.cursor() as cursor:
        cursor.execute("SET synchronous_commit = on")
    line, actor, took = make_line(), f.system(), {False: [], True: []}
    for n in range(2 * rounds):
        journalled = bool(n % 2)
        started = time.monotonic()
        for number in range(acts):
            with transaction.atomic():
                entry = ledger.post(K.COMMIT, line, 1, key=f"cost:{n}:{number}", actor=actor, at=f.NOW)
                if journalled:
                    journal.record("ledger.post", entry, actor=actor, amount=1)
        took[journalled].append(acts / (time.monotonic() - started))
    bare, kept = (statistics.median(took[one]) for one in (False, True))
    say(f"{bare:.0f} acts/s without the journal, {kept:.0f} with it: it costs {100 * (1 - kept / bare):.0f} %")


def say(text):
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--changes", type=int, default=1000)
    parser.add_argument("--blocks", type=int, default=20)
    parser.add_argument("--entries", type=int, default=100, help="of each block")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ksb.settings.test")
    os.environ.setdefault("KSB_TEST_SUFFIX", "drill-journal")
    from ksb import embedded

    embedded.servers(embedded.TEST).start()
    import django

    django.setup()
    from tests.support.database import SuiteDatabase

    database, drill = SuiteDatabase(), Drill(options.blocks, options.entries, options.seed)
    database.create()
    try:
        drill.fill()
        started = time.monotonic()
        missed = drill.run(options.changes)
        took = time.monotonic() - started
        cost(5, 200)
    finally:
        database.drop()
    rows = options.blocks * options.entries
    say(f"{options.changes} changes in {rows} entries of {options.blocks} blocks, seed {options.seed}, {took:.0f} s")
    say(f"{options.changes - missed} found in the right block, {missed} missed")
    sys.exit(1 if missed else 0)


if __name__ == "__main__":
    main()
