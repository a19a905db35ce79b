"""Letters for tests: a clerk, a hospital under contract, and a letter at any point of its life."""

from datetime import timedelta

from facilities.enums import Service
from facilities.models import Diagnosis, Specialty
from participants import newborns as newborn_register
from participants.lookups import look_up
from referrals import back_referral, control, drafts, hospital, issuing, newborns, resume
from referrals.enums import FollowUp, ReferralReason
from tests import factories as f

AT = f.NOW
LATER = timedelta(hours=1)

EXAMINATION = {
    "complaint": "Demam dan sesak sejak tiga hari.",
    "findings": "Compos mentis, TD 120/80, nadi 96, suhu 38,4, napas 28.",
    "therapy": "Parasetamol 3 x 500 mg.",
    "reason": ReferralReason.STAFF,
    "doctor_name": "dr. Sari Wulandari",
}


def specialty(code="INT"):
    return Specialty.objects.get(pk=code)


def diagnosis(code="J18.9"):
    return Diagnosis.objects.get(pk=code)


def clerk(puskesmas=None):
    return f.make_user("PUSKESMAS_CLERK", facility=puskesmas)


def desk(place):
    return f.make_user("HOSPITAL_DESK", facility=place)


def contracted(number=0, *, public=True, **contract):
    """The n-th hospital (RSUD unless ``public=False``) with a contract in force."""
    place = f.hospital(number, public=public)
    if not place.contracts.in_force(f.TODAY).exists():
        f.make_contract(place, **contract)
    return place


def issue(actor=None, *, resident=None, to=None, at=AT, **values):
    """An SJP issued through the service."""
    actor = actor or clerk()
    return issuing.issue(
        **{
            **EXAMINATION,
            "resident": resident or f.covered_person(),
            "actor": actor,
            "at": at,
            "puskesmas": actor.facility,
            "hospital": to or contracted(),
            "specialty": specialty(),
            "service": Service.OUTPATIENT,
            "diagnosis": diagnosis(),
            **values,
        }
    )


def draft_for(actor, resident, *, at=AT, **answers):
    lookup = look_up(nik=resident.nik, actor=actor, purpose="SJP", at=at)
    return drafts.begin(lookup, actor=actor, at=at, answers=answers)


def admit(sjp, actor=None, *, at=AT + LATER, **values):
    return hospital.admit(
        **{
            "sjp": sjp,
            "actor": actor or desk(sjp.hospital),
            "at": at,
            "identity_check": "KTP_SEEN",
            "medical_record": "00-12-34",
            **values,
        }
    )


def done(sjp, actor=None):
    """The letter after arrival and discharge."""
    actor = actor or desk(sjp.hospital)
    episode = admit(sjp, actor)
    hospital.discharge(episode=episode, actor=actor, at=AT + 2 * LATER, status=1)
    sjp.refresh_from_db()
    return sjp


def left(sjp, actor=None, *, at=AT + 2 * LATER, **values):
    """The episode of ``sjp`` after arrival and discharge; a patient who comes back unless ``next_step`` says otherwise."""
    actor = actor or desk(sjp.hospital)
    episode = admit(sjp, actor, at=at - LATER)
    values = {"status": 1, "condition": "IMPROVED", "next_step": FollowUp.CONTROL, **values}
    return hospital.discharge(episode=episode, actor=actor, at=at, **values)


SUMMARY = {
    "complaint": "Demam dan sesak tiga hari.",
    "findings": "TD 120/80, ronki di paru kanan.",
    "therapy": "Seftriakson 2 x 1 g tiga hari.",
    "advice": "Istirahat, kontrol bila sesak.",
    "doctor_name": "dr. Ayu Lestari, Sp.PD",
}


def complete(episode, actor, *, at=AT + 3 * LATER, **pieces):
    """The episode with its medical summary complete."""
    resume.save(episode=episode, actor=actor, at=at, **{**SUMMARY, "diagnosis": diagnosis(), **pieces})
    return resume.complete(episode=episode, actor=actor, at=at)


def call_back(episode, actor, *, on=f.TODAY + timedelta(days=7), at=AT + 3 * LATER, **values):
    """A control letter of ``episode``, a week ahead."""
    return control.write(
        **{
            "episode": episode,
            "specialty": episode.clinic,
            "doctor_name": "dr. Ayu Lestari, Sp.PD",
            "control_on": on,
            "reason": "Dosis obat belum tetap.",
            "actor": actor,
            "at": at,
            **values,
        }
    )


WAY_BACK = {
    "condition": "Stabil, tekanan darah 130/80.",
    "therapy": "Lanjutkan amlodipin.",
    "warning_signs": "Nyeri dada, sesak.",
    "doctor_name": "dr. Ayu Lestari, Sp.PD",
    "medicines": [{"name": "Amlodipin 5 mg", "dose": "1 x 1", "days": 30}],
    "programme": "HYPERTENSION",
}


def send_back(episode, actor, *, at=AT + 4 * LATER, **values):
    """A back-referral to the Puskesmas of the letter."""
    return back_referral.send(
        **{
            "episode": episode,
            "puskesmas": episode.sjp.puskesmas,
            "actor": actor,
            "at": at,
            "diagnosis": diagnosis("I10"),
            **WAY_BACK,
            **values,
        }
    )


BIRTH = {"sex": 1, "weight": 3100, "doctor_name": "dr. Anita, Sp.A"}


def birth(actor, mother=None, *, father=None, at=AT, puskesmas=None, **values):
    """A birth recorded by ``actor`` five hours ago."""
    name = mother.name if mother else "IBU LUAR KOTA"
    facts = {"mother_name": name, "birth_time": at - 5 * LATER, "place": actor.facility.name, **BIRTH, **values}
    return newborn_register.record(
        **{
            "actor": actor,
            "at": at,
            "facility": actor.facility,
            "puskesmas": puskesmas or f.puskesmas(),
            "mother": mother,
            "father": father,
            **facts,
        }
    )


def ask_for(child, actor, *, at=AT, **values):
    """The request for the SJP of ``child`` by its hospital."""
    return newborns.request(
        **{
            "newborn": child,
            "actor": actor,
            "at": at,
            "hospital": actor.facility,
            "specialty": specialty("ANA"),
            "diagnosis": diagnosis("P22.0"),
            "complaint": "Sesak sejak lahir.",
            "findings": "Apgar 5/7, napas 70, SpO2 88.",
            "doctor_name": "dr. Anita, Sp.A",
            **values,
        }
    )
