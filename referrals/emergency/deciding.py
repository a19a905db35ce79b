"""The officer's acts: approve and issue the letter, permit a late report, ask for data, decline. Domain.md B10 steps 4 and 5.

Locks are taken in one order everywhere: notice, SJP, episode.
"""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from ksb.core.errors import NotAllowed, Refused
from ksb.core.integrity import refusing
from ksb.core.scheme import scheme_on
from participants.enums import Decision
from referrals import guarantee
from referrals.coverage import NotCovered
from referrals.emergency.cover import evaluation_of
from referrals.emergency.payers import remarks
from referrals.enums import IdentityCheck, NoticeState, SjpState
from referrals.guarantee import Grounds
from referrals.models import EmergencyNotice, EmergencyQuestion, Episode, Sjp
from referrals.workflow import EMERGENCY, SERVICES

DECLINES = ("decline_criteria", "decline_cover", "decline_late")


def approve(*, notice, actor, at):
    """Issue the guarantee from the day of arrival, with the stay that runs; returns the Sjp.

    The same officer's second click gets the same letter. Raises NotAllowed, WrongState when somebody was faster, NotCovered,
    or Refused (patient not identified, still admitted elsewhere, proof missing).
    """
    return _grant(notice, "approve", actor=actor, at=at, reason="")


def permit(*, notice, reason, actor, at):
    """The special permit of Dinkes for a late report, with its reason; then the same."""
    if not reason.strip():
        raise Refused(_("Write down the reason of the special permit."))
    return _grant(notice, "permit", actor=actor, at=at, reason=reason.strip())


def _grant(notice, step, *, actor, at, reason):
    with transaction.atomic():
        notice = _locked(notice)
        if notice.state == NoticeState.APPROVED and notice.decided_by_id == actor.pk:
            return notice.sjp
        EMERGENCY.check(notice, step, actor=actor)
        EMERGENCY[step].guard(notice, actor=actor, at=at)
        if notice.person is None:
            raise Refused(_("Nobody knows yet who the patient is. Identify the patient first."))
        evaluation = _decide(notice, actor=actor, at=at)
        notice.reason = reason
        sjp = _guarantee(notice, evaluation, actor=actor, at=at)
        _begin_stay(notice, sjp, evaluation)
        EMERGENCY.apply(notice, step, actor=actor, at=at, update={"sjp": sjp, "reason": reason})
    return sjp


def _decide(notice, *, actor, at):
    """The Evaluation that covers the patient. Raises NotCovered or Refused."""
    evaluation = evaluation_of(notice, at=at)
    if not evaluation.covered:
        raise NotCovered(evaluation)
    if not evaluation.guaranteed:
        raise Refused(next(reason.message for reason in evaluation.applying if reason.sentiment == "bad"))
    if evaluation.decision == Decision.COVERED_COMPLEMENTARY:
        if not actor.has_role(*SERVICES):
            raise NotAllowed(_("What complements JKN is approved by Dinkes."))
        if not notice.payer_letter:
            raise Refused(
                _("JKN covers this patient. Record the letter by which JKN does not pay for this case first.")
            )
    return evaluation


def _guarantee(notice, evaluation, *, actor, at):
    """The letter, in use from the arrival on."""
    on = timezone.localdate(notice.admitted_at)
    sjp = Sjp(
        emergency=True,
        state=SjpState.USED,
        used_at=notice.admitted_at,
        used_by=notice.admitted_by,
        resident=notice.registered,
        special=notice.special,
        puskesmas=notice.puskesmas,
        hospital=notice.hospital,
        specialty=notice.specialty,
        service=notice.service,
        diagnosis=notice.diagnosis,
    )
    grounds = Grounds(
        parameters=scheme_on(on).parameters,
        decision=evaluation.as_json(),
        scheme_id=evaluation.scheme_id,
        remarks=remarks(notice),
    )
    return guarantee.write(sjp, grounds, actor=actor, on=on, at=at)


def _begin_stay(notice, sjp, evaluation):
    sentences = {
        name: _(
            "This patient is still admitted to another hospital. That hospital has to register the discharge first."
        )
        for name in ("one_running_stay_per_person", "one_running_stay_per_special_person")
    }
    with refusing(sentences):
        Episode.objects.create(
            sjp=sjp,
            resident=notice.registered,
            special=notice.special,
            hospital=notice.hospital,
            service=notice.service,
            medical_record=notice.medical_record,
            identity_check=notice.identity_check or IdentityCheck.FAMILY,
            decision=evaluation.as_json(),
            admitted_at=notice.admitted_at,
            admitted_by=notice.admitted_by,
        )


def ask(*, notice, question, until, actor, at):
    """Send the notice back to the hospital with a question and the moment until which it waits."""
    if not question.strip():
        raise Refused(_("Write down what is missing."))
    if until <= at:
        raise Refused(_("Give the hospital time to answer."))
    with transaction.atomic():
        notice = EMERGENCY.apply(notice, "ask", actor=actor, at=at)
        EmergencyQuestion.objects.create(
            notice=notice, question=question.strip(), until=until, asked_at=at, asked_by=actor
        )
    return notice


def decline(*, notice, step, reason, actor, at):
    """Do not guarantee: ``step`` is one of DECLINES. The patient is told at the desk; the reason says what to do instead."""
    if step not in DECLINES:
        raise ValueError(step)
    if not reason.strip():
        raise Refused(_("Write down the reason."))
    with transaction.atomic():
        return EMERGENCY.apply(notice, step, actor=actor, at=at, update={"reason": reason.strip()})


def _locked(notice):
    found = EmergencyNotice.objects.select_for_update(no_key=True, of=("self",))
    return found.select_related(
        *(
            "resident__household__kelurahan__parent",
            "special__resident",
            "hospital",
            "puskesmas",
            "specialty",
            "diagnosis",
            "sjp",
        ),
        "admitted_by",
    ).get(pk=notice.pk)
