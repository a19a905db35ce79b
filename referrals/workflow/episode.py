"""The life of an episode of care (domain.md SM7). What comes of its claim is told by the letter and the claim."""

from django.utils.translation import gettext_lazy

from ksb.core.workflow import Transition, Workflow
from referrals.enums import EpisodeState as E
from referrals.workflow.who import DESK, SERVICES, of_own_hospital, of_the_treating_hospital

EPISODE = Workflow(
    "episode",
    E,
    (
        Transition(
            name="discharge",
            sources=(E.IN_CARE,),
            target=E.DISCHARGED,
            roles=(*DESK, *SERVICES),
            act="discharged",
            guard=of_the_treating_hospital,
            label=gettext_lazy("Register the discharge"),
        ),
        Transition(
            name="complete",
            sources=(E.DISCHARGED,),
            target=E.COMPLETE,
            roles=DESK,
            act="completed",
            guard=of_own_hospital,
            label=gettext_lazy("Complete the medical summary"),
        ),
    ),
)
