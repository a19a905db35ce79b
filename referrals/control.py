"""Control letters (SKDP, letter L4) and referrals between the clinics of a hospital. Domain.md B8 steps 9 and 10."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from ksb.core import formats, journal
from ksb.core.errors import NotAllowed, Refused
from ksb.core.integrity import refusing
from ksb.core.numbering import next_number
from ksb.core.scheme import Parameters, scheme_on
from referrals import hospital_letters, rules, visits
from referrals.models import ControlLetter, InternalReferral
from referrals.workflow import CONTROL, DESK


def last_day(sjp, on):
    """The last day a patient of ``sjp`` may be called back for, by the rules of ``on``."""
    scheme = scheme_on(on)
    return rules.last_visit_day(sjp, scheme.parameters if scheme else Parameters())


def write(*, episode, specialty, doctor_name, control_on, reason, actor, at):
    """Call the patient back to a clinic on ``control_on``; returns the ControlLetter.

    An open control letter for the same clinic gives way to the new one. Refused when the day lies before this visit or
    after the referral, or when the letter is not in use any more.
    """
    of_own_episode(episode, actor)
    on = timezone.localdate(at)
    if not reason.strip():
        raise Refused(_("Say why the patient is not referred back to the Puskesmas yet."))
    with transaction.atomic():
        sjp = visits.lock_in_use(episode.sjp)
        until = last_day(sjp, on)
        if control_on < max(on, timezone.localdate(episode.admitted_at)):
            raise Refused(_("The control date lies in the past."))
        if control_on > until:
            raise Refused(
                _("The referral of this SJP is valid until %(day)s; a control visit cannot be later.")
                % {"day": formats.day(until)}
            )
        for earlier in ControlLetter.objects.to_come().filter(sjp=sjp, specialty=specialty):
            CONTROL.apply(earlier, "cancel", actor=actor, at=at, data={"replaced": True})
        letter = ControlLetter(
            episode=episode,
            sjp=sjp,
            **sjp.holders,
            hospital=sjp.hospital,
            puskesmas=sjp.puskesmas,
            specialty=specialty,
            doctor_name=doctor_name,
            control_on=control_on,
            valid_until=until,
            reason=reason.strip(),
            issued_at=at,
            issued_by=actor,
        )
        letter.number = hospital_number("SKDP", sjp.hospital, on)
        letter.letter = hospital_letters.control_facts(letter)
        letter.save()
        journal.record("control.issue", letter, actor=actor, number=letter.number)
    return letter


def cancel(*, letter, actor, at):
    """The patient is not called back after all."""
    return CONTROL.apply(letter, "cancel", actor=actor, at=at)


def refer_internally(*, episode, specialty, doctor_name, question, actor, at):
    """Send the patient to another clinic of the hospital under the same letter; returns the InternalReferral."""
    of_own_episode(episode, actor)
    if not question.strip():
        raise Refused(_("Write down the question to the other clinic."))
    if specialty == episode.clinic:
        raise Refused(_("The patient is at this clinic already. Choose another one."))
    there = {"one_internal_referral_per_visit_and_clinic": _("This visit already refers the patient to this clinic.")}
    with transaction.atomic(), refusing(there):
        sjp = visits.lock_in_use(episode.sjp)
        referral = InternalReferral.objects.create(
            episode=episode,
            specialty=specialty,
            doctor_name=doctor_name,
            question=question.strip(),
            valid_until=last_day(sjp, timezone.localdate(at)),
            written_at=at,
            written_by=actor,
        )
        journal.record("internal_referral.write", referral, actor=actor, specialty=specialty.pk)
    return referral


def of_own_episode(episode, actor):
    """Only the hospital that treats the patient writes about the treatment."""
    if episode.hospital_id not in actor.facility_ids(*DESK):
        raise NotAllowed(_("Only the hospital that treats the patient may do this."))


def hospital_number(kind, hospital, on):
    """``000012/SKDP/3275012/XI/2026``: sequence per hospital and year, without gaps."""
    sequence = next_number(kind, hospital.code, on.year)
    return f"{sequence:06d}/{kind}/{hospital.code}/{formats.roman_month(on.month)}/{on.year}"
