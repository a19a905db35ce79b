"""The life of a payment: proposed, SPP, SPM, SP2D. Three officers, one for each document."""

from django.utils.translation import gettext_lazy as _

from budget.enums import PaymentState as S
from facilities.enums import Role
from ksb.core.workflow import Transition, Workflow

PAYMENT = Workflow(
    "payment",
    S,
    (
        Transition(
            name="issue_spp",
            sources=(S.PROPOSED,),
            target=S.SPP_ISSUED,
            roles=(Role.TREASURER,),
            label=_("Record the SPP"),
            act="spp",
        ),
        Transition(
            name="issue_spm",
            sources=(S.SPP_ISSUED,),
            target=S.SPM_ISSUED,
            roles=(Role.BUDGET_USER,),
            label=_("Record the SPM"),
            act="spm",
        ),
        Transition(
            name="issue_sp2d",
            sources=(S.SPM_ISSUED,),
            target=S.SP2D_ISSUED,
            roles=(Role.BUD,),
            label=_("Record the SP2D"),
            act="sp2d",
        ),
        Transition(
            name="refuse",
            sources=(S.PROPOSED, S.SPP_ISSUED, S.SPM_ISSUED),
            target=S.REFUSED,
            roles=(Role.TREASURER, Role.BUDGET_USER, Role.BUD),
            label=_("Refuse"),
            act="refused",
        ),
    ),
)
