from django.db import migrations

from ksb.core.triggers import append_only


class Migration(migrations.Migration):
    replaces = [("budget", "0003_append_only")]
    dependencies = [("budget", "0001_release"), ("core", "0002_guards")]

    operations = [
        append_only("budget_ledgerentry"),
    ]
