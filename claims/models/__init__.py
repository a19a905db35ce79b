"""Claims as hospitals hand them in: a month's batch, its rows, the claims, their lines and what the rules found."""

from claims.models.batch import ClaimBatch
from claims.models.claim import Claim, ClaimLine
from claims.models.completeness import CompletenessCheck
from claims.models.finding import Finding
from claims.models.intake import IntakeRow
from claims.models.reference import ClinicalCode, GroupStatistic, PaidElsewhere
from claims.models.setting import RuleSetting
from claims.models.signal import FraudSignal

__all__ = [
    "Claim",
    "ClaimBatch",
    "ClaimLine",
    "ClinicalCode",
    "CompletenessCheck",
    "Finding",
    "FraudSignal",
    "GroupStatistic",
    "IntakeRow",
    "PaidElsewhere",
    "RuleSetting",
]
