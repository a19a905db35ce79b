"""Counts of referrals by month, Puskesmas and hospital: one pass over the months that may still change.

A referral lives at most some months (``referral_valid_days``), so what lies further back is settled. The night counts all of
MONTHS anew, every hour the current month alone. Each measure is one SQL condition on a referral, an admission, or an
emergency notice; a new one is one line here and, where it is shown, one in ``referral_definitions``.
"""

from django.db import connection, transaction

from claims.enums import ClaimState
from facilities.enums import Ownership, Service
from ksb.core.scheme import Parameters, scheme_on
from referrals.enums import EpisodeState, EscalationState, NoticeState, ReferralState, RefusalReason
from reports.referral_definitions import refusals_because

ZONE = "Asia/Jakarta"
MONTHS = 5
_MONTH = f"date_trunc('month', {{column}} AT TIME ZONE '{ZONE}')::date"

# Each source is a SELECT whose rows have month, puskesmas_id, hospital_id and what the conditions speak of.
SOURCES = {
    "referred": f"""
        SELECT {_MONTH.format(column="r.issued_at")} AS month, r.puskesmas_id, r.hospital_id, r.state, r.pass_over_reason,
               r.refusal_code, h.ownership, extract(epoch FROM r.answered_at - r.issued_at) / 60 AS minutes,
               r.answered_at <= r.answer_due AS in_time
          FROM referrals_referral r JOIN facilities_facility h ON h.id = r.hospital_id
         WHERE r.issued_at >= %(since)s""",
    "admitted": f"""
        SELECT {_MONTH.format(column="e.admitted_at")} AS month, s.puskesmas_id, e.hospital_id, e.service, e.state,
               s.emergency, EXISTS (SELECT FROM referrals_backreferral b WHERE b.episode_id = e.id) AS referred_back
          FROM referrals_episode e JOIN referrals_sjp s ON s.id = e.sjp_id
         WHERE e.admitted_at >= %(since)s""",
    "reported": f"""
        SELECT {_MONTH.format(column="n.reported_at")} AS month, n.puskesmas_id, n.hospital_id, n.late, n.state
          FROM referrals_emergencynotice n
         WHERE n.reported_at >= %(since)s""",
    "escalated": f"""
        SELECT {_MONTH.format(column="x.opened_at")} AS month, x.puskesmas_id, NULL::bigint AS hospital_id, x.state
          FROM referrals_escalation x WHERE x.opened_at >= %(since)s""",
    "claimed": f"""
        SELECT date_trunc('month', c.admitted_on::timestamp)::date AS month, NULL::bigint AS puskesmas_id, c.hospital_id, c.sjp_id
          FROM claims_claim c WHERE c.admitted_on >= %(first)s AND c.state <> '{ClaimState.WITHDRAWN}'""",
    "sent_back": f"""
        SELECT {_MONTH.format(column="b.sent_at")} AS month, b.puskesmas_id, b.hospital_id,
               b.visited_on - (b.sent_at AT TIME ZONE '{ZONE}')::date <= %(prb_days)s AS in_time
          FROM referrals_backreferral b WHERE b.sent_at >= %(since)s""",
    "visited": """
        SELECT month, puskesmas_id, NULL::bigint AS hospital_id, visits FROM reports_puskesmasvisits
         WHERE month >= %(first)s""",
}
COUNTS = {
    "referred": {
        "referrals": "true",
        "private": f"ownership = '{Ownership.PRIVATE}'",
        "rsud_first": f"ownership = '{Ownership.PUBLIC}' OR pass_over_reason <> ''",
        "answered": "minutes IS NOT NULL",
        "answered_in_time": "in_time",
        "refused": f"state = '{ReferralState.REFUSED}'",
        **{
            refusals_because(reason): f"state = '{ReferralState.REFUSED}' AND refusal_code = '{reason}'"
            for reason in RefusalReason
        },
        "arrived": f"state IN ('{ReferralState.USED}', '{ReferralState.DONE}')",
        "no_shows": f"state = '{ReferralState.EXPIRED}'",
    },
    "admitted": {
        "admissions": "true",
        "emergencies": f"emergency OR service = '{Service.EMERGENCY}'",
        "discharges": f"state <> '{EpisodeState.IN_CARE}'",
        "sent_back": "referred_back",
    },
    "reported": {
        "notices": "true",
        "late_notices": "late",
        "no_emergencies": f"state = '{NoticeState.DECLINED_CRITERIA}'",
    },
    "sent_back": {"back_referrals": "true", "back_in_time": "in_time"},
    "escalated": {"escalations": "true", "unmet": f"state = '{EscalationState.UNMET}'"},
    # No letter without a referral unless it is an emergency or a newborn (a CHECK): who went past the Puskesmas comes to light
    # in the hospital's claims.
    "claimed": {"claims": "true", "bypasses": "sjp_id IS NULL"},
}
# Measures that are no counts: an aggregate over the rows of a source, empty where there is none.
AGGREGATES = {
    "referred": {
        "median_minutes": "percentile_cont(0.5) WITHIN GROUP (ORDER BY minutes)",
        "p90_minutes": "percentile_cont(0.9) WITHIN GROUP (ORDER BY minutes)",
    },
    "visited": {"visits": "sum(visits)"},
}
MEASURES = tuple(name for table in (COUNTS, AGGREGATES) for group in table.values() for name in group)


def roll_up(*, day, months=MONTHS):
    """Count the last ``months`` months up to that of ``day`` anew. Returns the number of figures."""
    first = _first_of(day, months - 1)
    scheme = scheme_on(day)
    values = {"first": first, "since": first, "prb_days": (scheme.parameters if scheme else Parameters()).prb_days}
    written = 0
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM reports_monthlyfigure WHERE month >= %s", [first])
        for source in SOURCES:
            cursor.execute(_statement(source), values)
            written += cursor.rowcount
    return written


def _first_of(day, months_before):
    number = day.year * 12 + day.month - 1 - months_before
    return day.replace(year=number // 12, month=number % 12 + 1, day=1)


def _statement(source):
    """All measures of one source, by Puskesmas, by hospital and for the city, in one pass over its rows."""
    counts = {name: f"count(*) FILTER (WHERE {condition})" for name, condition in COUNTS.get(source, {}).items()}
    measures = counts | AGGREGATES.get(source, {})
    columns = ", ".join(f"({sql})::bigint AS {name}" for name, sql in measures.items())
    pairs = ", ".join(f"('{name}', counted.{name})" for name in measures)
    return f"""
        INSERT INTO reports_monthlyfigure (month, measure, puskesmas_id, hospital_id, value)
        WITH counted AS (
            SELECT month, puskesmas_id, hospital_id, grouping(puskesmas_id) AS all_puskesmas,
                   grouping(hospital_id) AS all_hospitals, {columns}
              FROM ({SOURCES[source]}) AS rows
             GROUP BY GROUPING SETS ((month, puskesmas_id), (month, hospital_id), (month)))
        SELECT counted.month, one.measure, counted.puskesmas_id, counted.hospital_id, one.value
          FROM counted CROSS JOIN LATERAL (VALUES {pairs}) AS one (measure, value)
         WHERE one.value IS NOT NULL
           AND (all_puskesmas = 1 OR puskesmas_id IS NOT NULL) AND (all_hospitals = 1 OR hospital_id IS NOT NULL)"""
