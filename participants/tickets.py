"""Tickets to Disdukcapil: somebody says that the registry is wrong; who owns the registry corrects it, the night brings it.

What was wrong is kept as the columns in question (``WATCHED``). When a night brings other values, the ticket closes itself.
"""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from ksb.core import journal
from ksb.core.errors import NotAllowed, Refused
from ksb.core.formats import day_short, identity, roman_month
from ksb.core.integrity import refusing
from ksb.core.numbering import next_number
from ksb.core.workflow import may, system_user
from participants.enums import TicketKind, TicketOutcome, TicketState
from participants.models import Household, Resident, Ticket
from participants.permissions import TICKET_OPENERS
from participants.tabular import NUMBER_OF_IDENTITY
from participants.workflow import TICKET

NUMBERED = ("TKT", "KOTA")
OF_PERSON = {
    TicketKind.NOT_IN_REGISTRY: ("listed",),
    TicketKind.FILE_LINE: ("listed",),
    TicketKind.NIK: ("nik", "status"),
    TicketKind.LIFE: ("status", "status_on"),
    TicketKind.NAME: ("name",),
    TicketKind.BIRTH: ("birth_date", "birth_place"),
    TicketKind.SEX: ("sex",),
    TicketKind.FAMILY: ("household_id", "relation"),
    TicketKind.ADDRESS: ("kelurahan_id", "city_code"),
    TicketKind.EKTP: ("ektp_recorded",),
}
OF_FAMILY = {
    TicketKind.FAMILY: ("head_id", "dissolved_on"),
    TicketKind.ADDRESS: ("address", "rt", "rw", "kelurahan_id"),
}
CORRECTED_AT_ONCE = 1_000


def open_ticket(*, kind, text, actor, at, resident=None, household=None, nik="", run=None, line_number=None):
    """Open a ticket of ``kind`` (TicketKind) and return it. ``text`` says what is wrong and what is right.

    About a ``resident``, a ``household``, a ``nik`` the registry does not know, or a line of a ``run``. ``actor`` None is the
    resident on the family's own page. Raises NotAllowed, or Refused when such a ticket is open already.
    """
    if actor is not None and not may(actor, TICKET_OPENERS):
        raise NotAllowed(_("Your role does not include this step."))
    if not text.strip():
        raise Refused(_("Write what is wrong, and what is right."), code="text")
    on = timezone.localdate(at)
    household = household or (resident and resident.household)
    found = resident or (Resident.objects.filter(nik=nik).first() if nik else None)
    with transaction.atomic(), refusing(_already_open(kind, resident=found, nik=nik)):
        ticket = Ticket.objects.create(
            number=f"{next_number(*NUMBERED, on.year):06d}/TKT/{roman_month(on.month)}/{on.year}",
            kind=kind,
            resident=found,
            household=household,
            nik="" if found else nik,
            run=run,
            line_number=line_number,
            text=text.strip(),
            before=_values(kind, resident=found, household=household),
            created_at=at,
            created_by=actor or system_user(),
        )
        journal.record("ticket.open", ticket, actor=actor, kind=str(kind))
    return ticket


def open_for_line(*, row, text, actor, at):
    """The ticket about a QuarantinedRow. Whom it speaks of is found by the numbers in the line, as far as they can be read."""
    numbers = set(NUMBER_OF_IDENTITY.findall(row.raw))
    known = list(Resident.objects.filter(nik__in=numbers).select_related("household")[:2])
    families = set(Household.objects.filter(kk_number__in=numbers).values_list("kk_number", flat=True))
    others = numbers - families
    return open_ticket(
        kind=TicketKind.FILE_LINE,
        text=text,
        resident=known[0] if len(known) == 1 else None,
        nik=others.pop() if not known and len(others) == 1 else "",
        run=row.run,
        line_number=row.line_number,
        actor=actor,
        at=at,
    )


def send(*, tickets, actor, at):
    """Mark the open ones of a queryset as sent to Disdukcapil; returns how many."""
    return TICKET.apply_many(tickets, "send", actor=actor, at=at)


def answer(*, ticket, text, actor, at):
    """Record what Disdukcapil answers."""
    if not text.strip():
        raise Refused(_("Write what Disdukcapil answered."), code="text")
    return TICKET.apply(ticket, "answer", actor=actor, at=at, update={"answer": text.strip()})


def ask_again(*, ticket, actor, at):
    """The answer does not settle it: the ticket is open once more. The earlier answer stays in the journal's order of steps."""
    fresh_start = {"sent_at": None, "sent_by": None}
    return TICKET.apply(ticket, "ask_again", actor=actor, at=at, update=fresh_start)


def close(*, ticket, outcome, actor, at):
    """Close by hand, with a TicketOutcome."""
    if outcome not in TicketOutcome.values:
        raise Refused(_("Choose why the ticket is closed."), code="outcome")
    return TICKET.apply(ticket, "close", actor=actor, at=at, data={"outcome": outcome}, update={"outcome": outcome})


def close_corrected(*, at):
    """The night's part: close every ticket whose columns the registry has changed. Returns how many.

    Two statements find them, however many are open.
    """
    waiting = (
        Ticket.objects.exclude(state=TicketState.CLOSED)
        .select_related("resident", "household")
        .order_by("pk")[:CORRECTED_AT_ONCE]
    )
    arrived = Resident.objects.filter(nik__in=[ticket.nik for ticket in waiting if ticket.nik]).in_bulk(
        field_name="nik"
    )
    closed = 0
    for ticket in waiting:
        resident = ticket.resident or arrived.get(ticket.nik)
        if _values(ticket.kind, resident=resident, household=ticket.household) != ticket.before:
            close(ticket=ticket, outcome=TicketOutcome.CORRECTED, actor=None, at=at)
            closed += 1
    return closed


def table(tickets):
    """The rows of the file for Disdukcapil, first line included. Numbers in groups, so that no spreadsheet rounds them."""
    yield [
        _("Ticket"),
        _("Opened on"),
        _("What is wrong"),
        "NIK",
        _("Name"),
        "No. KK",
        _("File and line"),
        _("Explanation"),
    ]
    for ticket in tickets.select_related("resident", "household", "run").order_by("pk"):
        resident, household = ticket.resident, ticket.household
        yield [
            ticket.number,
            day_short(timezone.localdate(ticket.created_at)),
            ticket.get_kind_display(),
            identity(resident.nik if resident else ticket.nik),
            resident.name if resident else "",
            identity(household.kk_number) if household else "",
            f"{ticket.run.file_name}: {ticket.line_number}" if ticket.run else "",
            ticket.text,
        ]


def _values(kind, *, resident, household):
    """The columns ``kind`` is about as plain values; a person the registry does not know is not listed."""
    if resident is None and kind in (TicketKind.NOT_IN_REGISTRY, TicketKind.FILE_LINE):
        return {"listed": False}
    found = {name: getattr(resident, name) for name in OF_PERSON[kind]} if resident else {}
    if household:
        found |= {f"family_{name}": getattr(household, name) for name in OF_FAMILY.get(kind, ())}
    return {name: value if isinstance(value, int | str | None) else str(value) for name, value in found.items()}


def _already_open(kind, *, resident, nik):
    earlier = Ticket.objects.exclude(state=TicketState.CLOSED).order_by("pk")
    earlier = earlier.filter(resident=resident, kind=kind) if resident else earlier.filter(nik=nik)
    number = earlier.values_list("number", flat=True).first() or ""
    told = _("Disdukcapil is asked about this already (ticket %(number)s).") % {"number": number}
    line = _("A ticket for this line of the file is open already.")
    names = ("one_open_ticket_per_person_and_kind", "one_open_ticket_per_number")
    return dict.fromkeys(names, told) | {"one_open_ticket_per_line": line}
