"""What the pages of families and applications show of tickets, overrides and on-line checks: parts, each made in one place."""

from participants import online
from participants.enums import OnlineService, OverrideState, TicketState
from participants.models import OnlineCheck, Override, Ticket
from participants.permissions import APPLICATION_ASKERS, FAMILY_ASKERS, TICKET_OPENERS


def family_part(household, user):
    """Context of ``parts/office.html``: open tickets and overrides of a family, and what the user may do about them."""
    tickets = Ticket.objects.visible_to(user).filter(household=household).exclude(state=TicketState.CLOSED)
    running = (OverrideState.PROPOSED, OverrideState.ACTIVE)
    overrides = Override.objects.visible_to(user).filter(resident__household=household, state__in=running)
    return {
        "tickets": tickets.select_related("resident").order_by("pk"),
        "overrides": overrides.select_related("resident").order_by("pk"),
        "may_open": user.has_role(*TICKET_OPENERS),
        "may_compare": online.is_set_up(OnlineService.DUKCAPIL) and user.has_role(*FAMILY_ASKERS),
        "may_ask_jkn": online.is_set_up(OnlineService.JKN) and user.has_role(*FAMILY_ASKERS),
    }


def application_part(enrolment, user):
    """Context of ``parts/application_online.html``: what Dukcapil said on line about the family of an application."""
    last = OnlineCheck.objects.filter(enrolment=enrolment).select_related("actor").order_by("-pk").first()
    may_ask = online.is_set_up(OnlineService.DUKCAPIL) and user.has_role(*APPLICATION_ASKERS)
    return {"check": last, "may_ask": may_ask and enrolment.state in ("SUBMITTED", "CHECKING", "FIELD_CHECK")}
