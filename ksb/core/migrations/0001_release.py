import uuid

import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
import django.db.models.deletion
import django.db.models.expressions
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    replaces = [("core", "0001_initial"), ("core", "0002_initial"), ("core", "0003_append_only")]

    initial = True

    dependencies = [
        ('facilities', '0001_release'),
        ('facilities', '__first__'),
    ]

    operations = [
        migrations.CreateModel(
            name='JournalBlock',
            fields=[
                ('number', models.BigIntegerField(primary_key=True, serialize=False, verbose_name='number')),
                ('first_entry', models.BigIntegerField(help_text='entries before this one belong to an earlier era')),
                ('from_transaction', models.BigIntegerField()),
                ('to_transaction', models.BigIntegerField(help_text='exclusive')),
                ('last_entry', models.BigIntegerField(help_text='highest entry in the block')),
                ('entries', models.IntegerField(verbose_name='entries')),
                ('digest', models.CharField(max_length=64, verbose_name='digest')),
                ('previous_digest', models.CharField(max_length=64, verbose_name='digest of the block before')),
                ('sealed', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name='sealed')),
            ],
            options={
                'verbose_name': 'journal block',
                'verbose_name_plural': 'journal blocks',
            },
        ),
        migrations.CreateModel(
            name='Job',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=60, verbose_name='job')),
                ('day', models.DateField(verbose_name='day')),
                ('state', models.CharField(choices=[('RUNNING', 'running'), ('DONE', 'done'), ('FAILED', 'failed')], default='RUNNING', max_length=10, verbose_name='state')),
                ('started', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name='started')),
                ('finished', models.DateTimeField(null=True, verbose_name='finished')),
                ('result', models.JSONField(default=dict, verbose_name='result')),
                ('error', models.TextField(blank=True, verbose_name='error')),
            ],
            options={
                'verbose_name': 'job',
                'verbose_name_plural': 'jobs',
                'constraints': [models.UniqueConstraint(fields=('name', 'day'), name='one_job_a_day')],
            },
        ),
        migrations.CreateModel(
            name='Notice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('kind', models.CharField(max_length=40, verbose_name='kind')),
                ('role', models.CharField(blank=True, max_length=30, verbose_name='role')),
                ('party_type', models.CharField(blank=True, max_length=60, verbose_name='kind of party')),
                ('party_id', models.BigIntegerField(null=True, verbose_name='party')),
                ('about_type', models.CharField(blank=True, max_length=60, verbose_name='kind of thing')),
                ('about_id', models.BigIntegerField(null=True, verbose_name='thing')),
                ('link', models.CharField(blank=True, max_length=40, verbose_name='what the address of its page names')),
                ('params', models.JSONField(default=dict, verbose_name='what the words name')),
                ('key', models.CharField(editable=False, max_length=200, unique=True)),
                ('told', models.DateTimeField(verbose_name='told')),
                ('read_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='read at')),
                ('facility', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='facilities.facility', verbose_name='facility')),
                ('read_by', models.ForeignKey(blank=True, db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='read by')),
                ('user', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='user')),
            ],
            options={
                'verbose_name': 'notice',
                'verbose_name_plural': 'notices',
                'indexes': [models.Index(condition=models.Q(('role', ''), _negated=True), fields=['role', 'facility', '-id'], name='notice_of_desk'), models.Index(condition=models.Q(models.Q(('role', ''), _negated=True), ('read_at__isnull', True)), fields=['role', 'facility'], name='notice_unread_of_desk'), models.Index(condition=models.Q(('user__isnull', False)), fields=['user', '-id'], name='notice_of_user'), models.Index(condition=models.Q(('party_id__isnull', False)), fields=['party_type', 'party_id', '-id'], name='notice_of_party'), models.Index(condition=models.Q(('read_at__isnull', True)), fields=['about_type', 'about_id'], name='notice_about'), models.Index(fields=['told'], name='notice_by_age')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('read_at__isnull', True), ('read_by__isnull', True)), models.Q(('read_at__isnull', False), ('read_by__isnull', False)), _connector='OR'), name='notice_read_at_has_its_by'), models.CheckConstraint(condition=models.Q(models.Q(('facility__isnull', True), ('party_id__isnull', True), ('party_type', ''), ('role', ''), ('user__isnull', False)), models.Q(('party_id__isnull', True), ('party_type', ''), ('user__isnull', True), models.Q(('role', ''), _negated=True)), models.Q(('facility__isnull', True), ('party_id__isnull', False), ('role', ''), ('user__isnull', True), models.Q(('party_type', ''), _negated=True)), _connector='OR'), name='notice_has_one_reader'), models.CheckConstraint(condition=models.Q(('read_at__isnull', True), ('read_at__gte', models.F('told')), _connector='OR'), name='notice_read_after_told')],
            },
        ),
        migrations.CreateModel(
            name='Delivery',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('channel', models.CharField(choices=[('EMAIL', 'e-mail'), ('SMS', 'SMS'), ('WHATSAPP', 'WhatsApp')], max_length=10, verbose_name='channel')),
                ('address', models.CharField(blank=True, help_text='emptied some weeks after the end', max_length=120, verbose_name='address')),
                ('state', models.CharField(choices=[('QUEUED', 'waiting to be sent'), ('SENDING', 'being sent'), ('SENT', 'sent'), ('FAILED', 'not sent, tried again'), ('GIVEN_UP', 'given up')], default='QUEUED', max_length=10, verbose_name='state')),
                ('tries', models.PositiveSmallIntegerField(default=0, verbose_name='tries')),
                ('queued', models.DateTimeField(verbose_name='queued')),
                ('next_try', models.DateTimeField(null=True, verbose_name='next try')),
                ('finished', models.DateTimeField(null=True, verbose_name='finished')),
                ('provider_id', models.CharField(blank=True, max_length=120, verbose_name="the gateway's number")),
                ('error', models.CharField(blank=True, max_length=200, verbose_name='last error')),
                ('notice', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='deliveries', to='core.notice', verbose_name='notice')),
            ],
            options={
                'verbose_name': 'message',
                'verbose_name_plural': 'messages',
                'indexes': [models.Index(condition=models.Q(('next_try__isnull', False)), fields=['next_try'], name='message_to_send'), models.Index(condition=models.Q(('address', ''), _negated=True), fields=['finished'], name='message_with_address')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('address', ''), _negated=True), fields=('notice', 'channel', 'address'), name='one_message_per_notice_and_address'), models.CheckConstraint(condition=models.Q(models.Q(('finished__isnull', False), ('next_try__isnull', True), ('state__in', ['SENT', 'GIVEN_UP'])), models.Q(('finished__isnull', True), ('next_try__isnull', False), ('state__in', ['QUEUED', 'SENDING', 'FAILED'])), _connector='OR'), name='message_waits_until_its_end')],
            },
        ),
        migrations.CreateModel(
            name='NumberSeries',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=20)),
                ('owner', models.CharField(max_length=20)),
                ('year', models.PositiveSmallIntegerField()),
                ('last', models.PositiveIntegerField(default=0)),
            ],
            options={
                'verbose_name': 'number series',
                'verbose_name_plural': 'number series',
                'constraints': [models.UniqueConstraint(fields=('kind', 'owner', 'year'), name='one_series_per_owner_and_year')],
            },
        ),
        migrations.CreateModel(
            name='OutboxEvent',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('kind', models.CharField(max_length=60, verbose_name='kind')),
                ('object_id', models.BigIntegerField(verbose_name='object')),
                ('payload', models.JSONField(default=dict, verbose_name='payload')),
                ('emitted', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name='emitted')),
                ('handled', models.DateTimeField(null=True, verbose_name='handled')),
                ('attempts', models.PositiveSmallIntegerField(default=0, verbose_name='attempts')),
                ('error', models.TextField(blank=True, verbose_name='last error')),
            ],
            options={
                'verbose_name': 'outbox event',
                'verbose_name_plural': 'outbox',
                'indexes': [models.Index(condition=models.Q(('handled__isnull', True)), fields=['id'], name='outbox_waiting')],
            },
        ),
        migrations.CreateModel(
            name='RateBucket',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=100)),
                ('window', models.DateTimeField()),
                ('hits', models.PositiveIntegerField(default=0)),
            ],
            options={
                'verbose_name': 'rate bucket',
                'verbose_name_plural': 'rate buckets',
                'constraints': [models.UniqueConstraint(fields=('key', 'window'), name='one_bucket_per_key_and_window')],
            },
        ),
        migrations.CreateModel(
            name='SchemeVersion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=10, unique=True, verbose_name='code')),
                ('name_en', models.CharField(max_length=120)),
                ('name_id', models.CharField(max_length=120)),
                ('valid', django.contrib.postgres.fields.ranges.DateRangeField(verbose_name='in force')),
                ('legal_source', models.TextField(verbose_name='legal source')),
                ('parameters', models.JSONField(default=dict, verbose_name='parameters')),
            ],
            options={
                'verbose_name': 'scheme version',
                'verbose_name_plural': 'scheme versions',
                'ordering': ['valid'],
                'constraints': [django.contrib.postgres.constraints.ExclusionConstraint(expressions=[('valid', '&&')], name='one_scheme_version_at_a_time', violation_error_message='Another scheme version is in force in this period.')],
            },
        ),
        migrations.CreateModel(
            name='JournalEntry',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name='at')),
                ('verb', models.CharField(max_length=60, verbose_name='verb')),
                ('object_type', models.CharField(max_length=60, verbose_name='object type')),
                ('object_id', models.BigIntegerField(null=True, verbose_name='object')),
                ('data', models.JSONField(default=dict, verbose_name='data')),
                ('transaction', models.BigIntegerField(db_default=django.db.models.expressions.RawSQL('(pg_current_xact_id()::text)::bigint', [], models.BigIntegerField()), editable=False)),
                ('actor', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='actor')),
            ],
            options={
                'verbose_name': 'journal entry',
                'verbose_name_plural': 'journal',
                'indexes': [models.Index(fields=['object_type', 'object_id', 'id'], name='core_journa_object__8797fa_idx'), models.Index(fields=['actor', 'id'], name='core_journa_actor_i_d281c1_idx'), models.Index(fields=['transaction', 'id'], name='core_journa_transac_c8b626_idx')],
            },
        ),
    ]
