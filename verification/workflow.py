"""The life of a BAHV: drawn up, signed by hospital and verifier in that order, approved by Dinkes, then unchangeable.

And that of a dispute: filed, before its panel, ruled by the doctor, confirmed by Dinkes.
"""

from django.utils.translation import gettext_lazy as _

from facilities.enums import VERIFIER_ROLES, Role
from ksb.core.workflow import Transition, Workflow
from verification.enums import BahvState as S
from verification.enums import DisputeState as D

BAHV = Workflow(
    "bahv",
    S,
    (
        Transition(
            name="sign_hospital",
            sources=(S.DRAFT,),
            target=S.SIGNED_HOSPITAL,
            roles=(Role.HOSPITAL_DIRECTOR,),
            label=_("Sign for the hospital"),
            act="hospital_signed",
        ),
        Transition(
            name="sign_verifier",
            sources=(S.SIGNED_HOSPITAL,),
            target=S.SIGNED_VERIFIER,
            roles=VERIFIER_ROLES,
            label=_("Sign as verifier"),
            act="verifier_signed",
        ),
        Transition(
            name="approve",
            sources=(S.SIGNED_VERIFIER,),
            target=S.APPROVED,
            roles=(Role.DINKES_SERVICES,),
            label=_("Approve for Dinkes"),
            act="approved",
        ),
    ),
)

DISPUTE = Workflow(
    "dispute",
    D,
    (
        Transition(
            name="name_panel",
            sources=(D.FILED, D.PANEL),
            target=D.PANEL,
            roles=(Role.VERIFIER_COORDINATOR,),
            label=_("Name the panel"),
            act="named",
        ),
        Transition(
            name="rule",
            sources=(D.PANEL,),
            target=D.RULED,
            roles=(Role.VERIFIER_MEDICAL,),
            label=_("Rule on the dispute"),
            act="ruled",
        ),
        Transition(
            name="send_back",
            sources=(D.RULED,),
            target=D.PANEL,
            roles=(Role.DINKES_SERVICES,),
            label=_("Send back to the doctor"),
        ),
        Transition(
            name="confirm",
            sources=(D.RULED,),
            target=D.DECIDED,
            roles=(Role.DINKES_SERVICES,),
            label=_("Confirm the ruling"),
            act="decided",
        ),
    ),
)
