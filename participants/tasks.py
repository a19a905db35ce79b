"""Background work of the participants floor."""

from celery import shared_task
from django.utils import timezone

from facilities.models import User
from ksb.core.errors import Refused
from participants.dukcapil import sync
from participants.eligibility import city
from participants.models import SyncRun
from participants.special import events


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


@shared_task
def judge_event(event_id, user_id):
    """Judge everybody an outbreak or disaster speaks of, after it was put in force or ended. The night does it too."""
    now = timezone.now()
    actor = User.objects.get(pk=user_id)
    try:
        city.reevaluate(on=timezone.localdate(now), at=now, touched=events.touched(event_id), actor=actor)
    except Refused:
        return  # the city is being judged at this moment


@shared_task
def reevaluate_people(resident_ids):
    """Judge these people anew for the lists. When this call is lost, or another sweep runs, the night judges everybody."""
    now = timezone.now()
    try:
        city.reevaluate(on=timezone.localdate(now), at=now, touched=resident_ids)
    except Refused:
        return


@shared_task
def judge_city(user_id):
    """Judge everybody anew, with progress in the day's Job ``coverage``. When this call is lost, the night judges everybody."""
    now = timezone.now()
    try:
        city.judge_city(on=timezone.localdate(now), at=now, actor=User.objects.get(pk=user_id))
    except Refused:
        return  # another sweep is going on
