"""Locks held by somebody else."""

from contextlib import closing, contextmanager

import pytest
from django.db import connection

from ksb.core import locks


@pytest.fixture
def elsewhere():
    """Holds a named lock on another connection, as another machine would: ``with elsewhere(name):``."""

    @contextmanager
    def hold(name):
        with closing(connection.copy()) as other, other.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s)", [locks._key(name)])
            yield

    return hold
