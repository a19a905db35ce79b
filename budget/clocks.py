"""The clocks of a payment: working days of the officer whose turn it is (PP 12/2019; Permendagri 77/2020).

The SPM follows the SPP within two working days, its refusal within one; the same holds for the SP2D after the SPM.
"""

from django.utils.timezone import localdate

from budget.enums import PaymentState as S
from facilities.calendar import add_working_days

STEP_DAYS = 2
REFUSAL_DAYS = 1
TIMED = (S.SPP_ISSUED, S.SPM_ISSUED)


def due(state, day):
    """The last day for the next step of a payment that reached ``state`` on ``day``; None where no clock runs."""
    return add_working_days(day, STEP_DAYS) if state in TIMED else None


def refusal_due(payment):
    """The last day on which the officer whose turn it is may refuse without being late, or None."""
    reached = {S.SPP_ISSUED: payment.spp_at, S.SPM_ISSUED: payment.spm_at}.get(payment.state)
    return reached and add_working_days(localdate(reached), REFUSAL_DAYS)
