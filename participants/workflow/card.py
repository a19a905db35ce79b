"""The life of a card as a table."""

from django.utils.translation import gettext_lazy

from ksb.core.workflow import SYSTEM, Transition, Workflow
from participants.enums import CardState as C
from participants.permissions import CARD_DESKS, KEEPERS

CARD = Workflow(
    "card",
    C,
    (
        Transition(
            name="approve",
            sources=(C.ORDERED,),
            target=C.APPROVED,
            roles=KEEPERS,
            act="approved",
            label=gettext_lazy("Approve printing"),
        ),
        Transition(
            name="take_back",
            sources=(C.APPROVED,),
            target=C.ORDERED,
            roles=KEEPERS,
            label=gettext_lazy("Take back the approval"),
        ),
        Transition(
            name="mark_printed",
            sources=(C.APPROVED,),
            target=C.PRINTED,
            roles=KEEPERS,
            act="printed",
            label=gettext_lazy("Mark as printed"),
        ),
        Transition(
            name="make_ready",
            sources=(C.PRINTED,),
            target=C.READY,
            roles=CARD_DESKS,
            label=gettext_lazy("Ready to collect"),
        ),
        Transition(
            name="hand_over",
            sources=(C.PRINTED, C.READY),
            target=C.ACTIVE,
            roles=CARD_DESKS,
            act="handed",
            label=gettext_lazy("Hand over"),
        ),
        Transition(
            name="report_lost",
            sources=(C.READY, C.ACTIVE),
            target=C.LOST,
            roles=(*CARD_DESKS, SYSTEM),
            act="blocked",
            label=gettext_lazy("Lost"),
        ),
        Transition(
            name="report_damaged",
            sources=(C.PRINTED, C.READY, C.ACTIVE),
            target=C.DAMAGED,
            roles=CARD_DESKS,
            act="blocked",
            label=gettext_lazy("Damaged"),
        ),
        Transition(
            name="replace",
            sources=(C.ACTIVE,),
            target=C.REPLACED,
            roles=CARD_DESKS,
            act="blocked",
            label=gettext_lazy("Data on the card have changed"),
        ),
        Transition(
            name="revoke",
            sources=(C.ORDERED, C.APPROVED, C.PRINTED, C.READY, C.ACTIVE),
            target=C.REVOKED,
            roles=(*KEEPERS, SYSTEM),
            act="blocked",
            label=gettext_lazy("Revoke"),
        ),
    ),
)
