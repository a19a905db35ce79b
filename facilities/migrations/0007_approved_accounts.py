from django.db import migrations

from facilities.triggers import ANY_ACCOUNT, APPROVED_ACCOUNTS_ONLY


class Migration(migrations.Migration):

    dependencies = [
        ('facilities', '0006_terms_of_contracts'),
    ]

    operations = [
        migrations.RunSQL(APPROVED_ACCOUNTS_ONLY, ANY_ACCOUNT),
    ]
