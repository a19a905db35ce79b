import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    replaces = [("budget", "0001_initial"), ("budget", "0002_initial")]

    initial = True

    dependencies = [
        ('claims', '0001_release'),
        ('facilities', '__first__'),
        ('referrals', '0001_release'),
    ]

    operations = [
        migrations.CreateModel(
            name='FiscalYear',
            fields=[
                ('year', models.PositiveSmallIntegerField(primary_key=True, serialize=False, verbose_name='year')),
                ('document', models.CharField(blank=True, max_length=80, verbose_name='DPA')),
                ('closed_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='closed at')),
                ('closed_by', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='closed by')),
            ],
            options={
                'verbose_name': 'fiscal year',
                'verbose_name_plural': 'fiscal years',
                'ordering': ['-year'],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('closed_at__isnull', True), ('closed_by__isnull', True)), models.Q(('closed_at__isnull', False), ('closed_by__isnull', False)), _connector='OR'), name='fiscalyear_closed_at_has_its_by')],
            },
        ),
        migrations.CreateModel(
            name='BudgetLine',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=120, verbose_name='name')),
                ('sub_activity', models.CharField(max_length=30, verbose_name='sub-activity')),
                ('account', models.CharField(max_length=30, verbose_name='account')),
                ('funding_source', models.CharField(default='APBD', max_length=40, verbose_name='funding source')),
                ('for_public', models.BooleanField(blank=True, help_text='empty: for every hospital', null=True, verbose_name='for public hospitals')),
                ('ceiling', models.BigIntegerField(default=0, verbose_name='ceiling')),
                ('reserved', models.BigIntegerField(default=0, editable=False, verbose_name='reserved')),
                ('committed', models.BigIntegerField(default=0, editable=False, verbose_name='committed')),
                ('realised', models.BigIntegerField(default=0, editable=False, verbose_name='realised')),
                ('year', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='lines', to='budget.fiscalyear', verbose_name='year')),
            ],
            options={
                'verbose_name': 'budget line',
                'verbose_name_plural': 'budget lines',
                'ordering': ['year', 'account', 'id'],
                'constraints': [models.CheckConstraint(condition=models.Q(('realised__gte', 0), ('realised__lte', models.F('ceiling'))), name='realised_never_above_the_line', violation_error_message='The payment exceeds what is left of the budget line.'), models.CheckConstraint(condition=models.Q(('committed__gte', 0), ('reserved__gte', 0)), name='totals_not_negative'), models.UniqueConstraint(fields=('year', 'sub_activity', 'account', 'funding_source', 'for_public'), name='one_line_per_account_and_source', nulls_distinct=False)],
            },
        ),
        migrations.CreateModel(
            name='Payment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('amount', models.BigIntegerField(verbose_name='amount')),
                ('state', models.CharField(choices=[('PROPOSED', 'proposed'), ('SPP_ISSUED', 'SPP issued'), ('SPM_ISSUED', 'SPM issued'), ('SP2D_ISSUED', 'SP2D issued'), ('REFUSED', 'refused')], default='PROPOSED', max_length=12, verbose_name='state')),
                ('proposed_at', models.DateTimeField(verbose_name='proposed at')),
                ('spp_number', models.CharField(blank=True, max_length=60, verbose_name='SPP number')),
                ('spp_date', models.DateField(blank=True, null=True, verbose_name='SPP date')),
                ('spp_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='SPP entered at')),
                ('spm_number', models.CharField(blank=True, max_length=60, verbose_name='SPM number')),
                ('spm_date', models.DateField(blank=True, null=True, verbose_name='SPM date')),
                ('spm_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='SPM entered at')),
                ('sp2d_number', models.CharField(blank=True, max_length=60, verbose_name='SP2D number')),
                ('sp2d_date', models.DateField(blank=True, null=True, verbose_name='SP2D date')),
                ('sp2d_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='SP2D entered at')),
                ('refused_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='refused at')),
                ('refusal', models.CharField(blank=True, max_length=255, verbose_name='reason of refusal')),
                ('batch', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='payments', to='claims.claimbatch', verbose_name='batch')),
                ('line', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='payments', to='budget.budgetline', verbose_name='budget line')),
                ('proposed_by', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='proposed by')),
                ('refused_by', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='refused by')),
                ('sp2d_by', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='SP2D entered by')),
                ('spm_by', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='SPM entered by')),
                ('spp_by', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='SPP entered by')),
            ],
            options={
                'verbose_name': 'payment',
                'verbose_name_plural': 'payments',
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('spp_at__isnull', True), ('spp_by__isnull', True)), models.Q(('spp_at__isnull', False), ('spp_by__isnull', False)), _connector='OR'), name='payment_spp_at_has_its_by'), models.CheckConstraint(condition=models.Q(models.Q(('spm_at__isnull', True), ('spm_by__isnull', True)), models.Q(('spm_at__isnull', False), ('spm_by__isnull', False)), _connector='OR'), name='payment_spm_at_has_its_by'), models.CheckConstraint(condition=models.Q(models.Q(('sp2d_at__isnull', True), ('sp2d_by__isnull', True)), models.Q(('sp2d_at__isnull', False), ('sp2d_by__isnull', False)), _connector='OR'), name='payment_sp2d_at_has_its_by'), models.CheckConstraint(condition=models.Q(models.Q(('refused_at__isnull', True), ('refused_by__isnull', True)), models.Q(('refused_at__isnull', False), ('refused_by__isnull', False)), _connector='OR'), name='payment_refused_at_has_its_by'), models.CheckConstraint(condition=models.Q(('spp_by__isnull', True), ('spm_by__isnull', True), models.Q(('spp_by', models.F('spm_by')), _negated=True), _connector='OR'), name='payment_spp_by_is_not_spm_by'), models.CheckConstraint(condition=models.Q(('spm_by__isnull', True), ('sp2d_by__isnull', True), models.Q(('spm_by', models.F('sp2d_by')), _negated=True), _connector='OR'), name='payment_spm_by_is_not_sp2d_by'), models.CheckConstraint(condition=models.Q(('spp_by__isnull', True), ('sp2d_by__isnull', True), models.Q(('spp_by', models.F('sp2d_by')), _negated=True), _connector='OR'), name='payment_spp_by_is_not_sp2d_by'), models.CheckConstraint(condition=models.Q(('amount__gt', 0)), name='payment_is_positive'), models.UniqueConstraint(condition=models.Q(('state', 'REFUSED'), _negated=True), fields=('batch',), name='a_batch_is_paid_once', violation_error_message='This batch is already being paid.'), models.UniqueConstraint(condition=models.Q(('sp2d_number', ''), _negated=True), fields=('sp2d_number',), name='an_sp2d_number_is_used_once')],
            },
        ),
        migrations.CreateModel(
            name='LedgerEntry',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('kind', models.CharField(choices=[('ALLOCATE', 'allocation'), ('REVISE', 'revision'), ('RESERVE', 'reservation'), ('RELEASE', 'release of a reservation'), ('COMMIT', 'commitment'), ('UNCOMMIT', 'commitment taken back'), ('REALISE', 'realisation')], max_length=10, verbose_name='kind')),
                ('amount', models.BigIntegerField(verbose_name='amount')),
                ('key', models.CharField(help_text='e.g. reserve:sjp:17', max_length=80, unique=True)),
                ('note', models.CharField(blank=True, max_length=200, verbose_name='note')),
                ('entered_at', models.DateTimeField(verbose_name='entered at')),
                ('claim', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='claims.claim', verbose_name='claim')),
                ('entered_by', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='entered by')),
                ('line', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='entries', to='budget.budgetline', verbose_name='line')),
                ('sjp', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='referrals.sjp', verbose_name='SJP')),
                ('payment', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='entries', to='budget.payment', verbose_name='payment')),
            ],
            options={
                'verbose_name': 'ledger entry',
                'verbose_name_plural': 'ledger',
                'indexes': [models.Index(fields=['line', 'kind'], name='budget_ledg_line_id_5c60c7_idx'), models.Index(fields=['claim'], name='budget_ledg_claim_i_272899_idx'), models.Index(fields=['sjp'], name='budget_ledg_sjp_id_facf2d_idx')],
                'constraints': [models.CheckConstraint(condition=models.Q(('amount', 0), _negated=True), name='ledger_amount_has_a_size'), models.CheckConstraint(condition=models.Q(('amount__gt', 0), ('kind', 'REVISE'), _connector='OR'), name='only_revisions_may_be_negative')],
            },
        ),
    ]
