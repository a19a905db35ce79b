"""Who of a family turned out to be covered by JKN lately: new letters are not written for them (domain.md B7 step 5)."""

from datetime import timedelta

from django.db.models import Q

from participants.enums import CoverageSource
from participants.models import OtherCoverage

SHOWN_DAYS = 45
LISTS = (CoverageSource.PBI_LIST, CoverageSource.BPJS_LIST)


def newly_insured(household, *, on, at):
    """Intervals of members of ``household`` in force on ``on`` that the lists told us of in the last weeks. One query."""
    return list(
        OtherCoverage.objects.filter(
            Q(valid_to__isnull=True) | Q(valid_to__gte=on),
            resident__household=household,
            source__in=LISTS,
            status=0,
            valid_from__lte=on,
            known_to__isnull=True,
            known_from__gte=at - timedelta(days=SHOWN_DAYS),
            known_from__lte=at,
        )
        .select_related("resident")
        .order_by("resident__relation", "resident_id", "-valid_from")
        .distinct("resident__relation", "resident_id")
    )
