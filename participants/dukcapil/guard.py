"""When a snapshot changes more than a night can, people look at it before it is applied (parameter ``sync_guard_pct``)."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy

# A share says nothing of a handful of lines.
FEWEST = 20
# Of the people who may change in a night: how many may die, or lose their entry without a reason.
DEATHS, LOSSES = 0.1, 0.25

SENTENCES = {
    "quarantined": gettext_lazy("%(count)s of %(of)s lines cannot be used."),
    "changes": gettext_lazy("%(count)s changes for %(of)s people."),
    "deaths": gettext_lazy("%(count)s deaths among %(of)s people."),
    "losses": gettext_lazy("%(count)s of %(of)s people would lose their entry."),
}
LABELS = {
    "quarantined": gettext_lazy("Lines that cannot be used"),
    "changes": gettext_lazy("Changes"),
    "deaths": gettext_lazy("Deaths"),
    "losses": gettext_lazy("Entries lost without a reason"),
}


@dataclass(frozen=True)
class Check:
    """One threshold: ``count`` of ``of`` lines or people, ``limit`` the highest count that needs nobody's approval."""

    name: str
    count: int
    limit: int
    of: int

    @property
    def crossed(self):
        return self.count > self.limit

    def as_json(self):
        return {"name": self.name, "count": self.count, "limit": self.limit, "of": self.of, "crossed": self.crossed}


def checks(counters, *, base, percent):
    """Every Check of a run. ``base`` is the number of people before; the first load has nobody to protect."""
    read, allowed = counters["read"], base * percent / 100
    found = [_check("quarantined", counters["quarantined"], read * percent / 100, read)]
    if base:
        changes = sum(counters[name] for name in ("added", "changed", "died", "moved_in", "moved_out", "gone"))
        losses = counters["gone"] + counters["events"].get("DEACTIVATED", 0)
        found += [
            _check("changes", changes, allowed, base),
            _check("deaths", counters["died"], allowed * DEATHS, base),
            _check("losses", losses, allowed * LOSSES, base),
        ]
    return found


def _check(name, count, limit, of):
    return Check(name, count, max(int(limit), FEWEST - 1), of)


def sentences(found):
    """Why a run must wait, a sentence for each Check that was crossed; empty when it need not."""
    return [SENTENCES[check.name] % {"count": check.count, "of": check.of} for check in found if check.crossed]
