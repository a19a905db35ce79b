"""Mistakes of the registry on their way: tickets in every state, one override in force and one that waits."""

from datetime import timedelta

from django.utils.timezone import localdate

from facilities.models import User
from ksb.core.errors import Refused
from participants import overrides, tickets
from participants.enums import ResidentStatus, TicketKind
from participants.models import QuarantinedRow, Resident, Ticket

WRONG = (
    (ResidentStatus.DECEASED, TicketKind.LIFE, "C03", "Warga datang sendiri ke loket; menurut data sudah meninggal."),
    (ResidentStatus.DEACTIVATED, TicketKind.NIK, "C04", "NIK dinonaktifkan, padahal KTP-el masih dipakai."),
    (ResidentStatus.MOVED_OUT, TicketKind.ADDRESS, "C05", "Tidak pernah pindah; KK masih di Kota Bekasi."),
)
LINES = 3


def report(*, at):
    """Open tickets as the desks would, have two overrides proposed and one approved. Missing kinds of people are left out."""
    desk, dinkes, office = _user("pendaftaran"), _user("dinkes.peserta"), _user("dukcapil")
    opened = [_person_ticket(*wrong, actor=desk, at=at) for wrong in WRONG]
    rows = QuarantinedRow.objects.select_related("run").order_by("-run_id", "line_number")[:LINES]
    for row in rows:
        _unless_refused(tickets.open_for_line, row=row, text="Mohon diperiksa di SIAK.", actor=office, at=at)
    if opened[0]:
        tickets.send(tickets=Ticket.objects.filter(pk=opened[0][0].pk), actor=office, at=at)
    proposed = [_override(ticket, rule, actor=dinkes, at=at) for ticket, rule in filter(None, opened[:2])]
    if proposed and proposed[0]:
        overrides.approve(override=proposed[0], actor=_user("dinkes.layanan"), at=at)


def _person_ticket(status, kind, rule, text, *, actor, at):
    person = Resident.objects.filter(status=status).select_related("household").order_by("-status_on", "pk").first()
    if person is None:
        return None
    return tickets.open_ticket(resident=person, kind=kind, text=text, actor=actor, at=at), rule


def _override(ticket, rule, *, actor, at):
    return _unless_refused(
        overrides.propose,
        ticket=ticket,
        rules=[rule],
        reason="Data sedang diperbaiki Disdukcapil",
        evidence="Surat pengantar Disdukcapil dan KTP-el",
        valid_until=localdate(at) + timedelta(days=14),
        actor=actor,
        at=at,
    )


def _unless_refused(act, **arguments):
    try:
        return act(**arguments)
    except Refused:
        return None


def _user(username):
    return User.objects.get(username=username)
