"""Referral (surat rujukan), guarantee letter (SJP), and the episode of care at the hospital."""

from referrals.models.back_referral import BackReferral, ProgrammeVisit
from referrals.models.control import ControlLetter, InternalReferral
from referrals.models.draft import Draft
from referrals.models.episode import Episode
from referrals.models.handover import Handover
from referrals.models.missed import MissedCall
from referrals.models.newborn import NewbornRequest
from referrals.models.patient import letter_token
from referrals.models.referral import Referral
from referrals.models.resume import Resume
from referrals.models.sjp import Sjp

__all__ = [
    "BackReferral",
    "ControlLetter",
    "Draft",
    "Episode",
    "Handover",
    "InternalReferral",
    "MissedCall",
    "NewbornRequest",
    "ProgrammeVisit",
    "Referral",
    "Resume",
    "Sjp",
    "letter_token",
]
