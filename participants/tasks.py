"""Background work of the participants floor."""

from celery import shared_task
from django.utils import timezone

from facilities.models import User
from ksb.core.errors import Refused
from participants.dukcapil import sync
from participants.eligibility import city
from participants.models import SyncRun


@shared_task
def apply_run(run_id, user_id):
    """Apply a run that two people approved, and judge everybody anew. When this call is lost, the next night finds the run."""
    run, actor = SyncRun.objects.get(pk=run_id), User.objects.get(pk=user_id)
    now = timezone.now()
    try:
        sync.resume(run=run, actor=actor, at=now)
        city.reevaluate(on=timezone.localdate(now), at=now, actor=actor)
    except Refused:
        return  # told in the run, or another run is busy and the night comes back to it
