"""All counters of the house, in the order of the line. A new one is one entry in ``counters.py`` of its app."""

import budget.counters
import claims.counters
import facilities.counters
import participants.counters
import referrals.counters
import verification.counters
from ksb.core.counters import standings

COUNTERS = (
    *referrals.counters.COUNTERS,
    *facilities.counters.COUNTERS,
    *participants.counters.COUNTERS,
    *claims.counters.COUNTERS,
    *verification.counters.COUNTERS,
    *budget.counters.COUNTERS,
)


def counters_of(actor, *, at):
    """What waits for ``actor``, one SQL statement a counter."""
    return standings(COUNTERS, actor, at)
