"""Named advisory locks: one job at a time over all machines, freed by PostgreSQL when the holder dies."""

import hashlib
from contextlib import contextmanager

from django.db import connection


def _key(name):
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "big", signed=True)


def holder(name):
    """Process id of the database session that holds lock ``name`` now, on whichever machine; None when nobody does."""
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT pid FROM pg_locks
                WHERE locktype = 'advisory' AND granted AND objsubid = 1 AND (classid::bigint << 32) | objid::bigint = %s
                  AND database = (SELECT oid FROM pg_database WHERE datname = current_database())""",
            [_key(name)],
        )
        found = cursor.fetchone()
    return found and found[0]


def hold_until_commit(name):
    """Take lock ``name``, waiting for whoever has it, until the end of the transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_key(name)])


@contextmanager
def advisory_lock(name):
    """Hold lock ``name`` for the block without waiting. Yields False when another session has it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [_key(name)])
        mine = cursor.fetchone()[0]
    try:
        yield mine
    finally:
        if mine and not connection.needs_rollback:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [_key(name)])
