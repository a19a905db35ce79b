"""Gapless numbers: the row lock on the series lasts until the caller's transaction ends, and a rollback gives the number back."""

from django.db import connection, transaction


def next_number(kind, owner, year):
    """The next number (1, 2, 3 ...) of series ``(kind, owner, year)``. Must run inside the transaction that uses it."""
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("next_number() needs the transaction that uses the number")
    with connection.cursor() as cursor:
        cursor.execute(
            """INSERT INTO core_numberseries (kind, owner, year, last) VALUES (%s, %s, %s, 1)
               ON CONFLICT (kind, owner, year) DO UPDATE SET last = core_numberseries.last + 1 RETURNING last""",
            [kind, owner, year],
        )
        return cursor.fetchone()[0]
