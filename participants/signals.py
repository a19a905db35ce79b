"""The controls of domain.md B2 over the whole city: one statement a control, its evidence kept, a person's judgement waited for.

No signal refuses anybody. A control is a SELECT of ``key, households, count, first_on, last_on, facts``; what needs letters or
stays is computed by the floor above with ``store`` (``referrals.newcomers``).
"""

import uuid

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from ksb.core import journal
from ksb.core.errors import NotAllowed, Refused
from ksb.core.formats import without_identities
from ksb.core.scheme import Parameters, scheme_on
from ksb.core.workflow import may
from participants.enums import SignalKind, SignalOutcome
from participants.models import Signal
from participants.permissions import APPROVERS, SIGNAL_REPORTERS

# A registry's address counts as one only where a house is numbered: whole hamlets share a name without numbers.
NUMBERED_HOUSE = r"(NO\.?|BLOK|RUKO|UNIT|LT\.?)\s*[A-Z0-9]"
MONTH = 30
# Whoever is registered in the city from the first weeks of life did not move in.
BORN_HERE = 60

_CONTACT = """
    SELECT encode(sha256(convert_to(%(secret)s || {column}, 'UTF8')), 'hex'),
           array_agg(DISTINCT household_id ORDER BY household_id), count(DISTINCT household_id),
           min(created_at AT TIME ZONE %(zone)s)::date, max(created_at AT TIME ZONE %(zone)s)::date, '{{}}'::jsonb
      FROM participants_enrolment
     WHERE {column} <> '' AND {narrow}
     GROUP BY {column} HAVING count(DISTINCT household_id) >= %(same_contact_alert)s"""

_FILE = """
    SELECT d.sha256, array_agg(DISTINCT e.household_id ORDER BY e.household_id), count(DISTINCT e.household_id),
           min(d.uploaded_at AT TIME ZONE %(zone)s)::date, max(d.uploaded_at AT TIME ZONE %(zone)s)::date, '{}'::jsonb
      FROM participants_document d JOIN participants_enrolment e ON e.id = d.enrolment_id
     WHERE {narrow}
     GROUP BY d.sha256 HAVING count(DISTINCT e.household_id) > 1"""

_ADDRESS = """
    WITH newcomers AS (
        SELECT household_id, max(resident_since) AS since FROM participants_resident
         WHERE resident_since > %(on)s::date - %(newcomer_alert_days)s AND status = 0
           AND resident_since > birth_date + %(born_here)s
         GROUP BY household_id),
    houses AS (
        SELECT id, kelurahan_id, rw, rt, upper(address) AS address, translate(upper(address), ' .,-/', '') AS house
          FROM participants_household WHERE dissolved_on IS NULL)
    SELECT encode(sha256(convert_to(concat_ws('|', kelurahan_id, rw, rt, house), 'UTF8')), 'hex'),
           array_agg(h.id ORDER BY h.id), count(*), min(n.since), max(n.since), '{}'::jsonb
      FROM houses h LEFT JOIN newcomers n ON n.household_id = h.id
     GROUP BY kelurahan_id, rw, rt, house
    HAVING count(*) >= %(same_address_alert)s AND count(n.household_id) > 0 AND min(address) ~ %(numbered_house)s"""

_NEW_MEMBERS = """
    WITH arrived AS (
        SELECT household_id, count(*) AS arrivals, min(resident_since) AS first, max(resident_since) AS last
          FROM participants_resident
         WHERE resident_since > %(on)s::date - %(month)s AND status = 0 AND resident_since > birth_date + %(born_here)s
         GROUP BY household_id HAVING count(*) >= %(new_members_alert)s)
    SELECT a.household_id::text, ARRAY[a.household_id], a.arrivals, a.first, a.last, '{}'::jsonb
      FROM arrived a
     WHERE EXISTS (SELECT FROM participants_resident r
                    WHERE r.household_id = a.household_id AND r.resident_since < a.first AND r.status = 0)"""

CONTACTS = {SignalKind.SAME_PHONE: "phone", SignalKind.SAME_EMAIL: "email", SignalKind.SAME_DEVICE: "device"}

_STORE = """
    INSERT INTO participants_signal AS s (
        public_id, kind, key, households, count, first_on, last_on, facts, noticed_on, outcome, note)
    SELECT gen_random_uuid(), %(kind)s, key, households, count, first_on, last_on, facts, %(on)s, '', ''
      FROM ({found}) AS found (key, households, count, first_on, last_on, facts)
        ON CONFLICT (kind, key) DO UPDATE
       SET households = excluded.households, count = excluded.count, first_on = excluded.first_on,
           last_on = excluded.last_on, facts = excluded.facts,
           outcome = CASE WHEN excluded.households <@ s.households THEN s.outcome ELSE '' END,
           note = CASE WHEN excluded.households <@ s.households THEN s.note ELSE '' END,
           judged_at = CASE WHEN excluded.households <@ s.households THEN s.judged_at END,
           judged_by_id = CASE WHEN excluded.households <@ s.households THEN s.judged_by_id END
     WHERE (s.households, s.count, s.first_on, s.last_on, s.facts)
           IS DISTINCT FROM (excluded.households, excluded.count, excluded.first_on, excluded.last_on, excluded.facts)"""


def refresh(*, on):
    """The night's part: look for every signal this floor can see. Returns how many are new or have changed, by kind."""
    values = values_on(on)
    found = {kind: _CONTACT.format(column=column, narrow="true") for kind, column in CONTACTS.items()}
    found |= {
        SignalKind.SAME_FILE: _FILE.replace("{narrow}", "true"),
        SignalKind.ADDRESS: _ADDRESS,
        SignalKind.NEW_MEMBERS: _NEW_MEMBERS,
    }
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL work_mem = '256MB'")  # the city's addresses are grouped in memory, not on disk
        return {kind.value: store(kind, statement, values) for kind, statement in found.items()}


def look_at(enrolment, *, on):
    """The same controls for what one application brings along, the moment it is handed in."""
    values = values_on(on)
    for kind, column in CONTACTS.items():
        if value := getattr(enrolment, column):
            store(kind, _CONTACT.format(column=column, narrow=f"{column} = %(value)s"), {**values, "value": value})
    same = "d.sha256 IN (SELECT sha256 FROM participants_document WHERE enrolment_id = %(enrolment)s)"
    store(SignalKind.SAME_FILE, _FILE.replace("{narrow}", same), {**values, "enrolment": enrolment.pk})


def store(kind, found, values):
    """Keep what the SELECT ``found`` finds as signals of ``kind``; returns how many are new or have changed."""
    with connection.cursor() as cursor:
        cursor.execute(_STORE.replace("{found}", found), {**values, "kind": kind.value})
        return cursor.rowcount


def values_on(on):
    """What the statements of the controls may name: the day, the scheme's thresholds, the key of the hashes."""
    scheme = scheme_on(on)
    parameters = scheme.parameters if scheme else Parameters()
    thresholds = ("newcomer_alert_days", "same_contact_alert", "same_address_alert", "new_members_alert")
    return {
        **{name: getattr(parameters, name) for name in thresholds},
        "on": on,
        "zone": settings.TIME_ZONE,
        "secret": f"{settings.SECRET_KEY}|signal|",
        "numbered_house": NUMBERED_HOUSE,
        "month": MONTH,
        "born_here": BORN_HERE,
    }


def of_household(household):
    """Signals about a family, newest first."""
    return list(Signal.objects.filter(households__contains=[household.pk]).order_by("-pk")[:20])


def is_for_dinkes(household):
    """Whether a family applied while a member was in a hospital: then Dinkes itself decides (control 6)."""
    return Signal.objects.filter(kind=SignalKind.IN_HOSPITAL, households__contains=[household.pk]).exists()


def report(*, household, text, actor, at):
    """Somebody tells of a broker or of a move for treatment's sake (control 8); returns the Signal."""
    if not may(actor, SIGNAL_REPORTERS):
        raise NotAllowed(_("Your role does not include this step."))
    if not text.strip():
        raise Refused(_("Write what was reported."), code="text")
    day = timezone.localdate(at)
    with transaction.atomic():
        signal = Signal.objects.create(
            kind=SignalKind.TIP,
            key=uuid.uuid4().hex,
            households=[household.pk],
            count=1,
            first_on=day,
            last_on=day,
            facts={"text": without_identities(text.strip())[:500]},
            noticed_on=day,
        )
        journal.record("signal.report", signal, actor=actor)
    return signal


def judge(*, signal, outcome, note, actor, at):
    """Record what a person found out. A later judgement replaces it; the journal keeps both."""
    if not may(actor, APPROVERS):
        raise NotAllowed(_("Your role does not include this step."))
    if outcome not in SignalOutcome.values:
        raise Refused(_("Choose what was found out."), code="outcome")
    if not note.strip():
        raise Refused(_("Write how this was found out."), code="note")
    with transaction.atomic():
        fresh = Signal.objects.select_for_update(no_key=True).get(pk=signal.pk)
        fresh.outcome, fresh.note, fresh.judged_at, fresh.judged_by = outcome, note.strip(), at, actor
        fresh.save(update_fields=["outcome", "note", "judged_at", "judged_by"])
        journal.record("signal.judge", fresh, actor=actor, outcome=outcome)
    return fresh
