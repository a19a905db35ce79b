"""One person, or one family, in one statement."""

from dataclasses import dataclass
from functools import cache

from facilities.enums import Service
from ksb.core import forms
from participants.eligibility import statements
from participants.eligibility.evaluation import FROZEN, Evaluation, from_row, not_found
from participants.eligibility.facts import QUESTION
from participants.eligibility.prepared import Statement
from participants.models import Resident

# Names of ``judged`` that an Evaluation is made from, beside what is frozen.
JUDGED = (
    "resident_id",
    "day",
    "service",
    "complement",
    "scheme_id",
    "scheme_code",
    "scheme_starts",
    "ended_on",
    "membership_reason",
    "newborn_until",
    "emergency_report_hours",
    "registry_expires",
    "jkn_expires",
    "registry_is_stale",
    "jkn_is_stale",
    "turns_on",
    "headline",
)


def columns():
    """The select list of an Evaluation over ``judged``."""
    names = ", ".join(f"judged.{name}" for name in (*JUDGED, *FROZEN))
    return f"{names}, {statements.decision()} AS decision, {statements.applying()} AS applying, {statements.waived()} AS waived"
