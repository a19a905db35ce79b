"""What the rules know of a claim: the claim itself, its letter, its patient, its hospital, the scheme of its day; and
the patient's other claims near it.

``gather`` lays these facts out once, in temporary tables of the transaction: ``claim_facts`` (alias ``f``, one row a claim;
columns of the SJP and the patient are NULL while no letter is matched), ``claim_others`` (alias ``o``, one row a pair) and
``claim_codes`` (alias ``x``, one row a diagnosis or procedure). Every rule is a condition over them, so that no rule goes
through the claims of all years by itself.
"""

from django.db import connection

from ksb.core.models import SchemeVersion
from ksb.core.scheme import Parameters

# Parameters of the scheme that rules ask for, with their SQL types.
PARAMETERS = {
    "open": "boolean",
    "honour_issued": "boolean",
    "referral_required": "boolean",
    "referral_valid_days": "integer",
    "min_residence_months": "integer",
    "claim_due_day": "integer",
    "claim_expiry_months": "integer",
    "readmission_days": "integer",
    "newcomer_alert_days": "integer",
    "high_cost": "bigint",
    "class_allowed": "integer",
    "pbi_blocks": "boolean",
    "jkn_blocks": "boolean",
    "above_tariff": "text",
}
_LETTERS = "regexp_replace(upper({name}), '[^A-Z]', '', 'g')"
_CLAIMED, _REGISTERED = _LETTERS.format(name="c.patient_name"), _LETTERS.format(name="r.name")
# Tolerant: spaces, points, titles, a part of the name, the first word. A newborn is billed as its mother's baby (BY NY).
_SAME_NAME = f"""CASE WHEN upper(c.patient_name) = upper(r.name) THEN true ELSE
    position({_CLAIMED} IN {_REGISTERED}) > 0 OR position({_REGISTERED} IN {_CLAIMED}) > 0
    OR split_part(upper(c.patient_name), ' ', 1) IN (split_part(upper(r.name), ' ', 1), 'BY', 'BY.') END"""

# In two steps: the planner knows nothing of a batch that has just been loaded, but it can count a temporary table.
_CLAIMS = """
    DROP TABLE IF EXISTS pg_temp.claim_scope, pg_temp.claim_facts, pg_temp.claim_others, pg_temp.claim_codes;
    CREATE TEMPORARY TABLE claim_scope ON COMMIT DROP AS
    SELECT c.id, c.batch_id, c.hospital_id, c.sjp_id, c.resident_id, c.line_number, c.reference, c.care_type, c.care_class,
           c.admitted_on, c.discharged_on, c.birth_date, c.sex, c.patient_name, c.card_number AS card, c.diagnoses,
           c.procedures, c.inacbg, c.claimed, c.hospital_bill, c.cost_sum, c.tariff, c.approved, b.service_month
      FROM claims_claim c JOIN claims_claimbatch b ON b.id = c.batch_id
     WHERE {scope};
    ANALYZE claim_scope (id, sjp_id, resident_id)"""
_FACTS = f"""
    CREATE TEMPORARY TABLE claim_facts ON COMMIT DROP AS
    SELECT c.*, lines.asked, lines.package, lines.approved AS lines_approved,
           s.state AS sjp_state, s.service, coalesce(s.emergency, false) AS emergency, s.valid_from, s.valid_until,
           s.decision->>'decision' AS decision, s.service = 'HAEMODIALYSIS' OR s.series_id IS NOT NULL AS series,
           ref.state AS referral_state, ref.valid_from AS referral_from,
           r.nik, k.kk_number, r.sex AS registered_sex, r.birth_date AS registered_birth, r.relation, r.city_code,
           r.resident_since, r.status, r.status_on, {_SAME_NAME} AS same_name,
           p.scheme_id, {", ".join(f"p.{name}" for name in PARAMETERS)}
      FROM claim_scope c
      LEFT JOIN (SELECT l.claim_id, sum(l.asked)::bigint AS asked, sum(l.approved)::bigint AS approved,
                        max(l.asked) FILTER (WHERE l.kind = 'INACBG') AS package
                   FROM claim_scope c JOIN claims_claimline l ON l.claim_id = c.id
                  GROUP BY l.claim_id) lines ON lines.claim_id = c.id
      LEFT JOIN referrals_sjp s ON s.id = c.sjp_id
      LEFT JOIN referrals_referral ref ON ref.id = s.referral_id
      LEFT JOIN participants_resident r ON r.id = c.resident_id
      LEFT JOIN participants_household k ON k.id = r.household_id
      LEFT JOIN (VALUES {{schemes}}) p (scheme_id, valid, {", ".join(PARAMETERS)}) ON p.valid @> c.admitted_on;
    ANALYZE claim_facts (id, resident_id, reference)"""

# Claims that may stand in the way: those of other batches that live, and all of the same file. Inside a file the first row
# counts (``first``), because the states of its rows are only being found out.
_OTHERS = """
    CREATE TEMPORARY TABLE claim_others ON COMMIT DROP AS
    SELECT f.id AS claim_id, o.id, o.sjp_id, o.hospital_id, h.name AS hospital, o.care_type, o.admitted_on, o.discharged_on,
           o.diagnoses->>0 AS diagnosis, b.number AS batch, o.line_number AS line,
           o.batch_id <> f.batch_id OR o.id < f.id AS first
      FROM claim_facts f
      JOIN claims_claim o ON o.resident_id = f.resident_id AND o.id <> f.id
      JOIN claims_claimbatch b ON b.id = o.batch_id
      JOIN facilities_facility h ON h.id = o.hospital_id
     WHERE (o.sjp_id = f.sjp_id
            OR o.admitted_on <= f.discharged_on AND o.discharged_on >= f.admitted_on - coalesce(f.readmission_days, 0))
       AND CASE WHEN o.batch_id = f.batch_id THEN o.state <> 'WITHDRAWN'
                ELSE o.state NOT IN ('BLOCKED', 'WITHDRAWN', 'RETURNED') END"""

# Every code of every claim, one a row.
_CODES = """
    CREATE TEMPORARY TABLE claim_codes ON COMMIT DROP AS
    SELECT c.id AS claim_id, code.value AS code, false AS is_procedure, c.sex, c.admitted_on, c.birth_date
      FROM claim_scope c CROSS JOIN LATERAL jsonb_array_elements_text(c.diagnoses) code
    UNION ALL
    SELECT c.id, code.value, true, c.sex, c.admitted_on, c.birth_date
      FROM claim_scope c CROSS JOIN LATERAL jsonb_array_elements_text(c.procedures) code"""


def gather(scope, values):
    """(Re)make the tables for the claims (alias ``c``) that fulfil the SQL ``scope`` with its named ``values``."""
    schemes, parameters = _schemes()
    with connection.cursor() as cursor:
        cursor.execute(_CLAIMS.format(scope=scope), values)
        cursor.execute(_FACTS.format(schemes=schemes), parameters)
        cursor.execute(f"{_OTHERS};{_CODES}")


def _schemes():
    """The scheme versions as rows of a VALUES list and their query parameters."""
    rows, values = [], {}
    for n, version in enumerate(SchemeVersion.objects.all()):
        parameters = Parameters.from_json(version.parameters)
        values |= {f"id{n}": version.pk, f"valid{n}": version.valid}
        values |= {f"{name}{n}": getattr(parameters, name) for name in PARAMETERS}
        typed = ", ".join(f"%({name}{n})s::{kind}" for name, kind in PARAMETERS.items())
        rows.append(f"(%(id{n})s::bigint, %(valid{n})s::daterange, {typed})")
    if not rows:
        nothing = ", ".join(f"NULL::{kind}" for kind in PARAMETERS.values())
        rows.append(f"(NULL::bigint, 'empty'::daterange, {nothing})")
    return ", ".join(rows), values
