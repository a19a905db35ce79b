"""What a database held in the beginning, put back where a test has changed it: quicker than copying the whole of it."""

import io

from django.db import connection

_TABLES = """
    SELECT c.relname, string_agg(quote_ident(a.attname), ', ' ORDER BY a.attnum)
      FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
     WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace GROUP BY c.relname ORDER BY c.relname"""
# Changes of tables, indexes, functions, triggers: nothing here puts those back.
_BUILD = """
    SELECT (SELECT (count(*), max(oid)) FROM pg_class WHERE relnamespace = 'public'::regnamespace)::text,
           (SELECT sum(hashtext(prosrc)::bigint) FROM pg_proc WHERE pronamespace = 'public'::regnamespace),
           (SELECT sum(hashtext(concat(tgrelid, tgname, tgenabled))::bigint) FROM pg_trigger),
           (SELECT sum(hashtext(concat(conrelid, conname, convalidated))::bigint) FROM pg_constraint)"""
_NUMBERS = "SELECT quote_ident(sequencename), last_value, start_value FROM pg_sequences WHERE schemaname = 'public'"
_OTHERS = """
    SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
     WHERE datname = current_database() AND pid <> pg_backend_pid()"""
_MAY = "SELECT has_parameter_privilege('session_replication_role', 'SET')"
# Deleted rows stay in the files: now and then the whole database is copied after all.
_OFTEN = 60


class KeptRows:
    """The rows of every table that had some, and how far each sequence had counted."""

    def __init__(self):
        with connection.cursor() as cursor:
            self._columns = dict(_all(cursor, _TABLES))
            self._state = self._look(cursor)
            self._build = _all(cursor, _BUILD)
            self._numbers = _all(cursor, _NUMBERS)
            self._rows = {table: self._copy_out(cursor, table) for table, (rows, _) in self._state.items() if rows}
        self._left = _OFTEN

    def put_back(self) -> bool:
        """Undo what was committed since. False: more than rows has changed, or we may not; copy the database instead."""
        self._left -= 1
        with connection.cursor() as cursor:
            cursor.execute(_OTHERS)
            if self._left < 0 or _all(cursor, _MAY) != [(True,)] or _all(cursor, _BUILD) != self._build:
                return False
            now = self._look(cursor)
            changed = [table for table in now if now[table] != self._state[table]]
            cursor.execute("SET session_replication_role = replica")  # neither triggers nor foreign keys
            for table in changed:
                cursor.execute(f'DELETE FROM "{table}"')
                if table in self._rows:
                    copy_in = f'COPY "{table}" ({self._columns[table]}) FROM STDIN'
                    cursor.copy_expert(copy_in, io.StringIO(self._rows[table]))
            cursor.execute("SET session_replication_role = DEFAULT")
            if changed:
                self._state |= self._look(cursor, changed)
            self._count_back(cursor)
        return True

    def _look(self, cursor, tables=None):
        """``{table: (rows, newest transaction)}``: whoever inserts, changes or deletes a row changes this."""
        each = " UNION ALL ".join(
            f"SELECT '{table}', count(*), max(xmin::text::bigint) FROM \"{table}\"" for table in tables or self._columns
        )
        return {table: (rows, newest) for table, rows, newest in _all(cursor, each)}

    def _copy_out(self, cursor, table):
        text = io.StringIO()
        cursor.copy_expert(f'COPY "{table}" ({self._columns[table]}) TO STDOUT', text)
        return text.getvalue()

    def _count_back(self, cursor):
        now = _all(cursor, _NUMBERS)
        for (name, then, start), (_, last, _) in zip(self._numbers, now, strict=True):
            if then != last:
                cursor.execute("SELECT setval(%s, %s, %s)", [name, then or start, then is not None])


def _all(cursor, statement):
    cursor.execute(statement)
    return cursor.fetchall()
