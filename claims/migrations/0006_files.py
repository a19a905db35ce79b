"""A batch takes several files, and a corrected row makes a new version of its claim."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

# What batches knew of their one file. The lines of the refused rows and claims tell where it ended.
KEEP_FILES = """
INSERT INTO claims_batchfile (batch_id, hospital_id, file_name, sha256, archive, header, "offset", last_line, rows, taken,
       unchanged, refused, received_at, received_by_id, withdrawn_at, withdrawn_by_id)
SELECT b.id, b.hospital_id, b.file_name, b.sha256, b.archive, b.header, 0,
       greatest((SELECT max(c.line_number) FROM claims_claim c WHERE c.batch_id = b.id),
                (SELECT max(r.line_number) FROM claims_intakerow r WHERE r.batch_id = b.id), 1),
       b.rows, (SELECT count(*) FROM claims_claim c WHERE c.batch_id = b.id), 0,
       (SELECT count(*) FROM claims_intakerow r WHERE r.batch_id = b.id), b.created_at, b.created_by_id,
       CASE b.state WHEN 'WITHDRAWN' THEN b.created_at END, CASE b.state WHEN 'WITHDRAWN' THEN b.created_by_id END
  FROM claims_claimbatch b WHERE b.sha256 <> '';
SET CONSTRAINTS ALL IMMEDIATE;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('claims', '0005_signed_guards'),
        ('facilities', '0002_guards'),
        ('participants', '0002_guards'),
        ('referrals', '0002_guards'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='claimbatch',
            name='a_file_is_taken_once',
        ),
        migrations.CreateModel(
            name='BatchFile',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('file_name', models.CharField(max_length=120, verbose_name='file')),
                ('sha256', models.CharField(max_length=64)),
                ('archive', models.CharField(max_length=255, verbose_name='kept at')),
                ('header', models.TextField(help_text='names separated by tabs', verbose_name='columns of the file')),
                ('offset', models.PositiveIntegerField(default=0, verbose_name='lines of the batch before it')),
                ('last_line', models.PositiveIntegerField(verbose_name='last line of the file')),
                ('rows', models.PositiveIntegerField(verbose_name='rows')),
                ('taken', models.PositiveIntegerField(default=0, verbose_name='rows taken')),
                ('unchanged', models.PositiveIntegerField(default=0, verbose_name='rows known already')),
                ('refused', models.PositiveIntegerField(default=0, verbose_name='rows refused')),
                ('received_at', models.DateTimeField(verbose_name='received at')),
                ('withdrawn_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='taken back at')),
                ('batch', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='files', to='claims.claimbatch', verbose_name='batch')),
                ('hospital', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='facilities.facility', verbose_name='hospital')),
                ('received_by', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='received from')),
                ('withdrawn_by', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='taken back by')),
            ],
            options={
                'verbose_name': 'file of a batch',
                'verbose_name_plural': 'files of batches',
                'ordering': ['batch', 'offset'],
                'constraints': [
                    models.CheckConstraint(condition=models.Q(models.Q(('withdrawn_at__isnull', True), ('withdrawn_by__isnull', True)), models.Q(('withdrawn_at__isnull', False), ('withdrawn_by__isnull', False)), _connector='OR'), name='batchfile_withdrawn_at_has_its_by'),
                    models.UniqueConstraint(condition=models.Q(('withdrawn_at__isnull', True)), fields=('hospital', 'sha256'), name='a_file_is_taken_once', violation_error_message='This very file was already handed in.'),
                    models.UniqueConstraint(fields=('batch', 'offset'), name='files_of_a_batch_follow_one_another'),
                ],
            },
        ),
        migrations.RunSQL(KEEP_FILES, migrations.RunSQL.noop),
        migrations.RemoveField(
            model_name='claimbatch',
            name='archive',
        ),
        migrations.RemoveField(
            model_name='claimbatch',
            name='file_name',
        ),
        migrations.RemoveField(
            model_name='claimbatch',
            name='header',
        ),
        migrations.AddField(
            model_name='claim',
            name='replaces',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='successors', to='claims.claim', verbose_name='replaces'),
        ),
        migrations.AddField(
            model_name='claim',
            name='resubmitted',
            field=models.PositiveSmallIntegerField(db_default=0, default=0, verbose_name='times handed in again'),
        ),
        migrations.AddField(
            model_name='claim',
            name='version',
            field=models.PositiveSmallIntegerField(db_default=1, default=1, verbose_name='version'),
        ),
        migrations.AlterField(
            model_name='claimbatch',
            name='sha256',
            field=models.CharField(blank=True, max_length=64),
        ),
        migrations.AlterField(
            model_name='intakerow',
            name='status',
            field=models.CharField(choices=[('ACCEPTED', 'taken'), ('REFUSED', 'refused'), ('CORRECTED', 'corrected by a later row')], default='REFUSED', max_length=10),
        ),
        migrations.AddConstraint(
            model_name='claim',
            constraint=models.UniqueConstraint(condition=models.Q(('replaces__isnull', False)), fields=('replaces',), name='a_claim_is_replaced_once', violation_error_message='This claim was corrected a moment ago.'),
        ),
        migrations.AddConstraint(
            model_name='claim',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('replaces__isnull', True), ('version', 1)), models.Q(('replaces__isnull', False), ('version__gt', 1)), _connector='OR'), name='only_later_versions_replace'),
        ),
    ]
