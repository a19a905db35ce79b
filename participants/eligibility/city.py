"""The whole city, judged by the same rules as one person, for lists and dashboards (CoverageStatus)."""

import datetime
from dataclasses import dataclass

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from facilities.enums import Service
from ksb.core import journal
from ksb.core.copy import copy_rows
from ksb.core.errors import WrongState
from ksb.core.locks import advisory_lock
from ksb.core.models import Job
from participants.eligibility import facts, statements
from participants.eligibility.facts import BIRTH_REPORT_DAYS
from participants.eligibility.single import question

_CHOSEN = """(SELECT p.* FROM (SELECT DISTINCT resident_id FROM chosen) c
              JOIN participants_resident p ON p.id = c.resident_id)"""
PART = 250_000
JOB = "coverage"
_RESULT = ("decision", "headline_rule", "rules", "scheme_id", "next_change_on")


_THESE = "(SELECT p.* FROM participants_resident p WHERE p.id = ANY (%(people)s))"


@dataclass(frozen=True)
class Sweep:
    """What a sweep did: people judged (None: everybody), and rows written because the result is another one."""

    judged: int | None
    written: int


def reevaluate(*, on, at, touched=None, actor=None, told=None):
    """Judge people for outpatient care on the day ``on`` and write what differs from the last result. Set-based.

    ``touched`` are ids of residents who are new or whose facts changed; those whose answer turns by ``on`` are added, and
    newborns of either. None judges everybody, in parts of PART, each a transaction of its own: a sweep that is cut short has
    judged some anew and none wrongly. ``told(done, of)`` hears of each part: ids passed, and ids in all. Raises WrongState
    while another sweep runs.
    """
    with advisory_lock("participants.coverage") as mine:
        if not mine:
            raise WrongState(_("Coverage is being re-evaluated already. Wait until that has ended."))
        sweep = _judge_all(on, at, told) if touched is None else _judge_touched(touched, on, at)
        journal.record(
            "coverage.reevaluated", actor=actor, on=on.isoformat(), judged=sweep.judged, written=sweep.written
        )
    return sweep


def judge_city(*, on, at, actor=None):
    """Judge everybody, with the progress in the Job ``coverage`` of the day: ``{"done": ids, "of": ids, "written": rows}``."""
    job, _created = Job.objects.get_or_create(name=JOB, day=on)
    Job.objects.filter(pk=job.pk).update(state=Job.State.RUNNING, started=timezone.now(), finished=None, error="")

    def told(done, of):
        Job.objects.filter(pk=job.pk).update(result={"done": done, "of": of})

    try:
        sweep = reevaluate(on=on, at=at, actor=actor, told=told)
    except Exception as error:
        Job.objects.filter(pk=job.pk).update(
            state=Job.State.FAILED, error=type(error).__name__, finished=timezone.now()
        )
        raise
    job.refresh_from_db()
    job.state, job.finished, job.result = Job.State.DONE, timezone.now(), {**job.result, "written": sweep.written}
    job.save(update_fields=["state", "finished", "result"])
    return sweep


def _judge_touched(touched, on, at):
    with transaction.atomic(), connection.cursor() as cursor:
        judged = _choose(cursor, touched, on)
        people = facts.narrow("true", people=_CHOSEN)
        cursor.execute(_sweep(people), question(on=on, at=at, service=Service.OUTPATIENT))
        sweep = Sweep(judged, cursor.fetchone()[0])
        cursor.execute("DROP TABLE chosen")
    return sweep


# Whole tables are joined: a plan made on statistics from before a load would go through them person by person, for minutes.
_BY_HASHING, _AS_USUAL = "SET LOCAL enable_nestloop = off", "SET LOCAL enable_nestloop TO DEFAULT"


def _judge_all(on, at, told):
    statement, written = _sweep(facts.wide()), 0
    with connection.cursor() as cursor:
        cursor.execute("SELECT min(id), max(id) FROM participants_resident")
        lowest, highest = cursor.fetchone()
        for first in range(lowest, highest + 1, PART) if lowest else ():
            last = min(first + PART - 1, highest)
            part = question(on=on, at=at, service=Service.OUTPATIENT) | {"first": first, "last": last}
            with transaction.atomic():
                cursor.execute(_BY_HASHING)
                cursor.execute(statement, part)
                written += cursor.fetchone()[0]
                cursor.execute(_AS_USUAL)
            if told:
                told(last - lowest + 1, highest - lowest + 1)
    return Sweep(None, written)


def refresh(residents, *, on, at):
    """Judge the few people with the ids ``residents`` anew, in the transaction of the act that changed something for them.

    Returns the number of rows written. The night finds whom an act forgot.
    """
    values = question(on=on, at=at, service=Service.OUTPATIENT) | {"people": list(residents)}
    with connection.cursor() as cursor:
        cursor.execute(_sweep(facts.narrow("true", people=_THESE)), values)
        return cursor.fetchone()[0]


def refresh_family(household, *, on, at):
    """The same for everybody on the KK of ``household``."""
    return refresh(household.residents.values_list("pk", flat=True), on=on, at=at)


def _choose(cursor, touched, on):
    """Fill the temporary table ``chosen``; without statistics of its own the planner would read the whole city."""
    cursor.execute("CREATE TEMPORARY TABLE chosen (resident_id bigint)")
    copy_rows("chosen", ["resident_id"], ((pk,) for pk in touched))
    cursor.execute(
        """INSERT INTO chosen
           SELECT resident_id FROM participants_coveragestatus WHERE next_change_on <= %s""",
        [on],
    )
    # What changes for a mother may change for her newborn.
    cursor.execute(
        """INSERT INTO chosen
           SELECT b.id FROM chosen c JOIN participants_resident m ON m.id = c.resident_id
             JOIN participants_resident b ON b.mother_nik = m.nik AND b.birth_date BETWEEN %s AND %s""",
        [on - datetime.timedelta(days=BIRTH_REPORT_DAYS), on],
    )
    cursor.execute("ANALYZE chosen")
    cursor.execute("SELECT count(DISTINCT resident_id) FROM chosen")
    return cursor.fetchone()[0]


def _sweep(people):
    fresh = ", ".join(f"fresh.{name}" for name in _RESULT)
    old = ", ".join(f"old.{name}" for name in _RESULT)
    names = ", ".join(_RESULT)
    return f"""
        WITH {statements.judged(people)},
        fresh AS (
            SELECT resident_id, {statements.decision()} AS decision, {statements.headline()} AS headline_rule,
                   {statements.codes()} AS rules, service, scheme_id, day, turns_on AS next_change_on
              FROM judged
        ),
        written AS (
            INSERT INTO participants_coveragestatus (resident_id, service, evaluated_on, {names})
            SELECT fresh.resident_id, fresh.service, fresh.day, {fresh}
              FROM fresh LEFT JOIN participants_coveragestatus old ON old.resident_id = fresh.resident_id
             WHERE old.resident_id IS NULL OR ({old}) IS DISTINCT FROM ({fresh})
            ON CONFLICT (resident_id) DO UPDATE
               SET evaluated_on = excluded.evaluated_on, {", ".join(f"{name} = excluded.{name}" for name in _RESULT)}
            RETURNING old.decision AS was, old.headline_rule AS was_rule, new.resident_id, new.evaluated_on, new.decision,
                      new.headline_rule
        ),
        turned AS (
            INSERT INTO participants_coveragechange (resident_id, "on", judged, was, was_rule, became, rule)
            SELECT resident_id, evaluated_on, %(as_of)s, was, was_rule, decision, headline_rule
              FROM written WHERE (was, was_rule) <> (decision, headline_rule)
        )
        SELECT count(*) FROM written"""
