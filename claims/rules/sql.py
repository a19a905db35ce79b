"""Pieces of SQL that several rules share."""

SERVICE = "coalesce(f.service, CASE f.care_type WHEN 1 THEN 'INPATIENT' ELSE 'OUTPATIENT' END)"
INPATIENT, OUTPATIENT = 1, 2
VISIT = "JOIN claim_visits v ON v.claim_id = f.id"
OTHERS = "JOIN claim_others o ON o.claim_id = f.id"
LATEST = "o.admitted_on DESC, o.id"

# A further visit under one letter (control, another clinic, a session): the hospital registered an arrival on this very day.
REGISTERED_VISIT = """EXISTS (SELECT FROM referrals_episode e WHERE e.sjp_id = f.sjp_id
    AND (e.admitted_at AT TIME ZONE 'Asia/Jakarta')::date = f.admitted_on)"""

SAME_NAME = "f.same_name"
SAME_BIRTH = "(f.birth_date = f.registered_birth)"
SAME_CARD = "f.same_card"


def details(**conditions):
    """A jsonb list of the names whose SQL condition holds, for the key ``details`` of the evidence."""
    cases = ", ".join(f"CASE WHEN {condition} THEN '{name}' END" for name, condition in conditions.items())
    return f"to_jsonb(array_remove(ARRAY[{cases}], NULL))"


def evidence(**values):
    """A jsonb object of SQL expressions. A key that Python keeps for itself takes an underscore: ``from_``."""
    pairs = ", ".join(f"'{name.removesuffix('_')}', {value}" for name, value in values.items())
    return f"jsonb_build_object({pairs})"


def marked(kind, condition="true"):
    """Join ``hit``: for each claim its codes on the clinical list ``kind`` that fulfil the SQL ``condition`` (alias ``m``)."""
    return f"""JOIN (SELECT m.claim_id, string_agg(DISTINCT m.code, ', ') AS codes FROM claim_marks m
                      WHERE m.kind = '{kind}' AND ({condition}) GROUP BY m.claim_id) hit ON hit.claim_id = f.id"""


def has_mark(kind, condition="true"):
    """SQL: the claim has a code on that list."""
    return f"EXISTS (SELECT FROM claim_marks m WHERE m.claim_id = f.id AND m.kind = '{kind}' AND ({condition}))"
