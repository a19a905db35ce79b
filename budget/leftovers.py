"""Reservations that nothing will use any more: the letter has ended and every claim under it is decided.

A letter of several visits is claimed while it is in use; what it reserved beyond its claims is given back when it ends.
"""

from django.db.models import Exists, OuterRef

from budget import ledger
from budget.enums import LedgerKind as K
from budget.models import LedgerEntry
from claims.enums import DECIDED, ClaimState
from claims.models import Claim
from referrals.enums import SjpState
from referrals.models import Sjp

ENDED = (SjpState.SERVICE_DONE, SjpState.CLAIMED, SjpState.CLOSED)
# Of a letter whose claims were all withdrawn nothing was decided: it may be claimed anew.
JUDGED = (*DECIDED, ClaimState.PAID)
OVER = (*JUDGED, ClaimState.WITHDRAWN)


def release(*, at):
    """Give back what ended letters still reserve. Returns how many there were."""
    released = LedgerEntry.objects.filter(kind=K.RELEASE, sjp=OuterRef("pk"))
    reserved = LedgerEntry.objects.filter(kind=K.RESERVE, sjp=OuterRef("pk"))
    claims = Claim.objects.filter(sjp=OuterRef("pk"))
    waiting = Sjp.objects.filter(
        Exists(reserved),
        ~Exists(released),
        Exists(claims.filter(state__in=JUDGED)),
        ~Exists(claims.exclude(state__in=OVER)),
        state__in=ENDED,
    )
    return sum(ledger.release(sjp, actor=None, at=at) is not None for sjp in waiting.order_by("pk").iterator())
