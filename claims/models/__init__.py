"""Claims as hospitals hand them in: a month's batch, its rows, the claims, their lines and what the rules found."""

from claims.models.batch import ClaimBatch
from claims.models.claim import Claim, ClaimLine
from claims.models.completeness import CompletenessCheck
from claims.models.delivery import Delivery
from claims.models.dispensation import Dispensation
from claims.models.document import ClaimDocument
from claims.models.finding import Finding
from claims.models.intake import BatchFile, IntakeRow
from claims.models.program import ProgramRequest
from claims.models.reference import ClinicalCode, GroupStatistic, PaidElsewhere
from claims.models.setting import RuleSetting
from claims.models.signal import FraudSignal

__all__ = [
    "BatchFile",
    "Claim",
    "ClaimBatch",
    "ClaimDocument",
    "ClaimLine",
    "ClinicalCode",
    "CompletenessCheck",
    "Delivery",
    "Dispensation",
    "Finding",
    "FraudSignal",
    "GroupStatistic",
    "IntakeRow",
    "PaidElsewhere",
    "ProgramRequest",
    "RuleSetting",
]
