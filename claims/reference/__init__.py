"""Clinical lists the project ships: which codes fit whom, what happens once, what a Puskesmas treats itself."""

import csv
from pathlib import Path

from django.db import transaction

from claims.models import ClinicalCode

FILE = Path(__file__).parent / "clinical_lists.csv"


def load_clinical_lists():
    """Make the table say what the file says, what is gone included. Returns the number of codes. May be repeated."""
    with FILE.open(encoding="utf-8", newline="") as file:
        wanted = [entry for row in csv.DictReader(file) for entry in _entries(row)]
    with transaction.atomic():
        ClinicalCode.objects.all().delete()
        ClinicalCode.objects.bulk_create(wanted)
    return len(wanted)


def expanded(ranges):
    """``C51-C53 L29.2`` -> ``[C51, C52, C53, L29.2]``: categories and subcategories, one by one."""
    codes = []
    for part in ranges.split():
        first, _dash, last = part.partition("-")
        head = first.rstrip("0123456789")
        width = len(first) - len(head)
        numbers = range(int(first[len(head) :]), int((last or first)[len(head) :]) + 1)
        codes += [f"{head}{number:0{width}d}" for number in numbers]
    return codes


def _entries(row):
    common = {"kind": row["list"], "group": row["group"], "unit": row["unit"], "source": row["source"]}
    common |= {bound: int(row[bound]) if row[bound] else None for bound in ("least", "most")}
    for column, is_procedure in (("diagnoses", False), ("procedures", True)):
        for code in expanded(row[column]):
            yield ClinicalCode(code=code, is_procedure=is_procedure, **common)
