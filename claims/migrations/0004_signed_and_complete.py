import uuid

import django.db.models.deletion
import django.db.models.expressions
import django.db.models.functions.comparison
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('claims', '0003_rules'),
        ('facilities', '0002_guards'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='CompletenessCheck',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('number', models.CharField(max_length=40, unique=True, verbose_name='number')),
                ('outcome', models.CharField(choices=[('COMPLETE', 'complete'), ('SILENT', 'complete by silence'), ('RETURNED', 'returned, incomplete')], max_length=10, verbose_name='outcome')),
                ('received', models.DateTimeField(verbose_name='handed in at')),
                ('claims', models.PositiveIntegerField(verbose_name='claims')),
                ('claimed', models.BigIntegerField(help_text='rupiah', verbose_name='claimed')),
                ('incomplete', models.PositiveIntegerField(default=0, verbose_name='incomplete files')),
                ('lacking', models.JSONField(blank=True, default=list, help_text='one sentence each', verbose_name='what lacks')),
                ('due_on', models.DateField(blank=True, null=True, verbose_name='to be mended by')),
                ('checked_at', models.DateTimeField(verbose_name='checked at')),
                ('batch', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='completeness_checks', to='claims.claimbatch', verbose_name='batch')),
                ('checked_by', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='checked by')),
            ],
            options={
                'verbose_name': 'completeness check',
                'verbose_name_plural': 'completeness checks',
                'ordering': ['batch', '-id'],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('outcome', 'RETURNED'), _negated=True), models.Q(models.Q(('lacking', []), _negated=True), ('due_on__isnull', False), ('incomplete__gt', 0)), _connector='OR'), name='a_returned_batch_knows_what_lacks_and_by_when'), models.CheckConstraint(condition=models.Q(('outcome', 'RETURNED'), models.Q(('due_on__isnull', True), ('incomplete', 0), ('lacking', [])), _connector='OR'), name='a_complete_batch_lacks_nothing'), models.CheckConstraint(condition=models.Q(('incomplete__lte', models.F('claims'))), name='no_more_incomplete_than_claims')],
            },
        ),
        migrations.RemoveConstraint(
            model_name='claimline',
            name='one_line_per_part',
        ),
        migrations.RemoveConstraint(
            model_name='claimline',
            name='line_approved_within_asked',
        ),
        migrations.RemoveConstraint(
            model_name='claimline',
            name='an_adjusted_line_says_why',
        ),
        migrations.AddField(
            model_name='claimbatch',
            name='completed_at',
            field=models.DateTimeField(blank=True, editable=False, null=True, verbose_name='found complete at'),
        ),
        migrations.AddField(
            model_name='claimbatch',
            name='completed_by',
            field=models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='found complete by'),
        ),
        migrations.AddField(
            model_name='claimbatch',
            name='late',
            field=models.BooleanField(db_default=False, default=False, help_text='submitted after the due day of its month', verbose_name='late (susulan)'),
        ),
        migrations.AddField(
            model_name='claimbatch',
            name='signed_at',
            field=models.DateTimeField(blank=True, editable=False, null=True, verbose_name='signed at'),
        ),
        migrations.AddField(
            model_name='claimbatch',
            name='signed_by',
            field=models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='signed by'),
        ),
        migrations.AddField(
            model_name='claimline',
            name='adjusted',
            field=models.BigIntegerField(blank=True, help_text='lowered to the ceiling by KSB, rupiah; empty when it was not', null=True, verbose_name='adjusted'),
        ),
        migrations.AddField(
            model_name='claimline',
            name='quantity',
            field=models.PositiveIntegerField(db_default=1, default=1, verbose_name='quantity'),
        ),
        migrations.AddField(
            model_name='claimline',
            name='tariff',
            field=models.BigIntegerField(blank=True, help_text='ceiling of the tariff table or price list, rupiah', null=True, verbose_name='tariff'),
        ),
        migrations.AddField(
            model_name='claimline',
            name='unit_price',
            field=models.BigIntegerField(blank=True, help_text='rupiah; empty for a part asked for as a sum', null=True, verbose_name='unit price'),
        ),
        migrations.AlterField(
            model_name='claimbatch',
            name='state',
            field=models.CharField(choices=[('OPEN', 'open'), ('TO_SIGN', "waits for the director's signature"), ('SUBMITTED', 'submitted'), ('COMPLETE', 'complete'), ('IN_VERIFICATION', 'in verification'), ('BAHV_DRAFT', 'BAHV drawn up'), ('BAHV_APPROVED', 'BAHV approved'), ('PROPOSED', 'proposed for payment'), ('PAID', 'paid'), ('WITHDRAWN', 'withdrawn')], default='OPEN', max_length=16, verbose_name='state'),
        ),
        migrations.AlterField(
            model_name='claimline',
            name='kind',
            field=models.CharField(choices=[('INACBG', 'INA-CBG package'), ('SUBACUTE', 'sub-acute'), ('CHRONIC', 'chronic'), ('SP', 'special procedure'), ('SR', 'special prosthesis'), ('SI', 'special investigation'), ('SD', 'special drug'), ('SESSION', 'session'), ('TRIP', 'ambulance trip'), ('ITEM', 'item of the price list')], max_length=10, verbose_name='part'),
        ),
        migrations.AddConstraint(
            model_name='claimbatch',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('signed_at__isnull', True), ('signed_by__isnull', True)), models.Q(('signed_at__isnull', False), ('signed_by__isnull', False)), _connector='OR'), name='batch_signed_at_has_its_by'),
        ),
        migrations.AddConstraint(
            model_name='claimbatch',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('completed_at__isnull', True), ('completed_by__isnull', True)), models.Q(('completed_at__isnull', False), ('completed_by__isnull', False)), _connector='OR'), name='batch_completed_at_has_its_by'),
        ),
        migrations.AddConstraint(
            model_name='claimbatch',
            constraint=models.CheckConstraint(condition=models.Q(('submitted_by__isnull', True), ('signed_by__isnull', True), models.Q(('submitted_by', models.F('signed_by')), _negated=True), _connector='OR'), name='batch_submitted_by_is_not_signed_by'),
        ),
        migrations.AddConstraint(
            model_name='claimline',
            constraint=models.UniqueConstraint(fields=('claim', 'kind', 'code'), name='one_line_per_part_and_code'),
        ),
        migrations.AddConstraint(
            model_name='claimline',
            constraint=models.CheckConstraint(condition=models.Q(('quantity__gt', 0)), name='line_has_a_quantity'),
        ),
        migrations.AddConstraint(
            model_name='claimline',
            constraint=models.CheckConstraint(condition=models.Q(('unit_price__isnull', True), models.Q(('asked', django.db.models.expressions.CombinedExpression(models.F('quantity'), '*', models.F('unit_price'))), ('unit_price__gte', 0)), _connector='OR'), name='line_asked_is_quantity_times_price', violation_error_message='The amount is not quantity times unit price.'),
        ),
        migrations.AddConstraint(
            model_name='claimline',
            constraint=models.CheckConstraint(condition=models.Q(('adjusted__isnull', True), models.Q(('adjusted__gte', 0), ('adjusted__lt', models.F('asked'))), _connector='OR'), name='line_adjusted_within_asked'),
        ),
        migrations.AddConstraint(
            model_name='claimline',
            constraint=models.CheckConstraint(condition=models.Q(('approved__isnull', True), models.Q(('approved__gte', 0), ('approved__lte', django.db.models.functions.comparison.Coalesce(models.F('adjusted'), models.F('asked')))), _connector='OR'), name='line_approved_within_asked', violation_error_message='The approved amount exceeds the asked amount.'),
        ),
        migrations.AddConstraint(
            model_name='claimline',
            constraint=models.CheckConstraint(condition=models.Q(('approved__isnull', True), ('approved', django.db.models.functions.comparison.Coalesce(models.F('adjusted'), models.F('asked'))), models.Q(('reason', ''), _negated=True), _connector='OR'), name='an_adjusted_line_says_why', violation_error_message='Say why the line is adjusted.'),
        ),
    ]
