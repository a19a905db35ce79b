"""Controls of domain.md B2 that need letters and stays: rows 2, 3 and 6. They warn who decides, they refuse nobody.

No diagnosis and no hospital is told: that there was a letter or a stay, and when, is enough for the question.
"""

from django.utils import timezone

from ksb.core.outbox import handles
from participants import signals
from participants.enrolment import SUBMITTED
from participants.enums import SignalKind

# Letters of how long ago are looked at; what was found earlier stays.
LOOK_BACK = 200

_FIRST_LETTERS = """
    letters AS (
        SELECT DISTINCT ON (s.resident_id) s.resident_id, (s.issued_at AT TIME ZONE %(zone)s)::date AS issued
          FROM referrals_sjp s WHERE s.state NOT IN ('CANCELLED', 'REVOKED', 'DECLINED') AND s.resident_id IS NOT NULL
         ORDER BY s.resident_id, s.id),
    treated AS (
        SELECT r.id, r.household_id, r.relation, r.resident_since AS moved, l.issued, l.issued - r.resident_since AS days
          FROM letters l JOIN participants_resident r ON r.id = l.resident_id
         WHERE l.issued > %(on)s::date - %(look_back)s
           AND r.resident_since > r.birth_date + %(born_here)s
           AND l.issued - r.resident_since BETWEEN 0 AND %(newcomer_alert_days)s)"""

_MOVE_AND_TREAT = f"""
    WITH {_FIRST_LETTERS}
    SELECT id::text, ARRAY[household_id], 1, moved, issued, jsonb_build_object('days', days) FROM treated"""

_GUEST = f"""
    WITH {_FIRST_LETTERS}
    SELECT t.id::text, ARRAY[t.household_id], 1, t.moved, t.issued, jsonb_build_object('days', t.days)
      FROM treated t
     WHERE t.relation IN (9, 11)
       AND EXISTS (SELECT FROM participants_resident other
                    WHERE other.household_id = t.household_id AND other.resident_since < t.moved)"""

_MOVE_IN_CARE = """
    SELECT r.id::text, ARRAY[r.household_id], 1, min((e.admitted_at AT TIME ZONE %(zone)s)::date), r.resident_since,
           '{}'::jsonb
      FROM referrals_episode e JOIN participants_resident r ON r.id = e.resident_id
     WHERE (e.admitted_at AT TIME ZONE %(zone)s)::date > %(on)s::date - %(look_back)s
       AND r.resident_since > r.birth_date + %(born_here)s
       AND r.resident_since - (e.admitted_at AT TIME ZONE %(zone)s)::date BETWEEN 0 AND %(newcomer_alert_days)s
     GROUP BY r.id, r.household_id, r.resident_since"""

_IN_HOSPITAL = """
    SELECT a.id::text, ARRAY[a.household_id], count(*), min((e.admitted_at AT TIME ZONE %(zone)s)::date),
           (a.submitted_at AT TIME ZONE %(zone)s)::date, '{}'::jsonb
      FROM participants_enrolment a
      JOIN participants_resident r ON r.household_id = a.household_id
      JOIN referrals_episode e ON e.resident_id = r.id
     WHERE {narrow} AND a.channel <> 'LEGACY'
       AND e.admitted_at <= a.submitted_at AND coalesce(e.discharged_at, 'infinity') > a.submitted_at
     GROUP BY a.id, a.household_id, a.submitted_at"""

CONTROLS = {
    SignalKind.MOVE_AND_TREAT: _MOVE_AND_TREAT,
    SignalKind.GUEST: _GUEST,
    SignalKind.MOVE_IN_CARE: _MOVE_IN_CARE,
    SignalKind.IN_HOSPITAL: _IN_HOSPITAL.replace("{narrow}", "a.submitted_at > %(on)s::date - %(look_back)s"),
}


def refresh(*, on):
    """The night's part. Returns how many signals are new or have changed, by kind."""
    values = {**signals.values_on(on), "look_back": LOOK_BACK}
    return {kind.value: signals.store(kind, found, values) for kind, found in CONTROLS.items()}


@handles(SUBMITTED)
def look_at_application(event):
    """Row 6 the moment an application comes in, so that it is known before anybody decides."""
    day = timezone.localdate(event.emitted)
    values = {**signals.values_on(day), "application": event.object_id}
    signals.store(SignalKind.IN_HOSPITAL, _IN_HOSPITAL.replace("{narrow}", "a.id = %(application)s"), values)
