"""Referral (surat rujukan), guarantee letter (SJP), and the episode of care at the hospital."""

from referrals.models.draft import Draft
from referrals.models.episode import Episode
from referrals.models.newborn import NewbornRequest
from referrals.models.patient import letter_token
from referrals.models.referral import Referral
from referrals.models.sjp import Sjp

__all__ = ["Draft", "Episode", "NewbornRequest", "Referral", "Sjp", "letter_token"]
