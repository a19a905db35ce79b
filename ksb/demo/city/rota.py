"""Spreads rare things evenly over a long stream."""


class Rota:
    """Calls up kinds in turn, one every ``every`` ticks; a kind that found nobody suitable waits for the next candidate.

    ``later``: the spacing once each kind has been called, when the first round should come quickly.

    >>> rota = Rota(["birth", "death"], every=2)
    >>> [rota.tick() for _ in range(4)]
    [(), ('birth',), ('birth',), ('birth', 'death')]
    """

    def __init__(self, kinds, every, later=None):
        self._kinds = kinds
        self._every = max(every, 1)
        self._later = later
        self._turn = 0
        self._ticks = 0
        self._waiting = []

    def tick(self):
        """One more candidate has come; the kinds that wait for one (usually none)."""
        self._ticks += 1
        if self._ticks >= self._every:
            self._ticks -= self._every
            kind = self._kinds[self._turn % len(self._kinds)]
            self._turn += 1
            if self._later and self._turn == len(self._kinds):
                self._every = self._later
            if kind not in self._waiting:
                self._waiting.append(kind)
        return tuple(self._waiting)

    def done(self, kind):
        self._waiting.remove(kind)
