from django.db import migrations

from participants.dukcapil.first_load import make_functions


class Migration(migrations.Migration):
    """The functions that let a first load build its indexes afterwards. Each later migration makes them anew."""

    dependencies = [("participants", "0024_members_reports")]

    operations = [migrations.RunPython(lambda apps, editor: make_functions(), migrations.RunPython.noop)]
