"""The lives of a referral, a guarantee letter, an episode of care and what follows it, one table each (docs/states/).

An SJP and its referral move together: the services in ``issuing``, ``hospital`` and ``expiry`` apply both tables in one
transaction.
"""

from referrals.workflow.back_referral import BACK_REFERRAL
from referrals.workflow.control import CONTROL
from referrals.workflow.episode import EPISODE
from referrals.workflow.referral import REFERRAL
from referrals.workflow.sjp import SJP
from referrals.workflow.who import BILLER, CLERK, DESK, NIGHT, SERVICES, of_own_hospital, of_own_puskesmas

__all__ = [
    "BACK_REFERRAL",
    "BILLER",
    "CLERK",
    "CONTROL",
    "DESK",
    "EPISODE",
    "NIGHT",
    "REFERRAL",
    "SERVICES",
    "SJP",
    "of_own_hospital",
    "of_own_puskesmas",
]
