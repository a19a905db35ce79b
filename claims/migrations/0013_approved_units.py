"""What is approved of a line is a quantity at a price.

Lines approved in part before get what divides their amount. Where nothing does (250 of 3 x 100) they keep no units: NOT VALID
leaves those rows alone and holds every one written from now on.
"""

import django.db.models.expressions
import django.db.models.functions.comparison
from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models

UNITS = """
ALTER TABLE claims_claimline DISABLE TRIGGER lines_changed;
UPDATE claims_claimline
   SET approved_quantity = CASE WHEN unit_price IS NULL THEN 1 WHEN approved % unit_price = 0 THEN approved / unit_price
                                WHEN approved % quantity = 0 THEN quantity END,
       approved_price = CASE WHEN unit_price IS NULL THEN approved WHEN approved % unit_price = 0 THEN unit_price
                             WHEN approved % quantity = 0 THEN approved / quantity END
 WHERE approved <> coalesce(adjusted, asked);
ALTER TABLE claims_claimline ENABLE TRIGGER lines_changed;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('claims', '0012_dispensations'),
    ]

    operations = [
        migrations.AddField(
            model_name='claimline',
            name='approved_price',
            field=models.BigIntegerField(blank=True, help_text='rupiah; empty where all that is payable is approved', null=True, verbose_name='approved unit price'),
        ),
        migrations.AddField(
            model_name='claimline',
            name='approved_quantity',
            field=models.PositiveIntegerField(blank=True, null=True, verbose_name='approved quantity'),
        ),
        migrations.RunSQL(UNITS, migrations.RunSQL.noop),
        AddConstraintNotValid(
            model_name='claimline',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('approved_price__isnull', True), ('approved_quantity__isnull', True), models.Q(('approved__isnull', True), ('approved', django.db.models.functions.comparison.Coalesce(models.F('adjusted'), models.F('asked'))), _connector='OR')), models.Q(('approved', django.db.models.expressions.CombinedExpression(models.F('approved_quantity'), '*', models.F('approved_price'))), ('approved__isnull', False), ('approved_price__gte', 0), ('approved_price__isnull', False), ('approved_price__lte', django.db.models.functions.comparison.Coalesce(models.F('unit_price'), models.F('asked'))), ('approved_quantity__gte', 0), ('approved_quantity__isnull', False), ('approved_quantity__lte', models.F('quantity'))), _connector='OR'), name='line_approved_is_quantity_times_price', violation_error_message='The approved amount is not approved quantity times approved unit price.'),
        ),
    ]
