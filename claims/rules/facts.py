"""What the rules know of a claim: the claim itself, its letter, its patient, its hospital, the scheme of its day.

``gather`` lays these facts out once, in a temporary table of the transaction; every rule is a condition over it. Columns of
the SJP and the patient are NULL while no letter is matched.
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
}
_LETTERS = "regexp_replace(upper({name}), '[^A-Z]', '', 'g')"
# The letters of a name without spaces, points and titles behind a comma; and the first word of it.
_CLAIMED_NAME = _LETTERS.format(name="c.patient_name")
_REGISTERED_NAME = _LETTERS.format(name="r.name")

_TABLE = f"""
    CREATE TEMPORARY TABLE claim_facts ON COMMIT DROP AS
    SELECT c.id, c.batch_id, c.hospital_id, c.line_number, c.state, c.reference, c.care_type, c.care_class,
           c.admitted_on, c.discharged_on, c.discharge_status, c.birth_date, c.sex, c.diagnoses, c.procedures, c.inacbg,
           c.claimed, c.hospital_bill, c.cost_sum, c.tariff, c.approved,
           upper(regexp_replace(c.data->>'NOKARTU', '[^0-9A-Za-z]', '', 'g')) AS card,
           lines.asked, lines.package, lines.approved AS lines_approved,
           b.service_month, h.name AS hospital, h.tariff_code, h.tariff_regional,
           s.id AS sjp_id, s.state AS sjp_state, s.service, s.valid_from, s.valid_until,
           s.decision->>'decision' AS decision, s.issued_at,
           ref.state AS referral_state, ref.reason AS referral_reason, ref.valid_from AS referral_from,
           r.id AS resident_id, r.nik, k.kk_number, r.sex AS registered_sex, r.birth_date AS registered_birth,
           r.relation, r.city_code, r.resident_since, r.status, r.status_on,
           {_CLAIMED_NAME} AS claimed_name, {_REGISTERED_NAME} AS registered_name,
           split_part(upper(trim(c.patient_name)), ' ', 1) = split_part(upper(trim(r.name)), ' ', 1) AS same_first_name,
           p.scheme_id, {", ".join(f"p.{name}" for name in PARAMETERS)}
      FROM claims_claim c
      JOIN claims_claimbatch b ON b.id = c.batch_id
      JOIN facilities_facility h ON h.id = c.hospital_id
      LEFT JOIN (SELECT l.claim_id, sum(l.asked)::bigint AS asked, sum(l.approved)::bigint AS approved,
                        max(l.asked) FILTER (WHERE l.kind = 'INACBG') AS package
                   FROM claims_claimline l JOIN claims_claim c ON c.id = l.claim_id WHERE {{scope}}
                  GROUP BY l.claim_id) lines ON lines.claim_id = c.id
      LEFT JOIN referrals_sjp s ON s.id = c.sjp_id
      LEFT JOIN referrals_referral ref ON ref.id = s.referral_id
      LEFT JOIN participants_resident r ON r.id = c.resident_id
      LEFT JOIN participants_household k ON k.id = r.household_id
      LEFT JOIN (VALUES {{schemes}}) p (scheme_id, valid, {", ".join(PARAMETERS)}) ON p.valid @> c.admitted_on
     WHERE {{scope}}"""


def gather(scope, values):
    """(Re)make the facts table for the claims (alias ``c``) that fulfil the SQL ``scope`` with its named ``values``."""
    schemes, parameters = _schemes()
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS pg_temp.claim_facts")
        cursor.execute(_TABLE.format(scope=scope, schemes=schemes), values | parameters)
        cursor.execute("ANALYZE claim_facts")


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
