"""What differs between two text files that are mostly equal and mostly in the same order, in one pass and little memory.

Equal runs are compared many lines at once, as lists. Where the files part, a window of lines of each is read until they meet
again. No order of the lines is presumed: a line that moved far is taken for removed and added,
and cancels out at the end, so that the answer is always the exact difference of the two sets of lines.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass
from itertools import chain, islice

# Lines compared at once where the files are equal; where they part, two lines tell most often where they meet again.
RUN = 64
WINDOW = 2
WIDEST_WINDOW = 8192


class TooDifferent(Exception):
    """The files differ in more lines than the caller wants to hold in memory."""


@dataclass(frozen=True)
class Difference:
    """``removed`` lines of the old file without an equal in the new; ``added`` ``(number, line)`` of the new without one in
    the old. Lines are bytes without line ends; numbers count from 1, the header included."""

    removed: list[bytes]
    added: list[tuple[int, bytes]]


def without(file, numbers):
    """The lines of ``file`` (its header already read) but those with the given ascending line numbers, at C speed."""

    def pieces():
        at = 2
        for number in numbers:
            yield islice(file, number - at)
            next(file, None)
            at = number + 1
        yield file

    return chain.from_iterable(pieces())


def lines_at(file, numbers):
    """``(number, line)`` of ``file`` (its header already read) for the given ascending numbers; the others pass at C speed."""
    at = 2
    for number in numbers:
        line = next(islice(file, number - at, None), None)
        if line is None:
            return
        yield number, line
        at = number + 1


def difference(old, new, *, limit):
    """The Difference of two iterators of lines (bytes) that start behind the header. Raises TooDifferent above ``limit``."""
    found = _Found(limit)
    olds, news, number = [], [], 2  # lines read of either side and not yet dealt with; number of the first of ``news``
    while True:
        ended = _fill(olds, old, RUN) & _fill(news, new, RUN)
        same = len(news) if olds == news else _equal_run(olds, news)
        del olds[:same], news[:same]
        number += same
        if olds or news:
            here, there = _meeting(olds, news, old, new)
            found.remove(olds[:here])
            found.add(number, news[:there])
            del olds[:here], news[:there]
            number += there
        elif ended:
            return found.difference()


def _fill(lines, source, width):
    """Top ``lines`` up to ``width``. True when the source has ended."""
    missing = max(width - len(lines), 0)
    before = len(lines)
    lines += islice(source, missing)
    return len(lines) - before < missing


def _equal_run(olds, news):
    """Number of lines at the start that differ in their line ends at most."""
    for place, (line, other) in enumerate(zip(olds, news, strict=False)):
        if line != other and _bare(line) != _bare(other):
            return place
    return min(len(olds), len(news))


def _meeting(olds, news, old, new):
    """How many lines of either side come before they go on alike; is read on until that is seen or given up."""
    width = WINDOW
    while True:
        ended = _fill(olds, old, width) & _fill(news, new, width)
        pair = _nearest_pair(olds[:width], news[:width])
        if pair:
            return pair
        if ended or width >= WIDEST_WINDOW:
            return len(olds), len(news)
        width *= 4


def _nearest_pair(olds, news):
    """Places of an equal pair with the least distance from the start; None where there is none."""
    places = {}
    for place, line in enumerate(map(_bare, news)):
        places.setdefault(line, place)
    pairs = ((here, places[line]) for here, line in enumerate(map(_bare, olds)) if line in places)
    return min(pairs, key=sum, default=None)


def _bare(line):
    return line.rstrip(b"\r\n")


class _Found:
    def __init__(self, limit):
        self.limit = limit
        self.removed = Counter()
        self.added = defaultdict(list)
        self.size = 0

    def remove(self, lines):
        self.removed.update(map(_bare, lines))
        self._grow(len(lines))

    def add(self, first, lines):
        for number, line in enumerate(map(_bare, lines), first):
            self.added[line].append(number)
        self._grow(len(lines))

    def _grow(self, count):
        self.size += count
        if self.size > self.limit:
            raise TooDifferent

    def difference(self):
        removed, added = [], []
        for line, count in self.removed.items():
            back = self.added.get(line, [])
            returned = min(count, len(back))
            del back[:returned]
            removed += [line] * (count - returned)
        for line, numbers in self.added.items():
            added += [(number, line) for number in numbers]
        added.sort()
        return Difference(removed, added)
