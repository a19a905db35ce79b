"""The programme's own old membership list ``NO_KK;NO_KARTU;TGL_DAFTAR;STATUS``: mostly families not wholly in JKN."""

from collections import Counter
from datetime import date
from typing import NamedTuple

from ksb.demo.city.files import TextFile
from ksb.demo.city.jkn import IN_FORCE
from ksb.demo.city.people import ACTIVE

HEADER = "NO_KK;NO_KARTU;TGL_DAFTAR;STATUS"
LAUNCH = date(2017, 1, 16).toordinal()  # of Kartu Sehat, for the poor first
AKTIF, SUSPENDED, ENDED = "AKTIF", "DITANGGUHKAN", "NONAKTIF"
SETTLED_DAYS = 100  # a KK younger than this is hardly in the list yet


class Membership(NamedTuple):
    """``since`` is an ordinal; ``plain`` is False where the list says the family twice."""

    status: str
    since: int
    plain: bool


class MemberList:
    """Draws with ``chance`` which families are members, and writes the list."""

    def __init__(self, chance, calendar, out):
        self._chance = chance
        self._calendar = calendar
        self._file = TextFile(out / "members.csv", HEADER)
        self._cards = 0
        self.counts = Counter()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._file.__exit__()

    @property
    def file(self):
        return self._file

    def membership(self, household, covers):
        """The family's Membership, or None."""
        chance, today = self._chance, self._calendar.today
        people = [(p, c) for p, c in zip(household.people, covers, strict=True) if p.status == ACTIVE]
        insured = sum(1 for _, cover in people if cover and cover.status == IN_FORCE)
        share = 0.93 if insured == 0 else 0.4 if insured == len(people) else 0.75
        first = max(LAUNCH, household.kk_day + 7)
        last = today - 20
        if household.newcomer or household.kk_day > today - SETTLED_DAYS or chance() >= share:
            return None
        since = first + int(chance() * (last - first))
        draw = chance()
        status = AKTIF if draw < 0.975 else SUSPENDED if draw < 0.985 else ENDED
        self._cards += 1
        card = f"KS{household.kecamatan}{self._cards:08d}" if chance() < 0.96 else ""
        line = f"{household.kk};{card};{self._calendar.iso[since]};{status}\n"
        twice, unknown = chance() < 0.0006, chance() < 0.0006
        self._file.add((line, line) if twice else (line,))
        if unknown:
            self._file.add((f"{household.kk[:12]}98{household.kk[14:]};;{self._calendar.iso[since]};{AKTIF}\n",))
        self.counts[status] += 1
        self.counts["twice"] += twice
        self.counts["unknown_kk"] += unknown
        return Membership(status, since, not twice)
