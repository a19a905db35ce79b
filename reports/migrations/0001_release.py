import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    replaces = [
        ("reports", "0001_initial"),
        ("reports", "0002_live_figures"),
        ("reports", "0003_counted"),
        ("reports", "0004_leakage"),
        ("reports", "0005_referral_indicators"),
    ]

    initial = True

    dependencies = [
        ('facilities', '0001_release'),
        ('facilities', '__first__'),
    ]

    operations = [
        migrations.CreateModel(
            name='DailyFigure',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField(verbose_name='day')),
                ('measure', models.CharField(max_length=40, verbose_name='measure')),
                ('dimension', models.CharField(blank=True, max_length=20, verbose_name='dimension')),
                ('key', models.CharField(blank=True, max_length=40, verbose_name='value of the dimension')),
                ('value', models.BigIntegerField(verbose_name='value')),
            ],
            options={
                'verbose_name': 'daily figure',
                'verbose_name_plural': 'daily figures',
                'constraints': [models.UniqueConstraint(fields=('day', 'measure', 'dimension', 'key'), name='one_figure_per_day_and_key')],
            },
        ),
        migrations.CreateModel(
            name='LiveFigure',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('measure', models.CharField(max_length=20)),
                ('key', models.CharField(max_length=40)),
                ('count', models.BigIntegerField()),
                ('amount', models.BigIntegerField(default=0, help_text='rupiah')),
            ],
            options={
                'verbose_name': 'live figure',
                'verbose_name_plural': 'live figures',
                'indexes': [models.Index(fields=['measure', 'key'], include=('count', 'amount'), name='livefigure_sums')],
            },
        ),
        migrations.CreateModel(
            name='Leakage',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('month', models.DateField(help_text='its first day', verbose_name='month of service')),
                ('cause', models.CharField(choices=[('KNOWN', 'known at issue'), ('UNKNOWN', 'unknown at issue')], max_length=8, verbose_name='cause')),
                ('letters', models.PositiveIntegerField(verbose_name='letters')),
                ('claims', models.PositiveIntegerField(verbose_name='claims')),
                ('claimed', models.BigIntegerField(verbose_name='claimed')),
                ('approved', models.BigIntegerField(verbose_name='approved')),
                ('puskesmas', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='facilities.facility', verbose_name='Puskesmas')),
            ],
            options={
                'verbose_name': 'leakage',
                'verbose_name_plural': 'leakage',
                'constraints': [models.UniqueConstraint(fields=('month', 'puskesmas', 'cause'), name='one_leakage_per_month_place_and_cause')],
            },
        ),
        migrations.CreateModel(
            name='MonthlyFigure',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('month', models.DateField(help_text='its first day', verbose_name='month')),
                ('measure', models.CharField(max_length=30, verbose_name='measure')),
                ('value', models.BigIntegerField(verbose_name='value')),
                ('hospital', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='facilities.facility', verbose_name='hospital')),
                ('puskesmas', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='facilities.facility', verbose_name='Puskesmas')),
            ],
            options={
                'verbose_name': 'monthly figure',
                'verbose_name_plural': 'monthly figures',
                'indexes': [models.Index(condition=models.Q(('hospital__isnull', True), ('puskesmas__isnull', True)), fields=['-month'], include=('measure', 'value'), name='monthlyfigure_of_city')],
                'constraints': [models.UniqueConstraint(fields=('month', 'measure', 'puskesmas', 'hospital'), name='one_monthly_figure_per_measure_and_place', nulls_distinct=False), models.CheckConstraint(condition=models.Q(('puskesmas__isnull', True), ('hospital__isnull', True), _connector='OR'), name='monthly_figure_is_of_one_place')],
            },
        ),
        migrations.CreateModel(
            name='PuskesmasVisits',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('month', models.DateField(help_text='its first day', verbose_name='month')),
                ('visits', models.PositiveIntegerField(verbose_name='visits')),
                ('entered_at', models.DateTimeField(verbose_name='entered at')),
                ('entered_by', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='entered by')),
                ('puskesmas', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='facilities.facility', verbose_name='Puskesmas')),
            ],
            options={
                'verbose_name': 'visits of a Puskesmas',
                'verbose_name_plural': 'visits of Puskesmas',
                'constraints': [models.UniqueConstraint(fields=('puskesmas', 'month'), name='one_count_of_visits_per_puskesmas_and_month'), models.CheckConstraint(condition=models.Q(('month__day', 1)), name='visits_are_of_a_whole_month')],
            },
        ),
    ]
