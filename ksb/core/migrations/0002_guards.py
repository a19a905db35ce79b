from django.db import migrations

from ksb.core.triggers import FUNCTION, append_only


class Migration(migrations.Migration):
    replaces = [("core", "0004_notices")]
    dependencies = [("core", "0001_release")]

    operations = [
        migrations.RunSQL(FUNCTION, "DROP FUNCTION ksb_append_only()"),
        append_only("core_journalentry"),
        append_only("core_journalblock"),
    ]
