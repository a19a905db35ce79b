"""What the rules have found lately: by rule how many findings, and how many of them a person has set aside."""

import datetime

from django.db.models import Count, Q

from claims.models import Finding

MONTHS = 3


def lately(*, on):
    """``{rule: (findings, set aside)}`` over the batches of the last three service months. One query."""
    since = (on.replace(day=1) - datetime.timedelta(days=31 * (MONTHS - 1))).replace(day=1)
    rows = (
        Finding.objects.filter(claim__batch__service_month__gte=since)
        .order_by()
        .values("rule")
        .annotate(found=Count("pk"), aside=Count("pk", filter=Q(overridden_at__isnull=False)))
    )
    return {row["rule"]: (row["found"], row["aside"]) for row in rows}
