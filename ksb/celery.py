"""Background work: the broker's rules and the one table of what runs when.

Jobs and the outbox live in PostgreSQL; Redis only carries the call. A lost call is found again by the sweeper, a call
that arrives twice finds its job done.
"""

import os

from celery import Celery
from celery.schedules import crontab
from celery.signals import heartbeat_sent, setup_logging

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ksb.settings.production")

app = Celery("ksb")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@setup_logging.connect
def use_our_logging(**kwargs):
    """Keep the masking formatter: Celery's own handlers would print arguments as they are."""
    from logging.config import dictConfig

    from django.conf import settings

    dictConfig(settings.LOGGING)


@heartbeat_sent.connect
def leave_heartbeat(**kwargs):
    from ksb.broker import leave_heartbeat

    leave_heartbeat()


app.conf.beat_schedule = {
    "night": {"task": "reports.tasks.night", "schedule": crontab(hour=1, minute=0)},
    "referral-figures": {"task": "reports.tasks.referral_figures", "schedule": crontab(minute=40)},
    "seal-journal": {"task": "ksb.core.tasks.seal_journal", "schedule": crontab()},
    "unanswered-referrals": {"task": "referrals.tasks.escalate_unanswered", "schedule": crontab()},
    "mind-beds": {"task": "facilities.tasks.mind_beds", "schedule": crontab()},
    "sweep-outbox": {"task": "ksb.core.tasks.sweep_outbox", "schedule": crontab()},
    "take-deliveries": {"task": "claims.tasks.take_waiting", "schedule": crontab()},
    "deliver-notices": {"task": "ksb.core.tasks.deliver_notices", "schedule": crontab()},
}
