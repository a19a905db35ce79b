"""What another office's answer means at a desk: one sentence, what to do, and the few facts shown with it."""

from dataclasses import dataclass, replace

from django.utils.translation import gettext_lazy as _

from participants.eligibility.facts import CITY_CODE
from participants.enums import OnlineOutcome as O
from participants.enums import OnlineQuestion, TicketKind
from participants.online import WITHOUT_ANSWER
from participants.portal import mask_name


@dataclass(frozen=True)
class Reading:
    """``sentiment`` colours the notice; ``ticket`` is the TicketKind a ticket about it would have, or empty."""

    sentiment: str
    title: str
    advice: str
    ticket: str = ""


ELEMENT_NAMES = {
    "NO_KK": _("KK number"),
    "NAMA_LGKP": _("Name"),
    "TMPT_LHR": _("Place of birth"),
    "TGL_LHR": _("Date of birth"),
    "JENIS_KLMIN": _("Sex"),
    "ALAMAT": _("Address"),
}

_DISDUKCAPIL = _(
    "Compare the digits with the KTP once more. If they are right, the family goes to Disdukcapil with KTP and KK."
)
_HERE = Reading(
    "ok",
    _("Dukcapil knows this person in Kota Bekasi"),
    _(
        "The person arrives here with one of the next nights; then the family can be registered. Nothing is entered by hand. "
        "Until then: treatment at the Puskesmas as for any resident; in an emergency a hospital at once."
    ),
    TicketKind.NOT_IN_REGISTRY,
)
_KNOWN = Reading("ok", _("Dukcapil knows this person in Kota Bekasi"), _("The registry here knows the person too."))
_ELSEWHERE = Reading(
    "warn",
    _("Dukcapil knows this person in another city"),
    _(
        "The programme is for residents of Kota Bekasi. The patient uses JKN or the insurance of the own city. Who has moved "
        "here has the KK moved at Disdukcapil first."
    ),
)
_AGREES = Reading("ok", _("Our data agree with Dukcapil"), _("Nothing needs to be corrected."))
_DIFFERS = Reading(
    "warn",
    _("Our data differ from Dukcapil"),
    _("What differs stands below. The next night should bring it; if the registry itself is wrong, open a ticket."),
)
_TICKET_OF = {
    "NO_KK": TicketKind.FAMILY,
    "NAMA_LGKP": TicketKind.NAME,
    "TMPT_LHR": TicketKind.BIRTH,
    "TGL_LHR": TicketKind.BIRTH,
    "JENIS_KLMIN": TicketKind.SEX,
    "ALAMAT": TicketKind.ADDRESS,
}
_FAMILY = Reading("ok", _("Dukcapil knows this family"), _("Compare the members with the family card (KK)."))
_JKN_ACTIVE = Reading(
    "warn",
    _("JKN is active"),
    _("The patient uses the JKN/KIS card. The answer counts here as JKN membership until the next list of BPJS."),
)
_OTHERS = {
    O.NOT_FOUND: Reading("warn", _("Dukcapil does not know this NIK"), _DISDUKCAPIL, TicketKind.NOT_IN_REGISTRY),
    O.BAD_NUMBER: Reading("warn", _("Dukcapil does not accept this number as a NIK"), _DISDUKCAPIL, TicketKind.NIK),
    O.DECEASED: Reading(
        "bad",
        _("Dukcapil has this person as deceased"),
        _("If the person is in front of you, the family has the mistake corrected at Disdukcapil; open a ticket."),
        TicketKind.LIFE,
    ),
    O.DOUBLE: Reading(
        "bad",
        _("Dukcapil has two records of this person"),
        _("Disdukcapil must match them; open a ticket. The person goes there with KTP and KK."),
        TicketKind.NIK,
    ),
    O.INACTIVE: Reading(
        "bad",
        _("The NIK is inactive at Dukcapil"),
        _("The person has it activated at Disdukcapil with KTP and KK; open a ticket."),
        TicketKind.NIK,
    ),
}
_JKN_OTHERS = {
    O.INACTIVE: Reading("ok", _("JKN is not active"), _("KSB may serve. Advise the patient to activate JKN again.")),
    O.NOT_FOUND: Reading("ok", _("BPJS does not know this NIK"), _("The person is not a member of JKN today.")),
}
_SILENT = {
    O.QUOTA: Reading(
        "mute",
        _("The questions of today are used up"),
        _("Work with the data of the night, as without on-line checks. Tomorrow one can ask again."),
    ),
}
_NO_ANSWER = Reading(
    "mute",
    _("There was no answer"),
    _("Nothing is said of the person by this. Work with the data of the night; try again in some minutes."),
)


def read(check):
    """The Reading of an OnlineCheck."""
    if check.outcome in WITHOUT_ANSWER:
        return _SILENT.get(check.outcome, _NO_ANSWER)
    if check.question == OnlineQuestion.MEMBERSHIP:
        return _JKN_ACTIVE if check.outcome == O.FOUND else _JKN_OTHERS.get(check.outcome, _NO_ANSWER)
    if check.outcome != O.FOUND:
        return _OTHERS[check.outcome]
    if check.question == OnlineQuestion.ELEMENTS:
        return _compared(check)
    if check.question == OnlineQuestion.FAMILY:
        return _FAMILY
    if city_of(check.answer) != CITY_CODE:
        return _ELSEWHERE
    return _KNOWN if check.resident_id else _HERE


def _compared(check):
    differing = [name for name, (agrees, _percent) in check.answer.get("elements", {}).items() if not agrees]
    return replace(_DIFFERS, ticket=_TICKET_OF[differing[0]]) if differing else _AGREES


def city_of(person):
    """``32.75`` from the unpadded numbers of a person's answer."""
    return f"{person.get('province', '').zfill(2)}.{person.get('city', '').zfill(2)}"


def facts(check):
    """``(label, value)`` rows to compare with the KTP on the desk: enough to recognise, too little to copy."""
    answer = check.answer
    if check.question == OnlineQuestion.PERSON and check.outcome == O.FOUND:
        return _of_person(answer)
    if check.question == OnlineQuestion.MEMBERSHIP and check.outcome in (O.FOUND, O.INACTIVE):
        named = {
            "kind": _("Kind of member"),
            "status": _("Status"),
            "from": _("From (TMT)"),
            "until": _("Until (TAT)"),
            "facility": _("Registered at"),
        }
        return [(label, answer[name]) for name, label in named.items() if answer.get(name)]
    return []


def _of_person(person):
    place = ", ".join(filter(None, (person.get(name) for name in ("kelurahan", "kecamatan", "city_name"))))
    return [
        (_("Name"), mask_name(person.get("name", ""))),
        (_("Born"), person.get("birth_date", "")[:4]),
        (_("Sex"), person.get("sex", "").capitalize()),
        (_("Address by the registry"), place),
        ("KTP-el", person.get("ektp", "").capitalize()),
    ]


def elements(check):
    """``(label, agrees, percent or None)`` of an answer on elements."""
    told = check.answer.get("elements", {})
    return [(label, *told[name]) for name, label in ELEMENT_NAMES.items() if name in told]


def members(check, ours):
    """What an answer on a family and ``ours`` (residents by NIK) say of each other, half hidden.

    Rows ``(name, birth year, relation, theirs, ours)``: the last two are whether each side has the person on this KK.
    """
    told = {member["nik"]: member for member in check.answer.get("members", [])}
    rows = [
        (
            mask_name(member.get("name", "")),
            member.get("birth_date", "")[:4],
            member.get("relation", "").capitalize(),
            True,
            nik in ours,
        )
        for nik, member in told.items()
    ]
    missing = [resident for nik, resident in ours.items() if told and nik not in told]
    return rows + [
        (mask_name(resident.name), str(resident.birth_date.year), resident.get_relation_display(), False, True)
        for resident in missing
    ]
