"""What happened to a claim, from the journal: for the hospital that asks where its money is."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext_lazy

from claims.workflow import BATCH, CLAIM
from facilities.models import User
from ksb.core.models import JournalEntry

OTHER_ACTS = {
    "batch.take_in": gettext_lazy("File handed in"),
    "claim.link": gettext_lazy("SJP named by hand"),
}


@dataclass(frozen=True)
class Step:
    """One act: when, what, by whom (None is the system)."""

    at: datetime
    label: str
    actor: User | None


def history_of(claim):
    """Steps of ``claim`` and of its batch in their order. Two queries; looks at the claim are left out."""
    entries = [
        *JournalEntry.objects.about(claim.batch).select_related("actor"),
        *JournalEntry.objects.about(claim).select_related("actor"),
    ]
    steps = [(entry, _label(entry.verb)) for entry in entries]
    return [Step(entry.at, label, entry.actor) for entry, label in sorted(steps, key=lambda step: step[0].pk) if label]


def not_signed(batch):
    """Why the director sent an open ``batch`` back the last time; empty when that did not happen. One query."""
    entry = (
        JournalEntry.objects.about(batch).filter(verb__in=["batch.send_back", "batch.return_"]).order_by("pk").last()
    )
    return entry.data.get("reason", "") if entry else ""


def _label(verb):
    if verb in OTHER_ACTS:
        return OTHER_ACTS[verb]
    flow, _dot, name = verb.partition(".")
    if flow == "claim":
        return next((move.label for move in CLAIM.transitions if move.name == name), "")
    # Of the batch only what its claims do not say themselves.
    if flow == "batch" and name in (
        "sign",
        "send_back",
        "complete",
        "return_",
        "draw_bahv",
        "approve_bahv",
        "propose",
        "unpropose",
    ):
        return BATCH[name].label
    return ""
