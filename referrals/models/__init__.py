"""Referral (surat rujukan), guarantee letter (SJP), and the episode of care at the hospital."""

from referrals.models.ambulance import AmbulanceTariff, AmbulanceTrip
from referrals.models.back_referral import BackReferral, ProgrammeVisit
from referrals.models.control import ControlLetter, InternalReferral
from referrals.models.draft import Draft
from referrals.models.emergency import EmergencyNotice, EmergencyPaper, EmergencyQuestion
from referrals.models.episode import Episode
from referrals.models.escalation import Escalation
from referrals.models.extension import Extension
from referrals.models.handover import Handover
from referrals.models.missed import MissedCall
from referrals.models.newborn import NewbornRequest
from referrals.models.patient import letter_token
from referrals.models.proof import Proof
from referrals.models.referral import Referral
from referrals.models.resume import Resume
from referrals.models.series import Series, Session
from referrals.models.sjp import Sjp

__all__ = [
    "AmbulanceTariff",
    "AmbulanceTrip",
    "BackReferral",
    "ControlLetter",
    "Draft",
    "EmergencyNotice",
    "EmergencyPaper",
    "EmergencyQuestion",
    "Episode",
    "Escalation",
    "Extension",
    "Handover",
    "InternalReferral",
    "MissedCall",
    "NewbornRequest",
    "ProgrammeVisit",
    "Proof",
    "Referral",
    "Resume",
    "Series",
    "Session",
    "Sjp",
    "letter_token",
]
