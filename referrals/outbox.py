"""What the letters do when the registry's night has taken people away."""

from django.utils import timezone

from ksb.core.outbox import handles
from participants.dukcapil.effects import LEFT
from referrals.departures import close_letters


@handles(LEFT)
def close_letters_of_the_departed(event):
    close_letters(run_id=event.object_id, at=timezone.now())
