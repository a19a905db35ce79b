"""A letter about a decision can be checked by its QR; who hands claims in cannot sign their BAHV (domain.md G3 rule 2).

Decisions and rulings written before units were kept get a quantity and a price for each line: what divides their amount as in
claims 0013, else one of the amount.
"""

from django.db import migrations, models

SIGNER = """
CREATE FUNCTION verification_guard_signer() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM claims_claimbatch WHERE id = NEW.batch_id AND submitted_by_id = NEW.hospital_signed_by_id) THEN
        RAISE EXCEPTION 'who handed the claims in does not sign their BAHV'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'biller_does_not_sign_the_bahv';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER biller_does_not_sign_the_bahv BEFORE UPDATE OF hospital_signed_by_id ON verification_bahv
    FOR EACH ROW WHEN (NEW.hospital_signed_by_id IS NOT NULL) EXECUTE FUNCTION verification_guard_signer();
"""
NO_SIGNER = """
DROP TRIGGER biller_does_not_sign_the_bahv ON verification_bahv;
DROP FUNCTION verification_guard_signer();
"""

# The lines of waiting second readings and rulings are written on the claim later, in the new shape.
UNITS = """
CREATE FUNCTION pg_temp.units(of_line bigint, granted bigint) RETURNS jsonb LANGUAGE sql AS $$
    SELECT coalesce(
        (SELECT CASE WHEN granted = 0 THEN jsonb_build_array(0, l.unit_price)
                     WHEN granted % l.unit_price = 0 THEN jsonb_build_array(granted / l.unit_price, l.unit_price)
                     WHEN granted % l.quantity = 0 THEN jsonb_build_array(l.quantity, granted / l.quantity) END
           FROM claims_claimline l WHERE l.id = of_line AND l.unit_price > 0),
        jsonb_build_array(1, granted))
$$;
ALTER TABLE verification_review DISABLE TRIGGER append_only_rows;
UPDATE verification_review r
   SET lines = (
        SELECT jsonb_agg(
            CASE WHEN part ? 'quantity' THEN part
                 WHEN part->>'approved' IS NULL
                 THEN '{"quantity": null, "price": null, "reason": "", "reason_code": ""}'::jsonb || part
                 ELSE jsonb_build_object('quantity', units->0, 'price', units->1, 'reason', '', 'reason_code', '') || part END
            ORDER BY place)
          FROM jsonb_array_elements(r.lines) WITH ORDINALITY AS parts (part, place),
               pg_temp.units((part->>'line')::bigint, (part->>'approved')::bigint) AS units)
 WHERE jsonb_array_length(r.lines) > 0;
ALTER TABLE verification_review ENABLE TRIGGER append_only_rows;
ALTER TABLE verification_dispute DISABLE TRIGGER panel_is_independent;
UPDATE verification_dispute d
   SET lines = (
        SELECT jsonb_object_agg(
            key, CASE jsonb_typeof(value) WHEN 'number' THEN pg_temp.units(key::bigint, value::text::bigint) ELSE value END)
          FROM jsonb_each(d.lines))
 WHERE d.lines <> '{}';
ALTER TABLE verification_dispute ENABLE TRIGGER panel_is_independent;
DROP FUNCTION pg_temp.units;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('verification', '0004_independence'),
    ]

    operations = [
        migrations.AddField(
            model_name='review',
            name='token',
            field=models.CharField(editable=False, help_text='in the QR of its letter', max_length=24, null=True, unique=True),
        ),
        migrations.RunSQL(UNITS, migrations.RunSQL.noop),
        migrations.RunSQL(SIGNER, NO_SIGNER),
    ]
