"""The life of a control letter (SKDP, domain.md B8 step 10)."""

from django.utils.translation import gettext_lazy

from ksb.core.workflow import Transition, Workflow
from referrals.enums import ControlState as C
from referrals.workflow.who import DESK, NIGHT, of_own_hospital

CONTROL = Workflow(
    "control",
    C,
    (
        Transition(
            name="use",
            sources=(C.ISSUED,),
            target=C.USED,
            roles=DESK,
            guard=of_own_hospital,
            label=gettext_lazy("Register the control visit"),
        ),
        Transition(
            name="cancel",
            sources=(C.ISSUED,),
            target=C.CANCELLED,
            roles=DESK,
            guard=of_own_hospital,
            label=gettext_lazy("Cancel the control letter"),
        ),
        Transition(
            name="miss",
            sources=(C.ISSUED,),
            target=C.MISSED,
            roles=NIGHT,
            label=gettext_lazy("The patient did not come"),
        ),
    ),
)
