from django.db import migrations

from facilities.triggers import ANY_ACCOUNT, APPROVED_ACCOUNTS_ONLY, REVERSE, THINNED_ONLY


def create_system_user(apps, schema_editor):
    apps.get_model("facilities", "User").objects.get_or_create(
        username="sistem", defaults={"first_name": "Sistem KSB", "password": "!", "is_active": False}
    )


class Migration(migrations.Migration):
    replaces = [("facilities", "0008_bed_push")]
    dependencies = [("facilities", "0001_release"), ("core", "0002_guards")]

    operations = [
        migrations.RunPython(create_system_user, migrations.RunPython.noop),
        migrations.RunSQL(THINNED_ONLY, REVERSE),
        migrations.RunSQL(APPROVED_ACCOUNTS_ONLY, ANY_ACCOUNT),
    ]
