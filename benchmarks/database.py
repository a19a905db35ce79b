"""A database for the benchmarks alone, copied from one that holds the reference facts."""

from contextlib import contextmanager

from django.core.management import call_command
from django.db import connection
from django.db.backends.postgresql.psycopg_any import sql

NAME, TEMPLATE = "ksb_bench", "ksb_bench_template"
# One session does all the work, so that its processor time is all of it.
SESSION = "-c max_parallel_workers_per_gather=0 -c max_parallel_maintenance_workers=0"


class Database:
    """``create`` before, ``drop`` after; ``restore`` in between puts back the copy as it was."""

    def create(self):
        from facilities.reference import load_reference

        with _maintenance() as run:
            for name in (NAME, TEMPLATE):
                _forget(run, name)
            run("CREATE DATABASE {}", TEMPLATE)
        use(TEMPLATE)
        call_command("migrate", verbosity=0)
        load_reference()
        # Rows are forgotten between two rounds, the protected ones included.
        with connection.cursor() as cursor:
            cursor.execute("SELECT tgrelid::regclass::text FROM pg_trigger WHERE tgname = 'append_only_table'")
            for (table,) in cursor.fetchall():
                cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        self.restore()

    def restore(self):
        connection.close()
        with _maintenance() as run:
            _forget(run, NAME)
            run("CREATE DATABASE {} TEMPLATE {} STRATEGY file_copy", NAME, TEMPLATE)
        use(NAME)

    def drop(self):
        connection.close()
        with _maintenance() as run:
            for name in (NAME, TEMPLATE):
                _forget(run, name)


def use(name):
    connection.close()
    connection.settings_dict["NAME"] = name
    connection.settings_dict["OPTIONS"] = connection.settings_dict["OPTIONS"] | {"options": SESSION}


def _forget(run, name):
    """Drop the database, whoever of us is still in it. FORCE would stop at an autovacuum worker, which is not ours to end."""
    run(f"""SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
             WHERE datname = '{name}' AND usename = current_user""")
    run("DROP DATABASE IF EXISTS {}", name)


@contextmanager
def _maintenance():
    """A function that runs a statement with names in it, outside our databases."""
    other = connection.copy()
    other.settings_dict = connection.settings_dict | {"NAME": "postgres"}
    try:
        with other.cursor() as cursor:
            yield lambda text, *names: cursor.execute(sql.SQL(text).format(*map(sql.Identifier, names)))
    finally:
        other.close()
