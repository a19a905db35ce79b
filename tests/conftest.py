"""The ground the suite stands on: real PostgreSQL, a real broker, a real browser, and no forgiveness for carelessness."""

import os
from collections import Counter

import pytest
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings

from ksb import embedded

# A busy machine is no finding: nothing in the suite is a timed test. The suite tries the same cases each time, so that a
# red test is the change's own doing; `make test TESTS=--hypothesis-profile=search` looks for new ones.
PROFILE = {"deadline": None, "suppress_health_check": [HealthCheck.too_slow]}
hypothesis_settings.register_profile("suite", derandomize=True, **PROFILE)
hypothesis_settings.register_profile("search", max_examples=400, **PROFILE)
hypothesis_settings.load_profile("suite")

# Playwright's event loop runs in the test's thread; the tests themselves are synchronous.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

pytest_plugins = [
    "tests.support.browser_fixtures",
    "tests.support.worker_fixtures",
    "tests.support.lock_fixtures",
    "tests.support.world_fixtures",
    "tests.query_counts",
]


def pytest_sessionstart(session):
    try:
        embedded.servers(embedded.TEST).start()
    except embedded.EmbeddedServerError as error:
        pytest.exit(str(error), returncode=3)


def pytest_collection_modifyitems(items):
    for item in items:
        if {"page", "page_without_javascript", "browser"} & set(item.fixturenames):
            item.add_marker(pytest.mark.browser)
    # Files that walk a browser first, then the largest: two workers end at the same time. Between the first and the second
    # walk stands what needs no database: the other worker has something to do while the first one makes it.
    walks = {item.path for item in items if item.get_closest_marker("browser")}
    tests = Counter(item.path for item in items)
    needy = {item.path for item in items if _needs_database(item)}
    items.sort(key=lambda item: (item.path not in walks, -tests[item.path], item.path))
    first = items[0].path if items else None
    items.sort(key=lambda item: (item.path != first, item.path in needy))


def _needs_database(item):
    return bool(
        item.get_closest_marker("django_db") or {"django_db_setup", "db", "live_server"} & set(item.fixturenames)
    )


@pytest.fixture(scope="session", autouse=True)
def _strict_templates():
    from django.conf import settings

    from tests.support.templates import UnknownVariableIsAnError

    settings.TEMPLATES[0]["OPTIONS"]["string_if_invalid"] = UnknownVariableIsAnError()


@pytest.fixture(scope="session")
def django_db_setup(django_db_blocker):
    """One database a session, copied from a migrated template that is kept as long as no migration changes."""
    from tests.support.database import SuiteDatabase

    with django_db_blocker.unblock():
        database = SuiteDatabase()
        database.create()
    with database.restored_after_transactions():
        yield
    with django_db_blocker.unblock():
        database.drop()


@pytest.fixture(scope="session")
def base_url():
    """Left empty: an address for all would start the live server, and commit, in every test of the suite."""


@pytest.fixture(scope="session", autouse=True)
def _the_same_day_every_day():
    """The clock starts at ``factories.NOW`` and ticks: no test passes today and fails tomorrow."""
    import time_machine

    from tests.factories import NOW

    with time_machine.travel(NOW, tick=True):
        yield


@pytest.fixture(autouse=True)
def _own_folders(request, settings, tmp_path):
    """No test finds another one's files. A world keeps the documents it was made with."""
    if "world" not in request.fixturenames:
        settings.MEDIA_ROOT = tmp_path / "media"
    settings.INBOX_DIR = tmp_path / "inbox"
