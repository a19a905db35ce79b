"""What the database itself sees to: the history of beds is never rewritten, an account is paid to after two people only."""

_FUNCTION = """
CREATE FUNCTION ksb_bed_history() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' AND EXISTS (
        SELECT FROM facilities_bedreport later
         WHERE later.count_id = OLD.count_id AND (later.reported_at, later.id) > (OLD.reported_at, OLD.id)
           AND (later.reported_at AT TIME ZONE 'Asia/Jakarta')::date = (OLD.reported_at AT TIME ZONE 'Asia/Jakarta')::date)
    THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION 'facilities_bedreport keeps the last report of each day: % refused', TG_OP
        USING ERRCODE = 'restrict_violation';
END $$;
"""

THINNED_ONLY = f"""{_FUNCTION}
CREATE TRIGGER bed_history_rows BEFORE UPDATE OR DELETE ON facilities_bedreport
    FOR EACH ROW EXECUTE FUNCTION ksb_bed_history();
CREATE TRIGGER bed_history_table BEFORE TRUNCATE ON facilities_bedreport
    FOR EACH STATEMENT EXECUTE FUNCTION ksb_append_only();
"""

REVERSE = """
DROP TRIGGER bed_history_rows ON facilities_bedreport;
DROP TRIGGER bed_history_table ON facilities_bedreport;
DROP FUNCTION ksb_bed_history();
"""

# Money goes there: whoever writes it, the account of a contract is one that a second person has approved.
APPROVED_ACCOUNTS_ONLY = """
CREATE FUNCTION ksb_approved_account() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM facilities_accountchange change
         WHERE change.contract_id = NEW.id AND change.state = 'APPROVED'
           AND (change.bank_name, change.bank_account, change.bank_holder)
               = (NEW.bank_name, NEW.bank_account, NEW.bank_holder))
    THEN
        RAISE EXCEPTION 'contract % is paid to an account that was approved: refused', NEW.id
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER approved_account BEFORE UPDATE ON facilities_contract FOR EACH ROW
    WHEN ((OLD.bank_name, OLD.bank_account, OLD.bank_holder) IS DISTINCT FROM
          (NEW.bank_name, NEW.bank_account, NEW.bank_holder))
    EXECUTE FUNCTION ksb_approved_account();
"""

ANY_ACCOUNT = """
DROP TRIGGER approved_account ON facilities_contract;
DROP FUNCTION ksb_approved_account();
"""
