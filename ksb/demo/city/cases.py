"""What residents are referred for: diagnoses that fit sex and age, and the INA-CBG group a hospital would code.

ICD-10 codes are in both the WHO 2019 list and the Ministry's e-Klaim list, ICD-9-CM procedures in CMS32; the groups are
priced in ``facilities/reference/tariff_sample.csv``. Weights are a plausible mix of referrals, not a measured one.
"""

from bisect import bisect
from typing import NamedTuple

MALE, FEMALE = 1, 2
OUTPATIENT, INPATIENT, EMERGENCY, HAEMODIALYSIS = "OUTPATIENT", "INPATIENT", "EMERGENCY", "HAEMODIALYSIS"
SEVERITIES = ("I", "II", "III")
OLDEST = 100


class Case(NamedTuple):
    """One clinical picture. Ages in whole years, stay in days counted as e-Klaim counts (same day = 1); ``sex`` 0 is both;
    ``urgent`` ones are referred as an emergency."""

    diagnosis: str
    specialty: str
    service: str
    weight: float
    ages: tuple[int, int]
    group: str
    procedures: tuple[str, ...] = ()
    secondary: tuple[str, ...] = ()
    stay: tuple[int, int] = (1, 1)
    sex: int = 0
    urgent: bool = False

    @property
    def inpatient(self):
        return self.stay[1] > 1

    def group_code(self, severity):
        """Inpatient groups carry a severity I to III (``severity`` 0 to 2), outpatient groups end in 0."""
        return f"{self.group}-{SEVERITIES[severity]}" if self.inpatient else f"{self.group}-0"


CASES = (
    # internal medicine, heart, lung
    Case("I10", "INT", OUTPATIENT, 9, (30, 95), "Q-5-44", secondary=("E78.5",)),
    Case("E11.9", "INT", OUTPATIENT, 8, (30, 95), "Q-5-44", secondary=("I10", "E78.5")),
    Case("K21.9", "INT", OUTPATIENT, 4, (16, 90), "Q-5-44"),
    Case("K29.7", "INT", OUTPATIENT, 3, (16, 90), "K-3-15", ("45.16",)),
    Case("M10.9", "INT", OUTPATIENT, 2, (30, 90), "Q-5-44", secondary=("I10",)),
    Case("E05.9", "INT", OUTPATIENT, 1, (18, 75), "Q-5-44"),
    Case("N18.5", "HDL", HAEMODIALYSIS, 5, (25, 85), "N-3-15", ("39.95",), ("I10", "D64.9")),
    Case("I25.1", "JAN", OUTPATIENT, 4, (38, 95), "Q-5-44", ("89.52",), ("I10",)),
    Case("I50.0", "JAN", OUTPATIENT, 3, (45, 95), "Q-5-29", ("89.52",), ("I11.9",)),
    Case("I20.9", "JAN", OUTPATIENT, 2, (38, 90), "I-3-13", ("88.72",), ("I10",)),
    Case("A15.0", "PAR", OUTPATIENT, 4, (15, 85), "Q-5-44", ("87.44",)),
    Case("J45.9", "PAR", OUTPATIENT, 2, (8, 80), "Q-5-44", ("93.94",)),
    Case("J44.9", "PAR", OUTPATIENT, 2, (45, 95), "Q-5-44"),
    Case("A01.0", "INT", INPATIENT, 3, (8, 65), "A-4-14", secondary=("K29.7",), stay=(3, 6)),
    Case("E11.5", "INT", INPATIENT, 2, (40, 90), "E-4-10", ("86.28",), ("L03.9", "D64.9"), (4, 9)),
    Case("K30", "INT", INPATIENT, 2, (16, 90), "K-4-11", secondary=("I10",), stay=(2, 4)),
    Case("D64.9", "INT", INPATIENT, 1, (18, 90), "D-4-13", ("99.04",), (), (2, 5)),
    Case("N39.0", "INT", INPATIENT, 2, (16, 90), "N-4-12", secondary=("E11.9",), stay=(2, 5)),
    Case("I10", "INT", INPATIENT, 1, (35, 95), "I-4-17", secondary=("R51",), stay=(2, 4), urgent=True),
    Case("I50.0", "JAN", INPATIENT, 2, (45, 95), "I-4-12", ("89.52",), ("I11.9", "J18.9"), (4, 8), urgent=True),
    Case("I21.9", "JAN", INPATIENT, 1, (38, 90), "I-4-10", ("89.52",), ("I10", "E11.9"), (4, 8), urgent=True),
    Case("J44.9", "PAR", INPATIENT, 1, (45, 95), "J-4-17", ("93.94",), ("J18.9",), (3, 7), urgent=True),
    Case("J18.9", "PAR", INPATIENT, 2, (16, 95), "J-4-16", ("87.44",), ("E11.9",), (3, 7)),
    # children
    Case("J18.9", "ANA", INPATIENT, 5, (0, 14), "J-4-16", ("87.44",), ("D50.9",), (3, 6)),
    Case("A09.9", "ANA", INPATIENT, 6, (0, 14), "K-4-17", secondary=("E86",), stay=(2, 4)),
    Case("R56.0", "ANA", INPATIENT, 2, (0, 5), "G-4-22", secondary=("J06.9",), stay=(2, 4), urgent=True),
    Case("A01.0", "ANA", INPATIENT, 2, (3, 15), "A-4-14", stay=(3, 6)),
    Case("J45.9", "ANA", INPATIENT, 2, (1, 15), "J-4-18", ("93.94",), (), (2, 4), urgent=True),
    Case("A16.2", "ANA", OUTPATIENT, 3, (0, 14), "Q-5-44", ("87.44",)),
    Case("J20.9", "ANA", OUTPATIENT, 3, (0, 14), "Q-5-26", ("93.94",)),
    Case("E46", "ANA", OUTPATIENT, 2, (0, 8), "Q-5-44"),
    Case("D56.1", "ANA", OUTPATIENT, 1, (1, 20), "D-3-10", ("99.04",)),
    # surgery, orthopaedics, urology
    Case("K40.9", "BED", INPATIENT, 3, (1, 85), "K-1-14", ("53.00",), (), (2, 4), MALE),
    Case("K35.8", "BED", INPATIENT, 4, (6, 70), "K-1-13", ("47.09",), (), (2, 5), urgent=True),
    Case("K80.2", "BED", INPATIENT, 2, (25, 85), "B-1-14", ("51.23",), (), (3, 5)),
    Case("L02.9", "BED", OUTPATIENT, 2, (2, 80), "L-3-12", ("86.04",)),
    Case("N63", "BED", OUTPATIENT, 2, (15, 75), "Q-5-44", sex=FEMALE),
    Case("C50.9", "BED", OUTPATIENT, 1, (30, 80), "C-3-13", ("99.25",), sex=FEMALE),
    Case("L03.9", "BED", INPATIENT, 1, (5, 85), "L-4-12", ("86.28",), ("E11.9",), (3, 6)),
    Case("S52.5", "ORT", INPATIENT, 2, (6, 85), "M-1-80", ("79.32",), (), (3, 5)),
    Case("S82.2", "ORT", INPATIENT, 1, (10, 80), "M-1-70", ("79.36",), (), (3, 7)),
    Case("S72.0", "ORT", INPATIENT, 1, (55, 95), "M-1-20", ("81.52",), ("I10",), (5, 9)),
    Case("M17.9", "ORT", OUTPATIENT, 3, (45, 95), "Q-5-44"),
    Case("N20.0", "URO", OUTPATIENT, 2, (22, 80), "Q-5-44", ("88.76",)),
    Case("N40", "URO", OUTPATIENT, 2, (50, 95), "Q-5-44", ("88.76",), sex=MALE),
    Case("N40", "URO", INPATIENT, 1, (55, 95), "V-1-14", ("60.29",), ("I10",), (3, 6), MALE),
    # women
    Case("Z34.9", "OBG", OUTPATIENT, 7, (18, 44), "Q-5-23", ("88.78",), sex=FEMALE),
    Case("O80.9", "OBG", INPATIENT, 6, (18, 42), "O-6-13", ("73.59",), ("Z37.0",), (2, 3), FEMALE),
    Case("O82.9", "OBG", INPATIENT, 5, (18, 44), "O-6-10", ("74.1",), ("O34.2", "Z37.0"), (3, 5), FEMALE),
    Case("O14.9", "OBG", INPATIENT, 1, (18, 44), "W-4-16", (), (), (2, 4), FEMALE, urgent=True),
    Case("O03.9", "OBG", INPATIENT, 1, (18, 44), "W-1-11", ("69.02",), ("D64.9",), (2, 2), FEMALE, urgent=True),
    Case("D25.9", "OBG", INPATIENT, 2, (30, 54), "W-1-20", ("68.49",), ("D64.9",), (3, 6), FEMALE),
    # the emergency room, without a stay
    Case("S01.9", "BED", EMERGENCY, 1, (1, 85), "L-3-12", ("86.59",), urgent=True),
    Case("J45.9", "PAR", EMERGENCY, 1, (5, 85), "Q-5-26", ("93.94",), urgent=True),
    # nerves and mind
    Case("I63.9", "SAR", INPATIENT, 3, (40, 95), "G-4-14", ("87.03",), ("I10", "E11.9"), (4, 10), urgent=True),
    Case("M54.5", "SAR", OUTPATIENT, 4, (22, 85), "Q-5-44"),
    Case("G40.9", "SAR", OUTPATIENT, 2, (4, 70), "G-3-13", ("89.14",)),
    Case("R42", "SAR", OUTPATIENT, 2, (20, 90), "Q-5-44"),
    Case("F20.9", "JIW", OUTPATIENT, 3, (16, 75), "F-5-14", ("94.38",)),
    Case("F41.9", "JIW", OUTPATIENT, 1, (16, 75), "F-5-14", ("94.38",)),
    Case("M54.5", "IRM", OUTPATIENT, 3, (22, 90), "Z-3-12", ("93.39",), ("Z50.1",)),
    # eye, ear, skin, teeth
    Case("H25.9", "MAT", OUTPATIENT, 3, (55, 95), "H-2-36", ("13.41", "13.71"), ("I10",)),
    Case("H40.9", "MAT", OUTPATIENT, 1, (35, 95), "Q-5-44", ("95.02",)),
    Case("H10.9", "MAT", OUTPATIENT, 2, (1, 80), "Q-5-42"),
    Case("H66.9", "THT", OUTPATIENT, 3, (1, 70), "Q-5-42"),
    Case("H61.2", "THT", OUTPATIENT, 2, (2, 85), "U-3-11", ("96.52",)),
    Case("J35.0", "THT", INPATIENT, 1, (5, 40), "U-1-15", ("28.2",), (), (2, 3)),
    Case("L30.9", "KLT", OUTPATIENT, 3, (1, 85), "Q-5-42"),
    Case("L40.9", "KLT", OUTPATIENT, 1, (15, 80), "Q-5-44"),
    Case("K01.1", "GIG", OUTPATIENT, 3, (17, 50), "U-3-16", ("23.19",)),
    Case("K04.1", "GIG", OUTPATIENT, 2, (7, 75), "Q-5-12"),
)


class CaseMix:
    """Picks a case for a person of a sex and age: ``mix.pick(sex, age, chance)`` with ``chance`` in [0, 1)."""

    def __init__(self, cases=CASES):
        self._tables = {sex: [_table(cases, sex, age) for age in range(OLDEST + 1)] for sex in (MALE, FEMALE)}

    def pick(self, sex, age, chance):
        cases, bounds = self._tables[sex][min(age, OLDEST)]
        return cases[bisect(bounds, chance * bounds[-1])]

    def need(self, sex, age):
        """Total weight of what people of this sex and age are referred for: the frailer, the more."""
        return self._tables[sex][min(age, OLDEST)][1][-1]


def _table(cases, sex, age):
    suitable = [c for c in cases if c.sex in (0, sex) and c.ages[0] <= min(age, 95) <= c.ages[1]]
    bounds, total = [], 0
    for case in suitable:
        total += case.weight
        bounds.append(total)
    return suitable, bounds
