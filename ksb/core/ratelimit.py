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


def hit_sql(condition="true"):
    """One use of a bucket, if ``condition`` holds, as SQL: on its own or as part of a larger statement. Returns ``hits``."""
    return f"""INSERT INTO core_ratebucket (key, "window", hits) SELECT %(bucket)s, %(window)s, 1 WHERE {condition}
               ON CONFLICT (key, "window") DO UPDATE SET hits = core_ratebucket.hits + 1 RETURNING hits"""


def _key(purpose, value):
    return f"{purpose}:{hashlib.sha256(f'{settings.SECRET_KEY}|{purpose}|{value}'.encode()).hexdigest()[:40]}"


def bucket(purpose, value, *, seconds, now):
    """The values of ``hit_sql`` for one use of ``value`` for ``purpose`` at ``now``."""
    start = int(now.timestamp()) // seconds * seconds
    return {"bucket": _key(purpose, value), "window": datetime.datetime.fromtimestamp(start, tz=datetime.UTC)}


def too_many(*, seconds, now):
    """The refusal of a use beyond the limit, with the time until the window ends."""
    wait = seconds - int(now.timestamp()) % seconds
    return TooMany(_("Too many attempts. Try again in %(minutes)d minutes.") % {"minutes": wait // 60 + 1}, wait)


def hit(purpose, value, *, limit, seconds, now):
    """Count one use of ``value`` for ``purpose`` at ``now``; raise TooMany above ``limit`` per ``seconds``."""
    with connection.cursor() as cursor:
        cursor.execute(hit_sql(), bucket(purpose, value, seconds=seconds, now=now))
        hits = cursor.fetchone()[0]
    if hits > limit:
        raise too_many(seconds=seconds, now=now)


def forget(purpose, value):
    """Start counting anew, for instance after a successful log-in."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM core_ratebucket WHERE key = %s", [_key(purpose, value)])
