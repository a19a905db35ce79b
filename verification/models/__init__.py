"""Independent verification: who was appointed, who reads what, what was decided, and the minutes (BAHV)."""

from verification.models.bahv import Bahv
from verification.models.people import Appointment, Assignment, Conflict
from verification.models.review import Review

__all__ = ["Appointment", "Assignment", "Bahv", "Conflict", "Review"]
