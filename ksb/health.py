"""The health page: what a load balancer, a container and an operator ask first. Public, so without details.

Only a database that does not answer makes the whole unhealthy (503): while Redis is down, pages stay up and background
work waits in PostgreSQL.
"""

import time
from dataclasses import dataclass
from datetime import timedelta

import redis
from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from ksb.broker import last_heartbeat
from ksb.core.models import Job
from ksb.core.notices import delivery
from ksb.core.notices.enums import Channel
from ksb.core.notices.senders import is_ready
from reports.night import JOB as NIGHT

HEARTBEAT_LATE_SECONDS = 60
MESSAGES_LATE = timedelta(minutes=30)  # a gateway may be down for some tries
NIGHT_LATE = timedelta(hours=30)  # a day, and a morning to repeat it in


@dataclass(frozen=True)
class Part:
    """One thing asked: `ok` None means unknown; `age` in seconds where it has one."""

    code: str
    label: str
    ok: bool | None
    age: int | None = None
    unknown: str = _("unknown")

    @property
    def sentiment(self) -> str:
        return {True: "ok", False: "bad", None: "mute"}[self.ok]

    @property
    def verdict(self):
        return {True: _("in order"), False: _("does not answer or is late"), None: self.unknown}[self.ok]


@login_not_required
@never_cache
@require_safe
def health(request: HttpRequest) -> HttpResponse:
    """JSON unless a browser asks for HTML; 200, or 503 when the database does not answer."""
    parts = [database(), *broker_and_worker(), night(), messages(), *channels()]
    status = 200 if parts[0].ok else 503
    if request.accepts("text/html") and "text/html" in request.headers.get("Accept", ""):
        return render(request, "health.html", {"parts": parts, "healthy": status == 200}, status=status)
    answer = {"status": "ok" if status == 200 else "down"}
    return JsonResponse(answer | {part.code: {"ok": part.ok, "age_seconds": part.age} for part in parts}, status=status)


def database() -> Part:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return Part("database", _("Database"), False)
    return Part("database", _("Database"), True)


def broker_and_worker() -> tuple[Part, Part]:
    try:
        beat = last_heartbeat()
    except redis.RedisError:
        return Part("broker", _("Queue of background work"), False), Part("worker", _("Background worker"), None)
    age = None if beat is None else max(0, int(time.time() - beat))
    alive = age is not None and age < HEARTBEAT_LATE_SECONDS
    return Part("broker", _("Queue of background work"), True), Part("worker", _("Background worker"), alive, age)


def night() -> Part:
    """When the last whole night ended; unknown until there has been one, or without the database."""
    try:
        last = Job.objects.filter(name=NIGHT, state=Job.State.DONE).latest("finished").finished
    except (DatabaseError, Job.DoesNotExist):
        return Part("night", _("Nightly run"), None)
    age = timezone.now() - last
    return Part("night", _("Nightly run"), age < NIGHT_LATE, int(age.total_seconds()))


def messages() -> Part:
    """How long the oldest message on its way out has waited; no age when none waits."""
    now = timezone.now()
    try:
        since = delivery.oldest_waiting(at=now)
    except DatabaseError:
        return Part("messages", _("Messages to send"), None)
    if since is None:
        return Part("messages", _("Messages to send"), True)
    return Part("messages", _("Messages to send"), now - since < MESSAGES_LATE, int((now - since).total_seconds()))


def channels() -> list[Part]:
    """The ways out of the house and whether they are set up; none of them has to be."""
    return [
        Part(channel.value.lower(), channel.label, True if is_ready(channel) else None, unknown=_("not set up"))
        for channel in Channel
    ]
