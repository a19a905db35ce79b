"""Every entry of the ledger carries what each funding source bears of it, to the rupiah: largest remainders.

And the database keeps apart who approves a BAHV for Dinkes and who issues its SPP (domain.md G3 rule 6).
"""

from django.db import migrations, models

SPLIT = """
CREATE FUNCTION budget_split(of_line bigint, rupiah bigint) RETURNS jsonb LANGUAGE sql STABLE AS $$
    WITH share AS (
        SELECT source, percent FROM budget_fundingshare WHERE line_id = of_line
         UNION ALL
        SELECT funding_source, 100 FROM budget_budgetline
         WHERE id = of_line AND NOT EXISTS (SELECT FROM budget_fundingshare WHERE line_id = of_line)),
    part AS (
        SELECT source, floor(rupiah::numeric * percent / 100) AS whole,
               row_number() OVER (ORDER BY mod(mod(rupiah::numeric * percent, 100) + 100, 100) DESC, source) AS place
          FROM share)
    SELECT jsonb_object_agg(source, whole + CASE WHEN place <= rupiah - (SELECT sum(whole) FROM part) THEN 1 ELSE 0 END)
      FROM part
$$;
CREATE FUNCTION budget_split_entry() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.sources := budget_split(NEW.line_id, NEW.amount);
    RETURN NEW;
END $$;
CREATE TRIGGER split_by_source BEFORE INSERT ON budget_ledgerentry
    FOR EACH ROW EXECUTE FUNCTION budget_split_entry();
"""
NO_SPLIT = """
DROP TRIGGER split_by_source ON budget_ledgerentry;
DROP FUNCTION budget_split_entry();
DROP FUNCTION budget_split(bigint, bigint);
"""

APART = """
CREATE FUNCTION budget_guard_spp() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM budget_paymentpart p JOIN verification_bahv v ON v.id = p.bahv_id
                WHERE p.payment_id = NEW.id AND v.approved_by_id = NEW.spp_by_id) THEN
        RAISE EXCEPTION 'who approved a BAHV issues no SPP for it'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'bahv_approved_by_is_not_spp_by';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER bahv_approved_by_is_not_spp_by BEFORE UPDATE OF spp_by_id ON budget_payment
    FOR EACH ROW WHEN (NEW.spp_by_id IS NOT NULL) EXECUTE FUNCTION budget_guard_spp();
"""
NOT_APART = """
DROP TRIGGER bahv_approved_by_is_not_spp_by ON budget_payment;
DROP FUNCTION budget_guard_spp();
"""


class Migration(migrations.Migration):

    dependencies = [
        ('budget', '0004_parts_and_guards'),
    ]

    operations = [
        migrations.AddField(
            model_name='ledgerentry',
            name='sources',
            field=models.JSONField(editable=False, null=True, verbose_name='by funding source'),
        ),
        migrations.RunSQL(SPLIT, NO_SPLIT),
        migrations.RunSQL(APART, NOT_APART),
    ]
