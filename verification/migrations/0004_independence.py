"""What the database itself refuses: a verifier out of a hospital, a reader on the panel, a signed BAHV changed.

BAHV drawn before this migration get their list of claims and their totals.
"""

from django.db import migrations

INDEPENDENCE = """
CREATE FUNCTION verification_guard_appointment() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM facilities_membership WHERE user_id = NEW.verifier_id
                AND role IN ('HOSPITAL_DESK', 'HOSPITAL_BILLER', 'HOSPITAL_DIRECTOR')) THEN
        RAISE EXCEPTION 'who has or had a role in a hospital cannot be appointed'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'verifier_was_never_of_a_hospital';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER appointment_is_independent BEFORE INSERT OR UPDATE ON verification_appointment
    FOR EACH ROW EXECUTE FUNCTION verification_guard_appointment();

CREATE FUNCTION verification_guard_panel() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM verification_review WHERE claim_id = NEW.claim_id
                AND verifier_id IN (NEW.doctor_id, NEW.officer_id)) THEN
        RAISE EXCEPTION 'who has read the claim cannot sit on its panel'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'panel_has_not_read_the_claim';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER panel_is_independent BEFORE INSERT OR UPDATE ON verification_dispute
    FOR EACH ROW EXECUTE FUNCTION verification_guard_panel();

CREATE FUNCTION verification_guard_bahv() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    signatures text[] := ARRAY['state', 'hospital_signed_at', 'hospital_signed_by_id', 'verifier_signed_at',
                               'verifier_signed_by_id', 'approved_at', 'approved_by_id'];
    following text := CASE OLD.state WHEN 'DRAFT' THEN 'SIGNED_HOSPITAL' WHEN 'SIGNED_HOSPITAL' THEN 'SIGNED_VERIFIER'
        WHEN 'SIGNED_VERIFIER' THEN 'APPROVED' ELSE '' END;
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'BAHV % cannot be deleted', OLD.number USING ERRCODE = 'restrict_violation';
    END IF;
    IF NEW.state NOT IN (OLD.state, following)
       OR OLD.state = 'APPROVED' AND NEW IS DISTINCT FROM OLD
       OR OLD.state <> 'DRAFT' AND to_jsonb(NEW) - signatures <> to_jsonb(OLD) - signatures THEN
        RAISE EXCEPTION 'BAHV % is %: it cannot be changed', OLD.number, OLD.state USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER bahv_is_kept BEFORE UPDATE OR DELETE ON verification_bahv
    FOR EACH ROW EXECUTE FUNCTION verification_guard_bahv();

CREATE FUNCTION verification_guard_entry() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' OR EXISTS (SELECT FROM verification_bahv WHERE state <> 'DRAFT'
            AND id = CASE WHEN TG_OP = 'INSERT' THEN NEW.bahv_id ELSE OLD.bahv_id END) THEN
        RAISE EXCEPTION 'the list of a signed BAHV cannot be changed' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN CASE WHEN TG_OP = 'INSERT' THEN NEW ELSE OLD END;
END $$;
CREATE TRIGGER bahv_list_is_kept BEFORE INSERT OR UPDATE OR DELETE ON verification_bahvclaim
    FOR EACH ROW EXECUTE FUNCTION verification_guard_entry();
"""

REMOVE = """
DROP FUNCTION verification_guard_appointment() CASCADE;
DROP FUNCTION verification_guard_panel() CASCADE;
DROP FUNCTION verification_guard_bahv() CASCADE;
DROP FUNCTION verification_guard_entry() CASCADE;
"""

BACKFILL = """
INSERT INTO verification_bahvclaim (bahv_id, claim_id)
SELECT b.id, c.id FROM verification_bahv b JOIN claims_claim c ON c.batch_id = b.batch_id
 WHERE c.state IN ('APPROVED', 'PARTLY_APPROVED', 'REJECTED', 'PAID');
UPDATE verification_bahv b SET total_claimed = s.claimed, total_approved = s.approved
  FROM (SELECT e.bahv_id, sum(c.claimed) AS claimed, sum(coalesce(c.approved, 0)) AS approved
          FROM verification_bahvclaim e JOIN claims_claim c ON c.id = e.claim_id GROUP BY 1) s WHERE s.bahv_id = b.id;
UPDATE verification_appointment a SET kind = 'MEDICAL'
 WHERE EXISTS (SELECT FROM facilities_membership m WHERE m.user_id = a.verifier_id AND m.role = 'VERIFIER_MEDICAL');
"""


class Migration(migrations.Migration):
    dependencies = [("verification", "0003_stages_and_disputes"), ("claims", "0011_review_guards")]

    operations = [
        migrations.RunSQL(BACKFILL, migrations.RunSQL.noop),
        migrations.RunSQL(INDEPENDENCE, REMOVE),
    ]
