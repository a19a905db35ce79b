"""Somebody goes to the address: a scored checklist, photos, a note. It advises the person who approves, it never decides."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from facilities.calendar import add_working_days
from ksb.core.errors import NotAllowed
from ksb.core.integrity import refusing
from participants.enrolment import parameters_on, two_people
from participants.models import FieldCheck
from participants.workflow import ENROLMENT

YES, NO, UNKNOWN = "yes", "no", "unknown"
# What is asked at the door, and how much it weighs.
QUESTIONS = {
    "found": (_("The address exists and was found"), 2),
    "met": (_("A member of the family was met there"), 3),
    "identity": (_("The KTP-el shown belongs to the person met"), 2),
    "neighbours": (_("Neighbours or the head of the RT know the family"), 2),
    "belongings": (_("The household is furnished and lived in"), 1),
    "since": (_("The family has lived there as long as the registry says"), 2),
}


def score(answers):
    """Per cent of the weight that was answered with yes, of all that could be answered; 0 when nothing could."""
    known = {name: weight for name, (_text, weight) in QUESTIONS.items() if answers.get(name) in (YES, NO)}
    reached = sum(weight for name, weight in known.items() if answers[name] == YES)
    return round(100 * reached / sum(known.values())) if known else 0


def record(*, enrolment, answers, lives_here, note, visited_on, actor, at, latitude=None, longitude=None):
    """Record a visit; returns the FieldCheck. The application is due for approval ``sla_verify`` working days later."""
    on = timezone.localdate(at)
    due = {"due_on": add_working_days(on, parameters_on(on).sla_verify)}
    with transaction.atomic():
        with refusing(two_people(), error=NotAllowed):
            ENROLMENT.apply(enrolment, "survey", actor=actor, at=at, update=due)
        return FieldCheck.objects.create(
            enrolment=enrolment,
            answers={name: answers.get(name, UNKNOWN) for name in QUESTIONS},
            score=score(answers),
            lives_here=lives_here,
            note=note.strip(),
            visited_on=visited_on,
            latitude=latitude,
            longitude=longitude,
            recorded_at=at,
            recorded_by=actor,
        )
