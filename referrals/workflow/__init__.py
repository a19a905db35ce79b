"""The lives of a referral, a guarantee letter, an episode of care and what goes with them, one table each (docs/states/).

An SJP and its referral move together: the services in ``issuing``, ``hospital`` and ``expiry`` apply both tables in one
transaction.
"""

from referrals.workflow.back_referral import BACK_REFERRAL
from referrals.workflow.control import CONTROL
from referrals.workflow.emergency import EMERGENCY, OFFICERS
from referrals.workflow.episode import EPISODE
from referrals.workflow.escalation import ESCALATION
from referrals.workflow.extension import EXTENSION
from referrals.workflow.referral import REFERRAL
from referrals.workflow.sjp import SJP
from referrals.workflow.who import (
    BILLER,
    CLERK,
    DESK,
    NIGHT,
    SERVICES,
    not_the_issuer,
    of_own_hospital,
    of_own_puskesmas,
    of_the_writing_hospital,
)

__all__ = [
    "BACK_REFERRAL",
    "BILLER",
    "CLERK",
    "CONTROL",
    "DESK",
    "EMERGENCY",
    "EPISODE",
    "ESCALATION",
    "EXTENSION",
    "NIGHT",
    "OFFICERS",
    "REFERRAL",
    "SERVICES",
    "SJP",
    "not_the_issuer",
    "of_own_hospital",
    "of_own_puskesmas",
    "of_the_writing_hospital",
]
