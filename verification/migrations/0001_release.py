import uuid

import django.contrib.postgres.fields.ranges
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    replaces = [("verification", "0001_initial")]

    initial = True

    dependencies = [
        ('claims', '0001_release'),
        ('facilities', '0001_release'),
        ('facilities', '__first__'),
    ]

    operations = [
        migrations.CreateModel(
            name='Appointment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('decree', models.CharField(max_length=120, verbose_name='decree')),
                ('valid', django.contrib.postgres.fields.ranges.DateRangeField(verbose_name='in force')),
                ('verifier', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='appointments', to=settings.AUTH_USER_MODEL, verbose_name='verifier')),
            ],
            options={
                'verbose_name': 'appointment',
                'verbose_name_plural': 'appointments',
            },
        ),
        migrations.CreateModel(
            name='Assignment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('assigned_at', models.DateTimeField(verbose_name='assigned at')),
                ('ended_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='ended at')),
                ('assigned_by', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='assigned by')),
                ('batch', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='assignments', to='claims.claimbatch', verbose_name='batch')),
                ('ended_by', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='ended by')),
                ('verifier', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='assignments', to=settings.AUTH_USER_MODEL, verbose_name='verifier')),
            ],
            options={
                'verbose_name': 'assignment',
                'verbose_name_plural': 'assignments',
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('ended_at__isnull', True), ('ended_by__isnull', True)), models.Q(('ended_at__isnull', False), ('ended_by__isnull', False)), _connector='OR'), name='assignment_ended_at_has_its_by'), models.UniqueConstraint(condition=models.Q(('ended_at__isnull', True)), fields=('batch',), name='one_verifier_per_batch_at_a_time')],
            },
        ),
        migrations.CreateModel(
            name='Bahv',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('number', models.CharField(max_length=40, unique=True, verbose_name='number')),
                ('token', models.CharField(editable=False, max_length=24, unique=True)),
                ('state', models.CharField(choices=[('DRAFT', 'drawn up'), ('SIGNED_HOSPITAL', 'signed by the hospital'), ('SIGNED_VERIFIER', 'signed by the verifier'), ('APPROVED', 'approved by Dinkes')], default='DRAFT', max_length=16, verbose_name='state')),
                ('totals', models.JSONField(verbose_name='totals')),
                ('annex_sha256', models.CharField(max_length=64, verbose_name='hash of the annex')),
                ('drawn_at', models.DateTimeField(verbose_name='drawn up at')),
                ('hospital_signed_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='signed by the hospital at')),
                ('verifier_signed_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='signed by the verifier at')),
                ('approved_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='approved at')),
                ('approved_by', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='approved by')),
                ('batch', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='bahv', to='claims.claimbatch', verbose_name='batch')),
                ('drawn_by', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='drawn up by')),
                ('hospital_signed_by', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='signed for the hospital by')),
                ('verifier_signed_by', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='signed by the verifier')),
            ],
            options={
                'verbose_name': 'BAHV',
                'verbose_name_plural': 'BAHV',
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('hospital_signed_at__isnull', True), ('hospital_signed_by__isnull', True)), models.Q(('hospital_signed_at__isnull', False), ('hospital_signed_by__isnull', False)), _connector='OR'), name='bahv_hospital_signed_at_has_its_by'), models.CheckConstraint(condition=models.Q(models.Q(('verifier_signed_at__isnull', True), ('verifier_signed_by__isnull', True)), models.Q(('verifier_signed_at__isnull', False), ('verifier_signed_by__isnull', False)), _connector='OR'), name='bahv_verifier_signed_at_has_its_by'), models.CheckConstraint(condition=models.Q(models.Q(('approved_at__isnull', True), ('approved_by__isnull', True)), models.Q(('approved_at__isnull', False), ('approved_by__isnull', False)), _connector='OR'), name='bahv_approved_at_has_its_by'), models.CheckConstraint(condition=models.Q(('hospital_signed_by__isnull', True), ('verifier_signed_by__isnull', True), models.Q(('hospital_signed_by', models.F('verifier_signed_by')), _negated=True), _connector='OR'), name='bahv_hospital_signed_by_is_not_verifier_signed_by'), models.CheckConstraint(condition=models.Q(('verifier_signed_by__isnull', True), ('approved_by__isnull', True), models.Q(('verifier_signed_by', models.F('approved_by')), _negated=True), _connector='OR'), name='bahv_verifier_signed_by_is_not_approved_by')],
            },
        ),
        migrations.CreateModel(
            name='Conflict',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reason', models.CharField(max_length=255, verbose_name='reason')),
                ('recorded_at', models.DateTimeField(auto_now_add=True, verbose_name='recorded at')),
                ('hospital', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='facilities.facility', verbose_name='hospital')),
                ('recorded_by', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='recorded by')),
                ('verifier', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='conflicts', to=settings.AUTH_USER_MODEL, verbose_name='verifier')),
            ],
            options={
                'verbose_name': 'conflict of interest',
                'verbose_name_plural': 'conflicts of interest',
                'constraints': [models.UniqueConstraint(fields=('verifier', 'hospital'), name='one_conflict_per_pair')],
            },
        ),
        migrations.CreateModel(
            name='Review',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('outcome', models.CharField(choices=[('APPROVE', 'approve'), ('ADJUST', 'approve in part'), ('RETURN', 'return to the hospital'), ('REJECT', 'reject')], max_length=8, verbose_name='decision')),
                ('reason', models.TextField(blank=True, verbose_name='reason')),
                ('approved', models.BigIntegerField(default=0, verbose_name='approved')),
                ('lines', models.JSONField(default=list, verbose_name='lines')),
                ('decided_at', models.DateTimeField(verbose_name='decided at')),
                ('claim', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reviews', to='claims.claim', verbose_name='claim')),
                ('decided_by', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='decided by')),
                ('verifier', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reviews', to=settings.AUTH_USER_MODEL, verbose_name='verifier')),
            ],
            options={
                'verbose_name': 'review',
                'verbose_name_plural': 'reviews',
                'constraints': [models.CheckConstraint(condition=models.Q(('outcome', 'APPROVE'), models.Q(('reason', ''), _negated=True), _connector='OR'), name='only_a_plain_approval_needs_no_reason', violation_error_message='Give the reason of this decision.'), models.CheckConstraint(condition=models.Q(('approved__gte', 0)), name='review_not_negative')],
            },
        ),
    ]
