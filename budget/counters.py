"""What waits on the way from BAHV to bank: each office sees the step that is its own."""

from django.utils.translation import gettext_lazy as _

from budget.enums import PaymentState
from budget.models import Payment
from claims.enums import BatchState
from claims.models import ClaimBatch
from facilities.enums import Role
from ksb.core.counters import Counter


def _payments(state):
    def waiting(actor, at):
        return Payment.objects.visible_to(actor).filter(state=state)

    return waiting


COUNTERS = (
    Counter(
        code="payments.propose",
        label=_("Batches to propose for payment"),
        url_name="budget:payment_list",
        roles=(Role.DINKES_CLAIMS,),
        waiting=lambda actor, at: ClaimBatch.objects.visible_to(actor).filter(state=BatchState.BAHV_APPROVED),
    ),
    Counter(
        code="payments.spp",
        label=_("SPP to issue"),
        url_name="budget:payment_list",
        roles=(Role.TREASURER,),
        waiting=_payments(PaymentState.PROPOSED),
    ),
    Counter(
        code="payments.spm",
        label=_("SPM to issue"),
        url_name="budget:payment_list",
        roles=(Role.BUDGET_USER,),
        waiting=_payments(PaymentState.SPP_ISSUED),
    ),
    Counter(
        code="payments.sp2d",
        label=_("SP2D to issue"),
        url_name="budget:payment_list",
        roles=(Role.BUD,),
        waiting=_payments(PaymentState.SPM_ISSUED),
    ),
)
