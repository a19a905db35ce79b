
import uuid

import django.contrib.postgres.fields.ranges
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from ksb.core.triggers import append_only


class Migration(migrations.Migration):

    dependencies = [
        ('budget', '0004_parts_and_guards'),
        ('claims', '0002_guards'),
        ('reports', '0002_guards'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Audit',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('letter', models.CharField(max_length=120, unique=True, verbose_name='letter of assignment')),
                ('purpose', models.CharField(max_length=255, verbose_name='purpose')),
                ('valid', django.contrib.postgres.fields.ranges.DateRangeField(verbose_name='in force')),
                ('scope', django.contrib.postgres.fields.ranges.DateRangeField(verbose_name='days of service')),
                ('opened_at', models.DateTimeField(verbose_name='opened at')),
                ('auditor', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='audits', to=settings.AUTH_USER_MODEL, verbose_name='auditor')),
                ('opened_by', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='opened by')),
            ],
            options={
                'verbose_name': 'audit',
                'verbose_name_plural': 'audits',
                'ordering': ['-pk'],
            },
        ),
        migrations.CreateModel(
            name='AuditFinding',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('amount', models.BigIntegerField(default=0, verbose_name='amount')),
                ('rule', models.CharField(max_length=120, verbose_name='rule that is broken')),
                ('text', models.TextField(verbose_name='finding')),
                ('reply', models.TextField(blank=True, verbose_name='reply')),
                ('state', models.CharField(choices=[('OPEN', 'open'), ('REPLIED', 'replied'), ('CLOSED', 'closed')], default='OPEN', max_length=8, verbose_name='state')),
                ('found_at', models.DateTimeField(verbose_name='found at')),
                ('replied_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='replied at')),
                ('closed_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='closed at')),
                ('audit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='findings', to='reports.audit', verbose_name='audit')),
                ('claim', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='audit_findings', to='claims.claim', verbose_name='claim')),
                ('closed_by', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='closed by')),
                ('found_by', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='found by')),
                ('payment', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='audit_findings', to='budget.payment', verbose_name='payment')),
                ('replied_by', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='replied by')),
            ],
            options={
                'verbose_name': 'finding of an audit',
                'verbose_name_plural': 'findings of audits',
                'ordering': ['pk'],
            },
        ),
        migrations.CreateModel(
            name='AuditSample',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('subject', models.CharField(choices=[('CLAIMS', 'claims'), ('PAYMENTS', 'payments')], max_length=8, verbose_name='what is drawn')),
                ('seed', models.CharField(max_length=32, verbose_name='seed')),
                ('size', models.PositiveIntegerField(verbose_name='size')),
                ('population', models.PositiveIntegerField(verbose_name='drawn from')),
                ('keys', models.JSONField(default=list, verbose_name='drawn')),
                ('drawn_at', models.DateTimeField(verbose_name='drawn at')),
                ('audit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='samples', to='reports.audit', verbose_name='audit')),
                ('drawn_by', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='drawn by')),
            ],
            options={
                'verbose_name': 'sample of an audit',
                'verbose_name_plural': 'samples of audits',
                'ordering': ['pk'],
            },
        ),
        migrations.AddConstraint(
            model_name='audit',
            constraint=models.CheckConstraint(condition=models.Q(('scope__isempty', False), ('scope__upper_inf', False), ('valid__isempty', False), ('valid__upper_inf', False)), name='audit_ends'),
        ),
        migrations.AddConstraint(
            model_name='audit',
            constraint=models.CheckConstraint(condition=models.Q(('auditor', models.F('opened_by')), _negated=True), name='nobody_opens_an_audit_for_oneself'),
        ),
        migrations.AddConstraint(
            model_name='auditfinding',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('replied_at__isnull', True), ('replied_by__isnull', True)), models.Q(('replied_at__isnull', False), ('replied_by__isnull', False)), _connector='OR'), name='auditfinding_replied_at_has_its_by'),
        ),
        migrations.AddConstraint(
            model_name='auditfinding',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('closed_at__isnull', True), ('closed_by__isnull', True)), models.Q(('closed_at__isnull', False), ('closed_by__isnull', False)), _connector='OR'), name='auditfinding_closed_at_has_its_by'),
        ),
        migrations.AddConstraint(
            model_name='auditfinding',
            constraint=models.CheckConstraint(condition=models.Q(('amount__gte', 0)), name='audit_amount_not_negative'),
        ),
        migrations.AddConstraint(
            model_name='auditfinding',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('claim__isnull', False), ('payment__isnull', True)), models.Q(('claim__isnull', True), ('payment__isnull', False)), _connector='OR'), name='finding_about_one_thing'),
        ),
        append_only("reports_auditsample"),
    ]
