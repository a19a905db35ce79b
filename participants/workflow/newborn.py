"""The life of a newborn's record as a table."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ksb.core.errors import Refused
from ksb.core.workflow import SYSTEM, Transition, Workflow
from participants.enums import NewbornState as N
from participants.permissions import BIRTH_MATCHERS


def gives_reason(newborn, *, reason="", **data):
    if not reason.strip():
        raise Refused(_("Write down the reason."))


NEWBORN = Workflow(
    "newborn",
    N,
    (
        Transition(
            name="match",
            sources=(N.RECORDED, N.EXPIRED),
            target=N.MATCHED,
            roles=(SYSTEM, *BIRTH_MATCHERS),
            act="matched",
            label=gettext_lazy("This is the child"),
        ),
        Transition(
            name="unmatch",
            sources=(N.MATCHED,),
            target=N.RECORDED,
            roles=BIRTH_MATCHERS,
            guard=gives_reason,
            label=gettext_lazy("Undo the match"),
        ),
        Transition(
            name="expire",
            sources=(N.RECORDED,),
            target=N.EXPIRED,
            roles=(SYSTEM,),
            label=gettext_lazy("Time of cover without NIK is over"),
        ),
    ),
    begins=(N.RECORDED, N.STILLBORN),
)
