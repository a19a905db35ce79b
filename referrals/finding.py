"""Finding the patient at the clerk's desk by whatever is on the counter: NIK, family card, Kartu Sehat or its QR code.

Whatever was typed ends in the same look-up: limited, journalled, for one person. A card belongs to a family, so its head
comes first and the page offers the other members.
"""

import re
import unicodedata
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from facilities.enums import Service
from ksb.core.errors import Refused
from participants.families import find_by_card, find_family
from participants.lookups import look_up
from participants.models import Household, SpecialCover
from participants.special import covers

PURPOSE = "SJP"
NIK, CARD, CODE, NEWBORN, REGISTER = "NIK", "CARD", "CODE", "NEWBORN", "REGISTER"
_SEPARATORS = re.compile(r"[\s.,\-_'’‘`´\u200b\ufeff]+")
_DIGITS = re.compile(r"[0-9]{16}")
_CARD = re.compile(r"KS[0-9]{10}")
_ADDRESS = re.compile(r"https?://\S+/([A-Za-z0-9_-]{16,24})/?")
_REGISTER = re.compile(r"[0-9]{1,6}/KHS/[IVX]{1,4}/[0-9]{4}")
_NEWBORN_WORDS = ("BAYI", "BAYIBARULAHIR", "BY", "BYNY", "NEWBORN")


@dataclass(frozen=True)
class Typed:
    """What was typed: its ``kind`` and the cleaned ``value``."""

    kind: str
    value: str = ""


def understand(text):
    """Tell what ``text`` is. Raises ValidationError with what to write instead; the message never repeats the number."""
    text = unicodedata.normalize("NFKC", text).strip()
    address = _ADDRESS.fullmatch(text)
    if address:
        return Typed(CODE, address[1])
    plain = _SEPARATORS.sub("", text).upper()
    if _REGISTER.fullmatch(plain):
        return Typed(REGISTER, plain.zfill(len(plain) + 6 - plain.index("/")))
    if _DIGITS.fullmatch(plain):
        return Typed(NIK, plain)
    if _CARD.fullmatch(plain):
        return Typed(CARD, plain)
    if plain in _NEWBORN_WORDS:
        return Typed(NEWBORN)
    if plain.isascii() and plain.isdigit():
        raise ValidationError(
            _("A NIK or KK number has 16 digits. You typed %(typed)d.") % {"typed": len(plain)}, code="wrong_length"
        )
    raise ValidationError(
        _("Write a NIK or KK number of 16 digits, or the number of the Kartu Sehat: KS and ten digits."), code="unknown"
    )


def find(typed, *, actor, at):
    """Look up the patient; returns ``(lookup, whole_family)``, the latter True where a card says which family but not who.

    Raises NotAllowed, TooMany, and Refused: code ``C02`` or ``not_found`` when nobody is known by it.
    """
    if typed.kind == REGISTER:
        return covers.look_up(number=typed.value, actor=actor, purpose=PURPOSE, at=at), False
    if typed.kind != NIK:
        return _head_of(_family(typed, actor=actor, at=at), actor=actor, at=at), True
    try:
        return _look_up(typed.value, actor=actor, at=at), False
    except Refused as unknown:
        if unknown.code != "C02" or not Household.objects.filter(kk_number=typed.value).exists():
            raise
    return _head_of(find_family(number=typed.value, actor=actor, at=at), actor=actor, at=at), True


def _family(typed, *, actor, at):
    if typed.kind == CARD:
        return find_family(number=typed.value, actor=actor, at=at)
    family = find_by_card(token=typed.value, actor=actor, at=at)
    if family is None:
        raise Refused(
            _("This code belongs to no valid Kartu Sehat. Ask for the KTP or KK and type its number."), code="not_found"
        )
    return family


def _head_of(household, *, actor, at):
    if household.head is None:
        raise Refused(_("The registry knows no living member of this family. Type the NIK of the patient."), code="C02")
    return _look_up(household.head.nik, actor=actor, at=at)


def again(person, *, actor, at):
    """A new look-up, so a new decision, of a patient who is known: a Resident, or a SpecialCover."""
    if isinstance(person, SpecialCover):
        return covers.look_up(number=person.number, actor=actor, purpose=PURPOSE, at=at)
    return _look_up(person.nik, actor=actor, at=at)


def _look_up(nik, *, actor, at):
    return look_up(nik=nik, actor=actor, purpose=PURPOSE, at=at, service=Service.OUTPATIENT)
