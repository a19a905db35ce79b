from django.db import migrations

# What stood in the contract itself becomes its first terms; a contract that was stopped becomes a suspended hospital.
FIRST_TERMS = """
    INSERT INTO facilities_contractterms
           (contract_id, addendum, summary, valid, services, tariff_annex, quota_blocks, created_at, created_by_id)
    SELECT id, '', '', valid, services, '', false, created_at, created_by_id FROM facilities_contract
     WHERE NOT isempty(valid) AND cardinality(services) > 0;
    INSERT INTO facilities_suspension (facility_id, starts, letter, reason, suspended_at, suspended_by_id, lift_reason)
    SELECT DISTINCT ON (facility_id) facility_id, (suspended_at AT TIME ZONE 'Asia/Jakarta')::date, number,
           'Kerja sama dihentikan sementara', suspended_at, suspended_by_id, ''
      FROM facilities_contract WHERE suspended_at IS NOT NULL ORDER BY facility_id, valid DESC;
    SET CONSTRAINTS ALL IMMEDIATE;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('facilities', '0005_facility_whole'),
    ]

    operations = [
        migrations.RunSQL(FIRST_TERMS, migrations.RunSQL.noop),
        migrations.RemoveConstraint(
            model_name='contract',
            name='contract_suspended_at_has_its_by',
        ),
        migrations.RemoveField(
            model_name='contract',
            name='services',
        ),
        migrations.RemoveField(
            model_name='contract',
            name='suspended_at',
        ),
        migrations.RemoveField(
            model_name='contract',
            name='suspended_by',
        ),
    ]
