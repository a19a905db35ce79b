"""What the night's changes do to a family's membership and card (domain.md B5). Set-based; every move is journalled.

A family that left its KK as a whole takes membership and card along to the new KK; the old number stays its alias
(``Household.successor``). A membership without anybody left ends with the reason the registry gives. Nobody's membership ends
because they are merely missing from a file: after ``MISSING_DAYS`` without a trace it does.
"""

from collections import defaultdict
from datetime import timedelta

from django.db import connection, transaction
from django.db.models import F, Value
from django.db.models.functions import Greatest

from ksb.core import journal, outbox
from participants.cards import NO_REPRINT, mark_for_reprint
from participants.enums import EnrolmentReason, EnrolmentState, EventKind, ReprintReason, ResidentStatus
from participants.models import Card, Enrolment, Household
from participants.models.family import DRAWN_CARDS, LIVE_CARDS, OPEN_STATES
from participants.workflow import CARD, ENROLMENT

LEFT = "registry.left"
MISSING_DAYS = 30
MEMBERS = (EnrolmentState.ACTIVE, EnrolmentState.SUSPENDED)
APPLICATIONS = tuple(state for state in OPEN_STATES if state not in MEMBERS)
_ACTIVE, _MOVED_OUT = int(ResidentStatus.ACTIVE), int(ResidentStatus.MOVED_OUT)
_DEACTIVATED, _GONE = int(ResidentStatus.DEACTIVATED), int(ResidentStatus.GONE)
_DECEASED = int(ResidentStatus.DECEASED)

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

# The new KK that most people of the old one went to, the head's before another; it continues one family only, and none where
# there is a membership or a card already.
_CONTINUED = f"""
CREATE TEMP TABLE continued AS
WITH candidate AS (
    SELECT DISTINCT ON (household_id) household_id, to_id, count(*) AS people
      FROM went WHERE status = {_ACTIVE} AND to_new
     GROUP BY household_id, to_id
     ORDER BY household_id, count(*) DESC, bool_or(is_head) DESC, to_id
)
SELECT DISTINCT ON (to_id) household_id, to_id FROM candidate
 WHERE NOT EXISTS (SELECT FROM participants_enrolment e WHERE e.household_id = to_id AND e.state = ANY (%(open)s))
   AND NOT EXISTS (SELECT FROM participants_card c WHERE c.household_id = to_id AND c.state = ANY (%(live)s))
 ORDER BY to_id, people DESC, household_id
"""

# Who is merely missing keeps the membership; what else is known of the others decides.
_ENDED = f"""
CREATE TEMP TABLE ended AS
SELECT household_id,
       CASE WHEN bool_or(to_id IS NOT NULL) THEN '{EnrolmentReason.KK_MERGED}'
            WHEN bool_or(status = {_MOVED_OUT}) THEN '{EnrolmentReason.MOVED_OUT}'
            WHEN bool_or(status = {_DEACTIVATED}) THEN '{EnrolmentReason.KK_DELETED}'
            WHEN NOT bool_or(status = {_GONE}) THEN '{EnrolmentReason.ALL_DECEASED}' END AS reason
  FROM went WHERE NOT EXISTS (SELECT FROM continued c WHERE c.household_id = went.household_id)
 GROUP BY household_id
"""

# A death was withdrawn: the membership it ended goes on, unless the family has applied anew since.
_REVIVED = f"""
SELECT DISTINCT ON (e.household_id) e.id
  FROM change c
  JOIN house ON house.kk = c.kk
  JOIN participants_enrolment e ON e.household_id = house.household_id
 WHERE c.old_status = {_DECEASED} AND c.status = {_ACTIVE}
   AND e.state = '{EnrolmentState.ENDED}' AND e.reason_code = '{EnrolmentReason.ALL_DECEASED}'
   AND NOT EXISTS (SELECT FROM participants_enrolment o WHERE o.household_id = e.household_id AND o.state = ANY (%(open)s))
 ORDER BY e.household_id, e.id DESC
"""

_COUNT_ENDED = """
SELECT ended.reason, count(*)
  FROM ended JOIN participants_enrolment e ON e.household_id = ended.household_id AND e.state = ANY (%(members)s)
 WHERE ended.reason IS NOT NULL GROUP BY ended.reason ORDER BY ended.reason
"""
_COUNT_RENEWED = """
SELECT count(*) FROM continued JOIN participants_enrolment e USING (household_id) WHERE e.state = ANY (%(open)s)
"""
_COUNT_TO_REGISTER = f"""
SELECT count(*) FROM (
    SELECT DISTINCT c.kk FROM event JOIN change c USING (resident_id)
     WHERE event.kind = '{EventKind.KK_SPLIT}'
       AND EXISTS (SELECT FROM participants_enrolment e
                    WHERE e.household_id = c.old_household_id AND e.state = ANY (%(members)s))) x
"""

# What stands on a card: KK number, name of the head, kelurahan. ``card_at`` is the family that holds it before the run.
_REPRINT = f"""
CREATE TEMP TABLE reprint AS
SELECT DISTINCT ON (household_id) household_id, card_at, reason FROM (
    SELECT to_id AS household_id, household_id AS card_at, '{ReprintReason.KK_NUMBER}' AS reason, 1 AS place FROM continued
    UNION ALL
    SELECT household_id, household_id, '{ReprintReason.HEAD}', 2 FROM house
     WHERE NOT is_new AND people_after > 0 AND old_head_id <> head_id
    UNION ALL
    SELECT house.household_id, house.household_id, '{ReprintReason.NAME}', 3
      FROM house JOIN change c ON c.resident_id = house.head_id AND 'name' = ANY (c.fields) WHERE NOT house.is_new
    UNION ALL
    SELECT household_id, household_id, '{ReprintReason.AREA}', 4 FROM house
     WHERE NOT is_new AND people_after > 0 AND kelurahan_id IS DISTINCT FROM old_kelurahan_id
) x ORDER BY household_id, place
"""
_COUNT_REPRINT = """
SELECT count(*) FROM reprint JOIN participants_card c ON c.household_id = reprint.card_at
 WHERE c.state = ANY (%(drawn)s) AND c.reprint = ''
"""

_ALIAS = """
UPDATE participants_household h SET successor_id = continued.to_id FROM continued WHERE h.id = continued.household_id
"""
_TAKE_ALONG = """
UPDATE {table} x SET household_id = continued.to_id
  FROM continued WHERE x.household_id = continued.household_id AND x.state = ANY (%(states)s)
RETURNING x.id
"""


def find():
    """Fill ``went``, ``continued``, ``ended`` and ``reprint`` from the tables of ``differences``; nothing others read is written.

    Returns counters: memberships ``ended`` by reason and ``renewed`` (continued under a new KK), cards to ``reprint``, families
    ``to_register`` after a split.
    """
    states = {"open": OPEN_STATES, "live": LIVE_CARDS, "members": MEMBERS, "drawn": DRAWN_CARDS}
    states = {name: _texts(of) for name, of in states.items()}
    counts = {"renewed": _COUNT_RENEWED, "reprint": _COUNT_REPRINT, "to_register": _COUNT_TO_REGISTER}
    with connection.cursor() as cursor:
        for statement in (_WENT, _CONTINUED, _ENDED, _REPRINT, _COUNT_ENDED):
            cursor.execute(statement, states)
        found = {"ended": dict(cursor.fetchall())}
        for name, statement in counts.items():
            cursor.execute(statement, states)
            (found[name],) = cursor.fetchone()
    return found


def write(*, run, at):
    """Let membership and card follow what was found, and ask the letters to follow. The caller holds the run's transaction."""
    by_reason, reprint = defaultdict(list), defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(_ALIAS)
        for model, states in ((Enrolment, OPEN_STATES), (Card, LIVE_CARDS)):
            cursor.execute(_TAKE_ALONG.format(table=model._meta.db_table), {"states": _texts(states)})
            moved = [model(pk=pk) for (pk,) in cursor.fetchall()]
            journal.record_many(f"{model._meta.model_name}.follow_kk", moved, actor=None, run=run.pk)
        cursor.execute(_REVIVED, {"open": _texts(OPEN_STATES)})
        revived = [pk for (pk,) in cursor.fetchall()]
        cursor.execute("SELECT household_id, reason FROM ended WHERE reason IS NOT NULL")
        for household, why in cursor.fetchall():
            by_reason[why].append(household)
        cursor.execute("SELECT household_id, reason FROM reprint")
        for household, why in cursor.fetchall():
            reprint[why].append(household)
    _revive(revived, at=at, run=run)
    for why, households in sorted(reprint.items()):
        mark_for_reprint(households=households, reason=why, at=at)
    for why, households in sorted(by_reason.items()):
        _end(households, why, on=run.snapshot_date, at=at)
    if run.counters["events"].keys() & {EventKind.DEATH, EventKind.MOVE_OUT}:
        outbox.emit(LEFT, run)


def _revive(enrolments, *, at, run):
    """The revoked card stays revoked: the family orders a new one."""
    ended = _held(Enrolment.objects.filter(pk__in=enrolments))
    on = {"ended_on": None, "reason_code": "", "reason": ""}
    ENROLMENT.apply_many(ended, "revive_by_registry", actor=None, at=at, data={"run": run.pk}, update=on)


def end_missing(*, on, at):
    """End memberships of families nobody of whom has been in the registry for MISSING_DAYS. Returns how many."""
    vanished = Household.objects.filter(
        dissolved_on__lte=on - timedelta(days=MISSING_DAYS), successor=None, enrolments__state__in=OPEN_STATES
    )
    with transaction.atomic():
        return _end(list(vanished.values_list("pk", flat=True)), EnrolmentReason.KK_DELETED, on=on, at=at)


def _end(households, why, *, on, at):
    """End the memberships of ``households``, drop their applications, revoke their cards. Returns how many ended."""
    if not households:
        return 0
    waiting = _held(Enrolment.objects.filter(household__in=households, state__in=APPLICATIONS))
    dropped = {"reason_code": why, "reason": "", "due_on": None}
    ENROLMENT.apply_many(waiting, "drop_by_registry", actor=None, at=at, data={"reason_code": why}, update=dropped)
    members = _held(Enrolment.objects.filter(household__in=households, state__in=MEMBERS))
    live = _held(Card.objects.filter(household__in=households, state__in=LIVE_CARDS))
    last_day = {"ended_on": Greatest(F("registered_on"), Value(on))}
    ended = ENROLMENT.apply_many(
        members,
        "end_by_registry",
        actor=None,
        at=at,
        data={"reason_code": why},
        update={"reason_code": why, "reason": "", **last_day},
    )
    CARD.apply_many(live, "revoke", actor=None, at=at, update=NO_REPRINT)
    return ended


def _held(rows):
    """The same rows, locked: ``apply_many`` passes over what somebody works on at this moment, and nobody comes back to it."""
    ids = rows.order_by("pk").select_for_update(no_key=True, of=("self",)).values_list("pk", flat=True)
    return rows.model.objects.filter(pk__in=list(ids))


def _texts(states):
    return [str(state) for state in states]
