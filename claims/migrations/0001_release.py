import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    replaces = [
        ("claims", "0001_initial"),
        ("claims", "0002_initial"),
        ("claims", "0003_intake"),
        ("claims", "0004_guards"),
    ]

    initial = True

    dependencies = [
        ('facilities', '0001_release'),
        ('facilities', '__first__'),
        ('participants', '0001_release'),
        ('referrals', '0001_release'),
    ]

    operations = [
        migrations.CreateModel(
            name='ClaimBatch',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('number', models.CharField(max_length=40, unique=True, verbose_name='number')),
                ('service_month', models.DateField(help_text='first day of the month', verbose_name='service month')),
                ('state', models.CharField(choices=[('OPEN', 'open'), ('SUBMITTED', 'submitted'), ('IN_VERIFICATION', 'in verification'), ('BAHV_DRAFT', 'BAHV drawn up'), ('BAHV_APPROVED', 'BAHV approved'), ('PROPOSED', 'proposed for payment'), ('PAID', 'paid'), ('WITHDRAWN', 'withdrawn')], default='OPEN', max_length=16, verbose_name='state')),
                ('file_name', models.CharField(blank=True, max_length=120, verbose_name='file')),
                ('sha256', models.CharField(max_length=64)),
                ('archive', models.CharField(blank=True, max_length=255, verbose_name='kept at')),
                ('header', models.TextField(blank=True, help_text='names separated by tabs', verbose_name='columns of the file')),
                ('rows', models.PositiveIntegerField(default=0, verbose_name='rows')),
                ('accepted', models.PositiveIntegerField(default=0, verbose_name='rows taken')),
                ('refused', models.PositiveIntegerField(default=0, verbose_name='rows refused')),
                ('claimed', models.BigIntegerField(default=0, verbose_name='claimed')),
                ('approved', models.BigIntegerField(default=0, verbose_name='approved')),
                ('created_at', models.DateTimeField(verbose_name='received at')),
                ('submitted_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='submitted at')),
                ('verified_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='verified at')),
                ('paid_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='paid at')),
                ('created_by', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='received from')),
                ('hospital', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='claim_batches', to='facilities.facility', verbose_name='hospital')),
                ('paid_by', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='paid by')),
                ('submitted_by', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='submitted by')),
                ('verified_by', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='verified by')),
            ],
            options={
                'verbose_name': 'claim batch',
                'verbose_name_plural': 'claim batches',
                'indexes': [models.Index(fields=['hospital', '-id'], name='claims_clai_hospita_e4c91f_idx'), models.Index(fields=['state', 'id'], name='claims_clai_state_f03326_idx')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('submitted_at__isnull', True), ('submitted_by__isnull', True)), models.Q(('submitted_at__isnull', False), ('submitted_by__isnull', False)), _connector='OR'), name='batch_submitted_at_has_its_by'), models.CheckConstraint(condition=models.Q(models.Q(('verified_at__isnull', True), ('verified_by__isnull', True)), models.Q(('verified_at__isnull', False), ('verified_by__isnull', False)), _connector='OR'), name='batch_verified_at_has_its_by'), models.CheckConstraint(condition=models.Q(models.Q(('paid_at__isnull', True), ('paid_by__isnull', True)), models.Q(('paid_at__isnull', False), ('paid_by__isnull', False)), _connector='OR'), name='batch_paid_at_has_its_by'), models.UniqueConstraint(condition=models.Q(('state', 'WITHDRAWN'), _negated=True), fields=('hospital', 'sha256'), name='a_file_is_taken_once', violation_error_message='This very file was already handed in.'), models.CheckConstraint(condition=models.Q(('service_month__day', 1)), name='batch_month_is_a_first'), models.CheckConstraint(condition=models.Q(('approved__gte', 0), ('approved__lte', models.F('claimed'))), name='batch_approved_within_claimed')],
            },
        ),
        migrations.CreateModel(
            name='Claim',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('line_number', models.PositiveIntegerField(verbose_name='line')),
                ('state', models.CharField(choices=[('READY', 'ready'), ('BLOCKED', 'blocked by a rule'), ('SUBMITTED', 'submitted'), ('IN_VERIFICATION', 'in verification'), ('RETURNED', 'returned to the hospital'), ('APPROVED', 'approved'), ('PARTLY_APPROVED', 'partly approved'), ('REJECTED', 'rejected'), ('PAID', 'paid'), ('WITHDRAWN', 'withdrawn')], default='READY', max_length=16, verbose_name='state')),
                ('reference', models.CharField(max_length=40, verbose_name='SEP or SJP number')),
                ('care_type', models.PositiveSmallIntegerField(choices=[(1, 'inpatient'), (2, 'outpatient')], verbose_name='care type')),
                ('care_class', models.PositiveSmallIntegerField(verbose_name='class')),
                ('admitted_on', models.DateField(verbose_name='admitted on')),
                ('discharged_on', models.DateField(verbose_name='discharged on')),
                ('discharge_status', models.PositiveSmallIntegerField(verbose_name='manner of discharge')),
                ('birth_date', models.DateField(verbose_name='date of birth')),
                ('sex', models.PositiveSmallIntegerField(verbose_name='sex')),
                ('patient_name', models.CharField(max_length=120, verbose_name="patient's name")),
                ('medical_record', models.CharField(blank=True, max_length=20, verbose_name='medical record number')),
                ('doctor', models.CharField(blank=True, max_length=120, verbose_name='DPJP')),
                ('diagnoses', models.JSONField(default=list, help_text='primary first', verbose_name='diagnoses')),
                ('procedures', models.JSONField(default=list, verbose_name='procedures')),
                ('inacbg', models.CharField(max_length=12, verbose_name='INA-CBG')),
                ('claimed', models.BigIntegerField(help_text='TOTAL_TARIF, rupiah', verbose_name='claimed')),
                ('hospital_bill', models.BigIntegerField(help_text='TARIF_RS, rupiah', verbose_name="hospital's bill")),
                ('cost_sum', models.BigIntegerField(help_text='rupiah; empty for files without the cost block', null=True, verbose_name='sum of the cost columns')),
                ('tariff', models.BigIntegerField(help_text='of the tariff table on discharge, rupiah', null=True, verbose_name='tariff')),
                ('approved', models.BigIntegerField(null=True, verbose_name='approved')),
                ('payor', models.CharField(max_length=20, verbose_name='payor')),
                ('card_number', models.CharField(blank=True, max_length=20, verbose_name='NOKARTU')),
                ('row', models.TextField(blank=True, help_text="cells in the order of the batch's header", verbose_name='row as received')),
                ('decided_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='decided at')),
                ('decided_by', models.ForeignKey(blank=True, db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='decided by')),
                ('hospital', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='facilities.facility', verbose_name='hospital')),
                ('resident', models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='claims', to='participants.resident', verbose_name='patient')),
                ('sjp', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='claims', to='referrals.sjp', verbose_name='SJP')),
                ('batch', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='claims', to='claims.claimbatch', verbose_name='batch')),
            ],
            options={
                'verbose_name': 'claim',
                'verbose_name_plural': 'claims',
                'indexes': [models.Index(fields=['resident', 'admitted_on'], name='claims_clai_residen_9b37c6_idx'), models.Index(fields=['hospital', 'reference'], name='claims_clai_hospita_a7b863_idx')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('decided_at__isnull', True), ('decided_by__isnull', True)), models.Q(('decided_at__isnull', False), ('decided_by__isnull', False)), _connector='OR'), name='claim_decided_at_has_its_by'), models.UniqueConstraint(condition=models.Q(('sjp__isnull', False), models.Q(('state__in', ['BLOCKED', 'REJECTED', 'WITHDRAWN', 'RETURNED']), _negated=True)), fields=('sjp', 'admitted_on'), name='an_episode_is_claimed_once', violation_error_message='This SJP was already claimed.'), models.UniqueConstraint(fields=('batch', 'line_number'), name='one_claim_per_line'), models.CheckConstraint(condition=models.Q(('approved__isnull', True), models.Q(('approved__gte', 0), ('approved__lte', models.F('claimed'))), _connector='OR'), name='approved_within_claimed', violation_error_message='The approved amount exceeds the claimed amount.'), models.CheckConstraint(condition=models.Q(('discharged_on__gte', models.F('admitted_on'))), name='claim_ends_after_it_starts'), models.CheckConstraint(condition=models.Q(('claimed__gte', 0), ('hospital_bill__gte', 0)), name='claimed_not_negative'), models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['APPROVED', 'PARTLY_APPROVED', 'PAID']), _negated=True), ('approved__isnull', False), _connector='OR'), name='a_decided_claim_has_its_amount')],
            },
        ),
        migrations.CreateModel(
            name='ClaimLine',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('kind', models.CharField(choices=[('INACBG', 'INA-CBG package'), ('SUBACUTE', 'sub-acute'), ('CHRONIC', 'chronic'), ('SP', 'special procedure'), ('SR', 'special prosthesis'), ('SI', 'special investigation'), ('SD', 'special drug')], max_length=10, verbose_name='part')),
                ('code', models.CharField(blank=True, max_length=16, verbose_name='code')),
                ('description', models.CharField(blank=True, max_length=200, verbose_name='description')),
                ('asked', models.BigIntegerField(verbose_name='asked')),
                ('approved', models.BigIntegerField(null=True, verbose_name='approved')),
                ('reason', models.CharField(blank=True, max_length=255, verbose_name='reason of the adjustment')),
                ('claim', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='lines', to='claims.claim', verbose_name='claim')),
            ],
            options={
                'verbose_name': 'claim line',
                'verbose_name_plural': 'claim lines',
                'ordering': ['claim', 'id'],
                'constraints': [models.UniqueConstraint(fields=('claim', 'kind'), name='one_line_per_part'), models.CheckConstraint(condition=models.Q(('approved__isnull', True), models.Q(('approved__gte', 0), ('approved__lte', models.F('asked'))), _connector='OR'), name='line_approved_within_asked', violation_error_message='The approved amount exceeds the asked amount.'), models.CheckConstraint(condition=models.Q(('approved__isnull', True), ('approved', models.F('asked')), models.Q(('reason', ''), _negated=True), _connector='OR'), name='an_adjusted_line_says_why', violation_error_message='Say why the line is adjusted.')],
            },
        ),
        migrations.CreateModel(
            name='Finding',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('rule', models.CharField(max_length=6, verbose_name='rule')),
                ('severity', models.CharField(choices=[('R', 'refuses'), ('P', 'needs a decision'), ('W', 'remark')], max_length=1, verbose_name='severity')),
                ('evidence', models.JSONField(default=dict, verbose_name='evidence')),
                ('overridden_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='overridden at')),
                ('override_reason', models.CharField(blank=True, max_length=255, verbose_name='reason')),
                ('claim', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='findings', to='claims.claim', verbose_name='claim')),
                ('overridden_by', models.ForeignKey(blank=True, db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='overridden by')),
            ],
            options={
                'verbose_name': 'finding',
                'verbose_name_plural': 'findings',
                'ordering': ['claim', 'id'],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('overridden_at__isnull', True), ('overridden_by__isnull', True)), models.Q(('overridden_at__isnull', False), ('overridden_by__isnull', False)), _connector='OR'), name='finding_overridden_at_has_its_by'), models.UniqueConstraint(fields=('claim', 'rule'), name='one_finding_per_rule_and_claim')],
            },
        ),
        migrations.CreateModel(
            name='IntakeRow',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('line_number', models.PositiveIntegerField(verbose_name='line')),
                ('status', models.CharField(choices=[('ACCEPTED', 'taken'), ('REFUSED', 'refused')], default='REFUSED', max_length=8)),
                ('reference', models.CharField(blank=True, max_length=40, verbose_name='SEP or SJP number')),
                ('raw', models.TextField(verbose_name='line as received')),
                ('findings', models.JSONField(default=list, verbose_name='findings')),
                ('batch', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='intake_rows', to='claims.claimbatch', verbose_name='batch')),
            ],
            options={
                'verbose_name': 'refused row',
                'verbose_name_plural': 'refused rows',
                'ordering': ['batch', 'line_number'],
                'constraints': [models.UniqueConstraint(fields=('batch', 'line_number'), name='one_refusal_per_line')],
            },
        ),
    ]
