"""The life of an escalation to the duty officer of Dinkes (domain.md B11, S108)."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ksb.core.errors import NotAllowed
from ksb.core.workflow import Transition, Workflow
from referrals.enums import EscalationState as E
from referrals.workflow.who import CLERK, NIGHT, SERVICES, of_own_puskesmas


def by_who_took_it(escalation, *, actor, **data):
    """The officer who looks for a hospital says what was found."""
    if escalation.taken_by_id != actor.pk:
        raise NotAllowed(_("%(officer)s is handling this case. Take it over first.") % {"officer": escalation.taken_by})


ESCALATION = Workflow(
    "escalation",
    E,
    (
        Transition(
            name="take",
            sources=(E.OPEN,),
            target=E.TAKEN,
            roles=SERVICES,
            act="taken",
            label=gettext_lazy("Take the case"),
        ),
        Transition(
            name="take_over",
            sources=(E.TAKEN,),
            target=E.TAKEN,
            roles=SERVICES,
            act="taken",
            label=gettext_lazy("Take the case over"),
        ),
        Transition(
            name="settle",
            sources=(E.TAKEN,),
            target=E.SETTLED,
            roles=SERVICES,
            act="ended",
            guard=by_who_took_it,
            label=gettext_lazy("A hospital takes the patient"),
        ),
        Transition(
            name="give_up",
            sources=(E.TAKEN,),
            target=E.UNMET,
            roles=SERVICES,
            act="ended",
            guard=by_who_took_it,
            label=gettext_lazy("No hospital was found"),
        ),
        Transition(
            name="withdraw",
            sources=(E.OPEN, E.TAKEN),
            target=E.WITHDRAWN,
            roles=CLERK,
            act="ended",
            guard=of_own_puskesmas,
            label=gettext_lazy("No longer needed"),
        ),
        Transition(
            name="answered",
            sources=(E.OPEN, E.TAKEN),
            target=E.SETTLED,
            roles=NIGHT,
            act="ended",
            label=gettext_lazy("The hospital has answered after all"),
        ),
    ),
)
