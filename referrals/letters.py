"""The letters L1 (SJP) and L2 (surat rujukan) of domain.md part E: what stands on them, and their prints.

The facts are written down when the letter is issued, in Indonesian and as plain texts: a copy printed later says the same.
"""

from django.db import transaction
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from facilities.enums import Role, Service
from facilities.models import Membership
from ksb.core import formats, journal
from ksb.core.errors import WrongState
from ksb.core.letters import PAPER_LANGUAGE, Letter, Signatory, Unit, letter_html, letter_pdf
from participants.enums import CardState
from referrals import rules
from referrals.enums import ReferralReason, ReferralState, SjpState
from referrals.models import Referral, Sjp

DEAD = {SjpState.CANCELLED, SjpState.EXPIRED, SjpState.REVOKED}
DEAD_REFERRAL = {ReferralState.CANCELLED, ReferralState.EXPIRED, ReferralState.REFUSED}


# What the letters say


@translation.override(PAPER_LANGUAGE)
def sjp_facts(sjp, *, parameters):
    """Every field of letter L1 as text, for ``Sjp.letter``."""
    stay = sjp.service in rules.STAYS
    return {
        "to": sjp.hospital.name,
        "patient": patient_facts(sjp, on=sjp.valid_from),
        "puskesmas": place_facts(sjp.puskesmas),
        "referral": _rests_on(sjp),
        "service": sjp.get_service_display(),
        "class": "III",
        "place": _("Class III ward") if stay else sjp.specialty.name_id,
        "specialty": sjp.specialty.name_id,
        "diagnosis": diagnosis_words(sjp.diagnosis),
        "from": formats.day(sjp.valid_from),
        "until": formats.day(sjp.valid_until),
        "basis": _basis(sjp.decision),
        "law": sjp.scheme.legal_source,
        "scheme": sjp.scheme.name_id,
        "notes": [
            reason["message_id"] for reason in sjp.decision["reasons"] if reason["effect"] in ("WARNS", "INFORMS")
        ],
        "due_day": str(parameters.claim_due_day),
        "signatories": signatories(
            ("Petugas penerbit", sjp.issued_by),
            (f"Kepala {sjp.puskesmas.name}", _head_of(sjp.puskesmas, sjp.valid_from)),
        ),
        "copies": ["Dinas Kesehatan Kota Bekasi", sjp.puskesmas.name, "Pasien"],
    }


@translation.override(PAPER_LANGUAGE)
def referral_facts(referral):
    """Every field of letter L2 as text, for ``Referral.letter``."""
    urgent = referral.reason == ReferralReason.EMERGENCY or referral.service == "EMERGENCY"
    return {
        "to": referral.hospital.name,
        "hospital": place_facts(referral.hospital),
        "puskesmas": place_facts(referral.puskesmas),
        "specialty": referral.specialty.name_id,
        "service": referral.get_service_display(),
        "patient": patient_facts(referral, on=referral.valid_from),
        "complaint": referral.complaint,
        "findings": referral.findings,
        "diagnosis": diagnosis_words(referral.diagnosis),
        "therapy": referral.therapy,
        "reason": referral.get_reason_display(),
        "passed_over": referral.get_pass_over_reason_display(),
        "kind": "Penuh",
        "urgency": "Gawat darurat" if urgent else "Tidak gawat darurat",
        "from": formats.day(referral.valid_from),
        "until": formats.day(referral.valid_until),
        "signatories": signatories(("Dokter perujuk", referral.doctor_name)),
    }


def _rests_on(sjp):
    """The number of the referral; an emergency has none."""
    if sjp.referral_id:
        return sjp.referral.number
    return "gawat darurat" if sjp.service == Service.EMERGENCY else formats.NOTHING


def _basis(decision):
    """The sentence of the rule that covers the person."""
    return next(r["message_id"] for r in decision["reasons"] if r["rule"] == decision["headline_rule"])


def patient_facts(paper, *, on):
    """Who the patient is, as every letter writes it. The NIK is masked in the middle."""
    resident, child = paper.resident, paper.child
    household = resident.household
    card = household.cards.filter(state=CardState.ACTIVE).order_by("-pk").first()
    facts = {
        "name": paper.patient_name,
        "nik": formats.mask_identity(resident.nik),
        "kk": formats.identity(household.kk_number),
        "card": card.number if card else formats.NOTHING,
        "birth": f"{resident.birth_place}, {formats.day(resident.birth_date)}".strip(", "),
        "age": _age(paper.patient_born_on, on),
        "sex": paper.patient_sex,
        "address": _address(household),
    }
    return facts | _child(child) if child else facts


def _child(newborn):
    """What stands on the paper of a child without NIK: whose it is and which of this birth."""
    hers = formats.mask_identity(newborn.mother_nik) if newborn.mother_nik else formats.NOTHING
    return {
        "nik": "belum ada (bayi baru lahir)",
        "birth": f"{newborn.place}, {formats.moment(newborn.birth_time)}",
        "mother": f"{newborn.mother_name}, NIK {hers}",
        "father": newborn.father.name if newborn.father else "",
        "order": f"ke-{newborn.birth_order} dari {newborn.children}, {newborn.weight} gram",
        "certificate": newborn.certificate,
    }


def _age(birth_date, on):
    years, months, days = rules.age_on(birth_date, on)
    return f"{years} tahun" if years else f"{months} bulan" if months else f"{days} hari"


def _address(household):
    parts = [household.address]
    if household.rt or household.rw:
        parts.append(f"RT {household.rt} RW {household.rw}")
    if household.kelurahan:
        parts += [f"Kel. {household.kelurahan.name}", f"Kec. {household.kelurahan.parent.name}"]
    return ", ".join(part for part in parts if part)


def place_facts(facility):
    return {"name": facility.name, "code": facility.code, "address": facility.address}


def diagnosis_words(diagnosis):
    return f"{diagnosis.code} {diagnosis.alias or diagnosis.title}"


def signatories(*pairs):
    """(capacity, user or plain name) -> what stands under the signature; people who are not there are left out."""
    found = []
    for capacity, person in pairs:
        if person:
            found.append({"capacity": capacity, "name": str(person), "nip": getattr(person, "nip", "")})
    return found


def _head_of(puskesmas, day):
    """The doctor who leads the Puskesmas, when the accounts say who it is."""
    head = (
        Membership.objects.in_force(day)
        .filter(role=Role.PUSKESMAS_DOCTOR, facility=puskesmas, user__position__istartswith="kepala")
        .select_related("user")
        .order_by("pk")
        .first()
    )
    return head.user if head else None


# The letters themselves


def sjp_letter(sjp):
    """Letter L1 of ``sjp`` as it stands after ``sjp.prints`` prints."""
    return _letter("letters/sjp.html", "Surat Jaminan Pelayanan", sjp)


def referral_letter(referral):
    """Letter L2 of ``referral``."""
    return _letter("letters/referral.html", "Surat Rujukan", referral)


def _letter(template, title, paper):
    puskesmas = paper.puskesmas
    facts = {key: value for key, value in paper.letter.items() if key != "signatories"}
    return Letter(
        template=template,
        title=title,
        number=paper.number,
        dated=timezone.localdate(paper.issued_at),
        facts=facts,
        signatories=tuple(Signatory(**one) for one in paper.letter["signatories"]),
        unit=Unit(name=puskesmas.name, address=puskesmas.address),
        validity_path=reverse("validity:letter", args=[paper.token]),
        prints=max(1, paper.prints),
    )


def page(letter):
    """The letter for the screen; says the same as the paper."""
    return letter_html(letter, screen=True)


def print_sjp(*, sjp, actor, at):
    """One more print of letter L1 as PDF bytes: counted and journalled; from the second on it says SALINAN."""
    return print_paper(Sjp, sjp, sjp_letter, dead=DEAD, actor=actor, at=at)


def print_referral(*, referral, actor, at):
    """The same for letter L2."""
    return print_paper(Referral, referral, referral_letter, dead=DEAD_REFERRAL, actor=actor, at=at)


def print_paper(model, paper, compose, *, dead, actor, at, needs=("puskesmas",)):
    """Count and journal one more print of ``paper`` unless its state is one of ``dead``; returns the PDF's bytes.

    ``needs`` are the relations that ``compose`` reads.
    """
    with transaction.atomic():
        fresh = model.objects.select_for_update(no_key=True, of=("self",)).select_related(*needs).get(pk=paper.pk)
        if dead and fresh.state in dead:
            raise WrongState(
                _("This letter is not printed any more: it is “%(state)s”.") % {"state": fresh.get_state_display()}
            )
        fresh.prints += 1
        fresh.save(update_fields=["prints"])
        journal.record(f"{model._meta.model_name}.print", fresh, actor=actor, prints=fresh.prints)
    return letter_pdf(compose(fresh))
