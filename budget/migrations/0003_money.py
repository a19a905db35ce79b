import uuid

import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('budget', '0002_guards'),
        ('claims', '0002_guards'),
        ('facilities', '0002_guards'),
        ('participants', '0002_guards'),
        ('verification', '0002_guards'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='BudgetDocument',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('kind', models.CharField(choices=[('DPA', 'DPA'), ('SHIFT', 'shift between lines'), ('DPPA', 'DPPA (APBD-P)')], max_length=5, verbose_name='kind')),
                ('number', models.CharField(max_length=80, verbose_name='number')),
                ('dated', models.DateField(verbose_name='dated')),
                ('state', models.CharField(choices=[('PROPOSED', 'proposed'), ('APPROVED', 'approved'), ('REFUSED', 'refused')], default='PROPOSED', max_length=10, verbose_name='state')),
                ('proposed_at', models.DateTimeField(verbose_name='proposed at')),
                ('approved_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='approved at')),
                ('refused_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='refused at')),
                ('refusal', models.CharField(blank=True, max_length=255, verbose_name='reason of refusal')),
                ('approved_by', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='approved by')),
                ('proposed_by', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='proposed by')),
                ('refused_by', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='refused by')),
                ('year', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='documents', to='budget.fiscalyear', verbose_name='year')),
            ],
            options={
                'verbose_name': 'budget document',
                'verbose_name_plural': 'budget documents',
                'ordering': ['-pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('approved_at__isnull', True), ('approved_by__isnull', True)), models.Q(('approved_at__isnull', False), ('approved_by__isnull', False)), _connector='OR'), name='budgetdocument_approved_at_has_its_by'), models.CheckConstraint(condition=models.Q(models.Q(('refused_at__isnull', True), ('refused_by__isnull', True)), models.Q(('refused_at__isnull', False), ('refused_by__isnull', False)), _connector='OR'), name='budgetdocument_refused_at_has_its_by'), models.CheckConstraint(condition=models.Q(('proposed_by__isnull', True), ('approved_by__isnull', True), models.Q(('proposed_by', models.F('approved_by')), _negated=True), _connector='OR'), name='budgetdocument_proposed_by_is_not_approved_by'), models.UniqueConstraint(condition=models.Q(('state', 'REFUSED'), _negated=True), fields=('number',), name='a_budget_document_is_entered_once', violation_error_message='A document with this number was entered already.')],
            },
        ),
        migrations.CreateModel(
            name='BudgetChange',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('amount', models.BigIntegerField(verbose_name='amount')),
                ('line', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='changes', to='budget.budgetline', verbose_name='line')),
                ('document', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='changes', to='budget.budgetdocument', verbose_name='document')),
            ],
            options={
                'verbose_name': 'change of a line',
                'verbose_name_plural': 'changes of lines',
                'ordering': ['line'],
                'constraints': [models.UniqueConstraint(fields=('document', 'line'), name='one_change_per_line_and_document'), models.CheckConstraint(condition=models.Q(('amount', 0), _negated=True), name='a_change_has_a_size')],
            },
        ),
        migrations.CreateModel(
            name='FundingShare',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('source', models.CharField(max_length=40, verbose_name='funding source')),
                ('percent', models.PositiveSmallIntegerField(validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(100)], verbose_name='percent')),
                ('line', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='shares', to='budget.budgetline', verbose_name='line')),
            ],
            options={
                'verbose_name': 'funding share',
                'verbose_name_plural': 'funding shares',
                'ordering': ['line', '-percent', 'source'],
                'constraints': [models.UniqueConstraint(fields=('line', 'source'), name='one_share_per_source'), models.CheckConstraint(condition=models.Q(('percent__gte', 1), ('percent__lte', 100)), name='share_is_a_percentage')],
            },
        ),
        migrations.CreateModel(
            name='LineAlert',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('percent', models.PositiveSmallIntegerField(verbose_name='percent')),
                ('told', models.DateTimeField(verbose_name='told')),
                ('line', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='alerts', to='budget.budgetline', verbose_name='line')),
            ],
            options={
                'verbose_name': 'alert of a line',
                'verbose_name_plural': 'alerts of lines',
                'constraints': [models.UniqueConstraint(fields=('line', 'percent'), name='one_alert_per_threshold')],
            },
        ),
        migrations.CreateModel(
            name='PaymentPart',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('amount', models.BigIntegerField(verbose_name='amount')),
                ('live', models.BooleanField(default=True, verbose_name='in force')),
                ('bahv', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='payment_parts', to='verification.bahv', verbose_name='BAHV')),
                ('line', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='payment_parts', to='budget.budgetline', verbose_name='budget line')),
                ('payment', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='parts', to='budget.payment', verbose_name='payment')),
            ],
            options={
                'verbose_name': 'part of a payment',
                'verbose_name_plural': 'parts of payments',
                'ordering': ['payment', 'line', 'bahv'],
                'constraints': [models.CheckConstraint(condition=models.Q(('amount__gt', 0)), name='payment_part_is_positive'), models.UniqueConstraint(condition=models.Q(('live', True)), fields=('bahv', 'line'), name='a_bahv_is_paid_once', violation_error_message='This BAHV is already being paid.')],
            },
        ),
        migrations.CreateModel(
            name='Reconciliation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('month', models.DateField(help_text='first day of the month', verbose_name='month')),
                ('state', models.CharField(choices=[('DRAFT', 'drawn up'), ('CONFIRMED', 'signed by the hospital'), ('CLOSED', 'signed by both')], default='DRAFT', max_length=10, verbose_name='state')),
                ('note', models.TextField(blank=True, verbose_name='explanation of differences')),
                ('drawn_at', models.DateTimeField(verbose_name='drawn up at')),
                ('confirmed_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='signed by the hospital at')),
                ('closed_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='signed by Dinkes at')),
                ('closed_by', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='signed for Dinkes by')),
                ('confirmed_by', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='signed for the hospital by')),
                ('drawn_by', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='drawn up by')),
                ('hospital', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reconciliations', to='facilities.facility', verbose_name='hospital')),
            ],
            options={
                'verbose_name': 'reconciliation',
                'verbose_name_plural': 'reconciliations',
                'ordering': ['-month', 'hospital'],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('confirmed_at__isnull', True), ('confirmed_by__isnull', True)), models.Q(('confirmed_at__isnull', False), ('confirmed_by__isnull', False)), _connector='OR'), name='reconciliation_confirmed_at_has_its_by'), models.CheckConstraint(condition=models.Q(models.Q(('closed_at__isnull', True), ('closed_by__isnull', True)), models.Q(('closed_at__isnull', False), ('closed_by__isnull', False)), _connector='OR'), name='reconciliation_closed_at_has_its_by'), models.CheckConstraint(condition=models.Q(('confirmed_by__isnull', True), ('closed_by__isnull', True), models.Q(('confirmed_by', models.F('closed_by')), _negated=True), _connector='OR'), name='reconciliation_confirmed_by_is_not_closed_by'), models.UniqueConstraint(fields=('hospital', 'month'), name='one_reconciliation_a_month'), models.CheckConstraint(condition=models.Q(('month__day', 1)), name='reconciliation_month_is_a_first')],
            },
        ),
        migrations.CreateModel(
            name='ReconciliationItem',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('ours', models.BigIntegerField(verbose_name='transferred')),
                ('theirs', models.BigIntegerField(blank=True, null=True, verbose_name='received')),
                ('payment', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='reconciliation_item', to='budget.payment', verbose_name='payment')),
                ('reconciliation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='items', to='budget.reconciliation', verbose_name='reconciliation')),
            ],
            options={
                'verbose_name': 'item of a reconciliation',
                'verbose_name_plural': 'items of reconciliations',
                'ordering': ['payment'],
            },
        ),
        migrations.CreateModel(
            name='Recovery',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('origin', models.CharField(choices=[('LEAKAGE', 'leakage: another payer covered the patient'), ('FRAUD', 'proven fraud'), ('AUDIT', 'finding of an audit')], max_length=8, verbose_name='origin')),
                ('amount', models.BigIntegerField(verbose_name='amount')),
                ('repaid', models.BigIntegerField(default=0, verbose_name='paid back')),
                ('reason', models.CharField(max_length=255, verbose_name='reason')),
                ('evidence', models.CharField(max_length=120, verbose_name='decision or report')),
                ('state', models.CharField(choices=[('PROPOSED', 'proposed'), ('OPEN', 'to be paid back'), ('SETTLED', 'paid back'), ('CANCELLED', 'cancelled')], default='PROPOSED', max_length=10, verbose_name='state')),
                ('proposed_at', models.DateTimeField(verbose_name='proposed at')),
                ('approved_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='approved at')),
                ('cancelled_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='cancelled at')),
                ('settled_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='settled at')),
                ('approved_by', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='approved by')),
                ('cancelled_by', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='cancelled by')),
                ('claim', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='recoveries', to='claims.claim', verbose_name='claim')),
                ('hospital', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='recoveries', to='facilities.facility', verbose_name='hospital')),
                ('line', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='recoveries', to='budget.budgetline', verbose_name='budget line')),
                ('proposed_by', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='proposed by')),
                ('resident', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='recoveries', to='participants.resident', verbose_name='resident')),
                ('settled_by', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='settled by')),
            ],
            options={
                'verbose_name': 'recovery',
                'verbose_name_plural': 'recoveries',
                'ordering': ['-pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('approved_at__isnull', True), ('approved_by__isnull', True)), models.Q(('approved_at__isnull', False), ('approved_by__isnull', False)), _connector='OR'), name='recovery_approved_at_has_its_by'), models.CheckConstraint(condition=models.Q(models.Q(('cancelled_at__isnull', True), ('cancelled_by__isnull', True)), models.Q(('cancelled_at__isnull', False), ('cancelled_by__isnull', False)), _connector='OR'), name='recovery_cancelled_at_has_its_by'), models.CheckConstraint(condition=models.Q(models.Q(('settled_at__isnull', True), ('settled_by__isnull', True)), models.Q(('settled_at__isnull', False), ('settled_by__isnull', False)), _connector='OR'), name='recovery_settled_at_has_its_by'), models.CheckConstraint(condition=models.Q(('proposed_by__isnull', True), ('approved_by__isnull', True), models.Q(('proposed_by', models.F('approved_by')), _negated=True), _connector='OR'), name='recovery_proposed_by_is_not_approved_by'), models.CheckConstraint(condition=models.Q(('amount__gt', 0), ('repaid__gte', 0), ('repaid__lte', models.F('amount'))), name='recovery_within_its_amount'), models.CheckConstraint(condition=models.Q(models.Q(('hospital__isnull', False), ('resident__isnull', True)), models.Q(('hospital__isnull', True), ('resident__isnull', False)), _connector='OR'), name='recovery_has_one_debtor', violation_error_message='Name who pays back: a hospital or a resident.')],
            },
        ),
        migrations.RemoveConstraint(
            model_name='budgetline',
            name='totals_not_negative',
        ),
        migrations.RemoveConstraint(
            model_name='budgetline',
            name='one_line_per_account_and_source',
        ),
        migrations.RemoveConstraint(
            model_name='payment',
            name='a_batch_is_paid_once',
        ),
        migrations.AddField(
            model_name='budgetline',
            name='earmark',
            field=models.CharField(blank=True, choices=[('HD', 'haemodialysis only')], db_default='', max_length=4, verbose_name='earmark'),
        ),
        migrations.AddField(
            model_name='budgetline',
            name='owed',
            field=models.BigIntegerField(db_default=0, default=0, editable=False, verbose_name='to be recovered'),
        ),
        migrations.AddField(
            model_name='fiscalyear',
            name='office',
            field=models.CharField(default='Dinas Kesehatan Kota Bekasi', max_length=120, verbose_name='SKPD'),
        ),
        migrations.AddField(
            model_name='fiscalyear',
            name='office_code',
            field=models.CharField(blank=True, db_default='', max_length=40, verbose_name='code of the SKPD'),
        ),
        migrations.AddField(
            model_name='payment',
            name='bank_account',
            field=models.CharField(blank=True, max_length=40, verbose_name='account number'),
        ),
        migrations.AddField(
            model_name='payment',
            name='bank_date',
            field=models.DateField(blank=True, null=True, verbose_name='transferred on'),
        ),
        migrations.AddField(
            model_name='payment',
            name='bank_holder',
            field=models.CharField(blank=True, max_length=120, verbose_name='account holder'),
        ),
        migrations.AddField(
            model_name='payment',
            name='bank_name',
            field=models.CharField(blank=True, max_length=60, verbose_name='bank'),
        ),
        migrations.AddField(
            model_name='payment',
            name='bank_reference',
            field=models.CharField(blank=True, max_length=60, verbose_name="bank's reference"),
        ),
        migrations.AddField(
            model_name='payment',
            name='contract_number',
            field=models.CharField(blank=True, max_length=80, verbose_name='contract'),
        ),
        migrations.AddField(
            model_name='payment',
            name='disbursed_at',
            field=models.DateTimeField(blank=True, editable=False, null=True, verbose_name='bank confirmation entered at'),
        ),
        migrations.AddField(
            model_name='payment',
            name='disbursed_by',
            field=models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='bank confirmation entered by'),
        ),
        migrations.AddField(
            model_name='payment',
            name='due_on',
            field=models.DateField(blank=True, null=True, verbose_name='next step due on'),
        ),
        migrations.AddField(
            model_name='payment',
            name='hospital',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='payments', to='facilities.facility', verbose_name='hospital'),
        ),
        migrations.AddField(
            model_name='payment',
            name='receipt_date',
            field=models.DateField(blank=True, null=True, verbose_name='receipt date'),
        ),
        migrations.AddField(
            model_name='payment',
            name='receipt_number',
            field=models.CharField(blank=True, max_length=60, verbose_name='receipt number'),
        ),
        migrations.AddField(
            model_name='payment',
            name='reconciled_at',
            field=models.DateTimeField(blank=True, editable=False, null=True, verbose_name='reconciled at'),
        ),
        migrations.AddField(
            model_name='payment',
            name='reconciled_by',
            field=models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='reconciled by'),
        ),
        migrations.AddField(
            model_name='payment',
            name='request_number',
            field=models.CharField(blank=True, max_length=60, verbose_name='letter of request'),
        ),
        migrations.AddField(
            model_name='payment',
            name='service_year',
            field=models.PositiveSmallIntegerField(null=True, verbose_name='service year'),
        ),
        migrations.AddField(
            model_name='payment',
            name='set_off',
            field=models.BigIntegerField(db_default=0, default=0, verbose_name='set off'),
        ),
        migrations.AddField(
            model_name='payment',
            name='spm_decree',
            field=models.CharField(blank=True, max_length=120, verbose_name='decree of the budget user'),
        ),
        migrations.AddField(
            model_name='payment',
            name='tax_due',
            field=models.CharField(choices=[('NONE', 'no tax is due on these services'), ('PAID', 'tax is due and paid by e-billing')], default='NONE', max_length=4, verbose_name='tax'),
        ),
        migrations.AddField(
            model_name='payment',
            name='tax_number',
            field=models.CharField(blank=True, max_length=30, verbose_name='NPWP'),
        ),
        migrations.AddField(
            model_name='payment',
            name='tax_reference',
            field=models.CharField(blank=True, max_length=30, verbose_name='e-billing number'),
        ),
        migrations.AlterField(
            model_name='ledgerentry',
            name='kind',
            field=models.CharField(choices=[('ALLOCATE', 'allocation'), ('REVISE', 'revision'), ('RESERVE', 'reservation'), ('RELEASE', 'release of a reservation'), ('COMMIT', 'commitment'), ('UNCOMMIT', 'commitment taken back'), ('DEBT', 'debt carried over'), ('REALISE', 'realisation'), ('OWE', 'to be recovered'), ('REPAY', 'recovered')], max_length=10, verbose_name='kind'),
        ),
        migrations.AlterField(
            model_name='payment',
            name='state',
            field=models.CharField(choices=[('PROPOSED', 'proposed'), ('SPP_ISSUED', 'SPP issued'), ('SPM_ISSUED', 'SPM issued'), ('SP2D_ISSUED', 'SP2D issued'), ('DISBURSED', 'disbursed by the bank'), ('RECONCILED', 'reconciled'), ('REFUSED', 'refused'), ('SPP_REFUSED', 'SPP refused'), ('SPM_REFUSED', 'SPM refused')], default='PROPOSED', max_length=12, verbose_name='state'),
        ),
        migrations.AddIndex(
            model_name='payment',
            index=models.Index(fields=['hospital', '-id'], name='payment_of_a_hospital'),
        ),
        migrations.AddIndex(
            model_name='payment',
            index=models.Index(fields=['state', 'id'], name='payment_by_state'),
        ),
        migrations.AddConstraint(
            model_name='budgetline',
            constraint=models.CheckConstraint(condition=models.Q(('committed__gte', 0), ('owed__gte', 0), ('reserved__gte', 0)), name='totals_not_negative'),
        ),
        migrations.AddConstraint(
            model_name='budgetline',
            constraint=models.UniqueConstraint(fields=('year', 'sub_activity', 'account', 'funding_source', 'for_public', 'earmark'), name='one_line_per_account_and_source', nulls_distinct=False, violation_error_message='This year has such a line already.'),
        ),
        migrations.AddConstraint(
            model_name='payment',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('disbursed_at__isnull', True), ('disbursed_by__isnull', True)), models.Q(('disbursed_at__isnull', False), ('disbursed_by__isnull', False)), _connector='OR'), name='payment_disbursed_at_has_its_by'),
        ),
        migrations.AddConstraint(
            model_name='payment',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('reconciled_at__isnull', True), ('reconciled_by__isnull', True)), models.Q(('reconciled_at__isnull', False), ('reconciled_by__isnull', False)), _connector='OR'), name='payment_reconciled_at_has_its_by'),
        ),
        migrations.AddConstraint(
            model_name='payment',
            constraint=models.CheckConstraint(condition=models.Q(('set_off__gte', 0), ('set_off__lte', models.F('amount'))), name='set_off_within_the_payment'),
        ),
        migrations.AddConstraint(
            model_name='payment',
            constraint=models.CheckConstraint(condition=models.Q(('tax_due', 'NONE'), models.Q(('tax_reference', ''), _negated=True), _connector='OR'), name='tax_paid_names_its_e_billing'),
        ),
        migrations.AddField(
            model_name='ledgerentry',
            name='document',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='entries', to='budget.budgetdocument', verbose_name='document'),
        ),
        migrations.AddField(
            model_name='ledgerentry',
            name='recovery',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='entries', to='budget.recovery', verbose_name='recovery'),
        ),
    ]
