"""P2: the PBI and BPJS lists of a month reconciled into intervals, against COPY of both and a bare hash join with the people."""

import datetime
import random

from django.db import connection

from benchmarks.frame import Row
from participants.jkn import sync
from participants.jkn.lines import BPJS_COLUMNS, PBI_COLUMNS, month_of

LOST, NEW_STATUS = 0.01, 0.01


def run(context):
    context.load_city()
    folder = context.city.folder / "months"
    folder.mkdir(exist_ok=True)
    months = _Months(context.city.pbi[0], context.city.bpjs[0], folder, context.seed)
    ratio = context.ratio(
        lambda: sync.run(paths=months.files, actor=None, at=months.at(context)),
        lambda: _bare_join(*months.files),
        prepare=months.next,
    )
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE bare_pbi, bare_bpjs")
    return [Row("P2", "PBI and BPJS lists of a month", "COPY and a bare hash join", ratio, at_most=1.7)]


class _Months:
    """The lists of month after month: one in a hundred is no longer listed, one in a hundred changes status."""

    def __init__(self, pbi, bpjs, folder, seed):
        self.files = [pbi, bpjs]
        self.folder = folder
        self.draw = random.Random(seed).random
        self.month = datetime.date(2026, 11, 1)

    def at(self, context):
        return context.at + (self.month - context.at.date())

    def next(self):
        self.month = month_of(self.month.year, self.month.month)[1] + datetime.timedelta(days=1)
        stamp, tail = f"{self.month:%Y%m}", f";{self.month.month};{self.month.year}\n".encode()
        targets = [self.folder / f"pbi-{stamp}.csv", self.folder / f"bpjs-{stamp}.csv"]
        for old, new, change in zip(self.files, targets, (lambda line: self._pbi(line, tail), self._bpjs), strict=True):
            with old.open("rb") as lines, new.open("wb") as out:
                out.write(next(lines))
                out.writelines(change(line) for line in lines if self.draw() >= LOST)
            if old.parent == self.folder:
                old.unlink()
        self.files = targets

    def _pbi(self, line, tail):
        return line.rsplit(b";", 2)[0] + tail

    def _bpjs(self, line):
        if self.draw() >= NEW_STATUS:
            return line
        fields = line.split(b",")
        fields[-3] = b"9" if fields[-3] == b"0" else b"0"
        return b",".join(fields)


def _bare_join(pbi, bpjs):
    with connection.cursor() as cursor:
        for table, path, columns, delimiter in (
            ("bare_pbi", pbi, PBI_COLUMNS, ";"),
            ("bare_bpjs", bpjs, BPJS_COLUMNS, ","),
        ):
            cursor.execute(f"DROP TABLE IF EXISTS {table}")
            cursor.execute(f"CREATE UNLOGGED TABLE {table} ({', '.join(f'{name.lower()} text' for name in columns)})")
            with path.open("rb") as file:
                cursor.copy_expert(
                    f"COPY {table} FROM STDIN (FORMAT csv, HEADER, DELIMITER '{delimiter}')", file, 1 << 18
                )
        cursor.execute(
            """SELECT count(*) FROM (SELECT nik FROM bare_pbi UNION ALL SELECT nik FROM bare_bpjs) listed
                 JOIN participants_resident r ON r.nik = listed.nik"""
        )
