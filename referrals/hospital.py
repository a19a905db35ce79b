"""The hospital's acts: answer a referral, register the arrival, register the discharge. Domain.md B8 steps 6 to 11.

Locks are taken in one order everywhere: SJP, referral, episode.
"""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from facilities.enums import Service
from ksb.core import formats, journal, outbox
from ksb.core.errors import NotAllowed, Refused
from ksb.core.integrity import refusing
from ksb.core.scheme import scheme_on
from participants import newborns
from participants.eligibility import evaluate
from referrals import bed_holds, escalation, rules, series, visits
from referrals.coverage import NotCovered
from referrals.enums import DischargeStatus, EpisodeState, IdentityCheck, ReferralState, RefusalReason, SjpState
from referrals.models import Episode
from referrals.workflow import DESK, EPISODE, REFERRAL, SJP


def accept(*, referral, actor, at):
    """The hospital will take the patient, and keeps a bed where one is asked for. Raises Refused when it has none left."""
    with transaction.atomic():
        referral = REFERRAL.apply(referral, "accept", actor=actor, at=at)
        bed_holds.keep(referral, actor=actor, at=at)
        escalation.answered(referral, at=at)
    return referral


def refuse(*, sjp, code, reason, actor, at):
    """The hospital will not take the patient: its SJP ends, the reservation is freed, the Puskesmas chooses again.

    ``code`` is a RefusalReason, ``reason`` what the Puskesmas reads. Too many refusals call the duty officer.
    """
    if code not in RefusalReason.values:
        raise Refused(_("Choose why the hospital does not take the patient."))
    if not reason.strip():
        raise Refused(_("Write down the reason, so that the Puskesmas can choose another hospital."))
    with transaction.atomic():
        sjp = SJP.apply(sjp, "turn_away", actor=actor, at=at, update={"reason": reason.strip()})
        if sjp.referral_id:
            answer = {"refusal_code": code, "refusal": reason.strip()}
            REFERRAL.apply(sjp.referral, "refuse", actor=actor, at=at, update=answer)
            escalation.after_refusal(sjp.referral, actor=actor, at=at)
        outbox.emit("sjp.released", sjp, why="refused")
    return sjp


def coverage_now(sjp, *, at):
    """The evaluation of the patient at ``at``, for the desk to see beside the frozen one."""
    return _coverage(sjp, on=timezone.localdate(at), at=at)


def _coverage(sjp, *, on, at):
    """Of a child without NIK what its parents were on the day of its birth."""
    if sjp.child:
        return newborns.decide(sjp.child, at=at, facility=sjp.hospital)
    asked = {"service": sjp.service, "facility": sjp.hospital, "complement": sjp.complement}
    return evaluate(sjp.person, on=on, at=at, **asked)


STAYS = (Service.EMERGENCY, Service.INPATIENT, Service.INTENSIVE, Service.NEWBORN)


def stay_of(household):
    """The Episode of a member of ``household`` who is in emergency or inpatient care now, or None."""
    running = Episode.objects.filter(resident__household=household, state=EpisodeState.IN_CARE, service__in=STAYS)
    return running.select_related("hospital").order_by("admitted_at").first()


def admit(
    *,
    sjp,
    actor,
    at,
    identity_check,
    medical_record="",
    admitted_at=None,
    care_class=3,
    doctor_name="",
    ward="",
    invitation=None,
):
    """Register the arrival of the patient of ``sjp``; returns the Episode. The moment is ``admitted_at``, or now.

    The first arrival uses the letter. A further visit comes by ``invitation`` (an open ControlLetter or InternalReferral of
    this letter), or by the schedule of a series. The guarantee given is honoured (domain.md B9), so a coverage that has
    changed since is kept with the episode and refuses only where the scheme says so (``honour_issued``). Raises Refused
    with the sentence otherwise.
    """
    admitted_at = admitted_at or at
    on = timezone.localdate(admitted_at)
    _own(sjp, actor)
    if admitted_at > at:
        raise Refused(_("The arrival lies in the future."))
    if identity_check not in IdentityCheck.values:
        raise Refused(_("Say how the patient's identity was checked."))
    # A letter given out is honoured by the rules it was given under where the programme has none any more.
    scheme = scheme_on(on) or scheme_on(sjp.valid_from)
    parameters = scheme.parameters
    again = sjp.state == SjpState.USED
    if again:
        visits.check_again(sjp, invitation, on, parameters)
    else:
        _refuse_if(rules.why_not_on(sjp, on))
    _refuse_if(rules.why_not_class(care_class, parameters), code="C29")
    evaluation = _coverage(sjp, on=on, at=at)
    if not (evaluation.covered or parameters.honour_issued):
        raise NotCovered(evaluation)
    sentences = {
        "one_running_stay_per_person": _("This patient is still admitted to a hospital."),
        "one_running_stay_per_newborn": _("This child is still admitted to a hospital."),
        "one_running_stay_per_special_person": _("This patient is still admitted to a hospital."),
        "one_running_episode_per_sjp": _("The patient of this SJP is already registered."),
    }
    with transaction.atomic():
        sjp = visits.lock_in_use(sjp) if again else _use(sjp, actor=actor, at=at, admitted_at=admitted_at)
        _refuse_if(_running_stay(sjp))
        _refuse_if(_stay_on(sjp, on))
        with refusing(sentences):
            episode = Episode.objects.create(
                sjp=sjp,
                **sjp.holders,
                hospital=sjp.hospital,
                service=visits.service_of(sjp) if again else sjp.service,
                specialty=invitation.specialty if invitation else None,
                doctor_name=doctor_name,
                ward=ward,
                medical_record=medical_record,
                identity_check=identity_check,
                decision=evaluation.as_json(),
                admitted_at=admitted_at,
                admitted_by=actor,
            )
        if invitation:
            visits.accept(invitation, episode, actor=actor, at=at)
        elif series.counts(sjp):
            series.take_slot(episode, on=on, parameters=parameters)
        journal.record("episode.admit", episode, actor=actor, sjp=sjp.number, decision=evaluation.decision)
    return episode


def _use(sjp, *, actor, at, admitted_at):
    sjp = SJP.apply(sjp, "use", actor=actor, at=admitted_at)
    if sjp.referral_id and sjp.referral.state in (ReferralState.ISSUED, ReferralState.ACCEPTED):
        REFERRAL.apply(sjp.referral, "use", actor=actor, at=at)
        bed_holds.arrived(sjp.referral, actor=actor, at=at)
        escalation.answered(sjp.referral, at=at)
    return sjp


def discharge(
    *,
    episode,
    actor,
    at,
    status,
    discharged_at=None,
    follow_up="",
    next_step=None,
    condition="",
    death_time=None,
):
    """End the episode at ``discharged_at``, or now. Returns the Episode.

    The letter and its referral are done, unless the patient comes back under it (``next_step``, or a series). Who died or
    was referred to another hospital does not: what was still to come is cancelled. Of a patient who died ``death_time`` says
    when, and the condition follows from it.
    """
    discharged_at = discharged_at or at
    if status not in DischargeStatus.values:
        raise Refused(_("Say how the patient left."))
    if discharged_at > at:
        raise Refused(_("The discharge lies in the future."))
    if discharged_at < episode.admitted_at:
        raise Refused(
            _("The discharge lies before the admission of %(moment)s.")
            % {"moment": formats.moment(episode.admitted_at)}
        )
    died = status == DischargeStatus.DECEASED
    if died:
        death_time = death_time or discharged_at
        if not episode.admitted_at <= death_time <= discharged_at:
            raise Refused(_("The time of death lies outside the stay."))
        next_step, condition = None, rules.condition_of_death(episode.admitted_at, death_time)
    with transaction.atomic():
        # Locked first, in the order of everywhere: nobody writes a control letter for a patient who has just left for good.
        sjp = visits.lock(episode.sjp)
        # A letter revoked during the stay stays revoked; the patient still goes home.
        gone = status in (DischargeStatus.DECEASED, DischargeStatus.REFERRED)
        if sjp.state != SjpState.REVOKED and (gone or not _comes_back(sjp, next_step)):
            visits.close(sjp, actor=actor, at=at)
        return EPISODE.apply(
            episode,
            "discharge",
            actor=actor,
            at=discharged_at,
            update={
                "discharge_status": status,
                "follow_up": follow_up,
                "next_step": next_step,
                "condition": condition,
                "death_time": death_time if died else None,
            },
        )


def _comes_back(sjp, next_step):
    return series.counts(sjp) or next_step in rules.COMES_BACK or visits.awaited(sjp)


def record_number(sjp):
    """The medical record number the hospital of ``sjp`` knows its patient by, or an empty text."""
    known = Episode.objects.of_patient(**sjp.holders).filter(hospital=sjp.hospital)
    return known.order_by("-pk").values_list("medical_record", flat=True).first() or ""


def elsewhere_on(sjp, on):
    """Visits of the patient to other hospitals on that day, for the desk to ask about: one day, one visit is the rule."""
    return (
        Episode.objects.of_patient(**sjp.holders)
        .filter(admitted_at__date=on)
        .exclude(hospital=sjp.hospital)
        .select_related("hospital")
    )


def _own(sjp, actor):
    if sjp.hospital_id not in actor.facility_ids(*DESK):
        raise NotAllowed(_("Only the hospital this letter is addressed to may do this."))


def _running_stay(sjp):
    """Why the patient cannot arrive here: a stay that still runs anywhere."""
    running = (
        Episode.objects.of_patient(**sjp.holders)
        .filter(state=EpisodeState.IN_CARE, service__in=rules.STAYS)
        .select_related("hospital")
        .first()
    )
    if running is None:
        return ""
    return _(
        "This patient is still admitted to %(hospital)s since %(moment)s. That hospital has to register the discharge first."
    ) % {"hospital": running.hospital, "moment": formats.moment(running.admitted_at)}


def _stay_on(sjp, on):
    """Why an arrival on a day in the past cannot be: the patient lay elsewhere. Out and in on one day is a move."""
    stay = (
        Episode.objects.of_patient(**sjp.holders)
        .filter(service__in=rules.STAYS, admitted_at__date__lte=on, discharged_at__date__gt=on)
        .select_related("hospital")
        .first()
    )
    if stay is None:
        return ""
    return _("This patient was admitted to %(hospital)s from %(since)s to %(until)s.") % {
        "hospital": stay.hospital,
        "since": formats.moment(stay.admitted_at),
        "until": formats.moment(stay.discharged_at),
    }


def _refuse_if(sentence, *, code=""):
    if sentence:
        raise Refused(sentence, code=code)
