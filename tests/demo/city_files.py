"""Reads a city's files with nothing of the generator, and judges coverage by the words of the rules, one person at a time."""

import csv
import io
import json
from datetime import date
from functools import cached_property

CITY = ("32", "75")


def _table(path, delimiter=","):
    return list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8"), newline=""), delimiter=delimiter))


def _day(text):
    return date.fromisoformat(text) if text else None


def months_later(day, months):
    """The same day ``months`` later, or the last of that month."""
    at = day.year * 12 + day.month - 1 + months
    for day_of_month in range(day.day, 0, -1):
        try:
            return date(at // 12, at % 12 + 1, day_of_month)
        except ValueError:
            continue
    raise AssertionError


class CityFiles:
    def __init__(self, out, truth):
        self.out = out
        self.truth = truth

    def path(self, name):
        return self.out / name

    def lines(self, which):
        """Raw lines of the first or second snapshot by physical number; index 0 is None so that line 1 is the header."""
        name = self.truth["registry"][which]["file"]
        return [None, *self.path(name).read_bytes().decode().split("\n")[:-1]]

    def trap_lines(self, which):
        """``{physical line: kind}`` of the lines that are not as they should be."""
        return {t[f"{which}_line"]: t["kind"] for t in self.truth["traps"] if t[f"{which}_line"]}

    def _sound(self, which):
        lines, traps = self.lines(which), self.trap_lines(which)
        kept = [lines[1], *(line for number, line in enumerate(lines[2:], 2) if number not in traps)]
        return list(csv.DictReader(kept))

    @cached_property
    def first(self):
        """Sound rows of the first snapshot, in order."""
        return self._sound("first")

    @cached_property
    def second(self):
        return self._sound("second")

    @cached_property
    def by_nik(self):
        return {row["NIK"]: row for row in self.second}

    @cached_property
    def families(self):
        """Rows of the first snapshot by family, families with an ugly line left out."""
        lines = self.lines("first")
        ugly = {lines[t["first_line"]].split(",")[0] for t in self.truth["traps"] if t["expect"] == "readable"}
        families = {}
        for row in self.first:
            if row["NO_KK"] not in ugly:
                families.setdefault(row["NO_KK"], []).append(row)
        return families

    def jkn(self, prefix):
        """The tables of one kind of list (``pbi`` or ``bpjs``), oldest month first."""
        paths = sorted(self.out.glob(f"{prefix}-*.csv"))
        return [_table(path, ";" if prefix == "pbi" else ",") for path in paths]

    @cached_property
    def members(self):
        return _table(self.path("members.csv"), ";")

    @cached_property
    def demand(self):
        """All rows of demand in file order."""
        return [row for path in sorted(self.out.glob("demand-*.csv")) for row in _table(path)]

    @cached_property
    def claims(self):
        """``{file name: rows}``; a row's physical line is its index + 2."""
        tables = {}
        for path in sorted(self.out.glob("eklaim-*.txt")):
            header, *rows = path.read_text(encoding="utf-8").splitlines()
            names = header.split("\t")
            tables[path.name] = [dict(zip(names, row.split("\t"), strict=True)) for row in rows]
        return tables

    @cached_property
    def _covers(self):
        """``{nik: [(segment, first day, last day)]}`` of cover in force, by the lists of the city's own month."""
        covers = {}
        for row in self.jkn("pbi")[0]:
            segment = 21 if row["SEGMEN"] == "PBI APBN" else 22
            first = date(int(row["TAHUN"]), int(row["BULAN"]), 1)
            covers.setdefault(row["NIK"], []).append((segment, first, None))
        for row in self.jkn("bpjs")[0]:
            if row["KDSTATUSPST"] == "0":
                span = int(row["JENISPESERTA"]), _day(row["TMT"]), _day(row["TAT"])
                covers.setdefault(row["NIK"], []).append(span)
        return covers

    @cached_property
    def _membership(self):
        memberships = {}
        for row in self.members:
            memberships.setdefault(row["NO_KK"], row)
        return memberships

    def first_reason(self, nik, on):
        """The rule that refuses this person on a day under scheme P6 (in its order), or '' when covered."""
        row = self.by_nik.get(nik)
        if row is None:
            return "C02"
        status_on = _day(row["TGL_STATUS"])
        if row["FLAG_STATUS"] == "1" and on > status_on:
            return "C03"
        if row["FLAG_STATUS"] == "3" and on >= status_on:
            return "C04"
        since = _day(row["TGL_DATANG"])
        moved_out = row["FLAG_STATUS"] == "2" and on >= status_on
        if moved_out or (row["FLAG_STATUS"] != "2" and (row["NO_PROP"], row["NO_KAB"]) != CITY) or on < since:
            return "C05"
        if on < months_later(since, 6):
            return "C07"
        membership = self._membership.get(row["NO_KK"])
        if membership is None or _day(membership["TGL_DAFTAR"]) > on:
            return "C08"
        if membership["STATUS"] != "AKTIF":
            return "C09"
        of_age = row["STAT_KWN"] != "1" or on >= months_later(_day(row["TGL_LHR"]), 17 * 12)
        if of_age and row["FLAG_EKTP"] != "1":
            return "C10"
        in_force = {s for s, first, last in self._covers.get(nik, ()) if first <= on and (last is None or on <= last)}
        if 21 in in_force:
            return "C12"
        if 22 in in_force:
            return "C13"
        return "C14" if in_force else ""


def read_truth(out):
    return json.loads((out / "truth.json").read_text(encoding="utf-8"))
