"""Looking a person up by NIK: who may, how often, and the trace that is left.

Role, limit, decision, audit row and journal entry take one statement in all, so that a desk waits as long as for reading one
row, and no answer is given without its trace.
"""

import re
import uuid
from functools import cache

from django.utils import timezone
from django.utils.translation import gettext as _
from rest_framework.authtoken.models import Token

from facilities.enums import Role, Service
from ksb.core import ratelimit
from ksb.core.errors import NotAllowed, Refused
from ksb.core.prepared import Statement
from participants.eligibility import facts, single, statements
from participants.eligibility.evaluation import from_row
from participants.eligibility.question import QUESTION
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


class UnknownToken(Refused):
    """No user who may log in holds this token (HTTP 401)."""


def look_up(*, nik, actor, purpose, at, on=None, service=Service.OUTPATIENT):
    """Find the person with ``nik`` and decide on the day ``on`` (default: that of ``at``).

    Returns the Lookup, with the decision as ``lookup.evaluation``. Raises NotAllowed, TooMany, and Refused: code ``nik`` when it
    is not 16 digits, ``C02`` when the registry does not know it.
    """
    if not actor.has_role(*LOOK_UP_ROLES):
        raise NotAllowed(_("Your role does not include looking people up."))
    return _traced(
        _for_user, {"actor": actor.pk}, limited=actor.pk, nik=nik, purpose=purpose, at=at, on=on, service=service
    )


def look_up_for_program(*, nik, token, purpose, at, on=None, service=Service.OUTPATIENT):
    """The same for the user of an API token, whose roles are looked at in the same statement. Also raises UnknownToken."""
    caller = {"token": token, "today": timezone.localdate(at)}
    return _traced(_for_token, caller, limited=token, nik=nik, purpose=purpose, at=at, on=on, service=service)


def _traced(statement, caller, *, limited, nik, purpose, at, on, service):
    if not _NIK.fullmatch(nik):
        raise Refused(_("A NIK has 16 digits; this has %(count)d characters.") % {"count": len(nik)}, code="nik")
    public_id = uuid.uuid4()
    values = single.question(on=on or timezone.localdate(at), at=at, service=service)
    values |= ratelimit.bucket("lookup", limited, seconds=HOUR, now=at)
    values |= {"nik": nik, "per_hour": PER_HOUR, "public_id": public_id.hex, "purpose": purpose, "at": at}
    row = statement().rows(values | caller)[0]
    if row["actor"] is None:
        raise UnknownToken(_("The token is not known, or its user is no longer active."), code="token")
    if not row["may"]:
        raise NotAllowed(_("Your role does not include looking people up."))
    if row["hits"] > PER_HOUR:
        raise ratelimit.too_many(seconds=HOUR, now=at)
    if row["resident_id"] is None:
        raise Refused(_(NOT_FOUND.message), code="C02")
    lookup = Lookup(public_id, row["actor"], row["resident_id"], purpose, at, row["decision"])
    lookup._state.adding, lookup._state.db = False, "default"
    lookup.evaluation = from_row(row, values)
    return lookup


@cache
def _for_user():
    return _statement("SELECT %(actor)s AS id, true AS may", {"actor": "bigint"})


@cache
def _for_token():
    roles = ", ".join(f"'{role}'" for role in LOOK_UP_ROLES)
    caller = f"""
        SELECT u.id, EXISTS (SELECT FROM facilities_membership m
                              WHERE m.user_id = u.id AND m.role IN ({roles}) AND m.valid_from <= %(today)s
                                AND (m.valid_to IS NULL OR m.valid_to >= %(today)s)) AS may
          FROM {Token._meta.db_table} t JOIN facilities_user u ON u.id = t.user_id AND u.is_active
         WHERE t.key = %(token)s"""
    return _statement(caller, {"token": "text", "today": "date"})


def _statement(caller, types):
    """Counts against the limit, judges, writes the audit row and the journal entry: all of it or nothing.

    Who may not, or too often, looks at nobody; the NIK itself is written nowhere.
    """
    within = "(SELECT hits FROM bucket) <= %(per_hour)s"
    text = f"""
        WITH caller AS ({caller}),
        bucket AS ({ratelimit.hit_sql("(SELECT may FROM caller)")}),
        {statements.judged(facts.narrow(f"{single.BY_NIK} AND {within}"))},
        verdict AS (SELECT {single.verdict()}, {statements.decision()} AS decision FROM judged),
        looked AS (
            INSERT INTO participants_lookup (public_id, actor_id, resident_id, purpose, at, decision)
            SELECT %(public_id)s, caller.id, resident_id, %(purpose)s, %(at)s, decision FROM verdict, caller
        ),
        journalled AS (
            INSERT INTO core_journalentry (actor_id, verb, object_type, object_id, data)
            SELECT caller.id, CASE WHEN v.resident_id IS NULL THEN 'lookup.unknown' ELSE 'lookup.made' END,
                   '{Resident._meta.label_lower}', v.resident_id,
                   jsonb_build_object('purpose', %(purpose)s, 'lookup', %(public_id)s)
              FROM caller LEFT JOIN verdict v ON true WHERE {within}
        )
        SELECT caller.id AS actor, caller.may, (SELECT hits FROM bucket) AS hits, verdict.*
          FROM (SELECT) one LEFT JOIN caller ON true LEFT JOIN verdict ON true"""
    values = {
        "nik": "text",
        "bucket": "text",
        "window": "timestamptz",
        "per_hour": "integer",
        "public_id": "uuid",
        "purpose": "text",
        "at": "timestamptz",
    }
    return Statement(text, QUESTION | values | types)
