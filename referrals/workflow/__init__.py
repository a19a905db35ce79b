"""The lives of a referral, a guarantee letter and an episode of care, one table each (docs/states/).

An SJP and its referral move together: the services in ``issuing``, ``hospital`` and ``expiry`` apply both tables in one
transaction.
"""

from referrals.workflow.episode import EPISODE
from referrals.workflow.referral import REFERRAL
from referrals.workflow.sjp import SJP
from referrals.workflow.who import BILLER, CLERK, DESK, NIGHT, SERVICES, of_own_hospital, of_own_puskesmas

__all__ = [
    "BILLER",
    "CLERK",
    "DESK",
    "EPISODE",
    "NIGHT",
    "REFERRAL",
    "SERVICES",
    "SJP",
    "of_own_hospital",
    "of_own_puskesmas",
]
