"""The family's papers: the card, the receipt of an application, the letter of rejection."""

import datetime

from django.urls import reverse
from django.utils import timezone, translation

from ksb.core import formats
from ksb.core.cards import Card
from ksb.core.letters import PAPER_LANGUAGE, Letter, Signatory, absolute
from ksb.core.scheme import Parameters, scheme_on
from participants.eligibility.rules import GUIDE, PERDA, PERPRES
from participants.enums import EnrolmentReason, ResidentStatus, SyncKind
from participants.models import Resident

DOCUMENTS = {
    "kk": "Kartu Keluarga",
    "ktp": "KTP-el pemohon",
    "adults": "KTP-el anggota dewasa lainnya",
    "consent": "Persetujuan pemrosesan data pribadi",
}
LAW = {EnrolmentReason.COVERED_BY_JKN: f"{PERDA}; {PERPRES}"}


def cards_to_print(cards):
    """``ksb.core.letters.Card`` of each card in the queryset, in its order. Three queries however many there are."""
    rows = list(cards.select_related("household__head", "household__kelurahan__parent"))
    people = Resident.objects.filter(
        household__in=[card.household_id for card in rows], status=ResidentStatus.ACTIVE
    ).order_by("relation", "birth_date", "pk")
    families = {}
    for person in people:
        families.setdefault(person.household_id, []).append((person.name, person.birth_date.year))
    return [_card(card, families.get(card.household_id, [])) for card in rows]


def _card(card, members):
    household = card.household
    head = household.head.name if household.head else members[0][0] if members else ""
    return Card(
        kk_number=household.kk_number,
        head_name=head,
        area=area_of(household),
        card_number=card.number,
        issued_on=card.issued_on,
        validity_path=reverse("resident:card", args=[card.token]),
        members=tuple(members),
    )


def area_of(household):
    """Kelurahan and kecamatan, as the card's front shows them."""
    kelurahan = household.kelurahan
    return f"{kelurahan.name} – {kelurahan.parent.name}" if kelurahan else ""


def receipt(enrolment):
    """That the application was taken in, with which documents, and when the family may expect the answer."""
    return Letter(
        template="letters/enrolment_receipt.html",
        title="Tanda Terima Pendaftaran",
        number=enrolment.number,
        dated=timezone.localdate(enrolment.submitted_at),
        facts={
            **_family(enrolment.household),
            "documents": [words for key, words in DOCUMENTS.items() if enrolment.checklist.get(key)],
            "state": _in_indonesian(enrolment.get_state_display),
            "waiting_until": formats.day(enrolment.waiting_until) if enrolment.waiting_until else "",
            "working_days": _sla(enrolment.submitted_at),
        },
        signatories=(_signatory("Petugas pendaftaran", enrolment.submitted_by),),
    )


def rejection(enrolment):
    """Why the family is not taken in, under which law, from which data, and how to object."""
    day = timezone.localdate(enrolment.rejected_at)
    scheme = scheme_on(day)
    parameters = scheme.parameters if scheme else Parameters()
    return Letter(
        template="letters/enrolment_rejection.html",
        title="Surat Penolakan Kepesertaan",
        number=enrolment.number.replace("/DFT/", "/DFT-T/"),
        dated=day,
        facts={
            **_family(enrolment.household),
            "application": enrolment.number,
            "reason": _in_indonesian(enrolment.get_reason_code_display),
            "explanation": enrolment.reason,
            "law": LAW.get(enrolment.reason_code, f"{PERDA}; {GUIDE}"),
            "registry_date": _basis(enrolment, SyncKind.REGISTRY),
            "jkn_date": _basis(enrolment, SyncKind.JKN)
            if enrolment.reason_code == EnrolmentReason.COVERED_BY_JKN
            else "",
            "appeal": bool(enrolment.appeal_of_id),
            "portal": absolute(reverse("resident:check")),
            "objection_days": parameters.dispute_days,
        },
        signatories=(_signatory("Pejabat yang memutuskan", enrolment.rejected_by),),
    )


def card_receipt(card):
    """That the family's card was handed over, to whom and by whom: signed by both, kept at the service point."""
    receiver = card.receiver
    return Letter(
        template="letters/card_receipt.html",
        title="Tanda Terima Kartu Sehat",
        number=card.number,
        dated=timezone.localdate(card.handed_at),
        facts={
            **_family(card.household),
            "card": card.number,
            "receiver": card.handed_to,
            "nik": formats.mask_identity(receiver.nik) if receiver else "",
            "relation": _in_indonesian(receiver.get_relation_display) if receiver else "",
            "at": formats.moment(card.handed_at),
        },
        signatories=(
            Signatory(capacity="Yang menerima", name=card.handed_to),
            _signatory("Petugas loket", card.handed_by),
        ),
    )


def hand_over_list(batch):
    """The cards of a batch with room for a signature each: who collects, on which day."""
    rows = batch.cards.select_related("household__head").order_by("household__kelurahan_id", "pk")
    return Letter(
        template="letters/hand_over_list.html",
        title="Daftar Serah Terima Kartu Sehat",
        number=batch.number,
        dated=timezone.localdate(batch.printed_at),
        facts={
            "place": batch.place.name,
            "cards": [
                [card.number, card.household.head.name if card.household.head else "", card.household.address]
                for card in rows
            ],
        },
        signatories=(_signatory("Petugas kartu", batch.printed_by),),
    )


def _basis(enrolment, kind):
    """The day of the data the decision was taken from, as kept with it; empty for one of before that was kept."""
    day = enrolment.checklist.get("basis", {}).get(kind.value)
    return formats.day_short(datetime.date.fromisoformat(day)) if day else ""


def _sla(moment):
    scheme = scheme_on(timezone.localdate(moment))
    return (scheme.parameters if scheme else Parameters()).sla_verify


def _family(household):
    return {
        "head": household.head.name if household.head else formats.NOTHING,
        "kk": formats.mask_identity(household.kk_number),
        "address": household.address,
        "area": area_of(household),
    }


def _signatory(capacity, user):
    return Signatory(capacity=capacity, name=str(user), nip=user.nip)


def _in_indonesian(words):
    with translation.override(PAPER_LANGUAGE):
        return str(words())
