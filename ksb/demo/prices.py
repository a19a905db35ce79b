"""Tables of prices of the demonstration city: the formulary in force, the tariffs a session waiting for a second officer."""

import datetime

from facilities import prices
from facilities.enums import PriceKind
from facilities.reference.files import FOLDER

SOURCE = "illustrative sample of the project"


def load(*, proposer, approver, at):
    """Propose both samples of the project and approve the first."""
    since = datetime.date(2026, 1, 1)
    formulary = _propose("formulary_sample.csv", PriceKind.FORMULARY, since, proposer, at)
    prices.approve(table=formulary, actor=approver, at=at)
    _propose("session_sample.csv", PriceKind.SESSION, datetime.date(2027, 1, 1), proposer, at)


def _propose(name, kind, since, proposer, at):
    given = {"path": FOLDER / name, "file_name": name, "kind": kind, "source": SOURCE, "valid_from": since}
    return prices.propose(**given, actor=proposer, at=at)
