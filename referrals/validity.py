"""A letter's many states in the four words a stranger may know."""

from enum import nonmember

from django.db import models
from django.utils.translation import gettext_lazy as _

from referrals.enums import NoticeState, ReferralState, SjpState


class Validity(models.TextChoices):
    VALID = "VALID", _("valid")
    USED = "USED", _("already used")
    EXPIRED = "EXPIRED", _("expired")
    REVOKED = "REVOKED", _("revoked")

    SENTIMENT = nonmember({"VALID": "ok", "USED": "info", "EXPIRED": "warn", "REVOKED": "bad"})


OPEN = {SjpState.ISSUED.value, ReferralState.ACCEPTED.value}
# A request that Dinkes has not granted was never a letter.
ENDED = {
    *(SjpState.CANCELLED.value, SjpState.REVOKED.value, ReferralState.REFUSED.value),
    *(SjpState.WAITING.value, SjpState.DECLINED.value),
}
# A hospital's statement of an emergency: good while it waits, used once the SJP is issued on it.
STATEMENT = {
    NoticeState.REPORTED: Validity.VALID,
    NoticeState.NEEDS_DATA: Validity.VALID,
    NoticeState.LATE: Validity.VALID,
    NoticeState.APPROVED: Validity.USED,
}


def validity_of(paper, day):
    """The Validity of an SJP, a referral or a statement of emergency on ``day``.

    An open letter past its last day is expired before the night says so.
    """
    if paper.STATES is NoticeState:
        return STATEMENT.get(paper.state, Validity.REVOKED)
    if paper.state in OPEN:
        return Validity.VALID if day <= paper.valid_until else Validity.EXPIRED
    if paper.state in ENDED:
        return Validity.REVOKED
    return Validity.EXPIRED if paper.state == SjpState.EXPIRED.value else Validity.USED
