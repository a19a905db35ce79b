"""The facts of ``facilities/reference``, read without a database."""

import csv
import math
from datetime import date
from importlib.resources import files
from typing import NamedTuple

MAIN_HOSPITAL = "3275013"


class Hospital(NamedTuple):
    code: str
    name: str
    hospital_class: str
    public: bool
    tariff_code: str
    kecamatan: str
    specialties: frozenset[str]


class Price(NamedTuple):
    """Rupiah of one INA-CBG group by class of care: ``classes[3]`` is class III."""

    description: str
    classes: dict[int, int]


class Reference:
    """Regions, Puskesmas, hospitals, prices and holidays. Two-digit kecamatan codes ("01") throughout."""

    def __init__(self):
        self.kecamatan, self.kelurahan, self._points = {}, {}, {}
        for row in _rows("regions.csv"):
            code = row["code"].split(".")
            if row["level"] == "KECAMATAN":
                self.kecamatan[code[2]] = row["name"]
                self.kelurahan[code[2]] = []
                self._points[code[2]] = (float(row["latitude"]), float(row["longitude"]))
            elif row["level"] == "KELURAHAN":
                self.kelurahan[code[2]].append((code[3], row["name"]))
        self.puskesmas = {kecamatan: [] for kecamatan in self.kecamatan}
        for row in _rows("puskesmas.csv"):
            self.puskesmas[row["kecamatan"][-2:]].append(row["code"])
        self.hospitals = {row["code"]: _hospital(row) for row in _rows("hospitals.csv")}
        self.prices = {
            (row["code"], row["hospital_class"] + row["ownership"][:2]): Price(
                row["description_id"].upper(), {n: int(row[f"class_{n}"]) for n in (1, 2, 3)}
            )
            for row in _rows("tariff_sample.csv")
        }
        self.holidays = [date.fromisoformat(row["date"]) for row in _rows("holidays.csv")]

    def price(self, group, hospital):
        """The Price of an INA-CBG group at a hospital. Raises KeyError when the sample does not have it."""
        return self.prices[group, hospital.hospital_class + ("PU" if hospital.public else "PR")]

    def nearest(self, kecamatan, specialty, public):
        """Hospitals that offer the specialty, nearest first (by the middles of the kecamatan, then by code)."""
        suitable = [h for h in self.hospitals.values() if specialty in h.specialties and h.public == public]
        here = self._points[kecamatan]
        return sorted(suitable, key=lambda h: (round(math.dist(here, self._points[h.kecamatan]), 6), h.code))


def _rows(name):
    with (files("facilities") / "reference" / name).open(encoding="utf-8", newline="") as lines:
        yield from csv.DictReader(lines)


def _hospital(row):
    return Hospital(
        row["code"],
        row["name"],
        row["hospital_class"],
        row["ownership"] == "PUBLIC",
        row["tariff_code"],
        row["kecamatan"][-2:],
        frozenset(row["specialties"].split("|")),
    )
