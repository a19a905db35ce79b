"""Who is covered, and why. One table of rules judges a single person and the whole city."""

from participants.eligibility.evaluation import Evaluation, Reason, thaw
from participants.eligibility.rules import Cause, Complement, Effect, EmergencyCriterion, Exclusion, Source
from participants.eligibility.single import FamilyView, Member, evaluate, evaluate_special, family_view

__all__ = [
    "Cause",
    "Complement",
    "Effect",
    "EmergencyCriterion",
    "Evaluation",
    "Exclusion",
    "FamilyView",
    "Member",
    "Reason",
    "Source",
    "evaluate",
    "evaluate_special",
    "family_view",
    "thaw",
]
