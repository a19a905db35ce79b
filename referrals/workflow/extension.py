"""The life of a request for more days under a letter (domain.md SM5, event DIPERPANJANG)."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ksb.core.errors import NotAllowed
from ksb.core.workflow import Transition, Workflow
from referrals.enums import ExtensionState as E
from referrals.workflow.who import SERVICES


def not_own(extension, *, actor, **data):
    """Nobody grants what they have asked for."""
    if actor.pk == extension.requested_by_id:
        raise NotAllowed(_("You asked for this extension yourself. Another officer decides."))


EXTENSION = Workflow(
    "extension",
    E,
    (
        Transition(
            name="grant",
            sources=(E.WAITING,),
            target=E.GRANTED,
            roles=SERVICES,
            act="granted",
            guard=not_own,
            label=gettext_lazy("Extend"),
        ),
        Transition(
            name="decline",
            sources=(E.WAITING,),
            target=E.DECLINED,
            roles=SERVICES,
            act="declined",
            guard=not_own,
            label=gettext_lazy("Decline with a reason"),
        ),
    ),
)
