"""Background work of the reports floor."""

import logging

from celery import shared_task
from django.utils import timezone

from ksb.core.errors import WrongState
from reports import referral_rollup
from reports.night import run_night

logger = logging.getLogger(__name__)


@shared_task
def night():
    """Called by the schedule, and again by the broker while a long night is running: that call finds it busy and ends."""
    now = timezone.now()
    try:
        run_night(day=timezone.localdate(now), at=now)
    except WrongState as busy:
        logger.info("%s", busy.message)


@shared_task
def referral_figures():
    """Every hour: the indicators of the current month, which nobody wants to wait a night for."""
    referral_rollup.roll_up(day=timezone.localdate(), months=1)
