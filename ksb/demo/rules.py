"""Changes of rules in the demonstration: one in force by two people, one that waits for the second."""

import datetime

from django.utils.timezone import localdate

from claims import rule_settings
from claims.models import RuleSetting
from claims.rules.catalogue import BY_CODE

NEXT_MONTH = datetime.timedelta(days=30)


def change(*, coordinator, officer, at):
    """The verifiers' coordinator proposes, Dinkes puts one of them in force. Does nothing a second time."""
    if RuleSetting.objects.exists():
        return
    numbers = {one.name: one.value for one in BY_CODE["TRF-03"].thresholds}
    first = rule_settings.propose(
        rule="TRF-03",
        active=True,
        severity="P",
        thresholds=numbers | {"percent": 35},
        starts=localdate(at),
        reason="Banyak rumah sakit kelas D menagih 35 sampai 40 persen dari tarif; tidak ada yang terbukti keliru.",
        actor=coordinator,
        at=at,
    )
    rule_settings.approve(setting=first, actor=officer, at=at)
    numbers = {one.name: one.value for one in BY_CODE["DUP-06"].thresholds}
    rule_settings.propose(
        rule="DUP-06",
        active=True,
        severity="P",
        thresholds=numbers | {"hours": 72},
        starts=localdate(at) + NEXT_MONTH,
        reason="Masuk kembali pada hari ketiga hampir selalu lanjutan perawatan yang sama.",
        actor=coordinator,
        at=at,
    )
