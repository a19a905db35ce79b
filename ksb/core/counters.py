"""What waits at a desk: a label, how many, and the page where it is worked off. Each app lists its own in ``counters.py``."""

from collections.abc import Callable
from dataclasses import dataclass

from django.urls import reverse

MOST_COUNTED = 100


@dataclass(frozen=True, kw_only=True)
class Counter:
    """``waiting(actor, at)`` is a queryset inside the actor's perimeter that an index serves; it is never counted further
    than MOST_COUNTED. ``query`` narrows the page to what was counted.
    """

    code: str
    label: str
    url_name: str
    roles: tuple[str, ...]
    waiting: Callable
    query: str = ""
    urgent: bool = False

    @property
    def url(self):
        return reverse(self.url_name) + (f"?{self.query}" if self.query else "")

    def count(self, actor, at):
        """How many wait, MOST_COUNTED at most. One SQL statement."""
        return self.waiting(actor, at).order_by()[:MOST_COUNTED].count()


@dataclass(frozen=True)
class Standing:
    """A counter and what it said."""

    counter: Counter
    number: int

    @property
    def words(self):
        return f"{MOST_COUNTED - 1}+" if self.number >= MOST_COUNTED else str(self.number)


def standings(counters, actor, at):
    """What ``counters`` say to ``actor``: those of the roles held today, urgent ones that are not empty first."""
    found = [Standing(one, one.count(actor, at)) for one in counters if actor.has_role(*one.roles)]
    return sorted(found, key=lambda one: (not one.number, not one.counter.urgent))
