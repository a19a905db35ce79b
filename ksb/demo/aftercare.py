"""What follows a stay of the demonstration: its summary, and of the newest ones control letters and ways back."""

import datetime

from django.utils import timezone

from facilities.models import User
from referrals import back_referral, control, handover, resume, series
from referrals.enums import FollowUp, Programme
from referrals.models import BackReferral

DOCTOR = "dr. Ayu Lestari, Sp.PD"
WRITTEN_AFTER = datetime.timedelta(days=4)  # younger stays still wait for their summary
RECENT = datetime.timedelta(days=20)
CONTROL_EVERY, BACK_EVERY = 4, 3
WEEK = datetime.timedelta(days=7)
PROGRAMMES = {"I10": Programme.HYPERTENSION, "E11": Programme.DIABETES, "J45": Programme.ASTHMA}


def next_step(sjp, moment, *, at):
    """What a discharge of the city's file says comes next: of the newest outpatients some come back for control."""
    comes_back = sjp.service == "OUTPATIENT" and at - moment < RECENT and sjp.pk % CONTROL_EVERY == 0
    return FollowUp.CONTROL if comes_back else FollowUp.HOME


def follow(episode, *, actor, at, now):
    """Complete the summary of a stay that ended at ``at``, and write what comes next."""
    if now - at > WRITTEN_AFTER:
        _summarise(episode, actor, at)
    if episode.next_step == FollowUp.CONTROL:
        control.write(
            episode=episode,
            specialty=episode.sjp.specialty,
            doctor_name=DOCTOR,
            control_on=timezone.localdate(max(at + WEEK, now)),
            reason="Dosis obat belum tetap, perlu evaluasi laboratorium.",
            actor=actor,
            at=at,
        )
    elif _is_referred_back(episode) and now - at < RECENT:
        _refer_back(episode, actor, at)


def _is_referred_back(episode):
    return episode.pk % BACK_EVERY == 0 and not episode.death_time and not series.counts(episode.sjp)


def _summarise(episode, actor, at):
    resume.save(
        episode=episode,
        actor=actor,
        at=at,
        complaint="Keluhan sesuai rujukan Puskesmas.",
        findings="Keadaan umum baik, tanda vital stabil.",
        diagnosis=episode.sjp.diagnosis,
        therapy="Terapi sesuai panduan praktik klinik.",
        advice="Minum obat teratur, kontrol ke Puskesmas.",
        doctor_name=DOCTOR,
    )
    resume.complete(episode=episode, actor=actor, at=at)


def _refer_back(episode, actor, at):
    diagnosis = episode.sjp.diagnosis
    back_referral.send(
        episode=episode,
        puskesmas=episode.sjp.puskesmas,
        actor=actor,
        at=at,
        diagnosis=diagnosis,
        condition="Stabil.",
        therapy="Lanjutkan terapi.",
        medicines=[{"name": "Parasetamol 500 mg", "dose": "3 x 1 bila perlu", "days": 7}],
        warning_signs="Sesak, nyeri dada, demam tinggi.",
        advice="Kontrol ke Puskesmas.",
        programme=PROGRAMMES.get(diagnosis.pk[:3], ""),
        due_on=timezone.localdate(at + 2 * WEEK),
        doctor_name=DOCTOR,
    )


def go_on(*, at):
    """The demo Puskesmas takes some patients over; the RSUD's desk leaves a note for the next shift."""
    clerk, desk = User.objects.get(username="puskesmas"), User.objects.get(username="rsud.daftar")
    for place, letter in enumerate(BackReferral.objects.filter(puskesmas=clerk.facility).order_by("pk")):
        if place % 2:
            back_referral.accept(letter=letter, actor=clerk, at=at)
        if place % 4 == 1:
            back_referral.record_visit(
                letter=letter,
                visited_on=timezone.localdate(at),
                next_on=timezone.localdate(at + 4 * WEEK),
                actor=clerk,
                at=at,
            )
    handover.write(
        facility=desk.facility,
        shift=handover.shift_at(at),
        text="Keluarga pasien di ruang Melati 3 menyusul membawa KK.",
        actor=desk,
        at=at,
    )
