"""When a snapshot changes more than a night can, people look at it before it is applied (parameter ``sync_guard_pct``)."""

from django.utils.translation import gettext as _

# A share says nothing of a handful of lines.
FEWEST = 20
# Of the people who may change in a night: how many may die, or lose their entry without a reason.
DEATHS, LOSSES = 0.1, 0.25


def sentences(counters, *, base, percent):
    """Why the run must wait, each reason a sentence; empty when it need not. ``base`` is the number of people before.

    The first load has nobody to protect; of its lines no more than the share may be unusable.
    """
    allowed = base * percent / 100
    read = counters["read"]
    changes = sum(counters[name] for name in ("added", "changed", "died", "moved_in", "moved_out", "gone"))
    losses = counters["gone"] + counters["events"].get("DEACTIVATED", 0)
    checks = [
        (counters["quarantined"], read * percent / 100, read, _("%(count)s of %(of)s lines cannot be used.")),
    ]
    if base:
        checks += [
            (changes, allowed, base, _("%(count)s changes for %(of)s people.")),
            (counters["died"], allowed * DEATHS, base, _("%(count)s deaths among %(of)s people.")),
            (losses, allowed * LOSSES, base, _("%(count)s of %(of)s people would lose their entry.")),
        ]
    return [
        sentence % {"count": count, "of": of}
        for count, limit, of, sentence in checks
        if count >= FEWEST and count > limit
    ]
