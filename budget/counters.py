"""What waits on the way from BAHV to bank: each office sees the step that is its own."""

from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from budget import bahvs
from budget.enums import DocumentState, PaymentState, ReconciliationState, RecoveryState
from budget.models import BudgetDocument, Payment, Reconciliation, Recovery
from facilities.enums import Role
from ksb.core.counters import Counter


def _payments(state):
    def waiting(actor, at):
        return Payment.objects.visible_to(actor).filter(state=state)

    return waiting


def _overdue(actor, at):
    state = PaymentState.SPP_ISSUED if actor.has_role(Role.BUDGET_USER) else PaymentState.SPM_ISSUED
    return Payment.objects.visible_to(actor).filter(state=state).overdue(localdate(at))


COUNTERS = (
    Counter(
        code="payments.propose",
        label=_("BAHVs to propose for payment"),
        url_name="budget:payment_list",
        roles=(Role.DINKES_CLAIMS,),
        waiting=lambda actor, at: bahvs.payable(),
    ),
    Counter(
        code="payments.spp",
        label=_("SPP to issue"),
        url_name="budget:payment_list",
        query="state=PROPOSED",
        roles=(Role.TREASURER,),
        waiting=_payments(PaymentState.PROPOSED),
    ),
    Counter(
        code="payments.spm",
        label=_("SPM to issue"),
        url_name="budget:payment_list",
        query="state=SPP_ISSUED",
        roles=(Role.BUDGET_USER,),
        waiting=_payments(PaymentState.SPP_ISSUED),
    ),
    Counter(
        code="payments.sp2d",
        label=_("SP2D to issue"),
        url_name="budget:payment_list",
        query="state=SPM_ISSUED",
        roles=(Role.BUD,),
        waiting=_payments(PaymentState.SPM_ISSUED),
    ),
    Counter(
        code="payments.overdue",
        label=_("Payments past their day"),
        url_name="budget:payment_list",
        roles=(Role.BUDGET_USER, Role.BUD),
        waiting=_overdue,
        urgent=True,
    ),
    Counter(
        code="payments.bank",
        label=_("Bank confirmations to record"),
        url_name="budget:payment_list",
        query="state=SP2D_ISSUED",
        roles=(Role.TREASURER,),
        waiting=_payments(PaymentState.SP2D_ISSUED),
    ),
    Counter(
        code="budget.documents",
        label=_("Budget documents to decide"),
        url_name="budget:documents",
        roles=(Role.BUDGET_USER,),
        waiting=lambda actor, at: BudgetDocument.objects.visible_to(actor).filter(state=DocumentState.PROPOSED),
    ),
    Counter(
        code="budget.recoveries",
        label=_("Recoveries to decide"),
        url_name="budget:recoveries",
        roles=(Role.BUDGET_USER,),
        waiting=lambda actor, at: Recovery.objects.visible_to(actor).filter(state=RecoveryState.PROPOSED),
    ),
    Counter(
        code="reconciliations.confirm",
        label=_("Payments to confirm as received"),
        url_name="budget:reconciliations",
        roles=(Role.HOSPITAL_DIRECTOR,),
        waiting=lambda actor, at: Reconciliation.objects.visible_to(actor).filter(state=ReconciliationState.DRAFT),
    ),
    Counter(
        code="reconciliations.close",
        label=_("Reconciliations to sign"),
        url_name="budget:reconciliations",
        roles=(Role.DINKES_CLAIMS,),
        waiting=lambda actor, at: Reconciliation.objects.visible_to(actor).filter(state=ReconciliationState.CONFIRMED),
    ),
)
