from django.db import migrations

from reports.live import counted


class Migration(migrations.Migration):
    dependencies = [
        ("reports", "0002_live_figures"),
        ("referrals", "0001_initial"),
        ("claims", "0002_initial"),
        ("participants", "0001_initial"),
    ]

    operations = [
        counted("referrals_sjp", "sjp", key="state"),
        counted("claims_claim", "claim", key="state", amount="claimed"),
        counted("participants_enrolment", "enrolment", key="state"),
        counted("participants_card", "card", key="state"),
    ]
