"""From one hospital to another without a new visit to the Puskesmas. Domain.md B11.

The hospital that has the patient writes the referral and a child letter; the other one answers as it answers a Puskesmas. On
departure the first stay ends as referred and its letter is finished; each hospital claims its own episode.
"""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from facilities.models import Facility
from ksb.core import journal
from ksb.core.errors import NotAllowed, Refused, WrongState
from ksb.core.scheme import Parameters, scheme_on
from participants import newborns
from participants.eligibility import Effect, evaluate
from referrals import cases, guarantee, hospital, issuing, letters, routing, rules, series
from referrals.coverage import NotCovered
from referrals.enums import DischargeStatus, EpisodeState, ReferralState, SeriesEnd, SjpState
from referrals.guarantee import Grounds
from referrals.models import Episode, Referral, Sjp
from referrals.workflow import DESK

ON_THE_WAY = (SjpState.WAITING, SjpState.ISSUED)


def route(sjp, *, service, specialty, at):
    """The routing list as the Puskesmas has it, seen from the hospital the patient is in, which itself is left out."""
    on = timezone.localdate(at)
    here = Facility.objects.select_related("kecamatan").get(pk=sjp.hospital_id)
    found = routing.options(
        specialty=specialty, service=service, puskesmas=here, on=on, at=at, parameters=_parameters(on)
    )
    return [option for option in found if option.hospital.pk != here.pk]


def running(sjp):
    """The episode of ``sjp`` that runs, or None."""
    return Episode.objects.filter(sjp=sjp, state=EpisodeState.IN_CARE).order_by("pk").first()


def may_move(sjp, *, actor):
    """Whether the button makes sense: a patient in care here, or one whose series goes on elsewhere."""
    return (
        sjp.state == SjpState.USED
        and sjp.hospital_id in actor.facility_ids(*DESK)
        and (running(sjp) is not None or bool(sjp.series_id and sjp.series.is_running))
        and not sjp.children.filter(state__in=ON_THE_WAY).exists()
    )


def request(*, sjp, actor, at, hospital, service, specialty, direction, pass_over_reason="", **found):
    """Refer the patient of ``sjp`` on to ``hospital``; returns the child Sjp, or the request for it that Dinkes decides on.

    ``found`` are diagnosis, reason, complaint, findings, therapy and doctor_name. Raises NotAllowed, WrongState when nobody
    is in care under the letter, NotCovered, or Refused (hospital, an answer still open).
    """
    on = timezone.localdate(at)
    if sjp.hospital_id not in actor.facility_ids(*DESK):
        raise NotAllowed(_("Only the hospital that has the patient refers on."))
    about = sjp.holders
    with issuing.one_unused(**about, specialty=specialty, service=service), transaction.atomic():
        sjp = Sjp.objects.select_for_update(no_key=True, of=("self",)).with_names().get(pk=sjp.pk)
        _check(sjp, actor)
        listed = route(sjp, service=service, specialty=specialty, at=at)
        parameters = _parameters(on)
        passed_over = routing.check(
            hospital=hospital, pass_over_reason=pass_over_reason, found=listed, parameters=parameters
        )
        evaluation = _coverage(sjp, hospital, service, on=on, at=at)
        issuing.refuse_duplicate(**about, specialty=specialty, service=service)
        about |= {"puskesmas": sjp.puskesmas, "hospital": hospital, "specialty": specialty, "service": service}
        referral = _refer(sjp, {**about, **found}, passed_over, direction, actor=actor, on=on, at=at)
        child = Sjp(
            referral=referral,
            parent=sjp,
            issuing_hospital=sjp.hospital,
            diagnosis=referral.diagnosis,
            **about,
        )
        grounds = Grounds(
            parameters=parameters,
            decision=evaluation.as_json(),
            scheme_id=evaluation.scheme_id,
            passed_over=passed_over,
        )
        child = guarantee.write(child, grounds, actor=actor, on=on, at=at)
        journal.record("sjp.move", sjp, actor=actor, child=child.number, hospital=hospital.code)
    return child


def _check(sjp, actor):
    if sjp.state != SjpState.USED:
        raise WrongState(_("Only a patient in care is referred on: the letter is not in use."))
    if sjp.children.filter(state__in=ON_THE_WAY).exists():
        raise WrongState(_("This patient is referred on already. Take that letter back first."))
    if not may_move(sjp, actor=actor):
        raise WrongState(_("Only a patient in care is referred on: nobody is registered under this letter."))


def _coverage(sjp, hospital, service, *, on, at):
    """Running care stays guaranteed (rules C01, C06); of a child without NIK what its parents were at its birth."""
    if sjp.child:
        evaluation = newborns.decide(sjp.child, at=at, facility=hospital)
    else:
        stay = running(sjp)
        begun = timezone.localdate(stay.admitted_at) if stay else None
        told = {"running_since": begun, "complement": sjp.complement}
        evaluation = evaluate(sjp.person, on=on, at=at, service=service, facility=hospital, **told)
    if not evaluation.covered:
        raise NotCovered(evaluation)
    if not evaluation.guaranteed:
        raise Refused(next(r.message for r in evaluation.applying if r.effect == Effect.WITHHOLDS))
    return evaluation


def _refer(sjp, facts, passed_over, direction, *, actor, on, at):
    referral = Referral(
        **facts,
        issuing_hospital=sjp.hospital,
        direction=direction,
        pass_over_reason=passed_over,
        valid_from=on,
        valid_until=rules.referral_last_day(on, _parameters(on)),
        issued_at=at,
        issued_by=actor,
        number=guarantee.number("RUJ", sjp.hospital, on),
    )
    if refused := _last_refused(sjp):
        referral.earlier, referral.first_id = refused, cases.first_of(refused)
    referral.answer_due = rules.answer_due(referral.service, referral.reason, at, _parameters(on))
    referral.ward = rules.ward_for(referral.service)
    referral.letter = letters.referral_facts(referral)
    referral.save()
    return referral


def _last_refused(sjp):
    """The referral of this patient a hospital has just refused: the next one goes on with its case."""
    refused = Referral.objects.filter(sjps__parent=sjp, state=ReferralState.REFUSED, later__isnull=True)
    return refused.order_by("-pk").first()


def refusals(sjp):
    """How many hospitals have refused this patient so far."""
    return sjp.children.filter(state=SjpState.CANCELLED, referral__state=ReferralState.REFUSED).count()


def may_depart(child, *, actor):
    """Whether the button makes sense: the other hospital has accepted, and the patient is still in care here."""
    return (
        child.state == SjpState.ISSUED
        and child.issuing_hospital_id in actor.facility_ids(*DESK)
        and bool(child.referral_id)
        and child.referral.state == ReferralState.ACCEPTED
        and child.parent.state == SjpState.USED
    )


def depart(*, child, actor, at, departed_at=None):
    """The patient has left for the hospital of ``child``: the stay here ends as referred, or the series as moved."""
    with transaction.atomic():
        rows = Sjp.objects.select_for_update(no_key=True, of=("self",)).with_names()
        child = rows.select_related("parent__series").get(pk=child.pk)
        sjp = child.parent
        if child.issuing_hospital_id is None:
            raise WrongState(_("This letter does not lead from one hospital to another."))
        if child.issuing_hospital_id not in actor.facility_ids(*DESK):
            raise NotAllowed(_("Only the hospital that wrote this letter may do this."))
        if sjp is None or child.state != SjpState.ISSUED:
            raise WrongState(_("The letter for the other hospital is not in force."))
        if child.referral is None or child.referral.state != ReferralState.ACCEPTED:
            raise WrongState(_("The other hospital has not accepted the patient yet."))
        stay, programme = running(sjp), sjp.series if sjp.series_id and sjp.series.is_running else None
        if stay is None and programme is None:
            raise WrongState(_("The patient has left already."))
        if stay is not None:
            hospital.discharge(
                episode=stay,
                actor=actor,
                at=at,
                discharged_at=departed_at,
                status=DischargeStatus.REFERRED,
                follow_up=_("Referred to %(hospital)s, %(number)s")
                % {"hospital": child.hospital, "number": child.number},
            )
        if programme is not None:
            series.end(series=programme, actor=actor, at=at, reason=SeriesEnd.MOVED)
    return child


def _parameters(on):
    scheme = scheme_on(on)
    return scheme.parameters if scheme else Parameters()
