"""Writing, cancelling, revoking and renewing guarantee letters (SJP) with their referrals. Domain.md B8, B9, B14.

Every act is one transaction: the decision is taken anew inside it, numbers are gapless and given back by a rollback, and
``sjp.issued`` / ``sjp.released`` go out with the change that makes them true.
"""

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from facilities.enums import Role, Service
from ksb.core import formats, outbox
from ksb.core.errors import NotAllowed, Refused, WrongState
from ksb.core.integrity import constraint_of
from ksb.core.scheme import scheme_on
from participants import newborns
from participants.eligibility import Effect, evaluate
from participants.models import SpecialCover
from referrals import bed_holds, cases, escalation, guarantee, letters, quota, routing, rules
from referrals.coverage import NotCovered
from referrals.enums import ReferralState
from referrals.guarantee import Grounds
from referrals.models import Draft, Referral, Sjp
from referrals.workflow import CLERK, REFERRAL, SJP

ONE_UNUSED = "one_unused_sjp_per_person_specialty_and_service"
# The unique indexes of the database that say the same, by what the patient is known.
ONE_UNUSED_OF_ANYBODY = (
    ONE_UNUSED,
    "one_unused_sjp_per_newborn_and_specialty",
    "one_unused_sjp_per_special_person",
)
REVOKED = "sjp.revoked"
OPEN_REFERRAL = (ReferralState.ISSUED, ReferralState.ACCEPTED)


def issue(
    *,
    actor,
    at,
    puskesmas,
    hospital,
    specialty,
    service,
    diagnosis,
    reason,
    complaint,
    findings,
    doctor_name,
    pass_over_reason="",
    therapy="",
    ward="",
    transport="",
    examined=None,
    draft=None,
    known_at=None,
    resident=None,
    newborn=None,
    special=None,
    exclusion="",
):
    """Issue a referral and its SJP for ``resident`` at ``at``; returns the Sjp.

    ``newborn`` is the child the letter is for while it has no NIK; ``resident`` is then its parent. A person without NIK has
    no resident: ``special`` is the SpecialCover by which the register knows them. ``ward`` is the kind of bed, of those
    ``service`` may ask for; ``examined`` holds the fields of ``Examination`` by name. ``exclusion`` is the Exclusion the
    service falls under (rule C30), as the doctor says.

    ``known_at``: the decision rests on what is known then, for letters entered after the fact (an outage, a demonstration).
    ``draft`` becomes this one letter: asked again for the same draft, the letter it has become is returned; a draft that goes
    on from a refused referral continues its case. Raises
    NotAllowed (not a clerk of ``puskesmas``), NotCovered with the evaluation, or Refused (hospital, duplicate).
    """
    if puskesmas.pk not in actor.facility_ids(*CLERK):
        raise NotAllowed(_("Only a clerk of this Puskesmas issues its letters."))
    if special is not None and service == Service.HAEMODIALYSIS:
        raise Refused(
            _("Sessions are counted by the NIK: have Dinkes say who the patient is. In need, ask for inpatient care.")
        )
    if special is not None:
        resident = special.resident  # identified between two pages
    on = timezone.localdate(at)
    about = {"resident": resident, "newborn": newborn, "special": special, "specialty": specialty, "service": service}
    with one_unused(**about), transaction.atomic():
        if draft is not None:
            draft = Draft.objects.select_for_update(of=("self",)).select_related("earlier").get(pk=draft.pk)
            if draft.sjp_id:
                return draft.sjp
        history = cases.history(draft, at=at)
        referral = Referral(
            puskesmas=puskesmas,
            hospital=hospital,
            diagnosis=diagnosis,
            reason=reason,
            pass_over_reason=pass_over_reason,
            complaint=complaint,
            findings=findings,
            therapy=therapy,
            doctor_name=doctor_name,
            ward=rules.ward_for(service, ward),
            transport=transport,
            valid_from=on,
            issued_at=at,
            issued_by=actor,
            **about,
            **(examined or {}),
        )
        if draft is not None and draft.earlier_id:
            referral.earlier = cases.last_to_go_on_from(draft.earlier)
            referral.first_id = cases.first_of(referral.earlier)
        grounds = _grounds(referral, on=on, at=at, known_at=known_at, history=history, exclusion=exclusion)
        referral.pass_over_reason = grounds.passed_over
        referral.answer_due = rules.answer_due(service, reason, at, grounds.parameters)
        referral.valid_until = rules.referral_last_day(on, grounds.parameters)
        referral.number = guarantee.number("RUJ", puskesmas, on)
        referral.letter = letters.referral_facts(referral)
        referral.save()
        sjp = _guarantee(referral, grounds, actor=actor, on=on, at=at)
        if draft is not None:
            draft.sjp = sjp
            draft.answers = {}  # the letter holds them now: no second copy of health data
            draft.save(update_fields=["sjp", "answers"])
        if history.named == hospital.pk:
            escalation.accept_as_found(referral, found=history.found, at=at)
    return sjp


def renew(*, referral, actor, at):
    """A new SJP from a referral that is still valid, after the earlier one expired unused. Coverage is decided anew."""
    if referral.puskesmas_id not in actor.facility_ids(*CLERK):
        raise NotAllowed(_("Only a clerk of this Puskesmas issues its letters."))
    on = timezone.localdate(at)
    about = referral.holders | {"specialty": referral.specialty, "service": referral.service}
    with one_unused(**about), transaction.atomic():
        referral = Referral.objects.select_for_update(no_key=True, of=("self",)).get(pk=referral.pk)
        if referral.state not in OPEN_REFERRAL or on > referral.valid_until:
            raise WrongState(_("The referral is no longer valid. Examine the patient and issue a new one."))
        return _guarantee(referral, _grounds(referral, on=on, at=at), actor=actor, on=on, at=at)


def _grounds(referral, *, on, at, known_at=None, history=None, exclusion=""):
    """Check person, hospital and duplicates for the letter ``referral`` speaks of. Raises NotCovered or Refused."""
    scheme = scheme_on(on)
    evaluation = _evaluation(referral, scheme=scheme, on=on, at=at, known_at=known_at, exclusion=exclusion)
    if not evaluation.covered:
        raise NotCovered(evaluation)
    parameters = scheme.parameters
    quota.take_turn(referral.hospital, on=on)
    found = routing.options(
        specialty=referral.specialty,
        service=referral.service,
        puskesmas=referral.puskesmas,
        on=on,
        at=at,
        parameters=parameters,
        ward=referral.ward,
        history=history,
    )
    passed_over = routing.check(
        hospital=referral.hospital,
        pass_over_reason=referral.pass_over_reason,
        found=found,
        parameters=parameters,
        history=history,
    )
    if not evaluation.guaranteed:
        raise Refused(next(r.message for r in evaluation.applying if r.effect == Effect.WITHHOLDS))
    refuse_duplicate(**referral.holders, specialty=referral.specialty, service=referral.service)
    return Grounds(
        parameters=parameters,
        decision=evaluation.as_json(),
        scheme_id=evaluation.scheme_id,
        passed_over=passed_over,
    )


def bridged(resident):
    """How many letters were issued to ``resident`` after JKN or PBI had ended (rule C16). Of who has no NIK no list tells."""
    if isinstance(resident, SpecialCover):
        return 0
    return Sjp.objects.filter(resident=resident, decision__reasons__contains=[{"rule": "C15"}]).count()


def _evaluation(referral, *, scheme, on, at, known_at, exclusion):
    """The patient's; of a child without NIK what its parents were on the day of its birth."""
    if not referral.child:
        return evaluate(
            referral.person,
            on=on,
            service=referral.service,
            facility=referral.hospital,
            at=at,
            known_at=known_at,
            exclusion=exclusion,
            bridged=bridged(referral.person) if scheme and scheme.parameters.bridge_max is not None else 0,
        )
    last = newborns.cover_ends(referral.child)
    if on > last:
        raise Refused(
            _("Without its own NIK the child got letters until %(day)s. Register the birth at Disdukcapil.")
            % {"day": formats.day(last)},
            code="C02",
        )
    return newborns.decide(referral.child, at=at, facility=referral.hospital)


def _guarantee(referral, grounds, *, actor, on, at):
    """The SJP of ``referral``, or the request for one that Dinkes decides on."""
    sjp = Sjp(
        referral=referral,
        **referral.holders,
        puskesmas=referral.puskesmas,
        hospital=referral.hospital,
        specialty=referral.specialty,
        service=referral.service,
        diagnosis=referral.diagnosis,
    )
    return guarantee.write(sjp, grounds, actor=actor, on=on, at=at)


# One unused letter per person, specialty and service, whichever Puskesmas wrote it


def refuse_duplicate(*, resident, specialty, service, newborn=None, special=None):
    """Raise Refused with the number of the unused letter the person, or the child, already holds for this."""
    other = (
        Sjp.objects.unused()
        .of_patient(resident=resident, newborn=newborn, special=special)
        .filter(specialty=specialty, service=service)
        .select_related("puskesmas", "hospital")
        .first()
    )
    if other is not None:
        raise Refused(
            _(
                "This patient already holds an unused SJP for %(specialty)s: %(number)s of %(puskesmas)s to %(hospital)s, "
                "valid until %(day)s. Use that one, or have it cancelled first."
            )
            % {
                "specialty": specialty,
                "number": other.number,
                "puskesmas": other.puskesmas,
                "hospital": other.hospital,
                "day": formats.day(other.valid_until),
            },
            code=ONE_UNUSED,
        )


class one_unused:
    """The unique index of the database speaks when two clerks were at it at once: the loser reads the winner's number."""

    def __init__(self, **about):
        self.about = about

    def __enter__(self):
        return self

    def __exit__(self, kind, violation, trace):
        if isinstance(violation, IntegrityError) and constraint_of(violation) in ONE_UNUSED_OF_ANYBODY:
            refuse_duplicate(**self.about)
        return False


# The ends before use


def cancel(*, sjp, actor, at, reason):
    """The issuing Puskesmas takes back an unused letter and its referral."""
    return _end(sjp, "cancel", actor=actor, at=at, reason=reason)


def withdraw(*, sjp, actor, at, reason):
    """The hospital that wrote the letter for its own patient takes it back unused."""
    return _end(sjp, "withdraw", actor=actor, at=at, reason=reason)


def revoke(*, sjp, actor, at, reason):
    """Dinkes withdraws the guarantee, also of a letter in use (fraud, another payer covers). A running stay goes on unpaid."""
    return _end(sjp, "revoke", actor=actor, at=at, reason=reason)


def _end(sjp, name, *, actor, at, reason):
    if not reason.strip():
        raise Refused(_("Write down the reason."))
    with transaction.atomic():
        sjp = SJP.apply(sjp, name, actor=actor, at=at, update={"reason": reason.strip()})
        if sjp.referral_id and sjp.referral.state in OPEN_REFERRAL:
            REFERRAL.apply(sjp.referral, name, actor=actor, at=at)
            bed_holds.ended(sjp.referral, actor=actor, at=at)
        outbox.emit("sjp.released", sjp, why=name)
        if name == "revoke":
            outbox.emit(REVOKED, sjp)
    return sjp


def may_renew(sjp, *, actor, on):
    """Whether the button for a new SJP from the same referral makes sense."""
    referral = sjp.referral
    return (
        sjp.state == "EXPIRED"
        and referral is not None
        and actor.has_role(Role.PUSKESMAS_CLERK)
        and referral.state in OPEN_REFERRAL
        and on <= referral.valid_until
    )
