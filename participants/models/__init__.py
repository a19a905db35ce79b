from participants.models.application import Consent, Document, FieldCheck
from participants.models.coverage import CoverageStatus, JknCandidate, Lookup, OtherCoverage
from participants.models.family import Card, Enrolment
from participants.models.imports import MembersImport
from participants.models.newborn import BirthCandidate, Newborn
from participants.models.office import Override, Ticket
from participants.models.online import OnlineCheck, OnlineSource
from participants.models.printing import BlankMovement, BlankStock, PrintBatch
from participants.models.registry import FormerNik, Household, Resident, ResidentVersion
from participants.models.scheme import SchemeProposal
from participants.models.signals import Signal
from participants.models.special import CoverageChange, EventPerson, SpecialCover, SpecialEvent, SplitGrace
from participants.models.sync import QuarantinedRow, RegistryEvent, SyncProgress, SyncRun

__all__ = [
    "BirthCandidate",
    "BlankMovement",
    "BlankStock",
    "Card",
    "Consent",
    "CoverageChange",
    "CoverageStatus",
    "Document",
    "Enrolment",
    "EventPerson",
    "FieldCheck",
    "FormerNik",
    "Household",
    "JknCandidate",
    "Lookup",
    "MembersImport",
    "Newborn",
    "OnlineCheck",
    "OnlineSource",
    "OtherCoverage",
    "Override",
    "PrintBatch",
    "QuarantinedRow",
    "RegistryEvent",
    "Resident",
    "ResidentVersion",
    "SchemeProposal",
    "Signal",
    "SpecialCover",
    "SpecialEvent",
    "SplitGrace",
    "SyncProgress",
    "SyncRun",
    "Ticket",
]
