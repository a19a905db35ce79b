"""P5b: household cards on A4 sheets for the print shop, QR codes included, and whether memory grows with their number."""

import datetime
import tempfile

from benchmarks.frame import Row
from ksb.core.cards import Card, write_sheets

FEW, MANY = 400, 4_000
MEMBERS = (("MUHAMMAD RIZKY PRATAMA", 1984), ("RATNA KUSUMA WARDANI", 1986), ("ALYA PRATAMA", 2012), ("BIMA", 2016))


def run(context):
    few, many = (_median(context, count) for count in (FEW, MANY))
    told = f"{FEW:,} cards {few.peak:.1f} MB, {MANY:,} cards {many.peak:.1f} MB; {many.wall:.1f} s"
    return [
        Row("P5b", "household cards on A4 sheets", "cards per CPU second", MANY / many.cpu, at_least=60, detail=told),
        Row("P5b", "memory, ten times the cards", "MB it grows by", max(many.peak - few.peak, 0.0), at_most=5),
    ]


def _median(context, count):
    costs = [context.measure(lambda: _print(count)) for _round in range(max(context.rounds, 3))]
    return sorted(costs, key=lambda cost: cost.cpu)[len(costs) // 2]


def _print(count):
    with tempfile.TemporaryFile() as file:
        write_sheets(map(_card, range(count)), file, label="0001/CTK/XI/2026")


def _card(number):
    return Card(
        kk_number=f"327510{number:010d}",
        head_name=MEMBERS[0][0],
        area="Padurenan – Mustikajaya",
        card_number=f"KS26{number:08d}",
        issued_on=datetime.date(2026, 11, 22),
        validity_path=f"/periksa/k/{number:022d}/",
        members=MEMBERS,
    )
