"""How old the sources are that every decision rests upon."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.timezone import localdate

from ksb.core.formats import age_in_days
from ksb.core.scheme import Parameters, scheme_on
from participants.enums import SyncKind
from participants.models import SyncRun


@dataclass(frozen=True)
class Source:
    """One source: its newest applied snapshot (None before the first), its age in words, whether it is too old."""

    kind: str
    name: str
    snapshot_date: date | None
    age: str
    stale: bool


def sources(at):
    """A Source for the registry and for the JKN lists, judged by the scheme in force."""
    today = localdate(at)
    scheme = scheme_on(today)
    parameters = scheme.parameters if scheme else Parameters()
    limits = {
        SyncKind.REGISTRY: timedelta(hours=parameters.dukcapil_max_age_hours),
        SyncKind.JKN: timedelta(days=parameters.jkn_max_age_days),
    }
    return [_source(kind, limit, today) for kind, limit in limits.items()]


def _source(kind, limit, today):
    run = SyncRun.objects.last_applied(kind)
    if run is None:
        return Source(kind.value, kind.label, None, age_in_days(None, today), True)
    # A monthly list speaks of the whole month: before the month is over it is as old as the day it came.
    day = min(run.snapshot_date, localdate(run.applied_at))
    return Source(kind.value, kind.label, day, age_in_days(day, today), today - day > limit)
