"""Papers a hospital writes: L3 (surat rujuk balik), L4 (surat kontrol) of domain.md part E, and the medical summary.

As with the letters of a Puskesmas the facts are written down once, in Indonesian: a copy printed later says the same.
"""

from django.urls import reverse
from django.utils import timezone, translation

from facilities.models import Diagnosis, Procedure
from ksb.core import formats
from ksb.core.letters import PAPER_LANGUAGE, Letter, Signatory, Unit
from referrals.enums import ControlState
from referrals.letters import diagnosis_words, patient_facts, place_facts, print_paper, signatories
from referrals.models import BackReferral, ControlLetter, Resume

DEAD_CONTROL = {ControlState.CANCELLED}


# What the letters say


@translation.override(PAPER_LANGUAGE)
def control_facts(control):
    """Every field of letter L4 as text, for ``ControlLetter.letter``."""
    sjp = control.sjp
    return {
        "patient": patient_facts(control, on=timezone.localdate(control.issued_at)),
        "hospital": _hospital(control.hospital),
        "sjp": sjp.number,
        "referral": sjp.referral.number if sjp.referral_id else formats.NOTHING,
        "control_on": formats.day(control.control_on),
        "weekday": formats.weekday(control.control_on),
        "clinic": control.specialty.name_id,
        "doctor": control.doctor_name,
        "reason": control.reason,
        "until": formats.day(control.valid_until),
        "signatories": signatories(
            ("Petugas pendaftaran", control.issued_by), ("Dokter penanggung jawab pelayanan", control.doctor_name)
        ),
    }


@translation.override(PAPER_LANGUAGE)
def back_referral_facts(letter):
    """Every field of letter L3 as text, for ``BackReferral.letter``."""
    episode = letter.episode
    return {
        "patient": patient_facts(letter, on=timezone.localdate(letter.sent_at)),
        "to": letter.puskesmas.name,
        "puskesmas": place_facts(letter.puskesmas),
        "hospital": _hospital(letter.hospital),
        "sjp": letter.sjp.number,
        "clinic": episode.clinic.name_id,
        "admitted": formats.day(timezone.localdate(episode.admitted_at)),
        "discharged": formats.day(timezone.localdate(episode.discharged_at)),
        "diagnosis": diagnosis_words(letter.diagnosis),
        "other_diagnoses": coded(Diagnosis, letter.other_diagnoses),
        "procedures": coded(Procedure, letter.procedures),
        "condition": letter.condition,
        "therapy": letter.therapy,
        "medicines": letter.medicines,
        "due_on": formats.day(letter.due_on) if letter.due_on else formats.NOTHING,
        "advice": letter.advice,
        "warning_signs": letter.warning_signs,
        "programme": letter.get_programme_display(),
        "signatories": signatories(("Dokter penanggung jawab pelayanan", letter.doctor_name)),
    }


@translation.override(PAPER_LANGUAGE)
def resume_facts(resume):
    """The medical summary as text, for ``Resume.letter``."""
    episode = resume.episode
    return {
        "patient": patient_facts(episode, on=timezone.localdate(episode.admitted_at)),
        "hospital": _hospital(episode.hospital),
        "sjp": episode.sjp.number,
        "medical_record": episode.medical_record,
        "service": episode.get_service_display(),
        "clinic": episode.clinic.name_id,
        "ward": episode.ward,
        "admitted": formats.moment(episode.admitted_at),
        "discharged": formats.moment(episode.discharged_at),
        "manner": episode.get_discharge_status_display(),
        "condition": episode.get_condition_display(),
        "died": formats.moment(episode.death_time) if episode.death_time else "",
        "next": episode.get_next_step_display() or "",
        "complaint": resume.complaint,
        "findings": resume.findings,
        "results": resume.results,
        "diagnosis": diagnosis_words(resume.diagnosis),
        "other_diagnoses": coded(Diagnosis, resume.other_diagnoses),
        "procedures": coded(Procedure, resume.procedures),
        "therapy": resume.therapy,
        "medicines": resume.medicines,
        "advice": resume.advice,
        "signatories": signatories(("Dokter penanggung jawab pelayanan", resume.doctor_name)),
    }


def _hospital(hospital):
    """A private hospital writes under its own name, not under the city's."""
    return place_facts(hospital) | {"public": hospital.is_public and hospital.in_city}


def coded(model, codes):
    """The codes with their names, in their own order. One query."""
    found = model.objects.in_bulk(codes)
    words = diagnosis_words if model is Diagnosis else str
    return [words(found[code]) if code in found else code for code in codes]


# The letters themselves


def control_letter(control):
    """Letter L4 of ``control`` as it stands after its prints."""
    return _letter(
        "letters/control.html",
        "Surat Kontrol",
        control,
        number=control.number,
        dated=control.issued_at,
        hospital=control.hospital,
        validity_path=reverse("validity:letter", args=[control.token]),
    )


def back_referral_letter(letter):
    """Letter L3 of ``letter``."""
    return _letter(
        "letters/back_referral.html",
        "Surat Rujuk Balik",
        letter,
        number=letter.number,
        dated=letter.sent_at,
        hospital=letter.hospital,
        validity_path=reverse("validity:letter", args=[letter.token]),
    )


def resume_letter(resume):
    """The medical summary of an episode that is complete. It bears the number of its SJP and has no public page."""
    episode = resume.episode
    return _letter(
        "letters/resume.html",
        "Resume Medis",
        resume,
        number=episode.sjp.number,
        dated=episode.completed_at,
        hospital=episode.hospital,
    )


def _letter(template, title, paper, *, number, dated, hospital, validity_path=""):
    return Letter(
        template=template,
        title=title,
        number=number,
        dated=timezone.localdate(dated),
        facts={key: value for key, value in paper.letter.items() if key != "signatories"},
        signatories=tuple(Signatory(**one) for one in paper.letter["signatories"]),
        unit=Unit(name=hospital.name, address=hospital.address),
        validity_path=validity_path,
        prints=max(1, paper.prints),
    )


def print_control(*, control, actor, at):
    """One more print of letter L4 as PDF bytes."""
    return print_paper(
        ControlLetter, control, control_letter, dead=DEAD_CONTROL, actor=actor, at=at, needs=("hospital",)
    )


def print_back_referral(*, letter, actor, at):
    """One more print of letter L3."""
    return print_paper(BackReferral, letter, back_referral_letter, dead=(), actor=actor, at=at, needs=("hospital",))


def print_resume(*, resume, actor, at):
    """One more print of the medical summary."""
    return print_paper(
        Resume, resume, resume_letter, dead=(), actor=actor, at=at, needs=("episode__sjp", "episode__hospital")
    )
