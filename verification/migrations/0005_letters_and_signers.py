"""A letter about a decision can be checked by its QR; and who hands claims in cannot sign their BAHV (domain.md G3 rule 2)."""

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
        migrations.RunSQL(SIGNER, NO_SIGNER),
    ]
