"""The lists of BPJS and Dinsos: who has other cover, drawn per family, in shares like the real city's.

Shape (a), the monthly PBI list ``PSNOKA;NIK;NAMA;SEGMEN;BULAN;TAHUN``, and shape (b), the BPJS membership list with start (TMT)
and end (TAT). Both carry what real lists carry: rows without a match here, wrong NIKs, doubles, people of other cities.
"""

from collections import Counter
from datetime import date
from typing import NamedTuple

from ksb.demo.city.files import TextFile
from ksb.demo.city.numbers import foreign_nik, jkn_card
from ksb.demo.city.people import ACTIVE, CHILD, FEMALE, HEAD, HUSBAND, MALE, WIFE, YEAR, quoted

PBI_HEADER = "PSNOKA;NIK;NAMA;SEGMEN;BULAN;TAHUN"
BPJS_HEADER = "PSNOKA,NIK,NAMA,TGLLHR,JENISPESERTA,KDSTATUSPST,TMT,TAT"
PBI_APBN, PBI_APBD, PRIVATE_EMPLOYEE, SELF_EMPLOYED = 21, 22, 13, 14
STATE_SEGMENTS = (1, 3, 3, 3, 5, 8, 10, 11, 12)
IN_FORCE, NOT_COVERED, ARREARS, ENDED = 0, 6, 9, 15
SEGMENT_NAMES = {PBI_APBN: "PBI APBN", PBI_APBD: "PBI APBD"}

# kinds of family, in percent; the rest have nothing
FAMILIES = (
    ("pbi_apbn", 15.4),
    ("pbi_apbd", 0.6),
    ("employee", 30.0),
    ("state", 5.5),
    ("self_employed", 8.5),
    ("arrears", 6.5),
    ("ended", 2.5),
)
ODDITIES = (
    "wrong_nik",
    "other_city",
    "double",
    "empty_nik",
    "wrong_nik",
    "other_city",
    "nik_15_digits",
    "double",
    "overlap",
)
ODD_EVERY = 90  # rows
RECENT_DAYS = 200
JKN_BEGAN = date(2014, 1, 1).toordinal()


class Cover(NamedTuple):
    """One person's row. ``tmt`` and ``tat`` are ordinals, ``tat`` 0 while open; ``odd`` names what is wrong with the row."""

    card: str
    segment: int
    status: int
    tmt: int
    tat: int
    odd: str = ""

    @property
    def pbi(self):
        return self.segment in SEGMENT_NAMES and self.status == IN_FORCE


class JknLists:
    """Draws the cover of families with ``chance`` and writes the lists of the month, and of the next when asked."""

    def __init__(self, chance, calendar, out, next_month):
        self._chance = chance
        self._calendar = calendar
        self._cards = 0
        self._rows_to_odd = ODD_EVERY
        self._odd_turn = 0
        self._bounds = _bounds(FAMILIES)
        months = (0, 1) if next_month else (0,)
        self._months = [_Month(calendar, calendar.month(m), out) for m in months]
        self.counts = Counter()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for month in self._months:
            month.close()

    @property
    def files(self):
        return [file for month in self._months for file in (month.pbi, month.bpjs)]

    def covers(self, household):
        """The Cover, or None, of each person of the family, in order; their rows are written."""
        kind = self._kind()
        if kind is None:
            return [None] * len(household.people)
        draw = getattr(self, "_" + kind)
        covers, children = [], 0
        for person in household.people:
            if person.status != ACTIVE and self._chance() < 0.9:
                covers.append(None)
                continue
            children += person.relation == CHILD
            cover = draw(person, (self._calendar.today - person.born) / YEAR, children)
            if cover:
                self._cards += 1
                cover = Cover(jkn_card(self._cards), *cover, self._oddity())
                self._write(person, cover)
            covers.append(cover)
        return covers

    # who has what: (segment, status, TMT, TAT) or None

    def _kind(self):
        draw = self._chance() * 100
        return next((kind for kind, bound in self._bounds if draw < bound), None)

    def _pbi_apbn(self, person, age, children):
        return (PBI_APBN, IN_FORCE, self._begun(person), 0) if self._chance() < 0.955 else None

    def _pbi_apbd(self, person, age, children):
        return (PBI_APBD, IN_FORCE, self._begun(person), 0) if self._chance() < 0.955 else None

    def _employee(self, person, age, children, segment=PRIVATE_EMPLOYEE):
        if person.relation in (HEAD, HUSBAND, WIFE) or (person.relation == CHILD and age < 21 and children <= 3):
            return (segment, IN_FORCE, self._begun(person), 0) if self._chance() < 0.97 else None
        if person.relation == CHILD and 21.1 < age < 30 and self._chance() < 0.6:
            begun = self._begun(person)
            return (segment, NOT_COVERED, begun, self._over(max(begun, person.born + int(21 * YEAR))))
        return None

    def _state(self, person, age, children):
        return self._employee(person, age, children, STATE_SEGMENTS[int(self._chance() * len(STATE_SEGMENTS))])

    def _self_employed(self, person, age, children):
        return (SELF_EMPLOYED, IN_FORCE, self._begun(person), 0) if self._chance() < 0.97 else None

    def _arrears(self, person, age, children):
        begun = self._begun(person)
        return (SELF_EMPLOYED, ARREARS, begun, 0 if self._chance() < 0.3 else self._over(begun))

    def _ended(self, person, age, children):
        segment = PRIVATE_EMPLOYEE if self._chance() < 0.6 else PBI_APBN
        begun = self._begun(person)
        return (segment, ENDED, begun, self._over(begun))

    def _begun(self, person):
        first = max(JKN_BEGAN, person.born)
        last = self._calendar.today - (RECENT_DAYS if self._chance() < 0.98 else 5)
        return first + int(self._chance() * (last - first)) if first < last else first

    def _over(self, begun):
        last = self._calendar.today - (RECENT_DAYS if self._chance() < 0.95 else 5)
        return begun + int(self._chance() * (last - begun)) if begun < last else begun

    # rows

    def _oddity(self):
        self._rows_to_odd -= 1
        if self._rows_to_odd:
            return ""
        self._rows_to_odd = ODD_EVERY
        self._odd_turn += 1
        return ODDITIES[self._odd_turn % len(ODDITIES)]

    def _write(self, person, cover):
        self._count(cover)
        nik, born = person.nik, person.born
        if cover.odd == "wrong_nik":
            nik = f"{nik[:12]}9{nik[13:]}"
        elif cover.odd == "empty_nik":
            nik = ""
        elif cover.odd == "nik_15_digits":
            nik = nik[:15]
        elif cover.odd == "other_city":
            self._cards += 1
            region = f"3216{1 + int(self._chance() * 23):02d}"
            sex = MALE if self._chance() < 0.5 else FEMALE
            stranger = foreign_nik(self._calendar, region, sex, born, self._chance())
            other = cover._replace(card=jkn_card(self._cards))
            self._months[0].add(stranger, "WARGA KOTA LAIN", born, other)
        name = quoted(person.name)
        self._months[0].add(nik, name, born, cover)
        if cover.odd == "double":
            self._months[0].add(nik, name, born, cover)
        elif cover.odd == "overlap":
            self._months[0].add(nik, name, born, cover._replace(segment=PRIVATE_EMPLOYEE, status=IN_FORCE, tat=0))
        for month in self._months[1:]:
            month.add(nik, name, born, self._a_month_later(cover, month.first))

    def _a_month_later(self, cover, first):
        """One in a hundred loses cover by the end of the month, a few arrears are paid."""
        draw = self._chance()
        if cover.status == IN_FORCE and draw < 0.01:
            return cover._replace(status=ENDED, tat=first - 1)
        if cover.status == ARREARS and draw < 0.02:
            return cover._replace(status=IN_FORCE, tmt=first, tat=0)
        return cover

    def _count(self, cover):
        if cover.odd:
            self.counts[f"row_{cover.odd}"] += 1
        if cover.pbi:
            self.counts["pbi_apbn" if cover.segment == PBI_APBN else "pbi_apbd"] += 1
        else:
            self.counts["other_active" if cover.status == IN_FORCE else "inactive"] += 1


class _Month:
    """Both lists of one month."""

    def __init__(self, calendar, first, out):
        self.first = first
        self._iso = calendar.iso
        self._period = f"{int(calendar.iso[first][5:7])};{calendar.iso[first][:4]}"
        stamp = calendar.stamp(first)
        self.pbi = TextFile(out / f"pbi-{stamp}.csv", PBI_HEADER)
        self.bpjs = TextFile(out / f"bpjs-{stamp}.csv", BPJS_HEADER)

    def add(self, nik, name, born, cover):
        if cover.pbi:
            plain = name.strip('"')
            self.pbi.add((f"{cover.card};{nik};{plain};{SEGMENT_NAMES[cover.segment]};{self._period}\n",))
            return
        iso = self._iso
        tat = iso[cover.tat] if cover.tat else ""
        self.bpjs.add(
            (f"{cover.card},{nik},{name},{iso[born]},{cover.segment},{cover.status},{iso[cover.tmt]},{tat}\n",)
        )

    def close(self):
        self.pbi.__exit__()
        self.bpjs.__exit__()


def _bounds(shares):
    bounds, total = [], 0.0
    for kind, percent in shares:
        total += percent
        bounds.append((kind, total))
    return bounds
