from django.db import migrations

from ksb.core.triggers import append_only


class Migration(migrations.Migration):
    replaces = [("referrals", "0013_aftercare")]
    dependencies = [("referrals", "0001_release"), ("core", "0002_guards")]

    operations = [
        append_only("referrals_programmevisit"),
        append_only("referrals_missedcall"),
    ]
