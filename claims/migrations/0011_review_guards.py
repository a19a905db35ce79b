"""The guards know the stages of verification: second reading, questions, disputes. Only a dispute opens what was decided,

and it never takes away what was granted before. A test compares the moves with ``claims.workflow``.
"""

from importlib import import_module

from django.db import migrations

release = import_module("claims.migrations.0002_guards")
signed = import_module("claims.migrations.0005_signed_guards")

CLAIM_GUARD = """
CREATE OR REPLACE FUNCTION claims_guard_claim() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    allowed text[] := CASE OLD.state
        WHEN 'SUBMITTED' THEN ARRAY['ADMIN_REVIEW', 'WITHDRAWN']
        WHEN 'ADMIN_REVIEW' THEN ARRAY['MEDICAL_REVIEW', 'PENDED', 'SECOND_READING', 'APPROVED',
            'PARTLY_APPROVED', 'RETURNED', 'REJECTED']
        WHEN 'ANSWERED' THEN ARRAY['MEDICAL_REVIEW', 'PENDED', 'SECOND_READING', 'APPROVED',
            'PARTLY_APPROVED', 'RETURNED', 'REJECTED']
        WHEN 'MEDICAL_REVIEW' THEN ARRAY['PENDED', 'SECOND_READING', 'APPROVED',
            'PARTLY_APPROVED', 'RETURNED', 'REJECTED']
        WHEN 'PENDED' THEN ARRAY['ANSWERED', 'REJECTED']
        WHEN 'SECOND_READING' THEN ARRAY['APPROVED', 'PARTLY_APPROVED', 'REJECTED']
        WHEN 'APPROVED' THEN ARRAY['PAID']
        WHEN 'PARTLY_APPROVED' THEN ARRAY['PAID', 'DISPUTED']
        WHEN 'REJECTED' THEN ARRAY['DISPUTED']
        WHEN 'DISPUTED' THEN ARRAY['APPROVED', 'PARTLY_APPROVED', 'REJECTED']
        ELSE '{}' END;
    changeable text[] := CASE WHEN OLD.decided_at IS NULL OR OLD.state = 'DISPUTED'
        THEN ARRAY['state', 'approved', 'decided_at', 'decided_by_id'] ELSE ARRAY['state'] END;
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'claim % is %: it cannot be deleted', OLD.id, OLD.state USING ERRCODE = 'restrict_violation';
    END IF;
    IF NEW.state <> OLD.state AND NEW.state <> ALL (allowed) THEN
        RAISE EXCEPTION 'claim % cannot go from % to %', OLD.id, OLD.state, NEW.state
            USING ERRCODE = 'restrict_violation';
    END IF;
    IF to_jsonb(NEW) - changeable <> to_jsonb(OLD) - changeable
       OR OLD.state = 'DISPUTED'
          AND (coalesce(NEW.approved, 0) < coalesce(OLD.approved, 0) OR NEW.decided_at IS NULL) THEN
        RAISE EXCEPTION 'claim % is %: what was handed in or decided cannot be changed', OLD.id, OLD.state
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
"""

LINE_GUARD = """
CREATE OR REPLACE FUNCTION claims_guard_changed_lines() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM before l JOIN claims_claim c ON c.id = l.claim_id
                WHERE c.decided_at IS NOT NULL AND c.state <> 'DISPUTED') THEN
        RAISE EXCEPTION 'lines are decided with their claim: it is decided already' USING ERRCODE = 'restrict_violation';
    END IF;
    IF EXISTS (SELECT FROM before b JOIN after a ON a.id = b.id JOIN claims_claim c ON c.id = b.claim_id
                WHERE c.state NOT IN ('READY', 'BLOCKED')
                  AND (a.claim_id, a.kind, a.code, a.asked, a.quantity, a.unit_price, a.tariff, a.adjusted)
                      IS DISTINCT FROM (b.claim_id, b.kind, b.code, b.asked, b.quantity, b.unit_price, b.tariff, b.adjusted)) THEN
        RAISE EXCEPTION 'what a submitted claim asks for cannot be changed' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NULL;
END $$;
"""

MOVED = """
ALTER TABLE claims_claim DISABLE TRIGGER claim_goes_forward;
UPDATE claims_claim SET state = '{to}' WHERE state {of};
ALTER TABLE claims_claim ENABLE TRIGGER claim_goes_forward;
"""
UNDECIDED = "IN ('ADMIN_REVIEW', 'MEDICAL_REVIEW', 'PENDED', 'ANSWERED', 'SECOND_READING')"
FORWARD = CLAIM_GUARD + LINE_GUARD + MOVED.format(to="ADMIN_REVIEW", of="= 'IN_VERIFICATION'")


def _replaced(sql, name):
    """The one function ``name`` of ``sql`` as it was in the release, as a replacement."""
    start = sql.index(f"CREATE FUNCTION {name}()")
    return sql[start : sql.index("END $$;", start)].replace("CREATE", "CREATE OR REPLACE", 1) + "END $$;\n"


BACKWARD = (
    MOVED.format(to="IN_VERIFICATION", of=UNDECIDED)
    + _replaced(release.CLAIM_GUARD, "claims_guard_claim")
    + signed.LINES_NOW
)


class Migration(migrations.Migration):
    dependencies = [("claims", "0010_review_states")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
