"""The lives of the network, as tables."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from facilities.enums import AccountState
from facilities.permissions import ACCOUNT_DECIDERS
from ksb.core.errors import NotAllowed
from ksb.core.workflow import Transition, Workflow


def another_person(change, *, actor, **data):
    """Who entered the account does not decide that money goes there."""
    if actor.pk == change.created_by_id:
        raise NotAllowed(entered_yourself())


def entered_yourself():
    return _("You entered this account yourself. Another person must approve it.")


ACCOUNT = Workflow(
    "account_change",
    AccountState,
    (
        Transition(
            name="approve",
            sources=(AccountState.PROPOSED,),
            target=AccountState.APPROVED,
            roles=ACCOUNT_DECIDERS,
            act="approved",
            guard=another_person,
            label=gettext_lazy("Approve the account"),
        ),
        Transition(
            name="refuse",
            sources=(AccountState.PROPOSED,),
            target=AccountState.REFUSED,
            roles=ACCOUNT_DECIDERS,
            act="refused",
            label=gettext_lazy("Refuse the account"),
        ),
    ),
)
