from django.db import migrations

from ksb.core.triggers import append_only


class Migration(migrations.Migration):
    dependencies = [("budget", "0002_initial"), ("core", "0003_append_only")]

    operations = [append_only("budget_ledgerentry")]
