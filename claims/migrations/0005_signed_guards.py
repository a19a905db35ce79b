"""The guards know signature and completeness: a signed batch keeps its signature, a returned one is free again."""

from django.db import migrations

from ksb.core.triggers import append_only

BATCH_GUARD = """
CREATE OR REPLACE FUNCTION claims_guard_batch() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    allowed text[] := CASE OLD.state
        {moves}
        WHEN 'IN_VERIFICATION' THEN ARRAY['BAHV_DRAFT']
        WHEN 'BAHV_DRAFT' THEN ARRAY['BAHV_APPROVED']
        WHEN 'BAHV_APPROVED' THEN ARRAY['PROPOSED']
        WHEN 'PROPOSED' THEN ARRAY['PAID', 'BAHV_APPROVED']
        ELSE '{{}}' END;
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'batch % is %: it cannot be deleted', OLD.number, OLD.state USING ERRCODE = 'restrict_violation';
    END IF;
    IF NEW.state <> OLD.state AND NEW.state <> ALL (allowed) THEN
        RAISE EXCEPTION 'batch % cannot go from % to %', OLD.number, OLD.state, NEW.state
            USING ERRCODE = 'restrict_violation';
    END IF;
    IF (NEW.number, NEW.hospital_id, NEW.service_month, NEW.sha256, NEW.rows)
       IS DISTINCT FROM (OLD.number, OLD.hospital_id, OLD.service_month, OLD.sha256, OLD.rows)
       OR OLD.state NOT IN ({movable})
          AND (NEW.claimed, NEW.accepted, NEW.refused) IS DISTINCT FROM (OLD.claimed, OLD.accepted, OLD.refused)
       OR OLD.state IN ('BAHV_APPROVED', 'PROPOSED', 'PAID') AND NEW.approved <> OLD.approved THEN
        RAISE EXCEPTION 'batch % is %: its totals cannot be changed', OLD.number, OLD.state
            USING ERRCODE = 'restrict_violation';
    END IF;
    {signature}
    RETURN NEW;
END $$;
"""
NOW = BATCH_GUARD.format(
    moves="""WHEN 'TO_SIGN' THEN ARRAY['SUBMITTED', 'OPEN', 'WITHDRAWN']
        WHEN 'SUBMITTED' THEN ARRAY['COMPLETE', 'OPEN', 'WITHDRAWN']
        WHEN 'COMPLETE' THEN ARRAY['IN_VERIFICATION', 'WITHDRAWN']""",
    movable="'TO_SIGN', 'SUBMITTED', 'COMPLETE'",
    signature="""IF OLD.state = 'TO_SIGN' AND NEW.state = 'SUBMITTED' AND NEW.signed_at IS NULL THEN
        RAISE EXCEPTION 'batch % is handed in without a signature', OLD.number USING ERRCODE = 'restrict_violation';
    END IF;
    IF (NEW.submitted_at, NEW.submitted_by_id, NEW.signed_at, NEW.signed_by_id, NEW.late)
       IS DISTINCT FROM (OLD.submitted_at, OLD.submitted_by_id, OLD.signed_at, OLD.signed_by_id, OLD.late)
       AND OLD.state <> 'TO_SIGN' AND NEW.state <> 'OPEN' THEN
        RAISE EXCEPTION 'batch % is %: its signatures cannot be changed', OLD.number, OLD.state
            USING ERRCODE = 'restrict_violation';
    END IF;""",
)
BEFORE = BATCH_GUARD.format(
    moves="WHEN 'SUBMITTED' THEN ARRAY['IN_VERIFICATION', 'WITHDRAWN']",
    movable="'SUBMITTED'",
    signature="",
)

# A claim goes back to the desk only with its batch, which is opened first.
REOPENED = """
CREATE FUNCTION claims_guard_reopened() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM claims_claimbatch b WHERE b.id = OLD.batch_id AND b.state = 'OPEN') THEN
        RAISE EXCEPTION 'claim % is submitted: its batch is not open', OLD.id USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER claim_goes_back BEFORE UPDATE ON claims_claim
    FOR EACH ROW WHEN (OLD.state = 'SUBMITTED' AND NEW.state = 'READY') EXECUTE FUNCTION claims_guard_reopened();
DROP TRIGGER claim_goes_forward ON claims_claim;
CREATE TRIGGER claim_goes_forward BEFORE UPDATE ON claims_claim
    FOR EACH ROW WHEN (OLD.state NOT IN ('READY', 'BLOCKED') AND NOT (OLD.state = 'SUBMITTED' AND NEW.state = 'READY'))
    EXECUTE FUNCTION claims_guard_claim();
"""
NOT_REOPENED = """
DROP FUNCTION claims_guard_reopened() CASCADE;
DROP TRIGGER claim_goes_forward ON claims_claim;
CREATE TRIGGER claim_goes_forward BEFORE UPDATE ON claims_claim
    FOR EACH ROW WHEN (OLD.state NOT IN ('READY', 'BLOCKED')) EXECUTE FUNCTION claims_guard_claim();
"""

LINES = """
CREATE OR REPLACE FUNCTION claims_guard_changed_lines() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM before l JOIN claims_claim c ON c.id = l.claim_id WHERE c.decided_at IS NOT NULL) THEN
        RAISE EXCEPTION 'lines are decided with their claim: it is decided already' USING ERRCODE = 'restrict_violation';
    END IF;
    IF EXISTS (SELECT FROM before b JOIN after a ON a.id = b.id JOIN claims_claim c ON c.id = b.claim_id
                WHERE c.state NOT IN ('READY', 'BLOCKED')
                  AND ({columns_after}) IS DISTINCT FROM ({columns_before})) THEN
        RAISE EXCEPTION 'what a submitted claim asks for cannot be changed' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NULL;
END $$;
"""


def _lines(*columns):
    return LINES.format(
        columns_after=", ".join(f"a.{name}" for name in columns),
        columns_before=", ".join(f"b.{name}" for name in columns),
    )


LINES_NOW = _lines("claim_id", "kind", "code", "asked", "quantity", "unit_price", "tariff", "adjusted")
LINES_BEFORE = _lines("claim_id", "kind", "code", "asked")


class Migration(migrations.Migration):
    dependencies = [("claims", "0004_signed_and_complete")]

    operations = [
        migrations.RunSQL(NOW + REOPENED + LINES_NOW, BEFORE + NOT_REOPENED + LINES_BEFORE),
        append_only("claims_completenesscheck"),
    ]
