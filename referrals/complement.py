"""Letters beside JKN: a member of JKN, a service JKN leaves out, a proof, and always Dinkes. Domain.md C18, B28, MK 007/2005."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from ksb.core import journal, uploads
from ksb.core.errors import NotAllowed, Refused
from ksb.core.scheme import Parameters, scheme_on
from participants.eligibility import Effect, evaluate
from participants.enums import Decision
from referrals import guarantee, issuing, letters, routing, rules
from referrals.coverage import NotCovered
from referrals.guarantee import Grounds
from referrals.models import Proof, Referral, Sjp
from referrals.workflow import CLERK

FOLDER = "proofs"


def categories(on):
    """The categories the scheme in force takes over, in its order."""
    scheme = scheme_on(on)
    return scheme.parameters.complement_categories if scheme else ()


def route(puskesmas, *, service, specialty, at):
    """The routing list of the clerk's journey."""
    on = timezone.localdate(at)
    scheme = scheme_on(on)
    parameters = scheme.parameters if scheme else Parameters()
    return routing.options(
        specialty=specialty, service=service, puskesmas=puskesmas, on=on, at=at, parameters=parameters
    )


def request(
    *,
    resident,
    actor,
    at,
    puskesmas,
    category,
    file,
    proof_kind,
    proof_number,
    proof_dated,
    hospital,
    service,
    specialty,
    pass_over_reason="",
    **found,
):
    """Ask Dinkes for a letter of ``category`` for a member of JKN; returns the Sjp that waits.

    ``found`` are diagnosis, reason, complaint, findings, therapy and doctor_name. Raises NotAllowed, NotCovered (nothing of
    JKN stands in the way, or something else does), or Refused (category, file, hospital, a letter the patient holds).
    """
    if puskesmas.pk not in actor.facility_ids(*CLERK):
        raise NotAllowed(_("Only a clerk of this Puskesmas issues its letters."))
    on = timezone.localdate(at)
    about = {"resident": resident, "newborn": None, "specialty": specialty, "service": service}
    with uploads.kept(file, folder=FOLDER) as (scan,), issuing.one_unused(**about), transaction.atomic():
        evaluation = _coverage(resident, category, service, hospital, on=on, at=at)
        parameters = scheme_on(on).parameters
        listed = route(puskesmas, service=service, specialty=specialty, at=at)
        passed_over = routing.check(
            hospital=hospital, pass_over_reason=pass_over_reason, found=listed, parameters=parameters
        )
        issuing.refuse_duplicate(**about)
        referral = Referral(
            **about,
            **found,
            puskesmas=puskesmas,
            hospital=hospital,
            pass_over_reason=passed_over,
            valid_from=on,
            valid_until=rules.referral_last_day(on, parameters),
            issued_at=at,
            issued_by=actor,
            number=guarantee.number("RUJ", puskesmas, on),
        )
        referral.ward = rules.ward_for(service)
        referral.letter = letters.referral_facts(referral)
        referral.save()
        sjp = Sjp(
            **about,
            referral=referral,
            puskesmas=puskesmas,
            hospital=hospital,
            diagnosis=referral.diagnosis,
            complement=category,
        )
        grounds = Grounds(
            parameters=parameters,
            decision=evaluation.as_json(),
            scheme_id=evaluation.scheme_id,
            passed_over=passed_over,
        )
        sjp = guarantee.write(sjp, grounds, actor=actor, on=on, at=at)
        _attach(sjp, scan, proof_kind, proof_number, proof_dated, actor=actor, at=at)
    return sjp


def _coverage(resident, category, service, hospital, *, on, at):
    evaluation = evaluate(resident, on=on, at=at, service=service, facility=hospital, complement=category)
    if not evaluation.covered:
        raise NotCovered(evaluation)
    if evaluation.decision != Decision.COVERED_COMPLEMENTARY:
        raise Refused(_("JKN does not cover this patient now: write an ordinary letter."))
    if not evaluation.guaranteed:
        raise Refused(next(r.message for r in evaluation.applying if r.effect == Effect.WITHHOLDS))
    return evaluation


def _attach(sjp, scan, kind, number, dated, *, actor, at):
    proof = Proof.objects.create(
        sjp=sjp,
        kind=kind,
        number=number,
        dated=dated,
        **scan.columns(at=at, actor=actor),
    )
    journal.record("proof.attach", proof, actor=actor, kind=kind, sha256=scan.sha256)


def hand_out(*, proof, actor):
    """The scan as an answer to a browser; every look is on record."""
    journal.record("proof.view", proof, actor=actor, kind=proof.kind)
    return uploads.hand_out(proof.path, media_type=proof.media_type, name=f"bukti-{proof.kind.lower()}")
