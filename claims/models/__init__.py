"""Claims as hospitals hand them in: a month's batch, its rows, the claims, their lines and what the rules found."""

from claims.models.batch import ClaimBatch
from claims.models.claim import Claim, ClaimLine
from claims.models.delivery import Delivery
from claims.models.document import ClaimDocument
from claims.models.finding import Finding
from claims.models.intake import BatchFile, IntakeRow
from claims.models.program import ProgramRequest

__all__ = [
    "BatchFile",
    "Claim",
    "ClaimBatch",
    "ClaimDocument",
    "ClaimLine",
    "Delivery",
    "Finding",
    "IntakeRow",
    "ProgramRequest",
]
