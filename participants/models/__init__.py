from participants.models.application import Document, FieldCheck
from participants.models.coverage import CoverageStatus, JknCandidate, Lookup, OtherCoverage
from participants.models.family import Card, Enrolment
from participants.models.registry import FormerNik, Household, Resident, ResidentVersion
from participants.models.sync import QuarantinedRow, RegistryEvent, SyncRun

__all__ = [
    "Card",
    "CoverageStatus",
    "Document",
    "Enrolment",
    "FieldCheck",
    "FormerNik",
    "Household",
    "JknCandidate",
    "Lookup",
    "OtherCoverage",
    "QuarantinedRow",
    "RegistryEvent",
    "Resident",
    "ResidentVersion",
    "SyncRun",
]
