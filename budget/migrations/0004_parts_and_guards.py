import django.db.models.deletion
from django.db import migrations, models

# What a payment paid until now was one BAHV of one batch from one line.
PARTS = """
UPDATE budget_payment p SET hospital_id = b.hospital_id, service_year = extract(year FROM b.service_month)
  FROM claims_claimbatch b WHERE b.id = p.batch_id;
INSERT INTO budget_paymentpart (payment_id, bahv_id, line_id, amount, live)
SELECT p.id, v.id, p.line_id, p.amount, p.state <> 'REFUSED'
  FROM budget_payment p JOIN verification_bahv v ON v.batch_id = p.batch_id;
SET CONSTRAINTS ALL IMMEDIATE;
"""

GUARDS = """
CREATE FUNCTION budget_shares_are_whole() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    of_line bigint := coalesce(NEW.line_id, OLD.line_id);
    total bigint;
BEGIN
    SELECT sum(percent) INTO total FROM budget_fundingshare WHERE line_id = of_line;
    IF total IS NOT NULL AND total <> 100 THEN
        RAISE EXCEPTION 'shares of line % make %, not 100', of_line, total USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER shares_are_whole AFTER INSERT OR UPDATE OR DELETE ON budget_fundingshare
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION budget_shares_are_whole();

CREATE FUNCTION budget_guard_document() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.state <> 'PROPOSED' THEN
        RAISE EXCEPTION 'document % is decided: nothing changes', OLD.id USING ERRCODE = 'restrict_violation';
    END IF;
    IF NEW.state = 'APPROVED' AND NEW.kind = 'SHIFT'
       AND (SELECT coalesce(sum(amount), 0) FROM budget_budgetchange WHERE document_id = NEW.id) <> 0 THEN
        RAISE EXCEPTION 'shift % takes other than it gives', NEW.id USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER guard_document BEFORE UPDATE ON budget_budgetdocument
    FOR EACH ROW EXECUTE FUNCTION budget_guard_document();

CREATE FUNCTION budget_guard_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (SELECT state FROM budget_budgetdocument WHERE id = coalesce(NEW.document_id, OLD.document_id)) <> 'PROPOSED' THEN
        RAISE EXCEPTION 'the document is decided: its lines do not change' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN coalesce(NEW, OLD);
END $$;
CREATE TRIGGER guard_change BEFORE INSERT OR UPDATE OR DELETE ON budget_budgetchange
    FOR EACH ROW EXECUTE FUNCTION budget_guard_change();
"""

NO_GUARDS = """
DROP TRIGGER guard_change ON budget_budgetchange;
DROP FUNCTION budget_guard_change();
DROP TRIGGER guard_document ON budget_budgetdocument;
DROP FUNCTION budget_guard_document();
DROP TRIGGER shares_are_whole ON budget_fundingshare;
DROP FUNCTION budget_shares_are_whole();
"""


class Migration(migrations.Migration):
    dependencies = [("budget", "0003_money")]

    operations = [
        migrations.RunSQL(PARTS, migrations.RunSQL.noop),
        migrations.AlterField(
            model_name='payment',
            name='hospital',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='payments', to='facilities.facility', verbose_name='hospital'),
        ),
        migrations.AlterField(
            model_name='payment',
            name='service_year',
            field=models.PositiveSmallIntegerField(verbose_name='service year'),
        ),
        migrations.RemoveField(model_name="payment", name="batch"),
        migrations.RemoveField(model_name="payment", name="line"),
        migrations.RunSQL(GUARDS, NO_GUARDS),
    ]
