from participants.models.coverage import CoverageStatus, JknCandidate, Lookup, OtherCoverage
from participants.models.family import Card, Enrolment
from participants.models.printing import BlankMovement, BlankStock, PrintBatch
from participants.models.registry import FormerNik, Household, Resident, ResidentVersion
from participants.models.sync import QuarantinedRow, RegistryEvent, SyncRun

__all__ = [
    "BlankMovement",
    "BlankStock",
    "Card",
    "CoverageStatus",
    "Enrolment",
    "FormerNik",
    "Household",
    "JknCandidate",
    "Lookup",
    "OtherCoverage",
    "PrintBatch",
    "QuarantinedRow",
    "RegistryEvent",
    "Resident",
    "ResidentVersion",
    "SyncRun",
]
