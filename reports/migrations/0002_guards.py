from django.db import migrations

from reports.live import counted


class Migration(migrations.Migration):
    replaces = [("reports", "0006_figures_of_the_city")]
    dependencies = [("reports", "0001_release"), ("participants", "0001_release"), ("referrals", "0001_release"), ("claims", "0001_release")]

    operations = [
        counted("referrals_sjp", "sjp", key="state"),
        counted("claims_claim", "claim", key="state", amount="claimed"),
        counted("participants_enrolment", "enrolment", key="state"),
        counted("participants_card", "card", key="state"),
    ]
