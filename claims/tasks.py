"""Background work of the claims floor."""

from celery import shared_task
from django.utils import timezone

from claims import deliveries


@shared_task
def take_delivery(delivery_id):
    """Take in a large file that has arrived. When this call is lost, the minute's sweep finds the file."""
    deliveries.take(delivery_id=delivery_id, at=timezone.now())


@shared_task
def take_waiting():
    """Take in what waits because its call was lost, or its worker died."""
    deliveries.take_waiting(at=timezone.now())
