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

DEAD = {SjpState.CANCELLED, SjpState.EXPIRED, SjpState.REVOKED, SjpState.WAITING, SjpState.DECLINED}
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
        "class": "" if sjp.service == Service.AMBULANCE else "III",
        "place": _("Class III ward") if stay else sjp.specialty.name_id,
        "specialty": sjp.specialty.name_id,
        "diagnosis": diagnosis_words(sjp.diagnosis),
        "from": formats.day(sjp.valid_from),
        "until": formats.day(sjp.valid_until),
        "basis": _basis(sjp.decision),
        "law": sjp.scheme.legal_source,
        "scheme": sjp.scheme.name_id,
        "notes": _notes(sjp),
        "due_day": str(parameters.claim_due_day),
        "signatories": signatories(
            ("Petugas penerbit", sjp.issued_by),
            *([] if sjp.issuing_hospital_id else [_head(sjp)]),
        ),
        "kind": _kind(sjp),
        "enclosed": _enclosed(sjp),
        "copies": ["Dinas Kesehatan Kota Bekasi", sjp.puskesmas.name, "Pasien"],
    }


@translation.override(PAPER_LANGUAGE)
def referral_facts(referral):
    """Every field of letter L2 as text, for ``Referral.letter``."""
    urgent = referral.reason == ReferralReason.EMERGENCY or referral.service == "EMERGENCY"
    return {
        "to": referral.hospital.name,
        "hospital": place_facts(referral.hospital),
        "puskesmas": place_facts(referral.issuer),
        "direction": referral.get_direction_display(),
        "specialty": referral.specialty.name_id,
        "service": referral.get_service_display(),
        "patient": patient_facts(referral, on=referral.valid_from),
        "complaint": referral.complaint,
        "findings": _findings(referral),
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


def _notes(sjp):
    """What the decision remarks. An emergency needs no referral, and a complement is for whom JKN covers: no remarks there."""
    silent = {"C26"} if sjp.emergency else {"C12", "C13", "C14"} if sjp.complement else set()
    return [
        reason["message_id"]
        for reason in sjp.decision["reasons"]
        if reason["effect"] in ("WARNS", "INFORMS") and reason["rule"] not in silent
    ]


def _findings(referral):
    """What was seen, and in one more line what was measured and found by others."""
    measured = "; ".join(f"{label} {text}" for label, text in referral.measured)
    return "\n".join(part for part in (referral.findings, measured) if part)


@translation.override(PAPER_LANGUAGE)
def extended(letter, *, until, on):
    """The facts of a letter L1 whose last day has moved to ``until`` by a decision of the day ``on``."""
    note = f"Diperpanjang pada {formats.day(on)} sampai dengan {formats.day(until)}."
    return {**letter, "until": formats.day(until), "notes": [*letter["notes"], note]}


def _kind(sjp):
    """What kind of letter this is beside its service, for letters that are not the usual one."""
    if sjp.complement:
        return f"pelengkap JKN: {sjp.get_complement_display()}"
    if trip := _trip(sjp):
        return f"ambulans dari {trip.get_origin_display()} ({trip.origin_place}) ke {trip.destination.name}"
    if sjp.series_id:
        return f"seri {sjp.series.get_kind_display()}, {len(sjp.series.weekdays)} kali seminggu"
    if sjp.parent_id:
        return f"pindah rumah sakit dari {sjp.parent.hospital.name}, SJP {sjp.parent.number}"
    return ""


def _trip(sjp):
    """The ambulance trip of the letter, saved or being written; None for every other letter."""
    if sjp.service != Service.AMBULANCE:
        return None
    return sjp.ambulance_trip or getattr(sjp, "trip", None)


def _enclosed(sjp):
    """What lies with the letter."""
    if sjp.emergency:
        return "1 (satu) surat keterangan gawat darurat"
    return "1 (satu) surat rujukan" if sjp.referral_id else formats.NOTHING


def _rests_on(sjp):
    """The number of the referral; an emergency has none."""
    if sjp.referral_id:
        return sjp.referral.number
    if trip := _trip(sjp):
        return f"sesuai SJP {trip.for_sjp.number}"
    if sjp.parent_id:
        return f"lanjutan SJP {sjp.parent.number}"
    return "gawat darurat" if sjp.emergency or sjp.service == Service.EMERGENCY else formats.NOTHING


def _basis(decision):
    """The sentence of the rule that covers the person."""
    return next(r["message_id"] for r in decision["reasons"] if r["rule"] == decision["headline_rule"])


def patient_facts(paper, *, on):
    """Who the patient is, as every letter writes it. The NIK is masked in the middle."""
    if paper.resident is None:
        return registered_facts(paper.special, on=on)
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


def registered_facts(special, *, on):
    """A person without NIK, as the register of special covers knows them: names and age may be what was told or estimated."""
    return {
        "name": special.name,
        "nik": f"belum ada (daftar jaminan khusus {special.number})",
        "kk": formats.NOTHING,
        "card": formats.NOTHING,
        "birth": f"{formats.day(special.birth_date)} (perkiraan)",
        "age": _age(special.birth_date, on),
        "sex": special.get_sex_display(),
        "address": f"rekomendasi Dinas Sosial nomor {special.letter_number}",
    }


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


def _head(sjp):
    return f"Kepala {sjp.puskesmas.name}", _head_of(sjp.puskesmas, sjp.valid_from)


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
    """Letter L1 of ``sjp`` as it stands after ``sjp.prints`` prints. A request that waits for approval is no letter yet."""
    if not sjp.letter:
        raise WrongState(_("This letter is not written: Dinkes has not approved it."))
    return _letter("letters/sjp.html", "Surat Jaminan Pelayanan", sjp)


def referral_letter(referral):
    """Letter L2 of ``referral``."""
    return _letter("letters/referral.html", "Surat Rujukan", referral)


def _letter(template, title, paper):
    unit = paper.issuer
    facts = {key: value for key, value in paper.letter.items() if key != "signatories"}
    return Letter(
        template=template,
        title=title,
        number=paper.number,
        dated=timezone.localdate(paper.issued_at),
        facts=facts,
        signatories=tuple(Signatory(**one) for one in paper.letter["signatories"]),
        unit=Unit(name=unit.name, address=unit.address),
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


def print_paper(model, paper, compose, *, dead, actor, at, needs=("puskesmas", "issuing_hospital")):
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
