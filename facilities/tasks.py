"""The minute's work on beds. Safe to run twice, late, or at the same time on several workers."""

from celery import shared_task
from django.utils import timezone

from facilities import bed_board, bed_keys, beds, notices


@shared_task
def mind_beds():
    now = timezone.now()
    beds.release_due(now)
    bed_board.tell_silence(at=now)
    notices.settle_silence(at=now)
    bed_keys.forget(at=now)
