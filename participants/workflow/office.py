"""The lives of a ticket to Disdukcapil and of a temporary override as tables."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ksb.core.errors import NotAllowed
from ksb.core.workflow import SYSTEM, Transition, Workflow
from participants.enums import OverrideState as O
from participants.enums import TicketState as T
from participants.permissions import OVERRIDE_APPROVERS, OVERRIDE_PROPOSERS, TICKET_WORKERS

REGISTRY = (SYSTEM,)


TICKET = Workflow(
    "ticket",
    T,
    (
        Transition(
            name="send",
            sources=(T.OPEN,),
            target=T.SENT,
            roles=TICKET_WORKERS,
            act="sent",
            label=gettext_lazy("Mark as sent to Disdukcapil"),
        ),
        Transition(
            name="answer",
            sources=(T.OPEN, T.SENT),
            target=T.ANSWERED,
            roles=TICKET_WORKERS,
            act="answered",
            label=gettext_lazy("Record the answer"),
        ),
        Transition(
            name="ask_again",
            sources=(T.ANSWERED,),
            target=T.OPEN,
            roles=TICKET_WORKERS,
            label=gettext_lazy("Ask again"),
        ),
        Transition(
            name="close",
            sources=(T.OPEN, T.SENT, T.ANSWERED),
            target=T.CLOSED,
            roles=(*TICKET_WORKERS, SYSTEM),
            act="closed",
            label=gettext_lazy("Close"),
        ),
    ),
)


def is_another_person(lifting, *, actor, **data):
    if actor.pk == lifting.created_by_id:
        raise NotAllowed(_("You proposed this yourself. Another person must decide on it."))


OVERRIDE = Workflow(
    "override",
    O,
    (
        Transition(
            name="approve",
            sources=(O.PROPOSED,),
            target=O.ACTIVE,
            roles=OVERRIDE_APPROVERS,
            act="approved",
            guard=is_another_person,
            label=gettext_lazy("Approve"),
        ),
        Transition(
            name="refuse",
            sources=(O.PROPOSED,),
            target=O.REFUSED,
            roles=OVERRIDE_APPROVERS,
            act="refused",
            label=gettext_lazy("Refuse"),
        ),
        Transition(
            name="revoke",
            sources=(O.ACTIVE,),
            target=O.REVOKED,
            roles=(*OVERRIDE_PROPOSERS, *OVERRIDE_APPROVERS),
            act="revoked",
            label=gettext_lazy("Revoke"),
        ),
        Transition(
            name="expire",
            sources=(O.PROPOSED, O.ACTIVE),
            target=O.EXPIRED,
            roles=REGISTRY,
            label=gettext_lazy("Its last day is over"),
        ),
    ),
)
