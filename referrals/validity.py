"""A letter's many states in the four words a stranger may know."""

from enum import nonmember

from django.db import models
from django.utils.translation import gettext_lazy as _

from referrals.enums import ControlState, NoticeState, ReferralState, SjpState
from referrals.models import BackReferral, ControlLetter, EmergencyNotice, Referral, Sjp


class Validity(models.TextChoices):
    VALID = "VALID", _("valid")
    USED = "USED", _("already used")
    EXPIRED = "EXPIRED", _("expired")
    REVOKED = "REVOKED", _("revoked")

    SENTIMENT = nonmember({"VALID": "ok", "USED": "info", "EXPIRED": "warn", "REVOKED": "bad"})


OPEN = {SjpState.ISSUED.value, ReferralState.ACCEPTED.value}
OVER = {SjpState.EXPIRED.value, ControlState.MISSED.value}
# A request that Dinkes has not granted was never a letter.
ENDED = {
    *(SjpState.CANCELLED.value, SjpState.REVOKED.value, ReferralState.REFUSED.value),
    *(SjpState.WAITING.value, SjpState.DECLINED.value),
}
PAPERS = (Sjp, Referral, EmergencyNotice, ControlLetter, BackReferral)
# A hospital's statement of an emergency: good while it waits, used once the SJP is issued on it.
STATEMENT = {
    NoticeState.REPORTED: Validity.VALID,
    NoticeState.NEEDS_DATA: Validity.VALID,
    NoticeState.LATE: Validity.VALID,
    NoticeState.APPROVED: Validity.USED,
}


def validity_of(paper, day):
    """The Validity of a letter on ``day``.

    An open letter past its last day is expired before the night says so.
    """
    if paper.STATES is NoticeState:
        return STATEMENT.get(paper.state, Validity.REVOKED)
    if isinstance(paper, BackReferral):
        return Validity.VALID
    if paper.state in OPEN:
        return Validity.VALID if day <= paper.valid_until else Validity.EXPIRED
    if paper.state in ENDED:
        return Validity.REVOKED
    return Validity.EXPIRED if paper.state in OVER else Validity.USED


def paper_of(token):
    """The letter that bears ``token``, whatever its kind, or None."""
    found = (model.objects.filter(token=token).first() for model in PAPERS)
    return next((paper for paper in found if paper), None)
