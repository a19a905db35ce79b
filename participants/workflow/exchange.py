"""The life of an exchange file as a table."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ksb.core.errors import NotAllowed, Refused
from ksb.core.workflow import SYSTEM, Transition, Workflow
from participants.enums import SyncState as S
from participants.permissions import OPERATORS

EXCHANGE = (SYSTEM, *OPERATORS)


def is_first(run, *, actor, **data):
    if run.approved_by_id:
        raise Refused(_("The first approval is given already. Another person gives the second."))


def is_second_person(run, *, actor, **data):
    if not run.approved_by_id:
        raise Refused(_("The first approval is missing."))
    if run.approved_by_id == actor.pk:
        raise NotAllowed(_("You gave the first approval. Another person must give the second."))


SYNC_RUN = Workflow(
    "sync",
    S,
    (
        Transition(
            name="again",
            sources=(S.FETCHED, S.STAGED, S.FAILED),
            target=S.FETCHED,
            roles=EXCHANGE,
            label=gettext_lazy("Read again"),
        ),
        Transition(
            name="stage",
            sources=(S.FETCHED,),
            target=S.STAGED,
            roles=EXCHANGE,
            label=gettext_lazy("Lines read and compared"),
        ),
        Transition(
            name="hold",
            sources=(S.STAGED,),
            target=S.WAITING_APPROVAL,
            roles=EXCHANGE,
            label=gettext_lazy("Wait for approval"),
        ),
        Transition(
            name="approve",
            sources=(S.WAITING_APPROVAL,),
            target=S.WAITING_APPROVAL,
            roles=OPERATORS,
            act="approved",
            guard=is_first,
            label=gettext_lazy("Approve (first person)"),
        ),
        Transition(
            name="second",
            sources=(S.WAITING_APPROVAL,),
            target=S.FETCHED,
            roles=OPERATORS,
            act="seconded",
            guard=is_second_person,
            label=gettext_lazy("Approve (second person)"),
        ),
        Transition(
            name="apply",
            sources=(S.STAGED,),
            target=S.APPLIED,
            roles=EXCHANGE,
            act="applied",
            label=gettext_lazy("Apply"),
        ),
        Transition(
            name="fail",
            sources=(S.FETCHED, S.STAGED),
            target=S.FAILED,
            roles=EXCHANGE,
            label=gettext_lazy("Interrupted"),
        ),
        Transition(
            name="refuse",
            sources=(S.FETCHED, S.STAGED, S.WAITING_APPROVAL, S.FAILED),
            target=S.REFUSED,
            roles=EXCHANGE,
            label=gettext_lazy("Refuse the file"),
        ),
    ),
)
