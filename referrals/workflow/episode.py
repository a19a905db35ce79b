"""The life of an episode of care (domain.md SM7)."""

from django.utils.translation import gettext_lazy

from ksb.core.workflow import Transition, Workflow
from referrals.enums import EpisodeState as E
from referrals.workflow.who import DESK, of_own_hospital

EPISODE = Workflow(
    "episode",
    E,
    (
        Transition(
            name="discharge",
            sources=(E.IN_CARE,),
            target=E.DISCHARGED,
            roles=DESK,
            act="discharged",
            guard=of_own_hospital,
            label=gettext_lazy("Register the discharge"),
        ),
    ),
)
