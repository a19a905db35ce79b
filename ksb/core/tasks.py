"""The minute's housekeeping. All of it is safe to run twice, late, or at the same time on several workers."""

from celery import shared_task
from django.utils import timezone

from ksb.core import journal, outbox
from ksb.core.notices import delivery


@shared_task
def seal_journal():
    journal.seal()


@shared_task
def sweep_outbox():
    outbox.drain()


@shared_task
def deliver_notices():
    delivery.deliver(at=timezone.now())
