"""What the night's changes do to a family's membership and card (domain.md B5). Set-based; every move is journalled.

A family that left its KK as a whole takes membership and card along to the new KK; the old number stays its alias
(``Household.successor``). A membership without anybody left ends with the reason the registry gives. Nobody's membership ends
because they are merely missing from a file: after ``MISSING_DAYS`` without a trace it does.
"""

from collections import defaultdict
from datetime import timedelta

from django.db import connection
from django.db.models import F, Value
from django.db.models.functions import Greatest

from ksb.core import journal, outbox
from participants.enums import EnrolmentReason, EnrolmentState, EventKind, ResidentStatus
from participants.models import Card, Enrolment, Household
from participants.models.family import LIVE_CARDS, OPEN_STATES
from participants.workflow import CARD, ENROLMENT

LEFT = "registry.left"
MISSING_DAYS = 30
MEMBERS = (EnrolmentState.ACTIVE, EnrolmentState.SUSPENDED)
_ACTIVE, _MOVED_OUT = int(ResidentStatus.ACTIVE), int(ResidentStatus.MOVED_OUT)
_DEACTIVATED, _GONE = int(ResidentStatus.DEACTIVATED), int(ResidentStatus.GONE)

# Where everybody went of the families nobody is left of. ``to_id`` is the family in the city, ``to_new`` whether it is a new one.
_WENT = f"""
CREATE TEMP TABLE went AS
WITH emptied AS (
    SELECT household_id, old_head_id FROM house WHERE NOT is_new AND people_before > 0 AND people_after = 0
)
SELECT e.household_id, c.resident_id = e.old_head_id AS is_head, c.status, came.household_id AS to_id,
       came.people_before = 0 AS to_new
  FROM emptied e
  JOIN change c ON c.old_household_id = e.household_id AND c.old_status = {_ACTIVE}
  LEFT JOIN house came ON came.kk = c.kk AND c.status = {_ACTIVE}
UNION ALL
SELECT e.household_id, m.resident_id = e.old_head_id, {_GONE}, NULL, false
  FROM emptied e JOIN missing m ON m.household_id = e.household_id AND NOT m.held AND m.status = {_ACTIVE};
ANALYZE went
"""

# The new KK that most people of the old one went to, the head's before another; it continues one family only.
_SUCCESSORS = f"""
WITH candidate AS (
    SELECT DISTINCT ON (household_id) household_id, to_id, count(*) AS people
      FROM went WHERE status = {_ACTIVE} AND to_new
     GROUP BY household_id, to_id
     ORDER BY household_id, count(*) DESC, bool_or(is_head) DESC, to_id
), chosen AS (
    SELECT DISTINCT ON (to_id) household_id, to_id FROM candidate ORDER BY to_id, people DESC, household_id
)
UPDATE participants_household h SET successor_id = chosen.to_id
  FROM chosen
 WHERE h.id = chosen.household_id
   AND NOT EXISTS (SELECT FROM participants_enrolment e
                    WHERE e.household_id = chosen.to_id AND e.state = ANY (%(open)s))
   AND NOT EXISTS (SELECT FROM participants_card c WHERE c.household_id = chosen.to_id AND c.state = ANY (%(live)s))
RETURNING h.id
"""

_FOLLOW = """
UPDATE {table} x SET household_id = h.successor_id
  FROM participants_household h
 WHERE h.id = ANY (%(followed)s) AND x.household_id = h.id AND x.state = ANY (%(states)s)
RETURNING x.id
"""

_WITHOUT_ANYBODY = f"""
SELECT household_id,
       CASE WHEN bool_or(to_id IS NOT NULL) THEN '{EnrolmentReason.KK_MERGED}'
            WHEN bool_or(status = {_MOVED_OUT}) THEN '{EnrolmentReason.MOVED_OUT}'
            WHEN bool_or(status = {_DEACTIVATED}) THEN '{EnrolmentReason.KK_DELETED}'
            ELSE '{EnrolmentReason.ALL_DECEASED}' END
  FROM went WHERE NOT household_id = ANY (%(followed)s)
 GROUP BY household_id
HAVING NOT (bool_and(to_id IS NULL AND status NOT IN ({_MOVED_OUT}, {_DEACTIVATED})) AND bool_or(status = {_GONE}))
"""

_TO_REGISTER = f"""
SELECT count(*) FROM (
    SELECT DISTINCT c.kk FROM event JOIN change c USING (resident_id)
     WHERE event.kind = '{EventKind.KK_SPLIT}'
       AND EXISTS (SELECT FROM participants_enrolment e
                    WHERE e.household_id = c.old_household_id AND e.state = ANY (%(members)s))) x
"""


def follow(*, run, at):
    """Let membership, card and letters follow what ``apply`` wrote for ``run``, inside its transaction.

    Returns counters: memberships ``ended`` by reason and ``renewed`` (taken along to a new KK), families ``to_register`` after
    a split.
    """
    with connection.cursor() as cursor:
        cursor.execute(_WENT)
        cursor.execute(_SUCCESSORS, {"open": list(OPEN_STATES), "live": list(LIVE_CARDS)})
        followed = [pk for (pk,) in cursor]
        renewed = _take_along(cursor, followed, run)
        cursor.execute(_WITHOUT_ANYBODY, {"followed": followed})
        by_reason = defaultdict(list)
        for household, why in cursor.fetchall():
            by_reason[why].append(household)
        cursor.execute(_TO_REGISTER, {"members": list(MEMBERS)})
        (to_register,) = cursor.fetchone()
    ended = {why: _end(households, why, on=run.snapshot_date, at=at) for why, households in sorted(by_reason.items())}
    if run.counters["events"].keys() & {EventKind.DEATH, EventKind.MOVE_OUT}:
        outbox.emit(LEFT, run)
    return {"ended": {why: n for why, n in ended.items() if n}, "renewed": renewed, "to_register": to_register}


def end_missing(*, on, at):
    """End memberships of families nobody of whom has been in the registry for MISSING_DAYS. Returns how many."""
    vanished = Household.objects.filter(
        dissolved_on__lte=on - timedelta(days=MISSING_DAYS), successor=None, enrolments__state__in=MEMBERS
    )
    return _end(list(vanished.values_list("pk", flat=True)), EnrolmentReason.KK_DELETED, on=on, at=at)


def _take_along(cursor, followed, run):
    """Move memberships, applications and live cards of emptied families to their new KK. Returns how many memberships."""
    if not followed:
        return 0
    moved = {}
    for model, states in ((Enrolment, OPEN_STATES), (Card, LIVE_CARDS)):
        facts = {"followed": followed, "states": list(states)}
        cursor.execute(_FOLLOW.format(table=model._meta.db_table), facts)
        moved[model] = [model(pk=pk) for (pk,) in cursor.fetchall()]
        journal.record_many(f"{model._meta.model_name}.follow_kk", moved[model], actor=None, run=run.pk)
    return len(moved[Enrolment])


def _end(households, why, *, on, at):
    """End the memberships of ``households`` and revoke their cards. Returns how many memberships ended."""
    if not households:
        return 0
    last_day = Greatest(F("registered_on"), Value(on))
    ended = ENROLMENT.apply_many(
        Enrolment.objects.filter(household__in=households, state__in=MEMBERS),
        "end_by_registry",
        actor=None,
        at=at,
        data={"reason_code": why},
        update={"reason_code": why, "reason": "", "ended_on": last_day},
    )
    CARD.apply_many(Card.objects.filter(household__in=households, state__in=LIVE_CARDS), "revoke", actor=None, at=at)
    return ended
