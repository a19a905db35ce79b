"""The suite's database: copied in a blink from a migrated template, and put back after a test that committed."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from unittest import mock

import django
from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import connection, connections
from django.db.backends.postgresql.psycopg_any import sql
from django.test import TransactionTestCase

from facilities.reference import load_reference
from ksb.embedded.home import PROJECT
from tests.support.rows import KeptRows

TEMPLATE_PREFIX = "ksb_template_"
# A suite that began before a migration changed still copies from its own.
OLD_TEMPLATES = "SELECT datname FROM pg_database WHERE datname LIKE %s AND datistemplate ORDER BY oid DESC OFFSET 3"


class SuiteDatabase:
    """Templates are shared by everybody on this server, the database of a session is its own (KSB_TEST_SUFFIX)."""

    def __init__(self):
        self.template = TEMPLATE_PREFIX + _digest_of_migrations()
        self.name = f"test_ksb{settings.TEST_SUFFIX}"

    def create(self) -> None:
        with _maintenance() as run:
            # Two sessions that start at once build the template once.
            run("SELECT pg_advisory_lock(hashtext(%s))", [TEMPLATE_PREFIX])
            if not run("SELECT 1 FROM pg_database WHERE datname = %s AND datistemplate", [self.template]):
                self._build_template(run)
            self._copy(run)
            run("SELECT pg_advisory_unlock(hashtext(%s))", [TEMPLATE_PREFIX])
        self._begin()

    def restore(self) -> None:
        """Put everything back as migrated: also rows that append-only triggers protect from being truncated."""
        connections.close_all()
        if not self.kept.put_back():
            connections.close_all()
            with _maintenance() as run:
                self._copy(run)
            self._begin()
        connections.close_all()

    def _begin(self) -> None:
        _use(self.name)
        self.kept = KeptRows()

    def drop(self) -> None:
        connections.close_all()
        with _maintenance() as run:
            run(_statement("DROP DATABASE IF EXISTS {} WITH (FORCE)", self.name))

    @contextmanager
    def restored_after_transactions(self) -> Iterator[None]:
        """Django would TRUNCATE every table after a test that commits; this is faster and keeps reference rows."""

        def restore_instead(case):
            self.restore()

        with mock.patch.object(TransactionTestCase, "_fixture_teardown", restore_instead):
            yield

    def _build_template(self, run) -> None:
        """Migrate a database into a template; one that was interrupted is no template yet and is made again."""
        for (old,) in run(OLD_TEMPLATES, [TEMPLATE_PREFIX + "%"]):
            run(_statement("ALTER DATABASE {} IS_TEMPLATE false", old))
            run(_statement("DROP DATABASE {} WITH (FORCE)", old))
        run(_statement("DROP DATABASE IF EXISTS {} WITH (FORCE)", self.template))
        run(_statement("CREATE DATABASE {}", self.template))
        _use(self.template)
        call_command("migrate", verbosity=0)
        load_reference()
        connections.close_all()
        run(_statement("ALTER DATABASE {} IS_TEMPLATE true", self.template))

    def _copy(self, run) -> None:
        run(_statement("DROP DATABASE IF EXISTS {} WITH (FORCE)", self.name))
        run(_statement("CREATE DATABASE {} TEMPLATE {} STRATEGY file_copy", self.name, self.template))


def database_url() -> dict[str, str]:
    """The environment in which another program works on this suite's database."""
    own = connection.get_connection_params()
    url = f"postgresql://{own['user']}:{own['password']}@/{own['dbname']}?host={own['host']}"
    return {"DATABASE_URL": url, "DATABASE_OWNER_URL": url}


def _use(name: str) -> None:
    connections.close_all()
    connection.settings_dict["NAME"] = settings.DATABASES["default"]["NAME"] = name


@contextmanager
def _maintenance():
    """A function that runs a statement outside the suite's database and returns its rows."""
    other = connection.copy()
    other.settings_dict = connection.settings_dict | {"NAME": "postgres"}
    try:
        with other.cursor() as cursor:

            def run(statement, parameters=None):
                cursor.execute(statement, parameters)
                return cursor.fetchall() if cursor.description else []

            yield run
    finally:
        other.close()


def _statement(text: str, *names: str):
    return sql.SQL(text).format(*map(sql.Identifier, names))


def _digest_of_migrations() -> str:  # and of the reference facts, which every test may count on
    digest = hashlib.sha256(django.__version__.encode())
    for app in sorted(apps.get_app_configs(), key=lambda app: app.label):
        digest.update(app.name.encode())
        folder = Path(app.path)
        if folder.is_relative_to(PROJECT) and "site-packages" not in folder.parts:
            for file in sorted([*(folder / "migrations").glob("*.py"), *(folder / "reference").glob("*.*")]):
                digest.update(f"{app.label}/{file.name}".encode() + file.read_bytes())
    return digest.hexdigest()[:12]
