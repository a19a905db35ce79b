"""What differs between two text files that are mostly equal and mostly in the same order, in one pass and little memory.

Equal runs are walked at the speed of ``zip_longest`` over the two file objects. Where the files part, a window of lines of
each is read until they meet again. No order of the lines is presumed: a line that moved far is taken for removed and added,
and cancels out at the end, so that the answer is always the exact difference of the two sets of lines.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass
from itertools import chain, islice, zip_longest

# Where files part further than by a single line, two lines tell most often where they meet again.
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
    number = 1
    while True:
        passed, parting = _walk(old, new)
        if parting is None:
            return found.difference()
        number = _meet_again(old, new, *parting, number + passed + 1, found)


def _walk(old, new):
    """Number of equal pairs passed, and the unequal pair that ended the walk; no pair at the end of both files."""
    for passed, (line, other) in enumerate(zip_longest(old, new)):
        if line != other:
            return passed, (line, other)
    return 0, None


def _meet_again(old, new, line, other, number, found):
    """Read on from the unequal pair until both sides have been read to the same place. Returns the last number of ``new``.

    ``number`` is the line number of ``other``; either side is None where its file has ended.
    """
    olds = [] if line is None else [_bare(line)]
    news = [] if other is None else [_bare(other)]
    if olds and news and (met := _after_one_line(old, new, olds, news, number, found)):
        return met
    first = number
    width = max(WINDOW, len(olds), len(news))
    while True:
        ended = _fill(olds, old, width) & _fill(news, new, width)
        here, there = _nearest_pair(olds, news)
        if here is None and not ended and width < WIDEST_WINDOW:
            width *= 4
            continue
        if here is None:
            here, there = len(olds), len(news)
        found.remove(olds[:here])
        found.add(first, news[:there])
        same = _equal_run(olds, here, news, there)
        del olds[: here + same]
        del news[: there + same]
        first += there + same
        width = max(WINDOW, len(olds), len(news))
        if not olds and not news:
            return first - 1


def _after_one_line(old, new, olds, news, number, found):
    """Most often a single line was left out or changed, or ends otherwise, which two more lines tell.

    Returns the last number of ``new``, or None when the files meet later: the lines read are then in ``olds`` and ``news``.
    """
    if olds == news:
        return number
    olds += map(_bare, islice(old, 1))
    if olds[1:] == news:
        found.remove(olds[:1])
        return number
    news += map(_bare, islice(new, 1))
    if olds[1:] == news[1:]:
        found.remove(olds[:1])
        found.add(number, news[:1])
        return number + 1
    return None


def _bare(line):
    return line.rstrip(b"\r\n")


def _fill(lines, source, width):
    """Top ``lines`` up to ``width``. True when the source has ended."""
    missing = width - len(lines)
    more = [_bare(line) for line in islice(source, missing)]
    lines += more
    return len(more) < missing


def _nearest_pair(olds, news):
    """Places of an equal pair with the least distance from the start, or ``(None, None)``."""
    places = {}
    for place, line in enumerate(news):
        places.setdefault(line, place)
    pairs = ((here, places[line]) for here, line in enumerate(olds) if line in places)
    return min(pairs, key=sum, default=(None, None))


def _equal_run(olds, here, news, there):
    length = 0
    for line, other in zip(islice(olds, here, None), islice(news, there, None), strict=False):
        if line != other:
            break
        length += 1
    return length


class _Found:
    def __init__(self, limit):
        self.limit = limit
        self.removed = Counter()
        self.added = defaultdict(list)
        self.size = 0

    def remove(self, lines):
        self.removed.update(lines)
        self._grow(len(lines))

    def add(self, first, lines):
        for number, line in enumerate(lines, first):
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
