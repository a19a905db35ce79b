"""What the rules know of a claim: the claim itself, its letter, its patient, its hospital, the scheme of its day; and
the patient's other claims near it.

``gather`` lays these facts out once, in temporary tables of the transaction: ``claim_facts`` (alias ``f``, one row a claim;
columns of the SJP and the patient are NULL while no letter is matched), ``claim_visits`` (alias ``v``, the episode the
hospital registered for the claim), ``claim_others`` (alias ``o``, one row a pair of claims of one patient), ``claim_house``
(alias ``o``, what the same hospitals claim in these days), ``claim_codes`` (alias ``x``, one row a diagnosis or procedure) and
``claim_marks`` (alias ``m``, one row a code on a clinical list). Every rule is a condition over them, so that no rule goes
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
    "newborn_cover_days": "integer",
    "hd_max_per_week": "integer",
    "emergency_report_hours": "integer",
    "rsud_first": "boolean",
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

# A corrected NIK is the same person's: cards printed before still say the old one.
_SAME_CARD = """(c.card IN (r.nik, k.kk_number) OR EXISTS (
    SELECT FROM participants_formernik old WHERE old.nik = c.card AND old.resident_id = c.resident_id))"""
# The extras of e-Klaim end in JSON: what the patient was made to pay beside the package.
_PATIENT_PAID = r'"selisih_biaya":\{"nilai":"?([0-9]+)'
# In two steps: the planner knows nothing of a batch that has just been loaded, but it can count a temporary table.
_CLAIMS = """
    DROP TABLE IF EXISTS pg_temp.claim_scope, pg_temp.claim_visits, pg_temp.claim_facts, pg_temp.claim_others,
        pg_temp.claim_house, pg_temp.claim_codes, pg_temp.claim_marks;
    CREATE TEMPORARY TABLE claim_scope ON COMMIT DROP AS
    SELECT c.id, c.batch_id, c.hospital_id, c.sjp_id, c.resident_id, c.line_number, c.reference, c.care_type, c.care_class,
           c.admitted_on, c.discharged_on, c.birth_date, c.sex, c.patient_name, c.card_number AS card, c.diagnoses,
           c.procedures, c.inacbg, c.claimed, c.hospital_bill, c.cost_sum, c.tariff, c.approved, b.service_month,
           c.discharge_status, c.doctor, substring(c.row FROM '{patient_paid}')::numeric AS patient_paid
      FROM claims_claim c JOIN claims_claimbatch b ON b.id = c.batch_id
     WHERE {scope};
    ANALYZE claim_scope (id, sjp_id, resident_id)"""
# The episode nearest to the claim's first day: a stay may begin just before midnight at one desk and after it at the other.
_VISITS = """
    CREATE TEMPORARY TABLE claim_visits ON COMMIT DROP AS
    SELECT DISTINCT ON (c.id) c.id AS claim_id, e.id AS episode_id, e.admitted_at, e.discharged_at, e.completed_at,
           e.death_time,
           EXISTS (SELECT FROM referrals_episode z WHERE z.sjp_id = e.sjp_id AND z.admitted_at < e.admitted_at) AS later,
           u.diagnosis_id AS diagnosis, u.diagnosis_id || u.other_diagnoses AS diagnoses, u.results <> '' AS has_results
      FROM claim_scope c JOIN referrals_episode e ON e.sjp_id = c.sjp_id
      LEFT JOIN referrals_resume u ON u.episode_id = e.id
     WHERE (e.admitted_at AT TIME ZONE 'Asia/Jakarta')::date BETWEEN c.admitted_on - 1 AND c.admitted_on + 1
     ORDER BY c.id, abs((e.admitted_at AT TIME ZONE 'Asia/Jakarta')::date - c.admitted_on), e.admitted_at"""
_FACTS = f"""
    CREATE TEMPORARY TABLE claim_facts ON COMMIT DROP AS
    SELECT c.*, lines.asked, lines.package, lines.approved AS lines_approved,
           s.state AS sjp_state, s.service, coalesce(s.emergency, false) AS emergency, s.valid_from, s.valid_until,
           s.newborn_id, s.complement, (s.issued_at AT TIME ZONE 'Asia/Jakarta')::date AS issued_on, s.issued_at,
           s.decision->>'decision' AS decision, s.service = 'HAEMODIALYSIS' OR s.series_id IS NOT NULL AS series,
           ref.state AS referral_state, ref.valid_from AS referral_from, ref.diagnosis_id AS referral_diagnosis,
           ref.pass_over_reason, ref.specialty_id AS referral_specialty, nb.born_on, nb.mother_id,
           r.nik, r.household_id, k.kk_number, r.sex AS registered_sex, r.birth_date AS registered_birth, r.relation, r.city_code,
           r.resident_since, r.status, r.status_on, {_SAME_NAME} AS same_name, {_SAME_CARD} AS same_card,
           p.scheme_id, {", ".join(f"p.{name}" for name in PARAMETERS)}
      FROM claim_scope c
      LEFT JOIN (SELECT l.claim_id, sum(l.asked)::bigint AS asked, sum(l.approved)::bigint AS approved,
                        max(l.asked) FILTER (WHERE l.kind = 'INACBG') AS package
                   FROM claim_scope c JOIN claims_claimline l ON l.claim_id = c.id
                  GROUP BY l.claim_id) lines ON lines.claim_id = c.id
      LEFT JOIN referrals_sjp s ON s.id = c.sjp_id
      LEFT JOIN referrals_referral ref ON ref.id = s.referral_id
      LEFT JOIN participants_newborn nb ON nb.id = s.newborn_id
      LEFT JOIN participants_resident r ON r.id = c.resident_id
      LEFT JOIN participants_household k ON k.id = r.household_id
      LEFT JOIN (VALUES {{schemes}}) p (scheme_id, valid, {", ".join(PARAMETERS)}) ON p.valid @> c.admitted_on;
    ANALYZE claim_facts (id, resident_id, reference)"""

# Claims that may stand in the way: those of other batches that live, and all of the same file. Inside a file the first row
# counts (``first``), because the states of its rows are only being found out.
_OTHERS = """
    CREATE TEMPORARY TABLE claim_others ON COMMIT DROP AS
    SELECT f.id AS claim_id, o.id, o.public_id, o.sjp_id, o.hospital_id, h.name AS hospital, o.claimed,
           o.procedures ? '39.95' AS dialysis, o.care_type, o.admitted_on, o.discharged_on,
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

# Everything the hospitals of these claims ask for in the same days, whoever the patient is.
_HOUSE = """
    CREATE TEMPORARY TABLE claim_house ON COMMIT DROP AS
    SELECT o.id, o.public_id, o.batch_id, o.hospital_id, o.resident_id, o.care_type, o.admitted_on, o.discharged_on, o.birth_date,
           o.sex, o.patient_name, o.reference, o.claimed
      FROM claims_claim o
      JOIN (SELECT hospital_id, min(admitted_on) AS first, max(discharged_on) AS last FROM claim_scope GROUP BY hospital_id) days
        ON days.hospital_id = o.hospital_id AND o.admitted_on <= days.last AND o.discharged_on >= days.first
     WHERE o.state NOT IN ('WITHDRAWN', 'RETURNED', 'REJECTED');
    ANALYZE claim_house (hospital_id, admitted_on, birth_date)"""

# Every code of every claim, one a row; and those of them on a clinical list, by the category they belong to.
_CODES = """
    CREATE TEMPORARY TABLE claim_codes ON COMMIT DROP AS
    SELECT c.id AS claim_id, code.value AS code, false AS is_procedure, c.sex, c.admitted_on, c.birth_date
      FROM claim_scope c CROSS JOIN LATERAL jsonb_array_elements_text(c.diagnoses) code
    UNION ALL
    SELECT c.id, code.value, true, c.sex, c.admitted_on, c.birth_date
      FROM claim_scope c CROSS JOIN LATERAL jsonb_array_elements_text(c.procedures) code;
    CREATE TEMPORARY TABLE claim_marks ON COMMIT DROP AS
    SELECT x.claim_id, x.code, x.is_procedure, x.sex, x.admitted_on, x.birth_date, l.kind, l."group", l.least, l.most, l.unit
      FROM (SELECT x.*, left(x.code, part.width) AS category
              FROM claim_codes x CROSS JOIN (VALUES (2), (3), (4), (5)) part (width) WHERE length(x.code) >= part.width) x
      JOIN claims_clinicalcode l ON l.code = x.category AND l.is_procedure = x.is_procedure;
    ANALYZE claim_marks (kind)"""


def gather(scope, values):
    """(Re)make the tables for the claims (alias ``c``) that fulfil the SQL ``scope`` with its named ``values``."""
    schemes, parameters = _schemes()
    with connection.cursor() as cursor:
        cursor.execute(_CLAIMS.format(scope=scope, patient_paid=_PATIENT_PAID), values)
        cursor.execute(f"{_VISITS};{_FACTS.format(schemes=schemes)}", parameters)
        cursor.execute(f"{_OTHERS};{_HOUSE};{_CODES}")


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
