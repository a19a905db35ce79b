"""What the programme pays no more because it was claimed too late, or never (domain.md B16, SM8 KEDALUWARSA).

A claim expires ``claim_expiry_months`` after the end of its care, unless Dinkes has granted a dispensation; an episode nobody
has claimed expires with it. The rule that says so is ADM-06.
"""

import datetime

from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import TruncDate
from django.utils.timezone import make_aware

from claims import clocks
from claims.enums import ClaimState, Severity
from claims.models import Claim, Dispensation, Finding
from referrals.enums import EpisodeState
from referrals.models import Episode

RULE = "ADM-06"
SHOWN_YEARS = 2
# A rejected or withdrawn claim leaves its episode unclaimed.
GONE = (ClaimState.WITHDRAWN, ClaimState.REJECTED)


def claims(actor):
    """Claims of the actor's perimeter that ADM-06 keeps from being handed in, newest first."""
    refused = Finding.objects.filter(claim=OuterRef("pk"), rule=RULE, severity=Severity.REJECT, overridden_at=None)
    rows = Claim.objects.visible_to(actor).filter(Exists(refused), state=ClaimState.BLOCKED)
    return rows.select_related("hospital").order_by("-pk")


def episodes(actor, *, on):
    """Finished episodes of the last ``SHOWN_YEARS`` years nobody claimed in time, without a dispensation on ``on``."""
    ended_after = _midnight(clocks.shifted(on, -12 * SHOWN_YEARS))
    late = unclaimed(actor).filter(~in_time(on), discharged_at__gte=ended_after)
    return late.annotate(lost=F("sjp__estimate"))


def unclaimed(actor):
    """Finished episodes of the actor's hospitals without a living claim; ``day`` and ``ended_on`` are their days."""
    claimed = Claim.objects.exclude(state__in=GONE).filter(sjp=OuterRef("sjp"), admitted_on=OuterRef("day"))
    finished = Episode.objects.visible_to(actor).filter(state__in=(EpisodeState.DISCHARGED, EpisodeState.COMPLETE))
    return finished.annotate(day=TruncDate("admitted_at"), ended_on=TruncDate("discharged_at")).filter(~Exists(claimed))


def in_time(on):
    """Q of ``unclaimed`` episodes that may be claimed on ``on``: not expired, or covered by a dispensation."""
    ended_since = clocks.shifted(on, -clocks.parameters_on(on).claim_expiry_months)
    pardoned = Dispensation.objects.filter(
        hospital=OuterRef("hospital"),
        approved_at__isnull=False,
        until__gte=on,
        days__contains=OuterRef("ended_on"),
    )
    return Q(discharged_at__gte=_midnight(ended_since)) | Q(Exists(pardoned))


def _midnight(day):
    return make_aware(datetime.datetime.combine(day, datetime.time.min))
