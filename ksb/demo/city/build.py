"""The one pass over the city that writes all files."""

import json
import random
from collections import Counter
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from ksb.demo.city.calendar import Calendar, yesterday
from ksb.demo.city.claims import write_claims
from ksb.demo.city.demand import Demand
from ksb.demo.city.files import TextFile, write_json, write_manifest
from ksb.demo.city.fraud import TRUTH as PLANTED
from ksb.demo.city.fraud import Plot
from ksb.demo.city.households import FamilyMaker, family_sizes
from ksb.demo.city.jkn import JknLists
from ksb.demo.city.members import MemberList
from ksb.demo.city.moves import CHANGED_SHARE, KINDS, LINES_AN_EVENT, Night
from ksb.demo.city.numbers import MOVES_SLOT, TRAPS_SLOT, NikBook, kk_numbers
from ksb.demo.city.people import ACTIVE, COLUMNS, RegistryLines
from ksb.demo.city.places import CITY, KECAMATAN_SHARES, PROVINCE, Places
from ksb.demo.city.reference import Reference
from ksb.demo.city.rota import Rota
from ksb.demo.city.schemes import plant
from ksb.demo.city.snapshots import write_changes, write_second
from ksb.demo.city.traps import BROKEN, BROKEN_SHARE, GONE_BAD, GONE_BAD_SHARE, UGLY, UGLY_SHARE, Traps
from ksb.demo.city.truth import Examples

MEAN_FAMILY = 3.74
SMALLEST = 200
EARLIEST = date(2025, 3, 1)  # scheme P6 and the sample tariffs hold in the two months before
TRUTH = "truth.json"
REPORT_EVERY = 20_000


@dataclass(frozen=True, kw_only=True)
class Order:
    """What city to make. ``residents`` are active residents of the first snapshot; ``on`` is the day of the second.

    ``claims``: at least that many rows in the main hospital's e-Klaim file of last month. ``fraud``: known cases for the
    rules of claims stand among the claims.
    """

    residents: int
    seed: int
    out: Path
    on: date
    claims: int = 0
    clean: bool = False
    next_month: bool = False
    fraud: bool = False


def make_city(order, progress=lambda done: None):
    """Writes all files of ``order`` and returns what ``truth.json`` says. ``progress`` hears of residents made.

    Files of an earlier city in the same folder are removed first. Raises ValueError when the order cannot be met.
    """
    if order.residents < SMALLEST:
        raise ValueError(f"A city has at least {SMALLEST} residents.")
    if order.on < EARLIEST:
        raise ValueError(f"The scheme in force today began in 2025: the day must be {EARLIEST} or later.")
    order.out.mkdir(parents=True, exist_ok=True)
    _clear(order.out)
    city = _City(order)
    with ExitStack() as files:
        city.open(files)
        for kecamatan, residents in quotas(order.residents):
            city.fill(kecamatan, residents, progress)
    truth = city.finish()
    write_json(order.out / TRUTH, truth)
    return truth


def quotas(residents):
    """``(kecamatan, residents)`` by the shares of the real city, adding up exactly."""
    total, given, share_so_far = sum(KECAMATAN_SHARES.values()), 0, 0
    for kecamatan, share in KECAMATAN_SHARES.items():
        share_so_far += share
        until = residents * share_so_far // total
        yield kecamatan, until - given
        given = until


def _clear(out):
    truth = out / TRUTH
    if truth.exists():
        for name in json.loads(truth.read_text(encoding="utf-8"))["files"]:
            (out / Path(name).name).unlink(missing_ok=True)
        truth.unlink()


class _City:
    """The makers of all files, and what is counted on the way."""

    def __init__(self, order):
        self._order = order
        self._reference = Reference()
        self._calendar = calendar = Calendar(order.on, self._reference.holidays)
        self._people = self._chance("people")
        self._places = Places(self._people, self._reference.kelurahan)
        self._maker = FamilyMaker(self._people, calendar, self._places)
        self._lines = RegistryLines(calendar)
        self._night = self._make_night()
        self._traps = self._make_traps()
        families = int(order.residents / MEAN_FAMILY)
        self._demand = Demand(
            self._chance("demand"), calendar, self._reference, families, order.residents, order.claims
        )
        self._plot = Plot(self._chance("fraud"), calendar, self._reference) if order.fraud else None
        self._examples = Examples(calendar)
        event_every = LINES_AN_EVENT / CHANGED_SHARE / MEAN_FAMILY
        self._events = Rota(KINDS, min(event_every, families / 15))
        self._broken = Rota(list(BROKEN), min(1 / BROKEN_SHARE / MEAN_FAMILY, families / 4))
        self._ugly = Rota(UGLY, 1 / UGLY_SHARE / MEAN_FAMILY)
        self._gone_bad = Rota(GONE_BAD, 1 / GONE_BAD_SHARE / MEAN_FAMILY)
        self._trap_lines = {}
        self._new_trap_lines = []
        self._last = self._marked = None
        self._counts = Counter()
        self._statuses = Counter()

    def _chance(self, topic):
        """A generator of numbers of its own for each topic, so that no topic disturbs another."""
        return random.Random(f"{self._order.seed}/{topic}").random

    def _make_night(self):
        chance, calendar = self._chance("moves"), self._calendar
        places = Places(chance, self._reference.kelurahan)
        maker = FamilyMaker(chance, calendar, places)
        return Night(chance, calendar, NikBook(calendar, MOVES_SLOT), places, maker, self._lines)

    def _make_traps(self):
        chance, calendar = self._chance("traps"), self._calendar
        places = Places(chance, self._reference.kelurahan)
        return Traps(chance, calendar, NikBook(calendar, TRAPS_SLOT), places, self._lines)

    def open(self, files):
        order, calendar = self._order, self._calendar
        before = order.out / f"registry-{yesterday(order.on):%Y%m%d}.csv"
        self._registry = files.enter_context(TextFile(before, COLUMNS))
        self._jkn = files.enter_context(JknLists(self._chance("jkn"), calendar, order.out, order.next_month))
        self._members = files.enter_context(MemberList(self._chance("members"), calendar, order.out))

    def fill(self, kecamatan, residents, progress):
        """Makes the families of one kecamatan."""
        niks = NikBook(self._calendar, int(kecamatan) - 1)
        sizes = family_sizes(residents, self._people)
        region = f"{PROVINCE}{CITY}{kecamatan}"
        reported = 0
        for kk, kk_day, size in kk_numbers(region, sizes, self._people, self._calendar):
            household = self._maker.make(niks, kk, kk_day, kecamatan, size)
            self._settle(household)
            reported += size
            if reported >= REPORT_EVERY:
                progress(reported)
                reported = 0
        progress(reported)

    def _settle(self, household):
        """Writes the family wherever it belongs."""
        self._last = household
        self._counts["families"] += 1
        self._counts["newcomer_families"] += household.newcomer
        for person in household.people:
            self._statuses[person.status] += 1
        lines = self._lines.lines(household)
        first = self._registry.line
        quiet = self._is_trap_free(household, lines, first) and self._is_eventless(household, first)
        self._registry.add(lines)
        covers = self._jkn.covers(household)
        membership = self._members.membership(household, covers)
        if quiet and not self._examples.look(household, covers, membership):
            self._demand.consider(household, covers, membership)
            if self._plot:
                self._plot.look(household, covers, membership)

    def _is_trap_free(self, household, lines, first):
        """False when one of the family's lines, or one put among them, is not as it should be."""
        if self._order.clean:
            return True
        for kind in self._broken.tick():
            self._broken.done(kind)
            self._trap_lines[first + len(lines)] = {"kind": kind, "expect": "quarantine"}
            known = self._marked if self._marked and kind == "in_two_kk" else household
            lines.append(self._traps.broken(kind, household, known))
            self._marked = household
            return False
        person = next((p for p in household.people if p.status == ACTIVE and "," not in p.name), None)
        for kind in self._ugly.tick() if person else ():
            text = self._traps.ugly(kind, household, person)
            if text:
                self._ugly.done(kind)
                at = household.people.index(person)
                self._trap_lines[first + at] = {"kind": kind, "expect": "readable", "nik": person.nik}
                lines[at] = text
                return False
        for kind in self._gone_bad.tick() if person else ():
            self._gone_bad.done(kind)
            at = first + household.people.index(person)
            self._night.replaced[at] = self._traps.gone_bad(kind, household, person)
            self._new_trap_lines.append((at, {"kind": kind, "expect": "quarantine", "nik": person.nik}))
            return False
        return True

    def _is_eventless(self, household, first):
        """False when something happens to the family in the night."""
        for kind in self._events.tick():
            if kind == "KK_MERGE" and self._night.keeps(household, first):
                return False
            if self._night.happens(kind, household, first):
                self._events.done(kind)
                return False
        return True

    def finish(self):
        """Writes what needed the whole city; returns the truth about it."""
        order, calendar, night = self._order, self._calendar, self._night
        section = self._trap_section()
        second_path = order.out / f"registry-{order.on:%Y%m%d}.csv"
        broken = [text for _, text in section]
        second, moved, section_at, replaced = write_second(
            self._registry.path, second_path, night, broken, self._trap_lines
        )
        days = f"{yesterday(order.on):%Y%m%d}-{order.on:%Y%m%d}"
        gone_bad = {number for number, _ in self._new_trap_lines}
        changes = write_changes(order.out / f"delta-{days}.csv", night, broken, replaced, gone_bad)
        numbered, demand_files = self._demand.finish(order.out)
        claimable = [visit for visit in numbered if self._demand.is_claimable(visit)]
        if self._plot:
            plant(self._plot, numbered)
        claim_files, claims = write_claims(
            claimable, self._chance("claims"), calendar, self._reference, order.out, self._plot
        )
        lists = [*self._jkn.files, self._members.file, *demand_files, *claim_files]
        if self._plot:
            lists += self._plot.write(order.out)
        registry = (self._registry, second, changes)
        manifests = [write_manifest(file) for file in registry]
        return {
            "on": order.on.isoformat(),
            "residents": order.residents,
            "seed": order.seed,
            "clean": order.clean,
            "files": [
                *(file.path.name for file in (*registry, *lists)),
                *(path.name for path in manifests),
                *([PLANTED] if self._plot else []),
            ],
            "registry": {
                "first": _snapshot(self._registry),
                "second": _snapshot(second),
                "delta": _snapshot(changes),
                **self._counts,
                "by_status": {str(status): count for status, count in sorted(self._statuses.items())},
                "changed": self._changed(),
                "events": dict(sorted(night.counts.items())),
                "event_log": night.log,
            },
            "traps": self._trap_report(moved, section, section_at),
            "jkn": {"rows": {file.path.name: file.rows for file in self._jkn.files}, **sorted_counts(self._jkn.counts)},
            "members": {"rows": self._members.file.rows, **sorted_counts(self._members.counts)},
            "demand": sorted_counts(self._demand.counts),
            "claims": claims,
            "people": self._examples.people,
        }

    def _trap_section(self):
        """``(kind, line)`` of each broken kind, for the end of the second snapshot."""
        if self._order.clean:
            return []
        known = self._marked or self._last
        return [(kind, self._traps.broken(kind, self._last, known)) for kind in BROKEN]

    def _changed(self):
        night = self._night
        removed = sum(not text for text in night.replaced.values())
        added = sum(map(len, night.behind.values())) + sum(len(lines) for _, lines in night.families)
        return {"replaced": len(night.replaced) - removed, "removed": removed, "added": added}

    def _trap_report(self, moved, section, section_at):
        """Every line that is not as it should be, with its physical number in each snapshot (null: not there, or sound there)."""
        report = [
            {**entry, "first_line": number, "second_line": moved[number]} for number, entry in self._trap_lines.items()
        ]
        report += [
            {**entry, "first_line": None, "second_line": moved[number]} for number, entry in self._new_trap_lines
        ]
        report += [
            {"kind": kind, "expect": "quarantine", "first_line": None, "second_line": section_at + at}
            for at, (kind, _) in enumerate(section)
        ]
        return report


def _snapshot(file):
    return {"file": file.path.name, "rows": file.rows, "sha256": file.sha256}


def sorted_counts(counts):
    return dict(sorted(counts.items()))
