from django.db import migrations


def create(apps, schema_editor):
    apps.get_model("facilities", "User").objects.get_or_create(
        username="sistem", defaults={"first_name": "Sistem KSB", "password": "!", "is_active": False}
    )


class Migration(migrations.Migration):
    dependencies = [("facilities", "0001_initial")]

    operations = [migrations.RunPython(create, migrations.RunPython.noop)]
