"""What two people put in force, as tables: rules of the programme, special covers, events."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ksb.core.errors import NotAllowed
from ksb.core.workflow import Transition, Workflow
from participants.enums import ProposalState, SpecialState
from participants.permissions import RULE_DECIDERS, SPECIAL_DECIDERS


def another_person(proposal, *, actor, **data):
    """Who wrote it down does not decide on it."""
    if actor.pk == proposal.created_by_id:
        raise NotAllowed(written_yourself())


def written_yourself():
    return _("You entered this yourself. Another person must decide on it.")


def _of_two_people(name):
    return Workflow(
        name,
        SpecialState,
        (
            Transition(
                name="approve",
                sources=(SpecialState.PROPOSED,),
                target=SpecialState.APPROVED,
                roles=SPECIAL_DECIDERS,
                act="approved",
                guard=another_person,
                label=gettext_lazy("Put in force"),
            ),
            Transition(
                name="refuse",
                sources=(SpecialState.PROPOSED,),
                target=SpecialState.REFUSED,
                roles=SPECIAL_DECIDERS,
                act="refused",
                label=gettext_lazy("Refuse"),
            ),
            Transition(
                name="end",
                sources=(SpecialState.APPROVED,),
                target=SpecialState.ENDED,
                roles=SPECIAL_DECIDERS,
                act="ended",
                label=gettext_lazy("End"),
            ),
        ),
    )


SCHEME = Workflow(
    "scheme",
    ProposalState,
    (
        Transition(
            name="approve",
            sources=(ProposalState.PROPOSED,),
            target=ProposalState.APPROVED,
            roles=RULE_DECIDERS,
            act="approved",
            guard=another_person,
            label=gettext_lazy("Put in force"),
        ),
        Transition(
            name="refuse",
            sources=(ProposalState.PROPOSED,),
            target=ProposalState.REFUSED,
            roles=RULE_DECIDERS,
            act="refused",
            label=gettext_lazy("Refuse"),
        ),
    ),
)
SPECIAL_COVER = _of_two_people("special_cover")
SPECIAL_EVENT = _of_two_people("special_event")
