"""The night: everything that follows from new data, in order (docs/night.md).

The job's row is the truth. A step that fails is told in it and does not keep the others from running: they work with the data
of the night before. A night that was interrupted runs again, its finished steps left out.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from budget import leftovers, proof, watch
from claims import completeness, rejudging, statistics
from claims import reminders as claim_reminders
from claims import signals as fraud
from facilities import bed_history, contracts, standings
from ksb.core import outbox
from ksb.core.errors import Refused, WrongState
from ksb.core.locks import advisory_lock, holder
from ksb.core.models import Job
from ksb.core.notices import delivery
from participants import drafts, enrolment, followup, inbox, newborns, signals
from participants.dukcapil import effects
from participants.eligibility import nightly
from participants.enums import SyncState
from referrals import expiry, extension, newcomers, visits
from reports import leakage, referral_rollup
from reports.rollup import roll_up
from verification import assignment, questions, reminders
from verification import signals as verifiers

logger = logging.getLogger(__name__)
JOB = "night"
LOCK = "reports.night"
NIGHTS = 14
OK, FAILED, RUNNING = "ok", "failed", "running"


@dataclass(frozen=True)
class Step:
    """One step: ``run(day, at, actor)`` returns what it did as plain JSON."""

    name: str
    label: str
    run: Callable


def _registry(day, at, actor):
    return _files(inbox.take_registry(at=at, actor=actor))


def _jkn(day, at, actor):
    return _files(inbox.take_jkn(at=at, actor=actor))


def _files(outcomes):
    """A refused file is a failure of the step: somebody must send another one."""
    found = {"files": [outcome.as_json() for outcome in outcomes]}
    refused = [outcome.message for outcome in outcomes if outcome.state == SyncState.REFUSED]
    return found | {"error": " ".join(refused)} if refused else found


def _families(day, at, actor):
    moved = {"moved_on": enrolment.recheck(at=at), "ended": effects.end_missing(on=day, at=at)}
    return {**moved, "drafts_forgotten": drafts.forget_abandoned(at=at)}


def _newborns(day, at, actor):
    return newborns.follow(on=day, at=at)


def _follow_up(day, at, actor):
    return {**followup.settle(on=day, at=at), "forgotten": delivery.forget(at=at)}


def _network(day, at, actor):
    return {"classes_changed": standings.settle(on=day), "ends_told": contracts.warn(on=day)}


def _expiry(day, at, actor):
    told = {"ends_told": extension.warn(on=day), "drafts": expiry.forget_drafts(on=day)}
    return {**expiry.expire(on=day, at=at), **told, "outbox": _empty_outbox()}


def _empty_outbox():
    """What the letters that ended give back to the budget, all of it before the figures are taken."""
    handled = 0
    while done := outbox.drain():
        handled += done
    return handled


def _visits(day, at, actor):
    return {"missed": visits.miss(on=day, at=at), "ended": visits.end(on=day, at=at)}


def _signals(day, at, actor):
    return {"found": {**signals.refresh(on=day), **newcomers.refresh(on=day)}}


def _claims(day, at, actor):
    return {**rejudging.rejudge_all(at=at), "groups": statistics.refresh(on=day)}


def _patterns(day, at, actor):
    return {"found": {**fraud.refresh(on=day), **verifiers.refresh(on=day)}}


def _batches(day, at, actor):
    return {"complete_by_silence": completeness.settle_silent(at=at), "reminded": claim_reminders.remind(at=at)}


def _assignment(day, at, actor):
    ended = questions.end_unanswered(at=at)
    return {"ended_unanswered": ended, "reminded": reminders.remind(at=at), **assignment.assign_waiting(at=at)}


def _coverage(day, at, actor):
    done = nightly.judge(on=day, at=at, actor=actor)
    return {"everybody": done.why, "judged": done.sweep.judged, "written": done.sweep.written}


def _beds(day, at, actor):
    return {"thinned": bed_history.thin(at=at)}


def _budget(day, at, actor):
    """Reservations left over, thresholds passed, and the proof of the ledger: a difference is a failure somebody must look at."""
    released, told = leftovers.release(at=at), watch.settle(at=at)
    found = proof.prove(day=day, at=at)
    result = {"released": released, "thresholds_told": told, "differences": len(found)}
    return result | {"error": _("The ledger disagrees: see check_ledger.")} if found else result


def _figures(day, at, actor):
    return {"figures": roll_up(day=day), "leakage": leakage.roll_up(), "referrals": referral_rollup.roll_up(day=day)}


STEPS = (
    Step("registry", gettext_lazy("Population registry"), _registry),
    Step("jkn", gettext_lazy("JKN and PBI lists"), _jkn),
    Step("network", gettext_lazy("Classes of facilities, contracts that end"), _network),
    Step("families", gettext_lazy("Waiting applications"), _families),
    Step("follow_up", gettext_lazy("Tickets, overrides, on-line answers and old notices"), _follow_up),
    Step("newborns", gettext_lazy("Newborns in the registry, reminders"), _newborns),
    Step("expiry", gettext_lazy("Letters whose time is over"), _expiry),
    Step("visits", gettext_lazy("Control dates missed, letters without further visits"), _visits),
    Step("signals", gettext_lazy("Signals of brokers and newcomers"), _signals),
    Step("claims", gettext_lazy("Undecided claims judged again"), _claims),
    Step("patterns", gettext_lazy("Patterns in claims"), _patterns),
    Step("batches", gettext_lazy("Completeness by silence, reminders of claims"), _batches),
    Step("assignment", gettext_lazy("Claims for the verifiers, questions without an answer"), _assignment),
    Step("coverage", gettext_lazy("Coverage of everybody"), _coverage),
    Step("beds", gettext_lazy("Bed reports grown old"), _beds),
    Step("budget", gettext_lazy("Thresholds of the budget, proof of the ledger"), _budget),
    Step("figures", gettext_lazy("Figures of the dashboard"), _figures),
)


def run_night(*, day, at, actor=None, again=False):
    """Run the steps of the night of ``day`` and return its Job. ``actor`` None is the system.

    A night that is done is not repeated unless ``again``. Raises WrongState while another one is running.
    """
    with advisory_lock(LOCK) as mine:
        if not mine:
            raise WrongState(_("The night is running already."))
        job, _created = Job.objects.get_or_create(name=JOB, day=day)
        if job.state == Job.State.DONE and not again:
            return job
        done = {} if again else {name: step for name, step in job.result.items() if step["state"] == OK}
        Job.objects.filter(pk=job.pk).update(state=Job.State.RUNNING, started=timezone.now(), finished=None)
        job.result, job.error = done, ""
        for step in STEPS:
            if step.name not in done:
                _tell(job, step, {"state": RUNNING})
                _tell(job, step, _take(step, day, at, actor))
        failed = [step for step in STEPS if job.result[step.name]["state"] == FAILED]
        job.state = Job.State.FAILED if failed else Job.State.DONE
        job.error = "\n".join(f"{step.name}: {job.result[step.name]['error']}" for step in failed)
        job.finished = timezone.now()
        job.save(update_fields=["state", "result", "error", "finished"])
    return job


def _tell(job, step, found):
    job.result[step.name] = found
    job.save(update_fields=["result"])


def _take(step, day, at, actor):
    started = timezone.now()
    try:
        found = step.run(day, at, actor)
        found = {"state": FAILED if "error" in found else OK, **found}
    except Refused as refusal:
        found = {"state": FAILED, "error": str(refusal.message)}
    except Exception as error:
        logger.exception("step %s of the night failed", step.name)
        found = {"state": FAILED, "error": type(error).__name__}
    return {**found, "seconds": round((timezone.now() - started).total_seconds(), 1)}


def nights(actor):
    """The last NIGHTS Jobs the actor may see, newest first, each with ``interrupted`` and ``steps``: label, state, seconds."""
    found = list(Job.objects.visible_to(actor).filter(name=JOB).order_by("-day")[:NIGHTS])
    at_work = any(job.state == Job.State.RUNNING for job in found) and holder(LOCK) is not None
    for place, job in enumerate(found):
        job.interrupted = job.state == Job.State.RUNNING and not (at_work and place == 0)
        job.steps = [
            {"label": step.label, "seconds": None, "error": "", **job.result[step.name]}
            for step in STEPS
            if step.name in job.result
        ]
    return found
