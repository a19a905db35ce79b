"""Intake of what hospitals already have: the e-Klaim TXT export of a month.

``reading`` bytes to cells, ``cells`` what a cell says, ``rows`` a row to a claim or its findings, ``loading`` into the
database, ``taking`` the service, ``result`` what became of it.
"""

from claims.intake.result import IntakeResult
from claims.intake.taking import FileRefused, take_in

__all__ = ["FileRefused", "IntakeResult", "take_in"]
