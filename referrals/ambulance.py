"""Ambulance trips: asked for at a desk, driven by a hospital under contract, each with a letter of its own. Domain.md B26."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from facilities.enums import Service
from facilities.models import Contract, Facility
from ksb.core import journal
from ksb.core.errors import NotAllowed, Refused
from ksb.core.scheme import scheme_on
from participants import newborns
from participants.eligibility import Effect, evaluate
from referrals import guarantee, issuing
from referrals.coverage import NotCovered
from referrals.enums import DischargeStatus, SjpState, TripOrigin
from referrals.guarantee import Grounds
from referrals.models import AmbulanceTariff, AmbulanceTrip, Episode, Sjp
from referrals.workflow import CLERK, DESK, EPISODE, SJP

CARRIED = (SjpState.ISSUED, SjpState.USED)


def may_ask(sjp, *, actor):
    """Whether the button makes sense: a letter in force, at a desk that knows the patient."""
    return sjp.service != Service.AMBULANCE and sjp.state in CARRIED and _is_own(sjp, actor)


def _is_own(sjp, actor):
    own = {sjp.hospital_id, sjp.issuing_hospital_id} & set(actor.facility_ids(*DESK))
    return bool(own) or sjp.puskesmas_id in actor.facility_ids(*CLERK)


def providers(on):
    """Hospitals whose contract of that day includes ambulance trips."""
    contracted = Contract.objects.in_force(on, service=Service.AMBULANCE).values("facility")
    return Facility.objects.hospitals().filter(active=True, pk__in=contracted).order_by("name")


def request(*, for_sjp, actor, at, provider, origin, origin_place, destination, emergency, expected_km):
    """A trip for the patient of ``for_sjp``, by the ambulance of ``provider``; returns the AmbulanceTrip with its letter.

    Raises NotAllowed, NotCovered, or Refused (not covered by the scheme, no contract, a trip still open).
    """
    if not may_ask(for_sjp, actor=actor):
        raise NotAllowed(_("A trip is asked for by the desk that has the patient, under a letter in force."))
    on = timezone.localdate(at)
    scheme = scheme_on(on)
    _refuse_by_scheme(scheme, origin)
    about = for_sjp.holders | {"specialty": for_sjp.specialty, "service": Service.AMBULANCE}
    with issuing.one_unused(**about), transaction.atomic():
        evaluation = _coverage(for_sjp, provider, on=on, at=at)
        issuing.refuse_duplicate(**about)
        sjp = Sjp(
            **about,
            puskesmas=for_sjp.puskesmas,
            hospital=provider,
            issuing_hospital=_writing_hospital(for_sjp, actor),
            diagnosis=for_sjp.diagnosis,
            complement=for_sjp.complement,
        )
        trip = AmbulanceTrip(
            for_sjp=for_sjp,
            origin=origin,
            origin_place=origin_place,
            destination=destination,
            emergency=emergency,
            expected_km=expected_km,
        )
        sjp.ambulance_trip = trip
        grounds = Grounds(parameters=scheme.parameters, decision=evaluation.as_json(), scheme_id=evaluation.scheme_id)
        price = price_of(on=on, emergency=emergency, km=expected_km)
        trip.sjp = guarantee.write(sjp, grounds, actor=actor, on=on, at=at, estimate=price)
        trip.save()
        journal.record("trip.request", trip, actor=actor, sjp=sjp.number, origin=origin)
    return trip


def _refuse_by_scheme(scheme, origin):
    if scheme is None or not scheme.parameters.ambulance_guaranteed:
        raise Refused(_("The programme does not cover ambulance trips under the rules in force."))
    if origin == TripOrigin.HOME and not scheme.parameters.ambulance_from_home:
        raise Refused(
            _("Trips from home are not covered yet. Call PSC 119; the programme covers trips between facilities."),
            code="AMBULANCE_HOME",
        )


def _coverage(sjp, provider, *, on, at):
    if sjp.child:
        evaluation = newborns.decide(sjp.child, at=at, facility=provider)
    else:
        asked = {"service": Service.AMBULANCE, "facility": provider, "complement": sjp.complement}
        evaluation = evaluate(sjp.person, on=on, at=at, running_since=sjp.valid_from, **asked)
    if not evaluation.covered:
        raise NotCovered(evaluation)
    if not evaluation.guaranteed:
        raise Refused(next(r.message for r in evaluation.applying if r.effect == Effect.WITHHOLDS))
    return evaluation


def _writing_hospital(sjp, actor):
    own = [pk for pk in (sjp.issuing_hospital_id, sjp.hospital_id) if pk in actor.facility_ids(*DESK)]
    return Facility.objects.get(pk=own[0]) if own else None


def price_of(*, on, emergency, km):
    """Whole rupiah by the tariff of ``on``, or None where Dinkes has entered none."""
    tariff = AmbulanceTariff.objects.on(on, emergency=emergency)
    return tariff.price(km) if tariff else None


def complete(*, trip, actor, at, vehicle, crew, km, departed_at, arrived_at):
    """The patient has arrived: kilometres, crew, amount; the letter can be claimed. Returns the trip."""
    if not departed_at <= arrived_at <= at:
        raise Refused(_("The arrival lies before the departure, or in the future."))
    with transaction.atomic():
        sjp = SJP.apply(trip.sjp, "use", actor=actor, at=departed_at)
        episode = Episode.objects.create(
            sjp=sjp,
            **sjp.holders,
            hospital=sjp.hospital,
            service=sjp.service,
            identity_check="KTP_SEEN",
            decision=sjp.decision,
            admitted_at=departed_at,
            admitted_by=actor,
        )
        update = {"discharge_status": DischargeStatus.OTHER}
        EPISODE.apply(episode, "discharge", actor=actor, at=arrived_at, update=update)
        SJP.apply(sjp, "finish", actor=actor, at=at)
        trip.vehicle, trip.crew, trip.km = vehicle, crew, km
        trip.departed_at, trip.departed_by = departed_at, actor
        trip.arrived_at, trip.arrived_by = arrived_at, actor
        trip.amount = price_of(on=timezone.localdate(departed_at), emergency=trip.emergency, km=km)
        trip.save()
        journal.record("trip.complete", trip, actor=actor, sjp=sjp.number, km=km)
    return trip
