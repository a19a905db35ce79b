"""Fixed-window rate limits in PostgreSQL. Keys are hashed: no address or number of a person is stored."""

import datetime
import hashlib

from django.conf import settings
from django.db import connection
from django.utils.translation import gettext as _

from ksb.core.errors import Refused


class TooMany(Refused):
    """The limit is reached (HTTP 429). ``retry_after`` in seconds."""

    def __init__(self, message, retry_after):
        super().__init__(message, code="too_many")
        self.retry_after = retry_after


def hit(purpose, value, *, limit, seconds, now):
    """Count one use of ``value`` for ``purpose`` at ``now``; raise TooMany above ``limit`` per ``seconds``."""
    key = f"{purpose}:{hashlib.sha256(f'{settings.SECRET_KEY}|{purpose}|{value}'.encode()).hexdigest()[:40]}"
    start = int(now.timestamp()) // seconds * seconds
    window = datetime.datetime.fromtimestamp(start, tz=datetime.UTC)
    with connection.cursor() as cursor:
        cursor.execute(
            """INSERT INTO core_ratebucket (key, "window", hits) VALUES (%s, %s, 1)
               ON CONFLICT (key, "window") DO UPDATE SET hits = core_ratebucket.hits + 1 RETURNING hits""",
            [key, window],
        )
        hits = cursor.fetchone()[0]
    if hits > limit:
        wait = start + seconds - int(now.timestamp())
        raise TooMany(_("Too many attempts. Try again in %(minutes)d minutes.") % {"minutes": wait // 60 + 1}, wait)


def forget(purpose, value):
    """Start counting anew, for instance after a successful log-in."""
    key = f"{purpose}:{hashlib.sha256(f'{settings.SECRET_KEY}|{purpose}|{value}'.encode()).hexdigest()[:40]}"
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM core_ratebucket WHERE key = %s", [key])
