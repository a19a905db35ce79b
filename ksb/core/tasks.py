"""The minute's housekeeping. Both are safe to run twice, late, or at the same time on several workers."""

from celery import shared_task

from ksb.core import journal, outbox


@shared_task
def seal_journal():
    journal.seal()


@shared_task
def sweep_outbox():
    outbox.drain()
