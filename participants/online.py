"""Asking another office on line: who may, how often, when not, and the record that is kept of every question.

The network is never waited for inside a transaction. Breaker and daily quota stand in PostgreSQL (OnlineSource), so that all
workers share them; what the other side says is brought to one of the OnlineOutcomes by the clients
(``dukcapil.client``, ``jkn.client``).
"""

import random
import time
from dataclasses import dataclass, field
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Case, F, Q, Value, When
from django.utils import timezone
from django.utils.translation import gettext as _

from ksb.core import journal
from ksb.core.errors import NotAllowed, Refused
from ksb.core.forms import IDENTITY_LENGTH
from ksb.core.ratelimit import hit
from ksb.core.remote import Unreachable
from participants.enums import OnlineOutcome, OnlineService
from participants.models import OnlineCheck, OnlineSource
from participants.permissions import ASKERS

PER_HOUR = 60
ATTEMPTS = 2
PAUSE_SECONDS = 0.2
# After so many failures in a row nobody asks for a minute, then for twice as long each time; one question tries it out.
FAILURES_ALLOWED = 4
REST, LONGEST_REST, TRIAL = timedelta(minutes=1), timedelta(minutes=15), timedelta(seconds=30)
KEPT_DAYS = 90

# The service gave no answer that says anything of the person.
WITHOUT_ANSWER = (OnlineOutcome.UNREACHABLE, OnlineOutcome.UNCLEAR, OnlineOutcome.DENIED, OnlineOutcome.QUOTA)


@dataclass(frozen=True)
class Told:
    """What one exchange brought: an OnlineOutcome, the few facts worth keeping, and for the operator what failed."""

    outcome: OnlineOutcome
    facts: dict = field(default_factory=dict)
    fault: str = ""


def is_set_up(service):
    """Whether this installation may ask ``service`` (an OnlineService) at all."""
    return bool(settings.ONLINE[service]["URL"])


def number_to_ask_for(number, refusal):
    """``number`` when nobody here knows it (``refusal`` of a look-up) and Dukcapil can be asked for it, else empty."""
    unknown = refusal.code in ("C02", "not_found") and len(number) == IDENTITY_LENGTH
    return number if unknown and is_set_up(OnlineService.DUKCAPIL) else ""


@dataclass(frozen=True)
class Condition:
    """How a service is doing, for a screen: ``resting`` while the breaker keeps everybody from asking."""

    label: str
    set_up: bool
    resting: bool
    used: int
    quota: int
    source: OnlineSource


def condition(service, source, *, at):
    """The Condition of ``service``; ``source`` is its OnlineSource, None before the first question."""
    source = source or OnlineSource(name=service)
    resting = source.failures >= FAILURES_ALLOWED and source.rests_until > at
    used = source.used if source.quota_day == timezone.localdate(at) else 0
    return Condition(service.label, is_set_up(service), resting, used, settings.ONLINE[service]["DAILY_QUOTA"], source)


def ask(*, service, question, call, nik, purpose, actor, at, about=None, resident=None, enrolment=None) -> OnlineCheck:
    """Put ``question`` about ``nik`` to ``service`` by ``call()``, which makes one exchange and returns a Told.

    Returns the OnlineCheck, also when there was no answer: then the desk works as if it had not asked. Raises NotAllowed,
    TooMany, or Refused when nothing is set up.
    """
    if not actor.has_role(*ASKERS):
        raise NotAllowed(_("Your role does not include on-line checks."))
    if not is_set_up(service):
        raise Refused(_("On-line checks are not set up here. Work with the data of the night."), code="not_set_up")
    hit("online", actor.pk, limit=PER_HOUR, seconds=3600, now=at)
    started = time.monotonic()
    told, attempts = _attempts(service, call, at)
    elapsed = time.monotonic() - started
    with transaction.atomic():
        _remember(service, told, attempts, at=at + timedelta(seconds=elapsed))
        check = OnlineCheck.objects.create(
            service=service,
            question=question,
            purpose=purpose,
            actor=actor,
            at=at,
            about=about or timezone.localdate(at),
            nik=nik,
            resident=resident,
            enrolment=enrolment,
            outcome=told.outcome,
            answer=told.facts,
            fault=told.fault,
            attempts=attempts,
            milliseconds=int(elapsed * 1000),
        )
        journal.record(
            "online.ask", check, actor=actor, service=str(service), purpose=purpose, outcome=str(told.outcome)
        )
    return check


def forget(*, on):
    """The night's part: answers older than the retention of raw exchange data are emptied. Returns how many."""
    return OnlineCheck.objects.filter(about__lt=on - timedelta(days=KEPT_DAYS)).exclude(answer={}).update(answer={})


def _attempts(service, call, at):
    """The Told of the last attempt, and how many there were. Repeats only what was certainly not answered."""
    told = None
    for attempt in range(1, ATTEMPTS + 1):
        refusal = _take_turn(service, at)
        if refusal:
            return told or refusal, attempt - 1
        try:
            return call(), attempt
        except Unreachable as broken:
            told = Told(OnlineOutcome.UNREACHABLE, fault=broken.fault)
            if not broken.repeatable:
                break
        if attempt < ATTEMPTS:
            time.sleep(PAUSE_SECONDS * 2**attempt * random.uniform(0.5, 1))
    return told, attempt


def _take_turn(service, at):
    """Count one question of today, unless the breaker or the quota forbids it: then the Told that says so."""
    day = timezone.localdate(at)
    OnlineSource.objects.get_or_create(name=service)
    limit = settings.ONLINE[service]["DAILY_QUOTA"]
    mine = OnlineSource.objects.filter(name=service)
    may_ask = Q(failures__lt=FAILURES_ALLOWED) | Q(rests_until__lte=at)
    within = ~Q(quota_day=day) | Q(used__lt=limit)
    taken = mine.filter(may_ask & (within | Q(quota_day__isnull=True))).update(
        used=Case(When(quota_day=day, then=F("used") + 1), default=Value(1)),
        quota_day=day,
        # Of all who wait for the end of a rest one tries; the others wait on.
        rests_until=Case(When(failures__gte=FAILURES_ALLOWED, then=Value(at + TRIAL)), default=F("rests_until")),
    )
    if taken:
        return None
    if mine.filter(may_ask).exists():
        return Told(OnlineOutcome.QUOTA)
    return Told(OnlineOutcome.UNREACHABLE)


def _remember(service, told, attempts, *, at):
    """Breaker and quota after an exchange; nothing when none took place."""
    if not attempts:
        return
    source = OnlineSource.objects.select_for_update().get(name=service)
    if told.outcome in (OnlineOutcome.UNREACHABLE, OnlineOutcome.DENIED):
        source.failures += 1
        source.last_failure, source.last_fault = at, told.fault
        if source.failures >= FAILURES_ALLOWED:
            source.rests_until = at + min(REST * 2 ** min(source.failures - FAILURES_ALLOWED, 10), LONGEST_REST)
    else:
        source.failures, source.rests_until, source.last_answer = 0, None, at
    if told.outcome == OnlineOutcome.QUOTA:
        source.used = max(source.used, settings.ONLINE[service]["DAILY_QUOTA"])
    source.save()
