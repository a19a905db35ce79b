"""The life of a print batch as a table."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ksb.core.errors import NotAllowed, Refused
from ksb.core.workflow import Transition, Workflow
from participants.enums import CardState
from participants.enums import PrintState as P
from participants.permissions import CARD_DESKS, KEEPERS


def is_not_own(batch, *, actor, **data):
    """G3.12: who prepares a batch does not approve it."""
    if actor.pk == batch.created_by_id:
        raise NotAllowed(own_batch_sentence())


def own_batch_sentence():
    return _("You prepared this batch yourself. Another person must approve it.")


def is_drawn(batch, **data):
    if not batch.file:
        raise Refused(_("The print file is not ready yet. Wait a moment and try again."))


def is_all_collected(batch, **data):
    waiting = batch.cards.filter(state__in=(CardState.PRINTED, CardState.READY)).count()
    if waiting:
        raise Refused(_("%(n)d cards of this batch still wait to be collected.") % {"n": waiting})


PRINT_BATCH = Workflow(
    "print_batch",
    P,
    (
        Transition(
            name="approve",
            sources=(P.PREPARED,),
            target=P.APPROVED,
            roles=KEEPERS,
            act="approved",
            guard=is_not_own,
            label=gettext_lazy("Approve printing"),
        ),
        Transition(
            name="send",
            sources=(P.APPROVED,),
            target=P.AT_PRINTER,
            roles=KEEPERS,
            act="sent",
            guard=is_drawn,
            label=gettext_lazy("Give to the printer"),
        ),
        Transition(
            name="mark_printed",
            sources=(P.AT_PRINTER,),
            target=P.PRINTED,
            roles=KEEPERS,
            act="printed",
            label=gettext_lazy("Printed: enter the blanks used"),
        ),
        Transition(
            name="deliver",
            sources=(P.PRINTED,),
            target=P.DELIVERED,
            roles=CARD_DESKS,
            act="delivered",
            label=gettext_lazy("Received at the service point"),
        ),
        Transition(
            name="close",
            sources=(P.DELIVERED,),
            target=P.CLOSED,
            roles=KEEPERS,
            act="closed",
            guard=is_all_collected,
            label=gettext_lazy("Close"),
        ),
        Transition(
            name="cancel",
            sources=(P.PREPARED, P.APPROVED),
            target=P.CANCELLED,
            roles=KEEPERS,
            act="closed",
            label=gettext_lazy("Cancel"),
        ),
    ),
)
