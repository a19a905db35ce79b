"""Claims as hospitals hand them in: a month's batch, its rows, the claims, their lines and what the rules found."""

from claims.models.batch import ClaimBatch
from claims.models.claim import Claim, ClaimLine
from claims.models.completeness import CompletenessCheck
from claims.models.dispensation import Dispensation
from claims.models.finding import Finding
from claims.models.intake import IntakeRow

__all__ = ["Claim", "ClaimBatch", "ClaimLine", "CompletenessCheck", "Dispensation", "Finding", "IntakeRow"]
