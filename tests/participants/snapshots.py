"""Registry snapshots and JKN lists written by hand, and what the database then says, without ids and times."""

import datetime
import hashlib
import itertools
import json
from pathlib import Path

from django.db import connection

from participants.dukcapil import sync
from participants.dukcapil.lines import COLUMNS
from participants.models import RegistryEvent, Resident
from tests.factories import NOW

HEADER = ",".join(COLUMNS)
DAY = datetime.date(2026, 11, 21)
_serial = itertools.count(1)


def person(**values):
    """One row by column name: a man of 36 who has always lived here, head of a family of his own."""
    n = next(_serial) % 10_000  # as many digits as there is room for
    row = {
        "NO_KK": f"327501010120{n:04d}",
        "NIK": f"327501170590{n:04d}",
        "NAMA_LGKP": f"WARGA {n}",
        "JENIS_KLMIN": "1",
        "TMPT_LHR": "BEKASI",
        "TGL_LHR": "1990-05-17",
        "STAT_HBKEL": "1",
        "STAT_KWN": "1",
        "NIK_IBU": "",
        "ALAMAT": "JL. UJI NO. 1",
        "NO_RT": "001",
        "NO_RW": "002",
        "NO_PROP": "32",
        "NO_KAB": "75",
        "NO_KEC": "1",
        "NO_KEL": "1001",
        "TGL_DATANG": "1990-05-17",
        "FLAG_EKTP": "1",
        "FLAG_STATUS": "0",
        "TGL_STATUS": "",
    }
    unknown = set(values) - set(row)
    assert not unknown
    return row | values


def family(members=3, **values):
    """A head, his wife and children: rows of one KK."""
    head = person(STAT_KWN="2", **values)
    shared = {name: head[name] for name in ("NO_KK", "ALAMAT", "NO_RT", "NO_RW", "NO_KEC", "NO_KEL")}
    wife = person(STAT_HBKEL="3", STAT_KWN="2", JENIS_KLMIN="2", **shared)
    children = [person(STAT_HBKEL="4", FLAG_EKTP="0", NIK_IBU=wife["NIK"], **shared) for _ in range(members - 2)]
    return [head, wife, *children]


def people(count):
    return [person() for _ in range(count)]


def line(row):
    return ",".join(row[column] for column in COLUMNS)


def write(folder, rows, *, day=DAY, header=HEADER, end="\n", last_end=True, manifest=None, name=None):
    """A snapshot of ``rows`` (mappings, or raw lines as text or bytes). ``manifest`` True writes a fitting side file."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / (name or f"registry-{day:%Y%m%d}.csv")
    texts = [line(row) if isinstance(row, dict) else row for row in rows]
    raw = [text.encode() if isinstance(text, str) else text for text in [header, *texts]]
    path.write_bytes(end.encode().join(raw) + (end.encode() if last_end else b""))
    if manifest:
        told = {"rows": len(rows), "sha256": hashlib.sha256(path.read_bytes()).hexdigest()}
        told |= manifest if isinstance(manifest, dict) else {}
        path.with_name(path.name + ".json").write_text(json.dumps(told))
    return path


def take(folder, rows, *, dry_run=False, actor=None, at=NOW, **how):
    """Write the snapshot and take it in. Returns the run."""
    return sync.run(path=write(Path(folder), rows, **how), actor=actor, at=at, dry_run=dry_run)


def changes(before, after):
    """Rows of a delta: who differs or is new, and who is no longer listed, by their last line with the status 9."""
    known, listed = {row["NIK"]: row for row in before}, {row["NIK"] for row in after}
    removed = [row | {"FLAG_STATUS": "9", "TGL_STATUS": ""} for nik, row in known.items() if nik not in listed]
    return [row for row in after if known.get(row["NIK"]) != row] + removed


def take_changes(folder, rows, *, since, day, **how):
    """Write a delta and take it in. Returns the run."""
    return take(folder, rows, day=day, name=f"delta-{since:%Y%m%d}-{day:%Y%m%d}.csv", **how)


def of(row):
    return Resident.objects.get(nik=row["NIK"])


def events(run, *rows):
    """Kinds of events of the run, of these people."""
    found = RegistryEvent.objects.filter(run=run)
    if rows:
        found = found.filter(resident__nik__in=[row["NIK"] for row in rows])
    return sorted(found.values_list("kind", flat=True))


def refused(run):
    """``{line number: reason}``."""
    return dict(run.quarantine.values_list("line_number", "reason"))


_STATE = {
    "residents": """
        SELECT r.nik, h.kk_number, r.name, r.sex, r.birth_place, r.birth_date, r.relation, r.marital_status, r.mother_nik,
               r.kelurahan_id, r.city_code, r.resident_since, r.ektp_recorded, r.status, r.status_on, r.listed
          FROM participants_resident r JOIN participants_household h ON h.id = r.household_id""",
    "households": """
        SELECT h.kk_number, r.nik, h.address, h.rt, h.rw, h.kelurahan_id, h.dissolved_on
          FROM participants_household h LEFT JOIN participants_resident r ON r.id = h.head_id""",
    "history": """
        SELECT r.nik, v.data::text, v.valid_to, s.snapshot_date FROM participants_residentversion v
          JOIN participants_resident r ON r.id = v.resident_id JOIN participants_syncrun s ON s.id = v.run_id""",
    "events": """
        SELECT r.nik, e.kind, e.effective_on, e.fields, s.snapshot_date FROM participants_registryevent e
          JOIN participants_resident r ON r.id = e.resident_id JOIN participants_syncrun s ON s.id = e.run_id""",
    "former": """
        SELECT f.nik, r.nik FROM participants_formernik f JOIN participants_resident r ON r.id = f.resident_id""",
    "quarantine": """
        SELECT s.snapshot_date, q.line_number, q.reason, q.raw FROM participants_quarantinedrow q
          JOIN participants_syncrun s ON s.id = q.run_id""",
    "coverage": """
        SELECT r.nik, o.source, o.card_number, o.segment, o.status, o.valid_from, o.valid_to, o.open, o.listed,
               o.known_to IS NULL
          FROM participants_othercoverage o JOIN participants_resident r ON r.id = o.resident_id""",
    "candidates": """
        SELECT c.key, c.line_number, c.raw, r.nik FROM participants_jkncandidate c
          LEFT JOIN participants_resident r ON r.id = c.resident_id""",
}


def state():
    """Everything the syncs write, as comparable rows."""
    found = {}
    with connection.cursor() as cursor:
        for name, select in _STATE.items():
            cursor.execute(select)
            found[name] = sorted(map(str, cursor.fetchall()))
    return found
