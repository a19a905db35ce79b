"""The minute's share of this station. Safe to run twice, late, or at the same time on several workers."""

from celery import shared_task
from django.utils import timezone

from referrals import escalation


@shared_task
def escalate_unanswered():
    escalation.open_overdue(at=timezone.now())
