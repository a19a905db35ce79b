"""The history of beds may be thinned, never rewritten or emptied: the database itself sees to it."""

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
