"""Independent verification: who was appointed, who reads what, what was asked, decided and disputed, and the minutes (BAHV)."""

from verification.models.bahv import Bahv, BahvClaim
from verification.models.dispute import Dispute
from verification.models.people import Absence, Appointment, Assignment, Conflict
from verification.models.question import Proof, Question
from verification.models.review import Review, SecondReading

__all__ = [
    "Absence",
    "Appointment",
    "Assignment",
    "Bahv",
    "BahvClaim",
    "Conflict",
    "Dispute",
    "Proof",
    "Question",
    "Review",
    "SecondReading",
]
