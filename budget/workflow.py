"""The lives of a payment, a document of the budget, a recovery and a reconciliation. Each document has its own officer."""

from django.utils.translation import gettext_lazy as _

from budget.enums import DocumentState as D
from budget.enums import PaymentState as S
from budget.enums import ReconciliationState as C
from budget.enums import RecoveryState as R
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
            name="confirm_bank",
            sources=(S.SP2D_ISSUED,),
            target=S.DISBURSED,
            roles=(Role.TREASURER,),
            label=_("Record the bank's confirmation"),
            act="disbursed",
        ),
        Transition(
            name="reconcile",
            sources=(S.DISBURSED,),
            target=S.RECONCILED,
            roles=(Role.DINKES_CLAIMS,),
            label=_("Reconcile"),
            act="reconciled",
        ),
        Transition(
            name="refuse_proposal",
            sources=(S.PROPOSED,),
            target=S.REFUSED,
            roles=(Role.TREASURER,),
            label=_("Refuse the proposal"),
            act="refused",
        ),
        Transition(
            name="refuse_spp",
            sources=(S.SPP_ISSUED,),
            target=S.SPP_REFUSED,
            roles=(Role.BUDGET_USER,),
            label=_("Refuse the SPP"),
            act="refused",
        ),
        Transition(
            name="refuse_spm",
            sources=(S.SPM_ISSUED,),
            target=S.SPM_REFUSED,
            roles=(Role.BUD,),
            label=_("Refuse the SPM"),
            act="refused",
        ),
    ),
)

DOCUMENT = Workflow(
    "budget_document",
    D,
    (
        Transition(
            name="approve",
            sources=(D.PROPOSED,),
            target=D.APPROVED,
            roles=(Role.BUDGET_USER,),
            label=_("Put in force"),
            act="approved",
        ),
        Transition(
            name="refuse",
            sources=(D.PROPOSED,),
            target=D.REFUSED,
            roles=(Role.BUDGET_USER,),
            label=_("Refuse"),
            act="refused",
        ),
    ),
)

RECOVERY = Workflow(
    "recovery",
    R,
    (
        Transition(
            name="approve",
            sources=(R.PROPOSED,),
            target=R.OPEN,
            roles=(Role.BUDGET_USER,),
            label=_("Put in force"),
            act="approved",
        ),
        Transition(
            name="cancel",
            sources=(R.PROPOSED,),
            target=R.CANCELLED,
            roles=(Role.BUDGET_USER, Role.DINKES_CLAIMS),
            label=_("Cancel"),
            act="cancelled",
        ),
        Transition(
            name="settle",
            sources=(R.OPEN,),
            target=R.SETTLED,
            roles=(Role.TREASURER, Role.BUD),
            label=_("Paid back in full"),
            act="settled",
        ),
    ),
)

RECONCILIATION = Workflow(
    "reconciliation",
    C,
    (
        Transition(
            name="confirm",
            sources=(C.DRAFT,),
            target=C.CONFIRMED,
            roles=(Role.HOSPITAL_DIRECTOR,),
            label=_("Sign for the hospital"),
            act="confirmed",
        ),
        Transition(
            name="close",
            sources=(C.CONFIRMED,),
            target=C.CLOSED,
            roles=(Role.DINKES_CLAIMS,),
            label=_("Sign for Dinkes"),
            act="closed",
        ),
        Transition(
            name="reopen",
            sources=(C.CONFIRMED,),
            target=C.DRAFT,
            roles=(Role.DINKES_CLAIMS,),
            label=_("Send back to the hospital"),
        ),
    ),
)
