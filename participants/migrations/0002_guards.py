from django.db import migrations

from ksb.core.triggers import append_only


class Migration(migrations.Migration):
    replaces = [("participants", "0025_first_load")]
    dependencies = [("participants", "0001_release"), ("core", "0002_guards")]

    operations = [
        append_only("participants_blankmovement"),
    ]
