"""The medical summary (resume medis): written in pieces, complete when nothing is missing. Domain.md B8 step 11."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ksb.core import journal
from ksb.core.errors import Refused, WrongState
from ksb.core.scheme import Parameters, scheme_on
from referrals import hospital_letters, rules
from referrals.control import of_own_episode
from referrals.enums import EpisodeState
from referrals.models import Episode, Resume
from referrals.workflow import EPISODE

PIECES = ("complaint", "findings", "results", "diagnosis", "other_diagnoses", "procedures")
PIECES += ("therapy", "medicines", "advice", "doctor_name")
# Without these a verifier sends the claim back; the others may be empty where there was nothing.
NEEDED = {
    "complaint": gettext_lazy("Reason of admission and history"),
    "findings": gettext_lazy("Physical findings"),
    "diagnosis": gettext_lazy("Main diagnosis"),
    "therapy": gettext_lazy("Treatment at the hospital"),
    "doctor_name": gettext_lazy("Doctor in charge (DPJP)"),
}
FOR_GOING_HOME = {"advice": gettext_lazy("Advice")}


def missing(resume, episode):
    """The names of the pieces a summary still lacks; a patient who died needs no advice."""
    needed = NEEDED if episode.death_time else NEEDED | FOR_GOING_HOME
    return [label for name, label in needed.items() if resume is None or not getattr(resume, name)]


def due(episode):
    """The last day to complete the summary of a patient who has left."""
    left_on = timezone.localdate(episode.discharged_at)
    scheme = scheme_on(left_on)
    return rules.resume_due(left_on, scheme.parameters if scheme else Parameters())


def save(*, episode, actor, at, **pieces):
    """Keep what is known of the summary; returns the Resume. Not of a patient in care, nor once it is complete."""
    of_own_episode(episode, actor)
    with transaction.atomic():
        fresh = Episode.objects.select_for_update(no_key=True, of=("self",)).get(pk=episode.pk)
        if fresh.state != EpisodeState.DISCHARGED:
            raise WrongState(
                _("The medical summary is written between discharge and its completion; the state is now “%(state)s”.")
                % {"state": fresh.get_state_display()}
            )
        resume, _made = Resume.objects.update_or_create(
            episode=fresh, defaults={**pieces, "written_at": at, "written_by": actor}
        )
        journal.record("resume.save", resume, actor=actor)
    return resume


def complete(*, episode, actor, at):
    """Nothing is missing and the doctor in charge has read it: it is printed and claimed as it stands. Returns the Episode."""
    with transaction.atomic():
        # Locked before the summary is read: nobody changes it between the check and the completion.
        Episode.objects.select_for_update(no_key=True, of=("self",)).get(pk=episode.pk)
        resume = Resume.objects.filter(episode=episode).select_related("diagnosis").first()
        lacking = missing(resume, episode)
        if lacking:
            raise Refused(_("Still missing: %(pieces)s.") % {"pieces": ", ".join(str(piece) for piece in lacking)})
        done = EPISODE.apply(episode, "complete", actor=actor, at=at)
        resume.letter = hospital_letters.resume_facts(resume)
        resume.save(update_fields=["letter"])
    return done
