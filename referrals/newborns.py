"""The SJP of a newborn that has no NIK yet: asked for where it was born, issued by the Puskesmas that follows it (domain.md B4).

Only a child with care of its own needs one; a healthy child is in its mother's package.
"""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from facilities.enums import Service
from ksb.core import journal, outbox
from ksb.core.errors import NotAllowed, Refused, WrongState
from ksb.core.integrity import refusing
from ksb.core.scheme import Parameters, scheme_on
from participants import newborns
from participants.models import Newborn
from participants.newborns import MOVED
from participants.permissions import BIRTH_RECORDERS
from referrals import issuing
from referrals.enums import PassOverReason, ReferralReason
from referrals.models import BackReferral, ControlLetter, Episode, NewbornRequest, Referral, Sjp
from referrals.workflow import CLERK

LETTERS_MOVED = "letters.moved"
OPEN_REQUEST = {"one_open_request_per_newborn": gettext_lazy("A request for this child waits already.")}


def request(*, newborn, actor, at, hospital, late_reason="", **facts):
    """Ask for the SJP of ``newborn`` at ``hospital``; returns the NewbornRequest. ``facts`` are what was found.

    Raises NotAllowed, or Refused: with a NIK or stillborn, after its cover, late without a reason, asked twice.
    """
    place = newborn.facility_id if hospital.pk == newborn.facility_id else newborn.puskesmas_id
    if place not in actor.facility_ids(*BIRTH_RECORDERS):
        raise NotAllowed(_("The hospital of the birth or the Puskesmas that follows the child asks for its SJP."))
    _check_child(newborn, at=at)
    if is_late(newborn, at=at) and not late_reason.strip():
        raise Refused(
            _("More than %(hours)d hours have passed since the birth. Write down why the request comes so late.")
            % {"hours": _parameters(newborn).newborn_sjp_hours},
            code="late",
        )
    with refusing(OPEN_REQUEST), transaction.atomic():
        asked = NewbornRequest.objects.create(
            newborn=newborn,
            puskesmas=newborn.puskesmas,
            hospital=hospital,
            late_reason=late_reason.strip(),
            requested_at=at,
            requested_by=actor,
            **facts,
        )
        journal.record("newborn.request", asked, actor=actor, late=bool(asked.late_reason))
    return asked


def is_late(newborn, *, at):
    """Whether the hours the scheme gives for asking are over."""
    return at > newborn.birth_time + timedelta(hours=_parameters(newborn).newborn_sjp_hours)


def issue(*, asked, actor, at):
    """Issue the SJP that was asked for; returns it. Asked again for the same request, the letter issued is returned."""
    if asked.puskesmas_id not in actor.facility_ids(*CLERK):
        raise NotAllowed(_("Only a clerk of this Puskesmas issues its letters."))
    with transaction.atomic():
        asked = _locked(asked)
        if asked.sjp_id:
            return asked.sjp
        if asked.declined_at:
            raise WrongState(_("This request was declined."))
        newborn = asked.newborn
        _check_child(newborn, at=at)
        asked.sjp = issuing.issue(
            resident=newborn.guardian,
            newborn=newborn,
            actor=actor,
            at=at,
            puskesmas=asked.puskesmas,
            hospital=asked.hospital,
            specialty=asked.specialty,
            service=Service.NEWBORN,
            diagnosis=asked.diagnosis,
            reason=ReferralReason.COMPETENCE,
            complaint=asked.complaint,
            findings=asked.findings,
            doctor_name=asked.doctor_name,
            # The child lies where it was born: it is not moved for the order of hospitals.
            pass_over_reason=PassOverReason.RUNNING_TREATMENT,
        )
        asked.save(update_fields=["sjp"])
    return asked.sjp


def decline(*, asked, actor, at, reason):
    """The Puskesmas does not issue the letter, and says why."""
    if asked.puskesmas_id not in actor.facility_ids(*CLERK):
        raise NotAllowed(_("Only a clerk of this Puskesmas answers its requests."))
    with transaction.atomic():
        asked = _locked(asked)
        if not asked.is_open:
            raise WrongState(_("This request is answered already."))
        asked.declined_at, asked.declined_by, asked.reason = at, actor, reason.strip()
        asked.save(update_fields=["declined_at", "declined_by", "reason"])
        journal.record("newborn.decline", asked, actor=actor)
    return asked


def _locked(asked):
    found = NewbornRequest.objects.select_for_update(no_key=True, of=("self",))
    return found.select_related(
        "newborn__mother", "newborn__father", "puskesmas", "hospital", "specialty", "diagnosis", "sjp"
    ).get(pk=asked.pk)


def _check_child(newborn, *, at):
    if not newborn.lives:
        raise Refused(_("A stillborn child needs no letter."), code="stillborn")
    if newborn.resident_id:
        raise Refused(_("The child is in the registry. Write its letter by its own NIK."), code="has_nik")
    if timezone.localdate(at) > newborns.cover_ends(newborn):
        raise Refused(_("The time of cover without NIK is over. Register the birth at Disdukcapil."), code="C02")


def _parameters(newborn):
    scheme = scheme_on(newborn.born_on)
    return scheme.parameters if scheme else Parameters()


@outbox.handles(MOVED)
def follow_child(event):
    """The letters and stays of a child go where it was found in the registry, or back to the parent."""
    newborn = Newborn.objects.select_related("mother", "father").get(pk=event.object_id)
    target = newborn.resident_id or newborn.guardian.pk
    moved = sum(
        model.objects.filter(newborn=newborn).exclude(resident=target).update(resident=target)
        for model in (Referral, Sjp, Episode, ControlLetter, BackReferral)
    )
    if moved:
        journal.record("newborn.letters_moved", newborn, actor=None, letters=moved)
    outbox.emit(LETTERS_MOVED, newborn)
