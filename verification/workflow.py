"""The life of a BAHV: drawn up, signed by hospital and verifier in that order, approved by Dinkes, then unchangeable."""

from django.utils.translation import gettext_lazy as _

from facilities.enums import VERIFIER_ROLES, Role
from ksb.core.workflow import Transition, Workflow
from verification.enums import BahvState as S

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
