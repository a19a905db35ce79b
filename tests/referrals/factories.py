"""Letters for tests: a clerk, a hospital under contract, and a letter at any point of its life."""

import datetime
from datetime import timedelta

from django.db.backends.postgresql.psycopg_any import DateRange

from facilities.enums import Service
from facilities.models import Diagnosis, Facility, Specialty
from ksb.core.models import SchemeVersion
from participants import newborns as newborn_register
from participants.lookups import look_up
from referrals import ambulance, back_referral, control, drafts, extension, hospital, issuing, newborns, resume
from referrals import complement as complements
from referrals import series as programmes
from referrals.enums import FollowUp, ReferralReason, SeriesKind
from referrals.models import AmbulanceTariff
from tests import factories as f
from tests.support.scans import upload

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


def rule(**parameters):
    """The scheme in force today with these parameters."""
    version = SchemeVersion.objects.on(f.TODAY)
    SchemeVersion.objects.filter(pk=version.pk).update(parameters={**version.parameters, **parameters})


def outside(number=3):
    """A contracted hospital outside the city."""
    place = contracted(number)
    Facility.objects.filter(pk=place.pk).update(in_city=False)
    place.refresh_from_db()
    return place


def officer():
    return f.make_user("DINKES_SERVICES")


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


def refuse(sjp, actor=None, *, at=AT + LATER / 6, code="NO_BED", reason="Tempat tidur penuh"):
    """The letter after its hospital has refused it."""
    return hospital.refuse(sjp=sjp, code=code, reason=reason, actor=actor or desk(sjp.hospital), at=at)


def send_on(sjp, to, clerk=None, *, at=AT + LATER / 4, **values):
    """The same patient's next letter, to another hospital."""
    clerk = clerk or sjp.issued_by
    draft = draft_for(clerk, sjp.resident, at=at)
    draft.earlier = sjp.referral
    draft.save(update_fields=["earlier"])
    same = {"service": sjp.service, "specialty": sjp.specialty, "ward": sjp.referral.ward}
    return issue(clerk, resident=sjp.resident, to=to, at=at, draft=draft, **{**same, **values})


def refused_thrice(*, service=Service.INTENSIVE, **values):
    """The third letter of a case, refused like the two before it."""
    sjp = refuse(issue(to=contracted(), service=service, **values))
    for n in (1, 2):
        sjp = refuse(send_on(sjp, contracted(n), at=AT + n * LATER), at=AT + n * LATER + LATER / 6)
    return sjp


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


# Kinds of letters


def complement(person, *, actor=None, to=None, at=AT, **values):
    """The request of a clerk for a letter beside JKN, with a photo of the proof."""
    actor = actor or clerk()
    return complements.request(
        **{
            **EXAMINATION,
            "resident": person,
            "actor": actor,
            "at": at,
            "puskesmas": actor.facility,
            "category": "ASSAULT",
            "file": upload(),
            "proof_kind": "JKN_LETTER",
            "proof_number": "441/BPJS/2026",
            "proof_dated": f.TODAY,
            "hospital": to or contracted(),
            "service": Service.OUTPATIENT,
            "specialty": specialty(),
            "diagnosis": diagnosis(),
            **values,
        }
    )


def ask_for_days(sjp, actor=None, *, at=AT):
    """The request of the hospital for more days under a letter in use."""
    why = {"doctor_name": "dr. Rahma, Sp.PD", "reason": "Infus antibiotik belum selesai."}
    return extension.request(sjp=sjp, actor=actor or desk(sjp.hospital), at=at, **why)


def series(sjp, actor=None, *, kind=SeriesKind.HAEMODIALYSIS, weekdays=(1, 4)):
    """The programme opened on a letter by its hospital."""
    return programmes.begin(
        sjp=sjp,
        actor=actor or desk(sjp.hospital),
        at=AT,
        kind=kind,
        diagnosis=sjp.diagnosis,
        doctor_name="dr. Rahma, Sp.PD-KGH",
        weekdays=weekdays,
    )


def ambulance_tariff(*, emergency=False, since=datetime.date(2025, 1, 1)):
    return AmbulanceTariff.objects.create(
        emergency=emergency,
        per_trip=200_000,
        included_km=5,
        per_km=10_000,
        valid=DateRange(since, None),
        source="Perda contoh",
    )


def trip(sjp, actor=None, *, at=AT, **values):
    """An ambulance trip for the patient of a letter, by the hospital it is addressed to."""
    return ambulance.request(
        **{
            "for_sjp": sjp,
            "actor": actor or desk(sjp.hospital),
            "at": at,
            "provider": sjp.hospital,
            "origin": "FACILITY",
            "origin_place": "Puskesmas Jatiasih",
            "destination": sjp.hospital,
            "emergency": False,
            "expected_km": 12,
            **values,
        }
    )
