"""Back-referrals (surat rujuk balik, letter L3): from the specialist to the Puskesmas, and the visits there. Domain.md B12."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from ksb.core import journal
from ksb.core.errors import Refused
from ksb.core.integrity import refusing
from referrals import hospital_letters, visits
from referrals.control import hospital_number, of_own_episode
from referrals.enums import EpisodeState, ReferralState, SjpState
from referrals.models import BackReferral, ProgrammeVisit
from referrals.workflow import BACK_REFERRAL, REFERRAL


def send(*, episode, puskesmas, actor, at, diagnosis, condition, therapy, warning_signs, doctor_name, **more):
    """Refer the patient of ``episode`` back to ``puskesmas``: closes the SJP. Returns the BackReferral.

    ``more`` are ``other_diagnoses``, ``procedures``, ``medicines``, ``advice``, ``programme`` and ``due_on``.
    Refused while the patient is in care, of a patient who died, and a second time.
    """
    of_own_episode(episode, actor)
    if episode.state == EpisodeState.IN_CARE:
        raise Refused(_("The patient is still in care. Register the discharge first."))
    if episode.death_time:
        raise Refused(_("The patient has died."))
    sent_already = {
        "referrals_backreferral_episode_id_key": _("The patient was already referred back after this visit.")
    }
    with transaction.atomic(), refusing(sent_already):
        sjp = visits.lock(episode.sjp)
        if sjp.state == SjpState.USED:
            sjp = visits.finish(sjp=sjp, actor=actor, at=at)
        if sjp.referral_id and sjp.referral.state in (ReferralState.USED, ReferralState.DONE):
            REFERRAL.apply(sjp.referral, "send_back", actor=actor, at=at)
        letter = BackReferral(
            episode=episode,
            sjp=sjp,
            **episode.holders,
            hospital=episode.hospital,
            puskesmas=puskesmas,
            diagnosis=diagnosis,
            condition=condition,
            therapy=therapy,
            warning_signs=warning_signs,
            doctor_name=doctor_name,
            sent_at=at,
            sent_by=actor,
            **more,
        )
        letter.number = hospital_number("SRB", episode.hospital, timezone.localdate(at))
        letter.letter = hospital_letters.back_referral_facts(letter)
        letter.save()
        journal.record("back_referral.send", letter, actor=actor, number=letter.number, puskesmas=puskesmas.code)
    return letter


def accept(*, letter, actor, at):
    """The Puskesmas takes the patient over."""
    return BACK_REFERRAL.apply(letter, "accept", actor=actor, at=at)


def record_visit(*, letter, visited_on, actor, at, next_on=None, note=""):
    """The patient came to the Puskesmas on ``visited_on``; ``next_on`` is when again. Returns the ProgrammeVisit."""
    if visited_on > timezone.localdate(at):
        raise Refused(_("The visit lies in the future."))
    if visited_on < timezone.localdate(letter.sent_at):
        raise Refused(_("The visit lies before the back-referral."))
    if next_on and next_on <= visited_on:
        raise Refused(_("The next visit comes after this one."))
    there = {"one_visit_a_day_after_a_back_referral": _("A visit on this day is recorded already.")}
    with transaction.atomic(), refusing(there):
        fresh = BackReferral.objects.select_for_update(no_key=True, of=("self",)).get(pk=letter.pk)
        first = min(visited_on, fresh.visited_on or visited_on)
        latest = not fresh.visits.filter(visited_on__gt=visited_on).exists()
        update = {"visited_on": first, **({"due_on": next_on} if latest else {})}
        BACK_REFERRAL.apply(letter, "visit", actor=actor, at=at, update=update)
        return ProgrammeVisit.objects.create(
            back_referral=letter,
            visited_on=visited_on,
            note=note,
            next_on=next_on,
            recorded_at=at,
            recorded_by=actor,
        )


def end(*, letter, reason, actor, at):
    """The follow-up ends: the patient moved, died, or needs it no more."""
    if not reason.strip():
        raise Refused(_("Write down the reason."))
    return BACK_REFERRAL.apply(letter, "end", actor=actor, at=at, update={"ending": reason.strip(), "due_on": None})
