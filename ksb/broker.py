"""What is asked of the broker directly, beside Celery's own traffic: the worker's sign of life."""

import time
from functools import cache

import redis
from django.conf import settings

HEARTBEAT_KEY = "ksb:worker:heartbeat"
ONE_DAY = 24 * 3600


def leave_heartbeat() -> None:
    """Say that a worker is alive now; a broker that is away must not disturb it."""
    try:
        _client().set(HEARTBEAT_KEY, time.time(), ex=ONE_DAY)
    except redis.RedisError:
        return


def last_heartbeat() -> float | None:
    """Seconds since the epoch of the last sign of life. Raises redis.RedisError when the broker does not answer."""
    left = _client().get(HEARTBEAT_KEY)
    return None if left is None else float(left)


@cache
def _client() -> redis.Redis:
    return redis.Redis.from_url(settings.REDIS_URL, socket_timeout=1, socket_connect_timeout=1)
