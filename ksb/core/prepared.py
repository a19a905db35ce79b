"""Statements that PostgreSQL plans once per connection. Planning a look-up takes ten times as long as running it.

Needs a session of its own: behind a pooler that hands out sessions per transaction, set the pooler to session mode.
"""

import hashlib
import weakref

from django.db import OperationalError, connection

UNKNOWN_STATEMENT = "26000"
_prepared = weakref.WeakKeyDictionary()


class Statement:
    """SQL with ``%(name)s`` places, and the type of each name: ``Statement(text, {"nik": "text"})``."""

    def __init__(self, text, types):
        self.name = f"ksb_{hashlib.sha256(text.encode()).hexdigest()[:24]}"
        self.parameters = tuple(types)
        places = {name: f"${i}" for i, name in enumerate(types, start=1)}
        self.declaration = f"PREPARE {self.name} ({', '.join(types.values())}) AS {text % places}"
        self.call = f"EXECUTE {self.name} ({', '.join(['%s'] * len(types))})"

    def rows(self, values):
        """Run it with ``values``, a dict that has every name. Returns the rows as dicts."""
        with connection.cursor() as cursor:
            self._prepare(cursor)
            try:
                self._execute(cursor, values)
            except OperationalError as error:
                if getattr(error.__cause__, "pgcode", None) != UNKNOWN_STATEMENT or connection.in_atomic_block:
                    raise
                _prepared[connection.connection].clear()  # somebody has reset the session: DISCARD ALL, DEALLOCATE ALL
                self._prepare(cursor)
                self._execute(cursor, values)
            names = [column.name for column in cursor.description]
            return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]

    def _prepare(self, cursor):
        known = _prepared.setdefault(connection.connection, set())
        if self.name not in known:
            cursor.execute(self.declaration)
            known.add(self.name)

    def _execute(self, cursor, values):
        cursor.execute(self.call, [values[name] for name in self.parameters])
