"""What was handed in is not edited, what was decided is not undone: refused by the database itself, whoever asks.

The moves allowed here are those of ``claims.workflow`` from the submission on; a test compares the two.
"""

from django.db import migrations

CLAIM_GUARD = """
CREATE FUNCTION claims_guard_claim() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    allowed text[] := CASE OLD.state
        WHEN 'SUBMITTED' THEN ARRAY['IN_VERIFICATION', 'WITHDRAWN']
        WHEN 'IN_VERIFICATION' THEN ARRAY['APPROVED', 'PARTLY_APPROVED', 'RETURNED', 'REJECTED']
        WHEN 'APPROVED' THEN ARRAY['PAID']
        WHEN 'PARTLY_APPROVED' THEN ARRAY['PAID']
        ELSE '{}' END;
    changeable text[] := CASE WHEN OLD.decided_at IS NULL
        THEN ARRAY['state', 'approved', 'decided_at', 'decided_by_id'] ELSE ARRAY['state'] END;
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'claim % is %: it cannot be deleted', OLD.id, OLD.state USING ERRCODE = 'restrict_violation';
    END IF;
    IF NEW.state <> OLD.state AND NEW.state <> ALL (allowed) THEN
        RAISE EXCEPTION 'claim % cannot go from % to %', OLD.id, OLD.state, NEW.state
            USING ERRCODE = 'restrict_violation';
    END IF;
    IF to_jsonb(NEW) - changeable <> to_jsonb(OLD) - changeable THEN
        RAISE EXCEPTION 'claim % is %: what was handed in or decided cannot be changed', OLD.id, OLD.state
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER claim_is_kept BEFORE DELETE ON claims_claim
    FOR EACH ROW WHEN (OLD.state NOT IN ('READY', 'BLOCKED')) EXECUTE FUNCTION claims_guard_claim();
CREATE TRIGGER claim_goes_forward BEFORE UPDATE ON claims_claim
    FOR EACH ROW WHEN (OLD.state NOT IN ('READY', 'BLOCKED')) EXECUTE FUNCTION claims_guard_claim();
"""

LINE_GUARD = """
CREATE FUNCTION claims_guard_added_lines() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM after l JOIN claims_claim c ON c.id = l.claim_id WHERE c.decided_at IS NOT NULL) THEN
        RAISE EXCEPTION 'a decided claim takes no further line' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE FUNCTION claims_guard_changed_lines() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM before l JOIN claims_claim c ON c.id = l.claim_id WHERE c.decided_at IS NOT NULL) THEN
        RAISE EXCEPTION 'lines are decided with their claim: it is decided already' USING ERRCODE = 'restrict_violation';
    END IF;
    IF EXISTS (SELECT FROM before b JOIN after a ON a.id = b.id JOIN claims_claim c ON c.id = b.claim_id
                WHERE c.state NOT IN ('READY', 'BLOCKED')
                  AND (a.claim_id, a.kind, a.code, a.asked) IS DISTINCT FROM (b.claim_id, b.kind, b.code, b.asked)) THEN
        RAISE EXCEPTION 'what a submitted claim asks for cannot be changed' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE FUNCTION claims_guard_deleted_lines() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM before l JOIN claims_claim c ON c.id = l.claim_id WHERE c.state NOT IN ('READY', 'BLOCKED')) THEN
        RAISE EXCEPTION 'lines of a submitted claim cannot be deleted' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER lines_added AFTER INSERT ON claims_claimline
    REFERENCING NEW TABLE AS after FOR EACH STATEMENT EXECUTE FUNCTION claims_guard_added_lines();
CREATE TRIGGER lines_changed AFTER UPDATE ON claims_claimline
    REFERENCING OLD TABLE AS before NEW TABLE AS after
    FOR EACH STATEMENT EXECUTE FUNCTION claims_guard_changed_lines();
CREATE TRIGGER lines_deleted AFTER DELETE ON claims_claimline
    REFERENCING OLD TABLE AS before FOR EACH STATEMENT EXECUTE FUNCTION claims_guard_deleted_lines();
"""

BATCH_GUARD = """
CREATE FUNCTION claims_guard_batch() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    allowed text[] := CASE OLD.state
        WHEN 'SUBMITTED' THEN ARRAY['IN_VERIFICATION', 'WITHDRAWN']
        WHEN 'IN_VERIFICATION' THEN ARRAY['BAHV_DRAFT']
        WHEN 'BAHV_DRAFT' THEN ARRAY['BAHV_APPROVED']
        WHEN 'BAHV_APPROVED' THEN ARRAY['PROPOSED']
        WHEN 'PROPOSED' THEN ARRAY['PAID', 'BAHV_APPROVED']
        ELSE '{}' END;
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
       OR OLD.state <> 'SUBMITTED'
          AND (NEW.claimed, NEW.accepted, NEW.refused) IS DISTINCT FROM (OLD.claimed, OLD.accepted, OLD.refused)
       OR OLD.state IN ('BAHV_APPROVED', 'PROPOSED', 'PAID') AND NEW.approved <> OLD.approved THEN
        RAISE EXCEPTION 'batch % is %: its totals cannot be changed', OLD.number, OLD.state
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER batch_is_kept BEFORE DELETE ON claims_claimbatch
    FOR EACH ROW WHEN (OLD.state <> 'OPEN') EXECUTE FUNCTION claims_guard_batch();
CREATE TRIGGER batch_goes_forward BEFORE UPDATE ON claims_claimbatch
    FOR EACH ROW WHEN (OLD.state <> 'OPEN') EXECUTE FUNCTION claims_guard_batch();
"""

# The guards of both tables go with their functions.
REMOVE = """
DROP FUNCTION claims_guard_claim() CASCADE;
DROP FUNCTION claims_guard_added_lines() CASCADE;
DROP FUNCTION claims_guard_changed_lines() CASCADE;
DROP FUNCTION claims_guard_deleted_lines() CASCADE;
DROP FUNCTION claims_guard_batch() CASCADE;
"""


class Migration(migrations.Migration):
    replaces = [("claims", "0005_rows")]
    dependencies = [("claims", "0001_release")]

    operations = [migrations.RunSQL(CLAIM_GUARD + LINE_GUARD + BATCH_GUARD, REMOVE)]
