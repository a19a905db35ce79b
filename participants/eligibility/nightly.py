"""Whom the night judges: those something happened to since the last night, or everybody once a week and when something of the
whole city changed (the rules in force, a JKN list taken in, the age of a source, a list of members imported).
"""

from dataclasses import dataclass

from django.db import connection
from django.utils import timezone

from facilities.enums import Service
from ksb.core.models import Job, JournalEntry
from participants.eligibility import city, facts
from participants.eligibility.single import question
from participants.enums import SyncKind
from participants.models import SyncRun

JOB = "coverage.night"
SUNDAY = 6
_SINCE = """
    SELECT v.resident_id FROM participants_syncrun run JOIN participants_registryevent v ON v.run_id = run.id
     WHERE run.applied_at >= %(since)s
    UNION SELECT resident_id FROM participants_othercoverage WHERE known_from >= %(since)s OR known_to >= %(since)s
    UNION SELECT r.id FROM news JOIN participants_enrolment e ON news.object_type = 'participants.enrolment' AND e.id = news.id
                 JOIN participants_resident r ON r.household_id = e.household_id
    UNION SELECT r.id FROM news JOIN participants_card c ON news.object_type = 'participants.card' AND c.id = news.id
                 JOIN participants_resident r ON r.household_id = c.household_id
    UNION SELECT s.resident_id FROM news JOIN participants_specialcover s
                 ON news.object_type = 'participants.specialcover' AND s.id = news.id AND s.resident_id IS NOT NULL
    UNION SELECT o.resident_id FROM news JOIN participants_override o
                 ON news.object_type = 'participants.override' AND o.id = news.id
    UNION SELECT p.resident_id FROM news JOIN participants_eventperson p
                 ON news.object_type = 'participants.specialevent' AND p.event_id = news.id
    UNION SELECT r.id FROM news JOIN participants_specialevent v
                 ON news.object_type = 'participants.specialevent' AND v.id = news.id AND v.whole_area
                 JOIN participants_resident r ON r.kelurahan_id = ANY (v.area)
    UNION SELECT r.id FROM participants_resident r
           WHERE NOT EXISTS (SELECT FROM participants_coveragestatus s WHERE s.resident_id = r.id)"""
_TOUCHED = f"""
    WITH news AS (SELECT DISTINCT object_type, object_id AS id FROM core_journalentry WHERE id > %(entry)s) {_SINCE}"""


@dataclass(frozen=True)
class Night:
    """``why`` everybody was judged (empty: only the touched), and the Sweep."""

    why: str
    sweep: city.Sweep


def judge(*, on, at, actor=None):
    """The night's part. Remembers in the Job ``coverage.night`` of the day what it judged by, for the next night."""
    now = _of_the_city(on, at)
    last = Job.objects.filter(name=JOB, day__lte=on, state=Job.State.DONE).order_by("-day").first()
    why = _why_everybody(on, now, last)
    touched = None if why else _since(last.result)
    sweep = city.reevaluate(on=on, at=at, touched=touched, actor=actor)
    now |= {"at": at.isoformat(), "why": why, "judged": sweep.judged, "written": sweep.written}
    done = {"state": Job.State.DONE, "result": now, "finished": timezone.now(), "error": ""}
    Job.objects.update_or_create(name=JOB, day=on, defaults=done)
    return Night(why, sweep)


def _of_the_city(on, at):
    """What everybody's decision rests on, and how far the journal has come."""
    asked = question(on=on, at=at, service=Service.OUTPATIENT)
    with connection.cursor() as cursor:
        cursor.execute(facts.of_the_city(), asked)
        scheme, registry_is_stale, jkn_is_stale = cursor.fetchone()
    run = (
        SyncRun.objects.filter(kind=SyncKind.JKN, state="APPLIED").order_by("-pk").values_list("pk", flat=True).first()
    )
    entry = JournalEntry.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    return {"scheme": scheme, "stale": [registry_is_stale, jkn_is_stale], "jkn_run": run, "entry": entry}


def _why_everybody(on, now, last):
    if last is None:
        return "first"
    before = last.result
    if on.weekday() == SUNDAY:
        return "weekly"
    for name in ("scheme", "stale", "jkn_run"):
        if now[name] != before[name]:
            return name
    imported = JournalEntry.objects.filter(pk__gt=before["entry"], verb="members.imported")
    return "members" if imported.exists() else ""


def _since(before):
    with connection.cursor() as cursor:
        cursor.execute(_TOUCHED, {"since": before["at"], "entry": before["entry"]})
        return [pk for (pk,) in cursor.fetchall()]
