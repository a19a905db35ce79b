from django.db import migrations

from ksb.core.triggers import append_only


class Migration(migrations.Migration):
    replaces = [("verification", "0002_append_only")]
    dependencies = [("verification", "0001_release"), ("core", "0002_guards")]

    operations = [
        append_only("verification_review"),
    ]
