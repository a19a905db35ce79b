import uuid

import django.contrib.postgres.fields.ranges
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('claims', '0010_review_states'),
        ('facilities', '0002_guards'),
        ('verification', '0002_guards'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Absence',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('days', django.contrib.postgres.fields.ranges.DateRangeField(verbose_name='days')),
                ('reason', models.CharField(max_length=255, verbose_name='reason')),
                ('recorded_at', models.DateTimeField(verbose_name='recorded at')),
                ('ended_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='ended at')),
                ('ended_by', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='ended by')),
                ('recorded_by', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='recorded by')),
                ('verifier', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='absences', to=settings.AUTH_USER_MODEL, verbose_name='verifier')),
            ],
            options={
                'verbose_name': 'absence',
                'verbose_name_plural': 'absences',
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('ended_at__isnull', True), ('ended_by__isnull', True)), models.Q(('ended_at__isnull', False), ('ended_by__isnull', False)), _connector='OR'), name='absence_ended_at_has_its_by'), models.CheckConstraint(condition=models.Q(('days__isempty', False)), name='absence_has_days')],
            },
        ),
        migrations.CreateModel(
            name='BahvClaim',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('bahv', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='entries', to='verification.bahv', verbose_name='BAHV')),
                ('claim', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='bahv_entry', to='claims.claim', verbose_name='claim')),
            ],
            options={
                'verbose_name': 'claim of a BAHV',
                'verbose_name_plural': 'claims of BAHV',
            },
        ),
        migrations.CreateModel(
            name='Dispute',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('number', models.CharField(max_length=40, unique=True, verbose_name='number')),
                ('token', models.CharField(editable=False, max_length=24, unique=True)),
                ('state', models.CharField(choices=[('FILED', 'filed'), ('PANEL', 'before the panel'), ('RULED', 'ruled, to be confirmed by Dinkes'), ('DECIDED', 'decided')], default='FILED', max_length=8, verbose_name='state')),
                ('before', models.BigIntegerField(default=0, verbose_name='approved before')),
                ('argument', models.TextField(verbose_name='argument of the hospital')),
                ('filed_at', models.DateTimeField(verbose_name='filed at')),
                ('due_on', models.DateField(verbose_name='ruling until')),
                ('named_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='panel named at')),
                ('ruling', models.CharField(blank=True, choices=[('UPHOLD', 'the hospital is right'), ('UPHOLD_PART', 'the hospital is partly right'), ('DENY', 'the decision stands')], max_length=12, verbose_name='ruling')),
                ('approved', models.BigIntegerField(null=True, verbose_name='approved by the ruling')),
                ('lines', models.JSONField(default=dict, verbose_name='lines')),
                ('grounds', models.TextField(blank=True, verbose_name='grounds')),
                ('ruled_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='ruled at')),
                ('decided_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='decided at')),
                ('claim', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='dispute', to='claims.claim', verbose_name='claim')),
                ('decided_by', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='decided by')),
                ('doctor', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='doctor of the panel')),
                ('filed_by', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='filed by')),
                ('named_by', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='panel named by')),
                ('officer', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='Dinkes on the panel')),
                ('ruled_by', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='ruled by')),
            ],
            options={
                'verbose_name': 'dispute',
                'verbose_name_plural': 'disputes',
                'indexes': [models.Index(fields=['state', 'id'], name='dispute_by_state')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('named_at__isnull', True), ('named_by__isnull', True)), models.Q(('named_at__isnull', False), ('named_by__isnull', False)), _connector='OR'), name='dispute_named_at_has_its_by'), models.CheckConstraint(condition=models.Q(models.Q(('ruled_at__isnull', True), ('ruled_by__isnull', True)), models.Q(('ruled_at__isnull', False), ('ruled_by__isnull', False)), _connector='OR'), name='dispute_ruled_at_has_its_by'), models.CheckConstraint(condition=models.Q(models.Q(('decided_at__isnull', True), ('decided_by__isnull', True)), models.Q(('decided_at__isnull', False), ('decided_by__isnull', False)), _connector='OR'), name='dispute_decided_at_has_its_by'), models.CheckConstraint(condition=models.Q(('ruled_by__isnull', True), ('decided_by__isnull', True), models.Q(('ruled_by', models.F('decided_by')), _negated=True), _connector='OR'), name='dispute_ruled_by_is_not_decided_by'), models.CheckConstraint(condition=models.Q(models.Q(('doctor__isnull', True), ('officer__isnull', True)), models.Q(('doctor__isnull', False), ('officer__isnull', False), models.Q(('doctor', models.F('officer')), _negated=True)), _connector='OR'), name='a_panel_has_two_people', violation_error_message='The panel needs two different people.'), models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['RULED', 'DECIDED']), _negated=True), models.Q(('approved__gte', models.F('before')), ('approved__isnull', False), models.Q(('ruling', ''), _negated=True), models.Q(('grounds', ''), _negated=True)), _connector='OR'), name='a_decided_dispute_says_what')],
            },
        ),
        migrations.CreateModel(
            name='Question',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('stage', models.CharField(choices=[('ADMIN', 'administrative verification'), ('MEDICAL', 'medical verification'), ('SECOND', 'second reading'), ('COORDINATOR', 'decision of the coordinator'), ('SYSTEM', 'the programme itself')], max_length=12, verbose_name='stage')),
                ('number', models.CharField(max_length=40, unique=True, verbose_name='number')),
                ('token', models.CharField(editable=False, max_length=24, unique=True)),
                ('code', models.CharField(choices=[('DOCUMENT', 'a document is missing or not legible'), ('IDENTITY', "the patient's identity or membership does not agree"), ('LETTER', 'SJP or referral is missing or does not fit'), ('CONTRACT', 'the service is not covered by the contract'), ('NOT_COVERED', 'the service is not guaranteed by the programme'), ('CLASS', 'a higher class than the one guaranteed'), ('TARIFF', 'above the tariff in force'), ('CODING', 'coding is not borne out by the resume'), ('INDICATION', 'no medical indication was shown'), ('STAY', 'length of stay is not explained'), ('QUANTITY', 'quantity is not explained'), ('FORMULARY', 'outside the formulary or price list'), ('PROOF', 'the service is not proven'), ('DUPLICATE', 'claimed before, or part of another episode'), ('OTHER_PAYER', 'another payer is liable'), ('NO_ANSWER', 'no answer within the time set'), ('OTHER', 'another reason, explained in words')], max_length=12, verbose_name='reason')),
                ('text', models.TextField(verbose_name='question')),
                ('wanted', models.JSONField(default=list, verbose_name='documents asked for')),
                ('due_on', models.DateField(verbose_name='answer until')),
                ('asked_at', models.DateTimeField(verbose_name='asked at')),
                ('answer', models.TextField(blank=True, verbose_name='answer')),
                ('answered_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='answered at')),
                ('ended_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='ended unanswered at')),
                ('answered_by', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='answered by')),
                ('asked_by', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='asked by')),
                ('claim', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='questions', to='claims.claim', verbose_name='claim')),
                ('ended_by', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='ended unanswered by')),
                ('review', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='question', to='verification.review', verbose_name='review')),
            ],
            options={
                'verbose_name': 'question to a hospital',
                'verbose_name_plural': 'questions to hospitals',
                'indexes': [models.Index(condition=models.Q(('answered_at__isnull', True), ('ended_at__isnull', True)), fields=['due_on'], name='open_question_by_due_day')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('answered_at__isnull', True), ('answered_by__isnull', True)), models.Q(('answered_at__isnull', False), ('answered_by__isnull', False)), _connector='OR'), name='question_answered_at_has_its_by'), models.CheckConstraint(condition=models.Q(models.Q(('ended_at__isnull', True), ('ended_by__isnull', True)), models.Q(('ended_at__isnull', False), ('ended_by__isnull', False)), _connector='OR'), name='question_ended_at_has_its_by'), models.CheckConstraint(condition=models.Q(('answered_at__isnull', True), ('ended_at__isnull', True), _connector='OR'), name='question_is_answered_or_ended'), models.CheckConstraint(condition=models.Q(('answered_at__isnull', True), models.Q(('answer', ''), _negated=True), _connector='OR'), name='an_answer_says_something'), models.UniqueConstraint(condition=models.Q(('answered_at__isnull', True), ('ended_at__isnull', True)), fields=('claim',), name='one_open_question_per_claim')],
            },
        ),
        migrations.CreateModel(
            name='Proof',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('media_type', models.CharField(max_length=40, verbose_name='type')),
                ('pages', models.PositiveSmallIntegerField(default=1, verbose_name='pages')),
                ('size', models.PositiveIntegerField(verbose_name='size in bytes')),
                ('sha256', models.CharField(max_length=64)),
                ('path', models.CharField(max_length=255, verbose_name='kept at')),
                ('scan', models.CharField(max_length=12, verbose_name='virus check')),
                ('uploaded_at', models.DateTimeField(verbose_name='sent at')),
                ('dispute', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='proofs', to='verification.dispute', verbose_name='dispute')),
                ('uploaded_by', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='sent by')),
                ('question', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='proofs', to='verification.question', verbose_name='question')),
            ],
            options={
                'verbose_name': 'proof of a hospital',
                'verbose_name_plural': 'proofs of hospitals',
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('dispute__isnull', False), ('question__isnull', True)), models.Q(('dispute__isnull', True), ('question__isnull', False)), _connector='OR'), name='proof_of_an_answer_or_a_dispute')],
            },
        ),
        migrations.CreateModel(
            name='SecondReading',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('state', models.CharField(choices=[('WAITING', 'waits for the second reader'), ('AGREED', 'confirmed'), ('DISAGREED', 'the two disagree'), ('RESOLVED', 'decided by the coordinator')], default='WAITING', max_length=12, verbose_name='state')),
                ('why', models.CharField(choices=[('SAMPLE', 'drawn for the sample'), ('HIGH_COST', 'high cost'), ('FRAUD', 'a signal of fraud')], max_length=12, verbose_name='why')),
                ('opened_at', models.DateTimeField(verbose_name='opened at')),
                ('read_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='read at')),
                ('resolved_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='resolved at')),
                ('claim', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='second_reading', to='claims.claim', verbose_name='claim')),
                ('first', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='verification.review', verbose_name='first decision')),
                ('first_by', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='first decided by')),
                ('opened_by', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='opened by')),
                ('read_by', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='read by')),
                ('reader', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='second_readings', to=settings.AUTH_USER_MODEL, verbose_name='second reader')),
                ('resolved_by', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='resolved by')),
                ('second', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='verification.review', verbose_name='second decision')),
            ],
            options={
                'verbose_name': 'second reading',
                'verbose_name_plural': 'second readings',
                'indexes': [models.Index(fields=['state', 'id'], name='reading_by_state')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('read_at__isnull', True), ('read_by__isnull', True)), models.Q(('read_at__isnull', False), ('read_by__isnull', False)), _connector='OR'), name='reading_read_at_has_its_by'), models.CheckConstraint(condition=models.Q(models.Q(('resolved_at__isnull', True), ('resolved_by__isnull', True)), models.Q(('resolved_at__isnull', False), ('resolved_by__isnull', False)), _connector='OR'), name='reading_resolved_at_has_its_by'), models.CheckConstraint(condition=models.Q(('reader__isnull', True), models.Q(('reader', models.F('first_by')), _negated=True), _connector='OR'), name='second_reader_is_somebody_else', violation_error_message='The second reader must be somebody else.'), models.CheckConstraint(condition=models.Q(('first_by__isnull', True), ('read_by__isnull', True), models.Q(('first_by', models.F('read_by')), _negated=True), _connector='OR'), name='reading_first_by_is_not_read_by'), models.CheckConstraint(condition=models.Q(('first_by__isnull', True), ('resolved_by__isnull', True), models.Q(('first_by', models.F('resolved_by')), _negated=True), _connector='OR'), name='reading_first_by_is_not_resolved_by'), models.CheckConstraint(condition=models.Q(('read_by__isnull', True), ('resolved_by__isnull', True), models.Q(('read_by', models.F('resolved_by')), _negated=True), _connector='OR'), name='reading_read_by_is_not_resolved_by')],
            },
        ),
        migrations.RemoveConstraint(
            model_name='assignment',
            name='one_verifier_per_batch_at_a_time',
        ),
        migrations.RemoveConstraint(
            model_name='conflict',
            name='one_conflict_per_pair',
        ),
        migrations.RemoveConstraint(
            model_name='review',
            name='only_a_plain_approval_needs_no_reason',
        ),
        migrations.AddField(
            model_name='appointment',
            name='kind',
            field=models.CharField(choices=[('ADMINISTRATIVE', 'administrative'), ('MEDICAL', 'medical (a doctor)')], db_default='ADMINISTRATIVE', max_length=16, verbose_name='kind'),
        ),
        migrations.AddField(
            model_name='assignment',
            name='drawn_from',
            field=models.JSONField(db_default=[], default=list, editable=False, verbose_name='drawn from'),
        ),
        migrations.AddField(
            model_name='assignment',
            name='seed',
            field=models.BigIntegerField(editable=False, null=True, verbose_name='seed of the draw'),
        ),
        migrations.AddField(
            model_name='assignment',
            name='stage',
            field=models.CharField(choices=[('ADMIN', 'administrative verification'), ('MEDICAL', 'medical verification'), ('SECOND', 'second reading'), ('COORDINATOR', 'decision of the coordinator'), ('SYSTEM', 'the programme itself')], db_default='ADMIN', default='ADMIN', max_length=12, verbose_name='stage'),
        ),
        migrations.AddField(
            model_name='bahv',
            name='sequence',
            field=models.PositiveSmallIntegerField(db_default=1, default=1, verbose_name='sequence'),
        ),
        migrations.AddField(
            model_name='bahv',
            name='total_approved',
            field=models.BigIntegerField(db_default=0, default=0, verbose_name='approved'),
        ),
        migrations.AddField(
            model_name='bahv',
            name='total_claimed',
            field=models.BigIntegerField(db_default=0, default=0, verbose_name='claimed'),
        ),
        migrations.AddField(
            model_name='conflict',
            name='declared_on',
            field=models.DateField(blank=True, null=True, verbose_name='declared by the verifier on'),
        ),
        migrations.AddField(
            model_name='conflict',
            name='ended_at',
            field=models.DateTimeField(blank=True, editable=False, null=True, verbose_name='ended at'),
        ),
        migrations.AddField(
            model_name='conflict',
            name='ended_by',
            field=models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='ended by'),
        ),
        migrations.AddField(
            model_name='review',
            name='code',
            field=models.CharField(blank=True, choices=[('DOCUMENT', 'a document is missing or not legible'), ('IDENTITY', "the patient's identity or membership does not agree"), ('LETTER', 'SJP or referral is missing or does not fit'), ('CONTRACT', 'the service is not covered by the contract'), ('NOT_COVERED', 'the service is not guaranteed by the programme'), ('CLASS', 'a higher class than the one guaranteed'), ('TARIFF', 'above the tariff in force'), ('CODING', 'coding is not borne out by the resume'), ('INDICATION', 'no medical indication was shown'), ('STAY', 'length of stay is not explained'), ('QUANTITY', 'quantity is not explained'), ('FORMULARY', 'outside the formulary or price list'), ('PROOF', 'the service is not proven'), ('DUPLICATE', 'claimed before, or part of another episode'), ('OTHER_PAYER', 'another payer is liable'), ('NO_ANSWER', 'no answer within the time set'), ('OTHER', 'another reason, explained in words')], db_default='', max_length=12, verbose_name='reason'),
        ),
        migrations.AddField(
            model_name='review',
            name='in_bulk',
            field=models.BooleanField(db_default=False, default=False, verbose_name='one of many at once'),
        ),
        migrations.AddField(
            model_name='review',
            name='rule',
            field=models.CharField(blank=True, db_default='', max_length=200, verbose_name='rule or article'),
        ),
        migrations.AddField(
            model_name='review',
            name='stage',
            field=models.CharField(choices=[('ADMIN', 'administrative verification'), ('MEDICAL', 'medical verification'), ('SECOND', 'second reading'), ('COORDINATOR', 'decision of the coordinator'), ('SYSTEM', 'the programme itself')], db_default='ADMIN', default='ADMIN', max_length=12, verbose_name='stage'),
        ),
        migrations.AlterField(
            model_name='bahv',
            name='batch',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='bahvs', to='claims.claimbatch', verbose_name='batch'),
        ),
        migrations.AlterField(
            model_name='review',
            name='outcome',
            field=models.CharField(choices=[('PASS', 'in order, on to the medical verifier'), ('APPROVE', 'approve'), ('ADJUST', 'approve in part'), ('PEND', 'ask the hospital and wait'), ('RETURN', 'return to the hospital'), ('REJECT', 'reject')], max_length=8, verbose_name='decision'),
        ),
        migrations.AlterField(
            model_name='review',
            name='reason',
            field=models.TextField(blank=True, verbose_name='explanation'),
        ),
        migrations.AddConstraint(
            model_name='appointment',
            constraint=models.CheckConstraint(condition=models.Q(('valid__isempty', False)), name='appointment_has_a_period'),
        ),
        migrations.AddConstraint(
            model_name='assignment',
            constraint=models.CheckConstraint(condition=models.Q(('stage__in', ['ADMIN', 'MEDICAL'])), name='a_batch_has_two_stages'),
        ),
        migrations.AddConstraint(
            model_name='assignment',
            constraint=models.UniqueConstraint(condition=models.Q(('ended_at__isnull', True)), fields=('batch', 'stage'), name='one_verifier_per_stage_at_a_time'),
        ),
        migrations.AddConstraint(
            model_name='conflict',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('ended_at__isnull', True), ('ended_by__isnull', True)), models.Q(('ended_at__isnull', False), ('ended_by__isnull', False)), _connector='OR'), name='conflict_ended_at_has_its_by'),
        ),
        migrations.AddConstraint(
            model_name='conflict',
            constraint=models.UniqueConstraint(condition=models.Q(('ended_at__isnull', True)), fields=('verifier', 'hospital'), name='one_conflict_per_pair', violation_error_message='This tie is on record already.'),
        ),
        migrations.AddConstraint(
            model_name='review',
            constraint=models.CheckConstraint(condition=models.Q(('outcome__in', ['APPROVE', 'PASS']), models.Q(('reason', ''), _negated=True), _connector='OR'), name='only_a_plain_approval_needs_no_reason', violation_error_message='Give the reason of this decision.'),
        ),
        migrations.AddField(
            model_name='bahv',
            name='claims',
            field=models.ManyToManyField(related_name='+', through='verification.BahvClaim', to='claims.claim'),
        ),
        migrations.AddConstraint(
            model_name='bahv',
            constraint=models.CheckConstraint(condition=models.Q(('hospital_signed_by__isnull', True), ('approved_by__isnull', True), models.Q(('hospital_signed_by', models.F('approved_by')), _negated=True), _connector='OR'), name='bahv_hospital_signed_by_is_not_approved_by'),
        ),
        migrations.AddConstraint(
            model_name='bahv',
            constraint=models.UniqueConstraint(fields=('batch', 'sequence'), name='bahv_of_a_batch_are_numbered'),
        ),
        migrations.AddConstraint(
            model_name='bahv',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'APPROVED'), _negated=True), fields=('batch',), name='one_bahv_at_a_time', violation_error_message='The BAHV before this one is not signed by all yet.'),
        ),
        migrations.AddConstraint(
            model_name='bahv',
            constraint=models.CheckConstraint(condition=models.Q(('total_approved__gte', 0), ('total_approved__lte', models.F('total_claimed'))), name='bahv_approved_within_claimed'),
        ),
        migrations.AddIndex(
            model_name='review',
            index=models.Index(fields=['decided_at'], name='review_by_day'),
        ),
    ]
