"""P1: the registry night. P1b: the same row by row. P1c: the first load of the whole city."""

import csv
import itertools
import statistics

from django.db import connection

from benchmarks.frame import Row
from benchmarks.nights import Nights, sound_lines
from participants.dukcapil import sync
from participants.dukcapil.lines import COLUMNS
from participants.enums import SyncState
from participants.models import Resident

SAMPLE, BULK = 300, 5000


def run(context):
    return [*_first_load(context), *_nights(context)]


def _first_load(context):
    path = context.city.snapshots[0]
    plain = sound_lines(path, context.city.folder / "sound.csv")
    ratio = context.ratio(lambda: _sync(path, context), lambda: _bare_copy(plain), prepare=context.empty)
    context.empty()
    return [Row("P1c", "first load of the city", "raw COPY of the file", ratio, at_most=9)]


def _nights(context):
    context.load_city()
    folder = context.city.folder / "nights"
    folder.mkdir(exist_ok=True)
    nights = Nights(context.city.snapshots[0], folder, context.seed)
    files = {}

    def prepare():
        files["night"] = nights.next()
        files["plain"] = sound_lines(files["night"], folder / "sound.csv")

    ratio = context.ratio(lambda: _sync(files["night"], context), lambda: _bare_copy(files["plain"]), prepare=prepare)
    clock = ratio.candidate.wall / ratio.limit.wall
    rows = [
        Row("P1", "registry night, 0.3 % changed", "raw COPY of the file", ratio, at_most=0.7),
        Row("P1", "the same by the clock", "raw COPY of the file", clock, at_most=0.7),
        Row(
            "P1",
            "memory the night takes, MB",
            "-",
            ratio.candidate.peak,
            at_most=100,
            detail="beyond the process itself",
        ),
    ]
    return rows + _row_by_row(context, files["plain"], ratio.candidate)


def _row_by_row(context, path, night):
    """The textbook ways, on a sample of the file, extrapolated to all of its lines."""
    with path.open(encoding="utf-8", newline="") as file:
        lines = sum(1 for _line in file) - 1
        file.seek(0)
        sample = list(itertools.islice(csv.DictReader(file, COLUMNS), 1, BULK + 1))
    houses = dict(Resident.objects.filter(nik__in=[row["NIK"] for row in sample]).values_list("nik", "household_id"))
    rows = [row for row in sample if row["NIK"] in houses]

    def one_by_one():
        for row in rows[:SAMPLE]:
            Resident.objects.update_or_create(nik=row["NIK"], defaults=_values(row, houses))

    def in_bulk():
        people = [Resident(nik=row["NIK"], **_values(row, houses)) for row in rows]
        fields = list(_values(rows[0], houses))
        Resident.objects.bulk_create(people, update_conflicts=True, unique_fields=["nik"], update_fields=fields)

    slow = statistics.median(context.measure(one_by_one).wall for _round in range(3)) / SAMPLE * lines
    bulk = statistics.median(context.measure(in_bulk).wall for _round in range(3)) / len(rows) * lines
    return [
        Row(
            "P1b",
            "update_or_create",
            "the night",
            slow / night.wall,
            at_least=2500,
            detail=f"{slow:,.0f} s for the file",
        ),
        Row(
            "P1b",
            "bulk_create in 5,000s",
            "the night",
            bulk / night.wall,
            at_least=120,
            detail=f"{bulk:,.0f} s for the file",
        ),
    ]


def _values(row, houses):
    return {
        "household_id": houses[row["NIK"]],
        "name": row["NAMA_LGKP"],
        "sex": int(row["JENIS_KLMIN"]),
        "birth_place": row["TMPT_LHR"],
        "birth_date": row["TGL_LHR"],
        "relation": int(row["STAT_HBKEL"]),
        "marital_status": int(row["STAT_KWN"]),
        "mother_nik": row["NIK_IBU"],
        "city_code": "32.75",
        "ektp_recorded": row["FLAG_EKTP"] == "1",
    }


def _sync(path, context):
    run = sync.run(path=path, actor=None, at=context.at)
    if run.state != SyncState.APPLIED:
        raise RuntimeError(f"{path.name}: {run.state} {run.message}")


def _bare_copy(path):
    columns = ", ".join(f"{name.lower()} text" for name in COLUMNS)
    with connection.cursor() as cursor, path.open("rb") as file:
        cursor.execute("DROP TABLE IF EXISTS bare")
        cursor.execute(f"CREATE UNLOGGED TABLE bare ({columns})")
        cursor.copy_expert("COPY bare FROM STDIN (FORMAT csv, HEADER)", file, 1 << 18)
