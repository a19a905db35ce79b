"""Pieces of SQL that several rules share."""

# Another claim (alias ``o``) that stands in the way of this one: live in another batch, or earlier in the same file.
# Inside a file the first row counts, because the states of its rows are only found out.
STANDS = """(
    o.batch_id <> f.batch_id AND o.state NOT IN ('BLOCKED', 'WITHDRAWN', 'RETURNED')
    OR o.batch_id = f.batch_id AND o.id < f.id AND o.state <> 'WITHDRAWN'
)"""
# The same, whichever comes first in the file: an outpatient visit belongs to the stay, not the stay to the visit.
EXISTS_BESIDE = """(
    o.batch_id <> f.batch_id AND o.state NOT IN ('BLOCKED', 'WITHDRAWN', 'RETURNED')
    OR o.batch_id = f.batch_id AND o.id <> f.id AND o.state <> 'WITHDRAWN'
)"""
SERVICE = "coalesce(f.service, CASE f.care_type WHEN 1 THEN 'INPATIENT' ELSE 'OUTPATIENT' END)"
INPATIENT, OUTPATIENT = 1, 2

_SAME_LETTERS = "position(f.claimed_name IN f.registered_name) > 0 OR position(f.registered_name IN f.claimed_name) > 0"
# Tolerant: a part of the name, a title more or less, one word written differently.
SAME_NAME = f"(f.claimed_name = '' OR {_SAME_LETTERS} OR f.same_first_name OR f.claimed_name LIKE 'BY%%')"
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


def other(columns, where):
    """Join ``other``: of the claims (``o``, in batch ``ob`` at hospital ``oh``) that ``where`` describes, the latest."""
    return f"""CROSS JOIN LATERAL (
        SELECT {columns} FROM claims_claim o
          JOIN facilities_facility oh ON oh.id = o.hospital_id
          JOIN claims_claimbatch ob ON ob.id = o.batch_id
         WHERE {where}
         ORDER BY o.admitted_on DESC, o.id LIMIT 1) other"""
