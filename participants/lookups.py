"""Looking a person up by NIK: who may, how often, and the trace that is left.

Role, limit, decision, audit row and journal entry take one statement in all, so that a desk waits as long as for reading one
row, and no answer is given without its trace.
"""

import re
import uuid
from functools import cache

from django.utils import timezone
from django.utils.translation import gettext as _

from facilities.enums import Role, Service
from ksb.core import ratelimit
from ksb.core.errors import NotAllowed, Refused
from ksb.core.prepared import Statement
from participants.eligibility import facts, single, statements
from participants.eligibility.evaluation import from_row
from participants.eligibility.facts import QUESTION
from participants.eligibility.rules import NOT_FOUND
from participants.models import Lookup, Resident

LOOK_UP_ROLES = (
    Role.REGISTRATION_CLERK,
    Role.MEMBERSHIP_VERIFIER,
    Role.PUSKESMAS_CLERK,
    Role.PUSKESMAS_DOCTOR,
    Role.HOSPITAL_DESK,
    Role.VERIFIER_ADMIN,
    Role.VERIFIER_MEDICAL,
    Role.VERIFIER_COORDINATOR,
    Role.DINKES_MEMBERSHIP,
    Role.DINKES_SERVICES,
    Role.AUDITOR,
)
PER_HOUR = 300
HOUR = 3600
_NIK = re.compile(r"[0-9]{16}")
_TYPES = QUESTION | {
    "nik": "text",
    "bucket": "text",
    "window": "timestamptz",
    "per_hour": "integer",
    "public_id": "uuid",
    "actor": "bigint",
    "purpose": "text",
    "at": "timestamptz",
}


def look_up(*, nik, actor, purpose, at, on=None, service=Service.OUTPATIENT):
    """Find the person with ``nik`` and decide on the day ``on`` (default: that of ``at``).

    Returns the Lookup, with the decision as ``lookup.evaluation``.

    Raises NotAllowed, TooMany, and Refused: code ``nik`` when it is not 16 digits, ``C02`` when the registry does not know it.
    """
    if not actor.has_role(*LOOK_UP_ROLES):
        raise NotAllowed(_("Your role does not include looking people up."))
    if not _NIK.fullmatch(nik):
        raise Refused(_("A NIK has 16 digits; this has %(count)d characters.") % {"count": len(nik)}, code="nik")
    return _traced(nik=nik, actor=actor, purpose=purpose, at=at, on=on or timezone.localdate(at), service=service)


def _traced(*, nik, actor, purpose, at, on, service):
    public_id = uuid.uuid4()
    values = single.question(on=on, at=at, service=service)
    values |= ratelimit.bucket("lookup", actor.pk, seconds=HOUR, now=at)
    values |= {
        "nik": nik,
        "per_hour": PER_HOUR,
        "public_id": public_id.hex,
        "actor": actor.pk,
        "purpose": purpose,
        "at": at,
    }
    row = _statement().rows(values)[0]
    if row["hits"] > PER_HOUR:
        raise ratelimit.too_many(seconds=HOUR, now=at)
    if row["resident_id"] is None:
        raise Refused(_(NOT_FOUND.message), code="C02")
    lookup = Lookup(public_id, actor.pk, row["resident_id"], purpose, at, row["decision"])
    lookup._state.adding, lookup._state.db = False, "default"
    lookup.evaluation = from_row(row)
    return lookup


@cache
def _statement():
    """Counts against the limit, judges, writes the audit row and the journal entry: all of it or nothing.

    Beyond the limit nobody is looked at; the NIK itself is written nowhere.
    """
    within = "(SELECT hits FROM bucket) <= %(per_hour)s"
    text = f"""
        WITH bucket AS ({ratelimit.HIT}),
        {statements.judged(facts.narrow(f"{single.BY_NIK} AND {within}"))},
        verdict AS (SELECT {single.verdict()}, {statements.decision()} AS decision FROM judged),
        looked AS (
            INSERT INTO participants_lookup (public_id, actor_id, resident_id, purpose, at, decision)
            SELECT %(public_id)s, %(actor)s, resident_id, %(purpose)s, %(at)s, decision FROM verdict
        ),
        journalled AS (
            INSERT INTO core_journalentry (actor_id, verb, object_type, object_id, data)
            SELECT %(actor)s, CASE WHEN v.resident_id IS NULL THEN 'lookup.unknown' ELSE 'lookup.made' END,
                   '{Resident._meta.label_lower}', v.resident_id,
                   jsonb_build_object('purpose', %(purpose)s, 'lookup', %(public_id)s)
              FROM bucket LEFT JOIN verdict v ON true WHERE {within}
        )
        SELECT bucket.hits, verdict.* FROM bucket LEFT JOIN verdict ON true"""
    return Statement(text, _TYPES)
