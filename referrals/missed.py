"""Patients who did not come: unused letters, accepted beds that stayed empty, control dates missed. Domain.md B8 exceptions.

The Puskesmas of the letter calls them and writes down what came of it.
"""

from datetime import timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, Subquery
from django.utils.translation import gettext as _

from ksb.core import journal
from ksb.core.errors import NotAllowed, Refused
from participants.models import Enrolment
from referrals.enums import CallOutcome, ControlState, SjpState
from referrals.models import ControlLetter, MissedCall, Sjp
from referrals.permissions import PUSKESMAS

DAYS = 30  # how far back the list goes: who has not come by then is seen by the next visit


def letters(actor, *, on):
    """Letters to be called about: expired unused in the last 30 days, no later letter for the specialty, not settled."""
    same = Q(resident=OuterRef("resident")) | Q(special=OuterRef("special"))
    later = Sjp.objects.filter(same, specialty=OuterRef("specialty"), pk__gt=OuterRef("pk")).filter(
        Q(newborn=OuterRef("newborn")) | Q(newborn__isnull=True)
    )
    expired = Sjp.objects.visible_to(actor).filter(
        state=SjpState.EXPIRED, puskesmas__in=actor.facility_ids(*PUSKESMAS), valid_until__gte=_since(on)
    )
    return _unsettled(expired.filter(~Exists(later)), "sjp").with_names().order_by("-valid_until", "-pk")


def controls(actor, *, on):
    """Control dates missed in the last 30 days without a visit or a new control letter since, not settled."""
    later = ControlLetter.objects.filter(
        sjp=OuterRef("sjp"), specialty=OuterRef("specialty"), pk__gt=OuterRef("pk")
    ).exclude(state=ControlState.CANCELLED)
    missed = ControlLetter.objects.visible_to(actor).filter(
        state=ControlState.MISSED, puskesmas__in=actor.facility_ids(*PUSKESMAS), control_on__gte=_since(on)
    )
    return _unsettled(missed.filter(~Exists(later)), "control").with_names().order_by("-control_on", "-pk")


def _since(on):
    return on - timedelta(days=DAYS)


def _unsettled(papers, about):
    """Papers nobody has called about, or whose patient was not reached yet (``calls`` made so far: the last outcome)."""
    last = MissedCall.objects.filter(**{about: OuterRef("pk")}).order_by("-called_at", "-pk")
    return papers.annotate(last_outcome=Subquery(last.values("outcome")[:1])).filter(
        Q(last_outcome=None) | Q(last_outcome=CallOutcome.NOT_REACHED)
    )


def record_call(*, actor, at, outcome, sjp=None, control=None, note=""):
    """Write down what came of a call about ``sjp`` or about ``control``; returns the MissedCall."""
    paper = control or sjp
    if paper.puskesmas_id not in actor.facility_ids(*PUSKESMAS):
        raise NotAllowed(_("Only the Puskesmas of this letter calls its patient."))
    if paper.state not in (SjpState.EXPIRED.value, ControlState.MISSED.value):
        raise Refused(_("Nothing was missed: the letter is “%(state)s”.") % {"state": paper.get_state_display()})
    if outcome not in CallOutcome.values:
        raise Refused(_("Say what came of the call."))
    with transaction.atomic():
        call = MissedCall.objects.create(
            sjp=None if control else sjp,
            control=control,
            puskesmas=paper.puskesmas,
            outcome=outcome,
            note=note,
            called_at=at,
            called_by=actor,
        )
        journal.record("patient.call", paper, actor=actor, outcome=outcome)
    return call


def phone_of(paper):
    """The telephone number the patient's family gave when it applied, or an empty text."""
    if paper.resident_id is None:
        return ""
    given = Enrolment.objects.filter(household__residents=paper.resident_id).exclude(phone="")
    return given.order_by("-pk").values_list("phone", flat=True).first() or ""
