"""Statements that PostgreSQL plans once per connection. Planning a look-up takes five times as long as running it.

Needs a session of its own: behind a pooler that hands out sessions per transaction, set the pooler to session mode.
"""

import hashlib
import weakref

from django.db import connection

_prepared = weakref.WeakKeyDictionary()


class Statement:
    """SQL with ``%(name)s`` places, and the type of each name. ``rows(values)`` runs it and returns dicts."""

    def __init__(self, text, types):
        self.name = f"ksb_{hashlib.sha256(text.encode()).hexdigest()[:24]}"
        places = {name: f"${i}" for i, name in enumerate(types, start=1)}
        self.names = tuple(types)
        self.declaration = f"PREPARE {self.name} ({', '.join(types.values())}) AS {text % places}"
        self.call = f"EXECUTE {self.name} ({', '.join(['%s'] * len(types))})"

    def rows(self, values):
        with connection.cursor() as cursor:
            known = _prepared.setdefault(connection.connection, set())
            if self.name not in known:
                cursor.execute(self.declaration)
                known.add(self.name)
            cursor.execute(self.call, [values[name] for name in self.names])
            names = [column.name for column in cursor.description]
            return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
