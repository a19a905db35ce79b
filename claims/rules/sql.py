"""Pieces of SQL that several rules share."""

SERVICE = "coalesce(f.service, CASE f.care_type WHEN 1 THEN 'INPATIENT' ELSE 'OUTPATIENT' END)"
INPATIENT, OUTPATIENT = 1, 2
OTHERS = "JOIN claim_others o ON o.claim_id = f.id"
LATEST = "o.admitted_on DESC, o.id"

# A further visit under one letter (control, another clinic, a session): the hospital registered an arrival on this very day.
REGISTERED_VISIT = """EXISTS (SELECT FROM referrals_episode e WHERE e.sjp_id = f.sjp_id
    AND (e.admitted_at AT TIME ZONE 'Asia/Jakarta')::date = f.admitted_on)"""

SAME_NAME = "f.same_name"
SAME_BIRTH = "(f.birth_date = f.registered_birth)"
SAME_CARD = "(f.card IN (f.nik, f.kk_number))"


def details(**conditions):
    """A jsonb list of the names whose SQL condition holds, for the key ``details`` of the evidence."""
    cases = ", ".join(f"CASE WHEN {condition} THEN '{name}' END" for name, condition in conditions.items())
    return f"to_jsonb(array_remove(ARRAY[{cases}], NULL))"


def evidence(**values):
    """A jsonb object of SQL expressions. A key that Python keeps for itself takes an underscore: ``from_``."""
    pairs = ", ".join(f"'{name.removesuffix('_')}', {value}" for name, value in values.items())
    return f"jsonb_build_object({pairs})"
