"""One world for a whole file: made once, in a transaction that is never committed."""

import logging
from unittest import mock

import pytest
import time_machine
from django.contrib.auth.backends import ModelBackend
from django.db import transaction
from django.template import Template
from django.test import Client, override_settings
from weasyprint import HTML

from tests import factories as f


def _plain_render(template, context):
    """What Django's own ``Template._render`` does when no test environment is set up."""
    return template.nodelist.render(context)


class KnownPeople(ModelBackend):
    """Remembers the users of the world with their roles, so that a request asks the database only what its page asks."""

    people = {}

    def get_user(self, user_id):
        return self.people.get(user_id)


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker, tmp_path_factory):
    """Two of everything (``tests.support.world``), with the clock at the day of the factories."""
    from tests.support.world import World

    changes = {
        "SESSION_ENGINE": "django.contrib.sessions.backends.signed_cookies",
        "AUTHENTICATION_BACKENDS": [f"{__name__}.KnownPeople"],
        "MEDIA_ROOT": tmp_path_factory.mktemp("media"),
    }
    drawn = mock.patch.object(HTML, "write_pdf", return_value=b"%PDF")  # what letters look like is proved elsewhere
    # Django keeps a copy of every context it renders for tests to look at; these look at the answers only.
    plain = mock.patch.object(Template, "_render", _plain_render)
    today = time_machine.travel(f.NOW, tick=True)
    with django_db_blocker.unblock(), override_settings(**changes), drawn, plain, today, transaction.atomic():
        yield World()
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def visitors(world):
    """A browser for each role, logged in. An error of the program is an answer (500), not an exception."""
    found = {}
    for role, user in world.users.items():
        KnownPeople.people[user.pk] = user
        found[role] = Client(raise_request_exception=False)
        found[role].force_login(user, backend=f"{__name__}.KnownPeople")
    return found


@pytest.fixture(scope="module")
def silence():
    """Thousands of refusals, each with its traceback, are not worth keeping."""
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


@pytest.fixture
def undone(world):
    """Puts the world back after the test."""
    with transaction.atomic():
        yield world
        transaction.set_rollback(True)
