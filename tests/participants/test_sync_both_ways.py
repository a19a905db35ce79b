"""Whatever three nights or months bring, comparing with the last file and loading every line lead to the same data and counts."""

import datetime
import os
import re

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from participants.dukcapil import apply
from participants.dukcapil import sync as registry
from participants.enums import SyncState
from participants.jkn import comparison
from participants.jkn import sync as jkn
from tests.factories import NOW, make_household, make_resident
from tests.participants.snapshots import DAY, family, line, people, person, state, take

pytestmark = pytest.mark.django_db
EXAMPLES = settings(
    max_examples=int(os.environ.get("KSB_BOTH_WAYS", "25")),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
CHANGES = {
    "NAMA_LGKP": ["NAMA BARU", "WARGA", ""],
    "FLAG_EKTP": ["0", "1"],
    "FLAG_STATUS": ["0", "1", "2", "3", "7"],
    "STAT_HBKEL": ["1", "4", "9"],
    "NIK": ["3275011705909999", "3275011705909998", "327501170590"],
    "NO_KK": ["3275010101209999", "3275010101209998", ""],
    "ALAMAT": ["JL. LAIN"],
    "NO_KAB": ["75", "16"],
    "TGL_LHR": ["1990-05-18", "2026-11-20", "0000-00-00"],
    "STAT_KWN": ["2"],
}


EQUAL_LINES = re.compile(r"\d+, (?='DUPLICATE_LINE')")


@st.composite
def next_night(draw, rows):
    """The rows of the next file: some changed, gone, new, doubled, broken or in another place."""
    rows = list(rows)
    for _change in range(draw(st.integers(0, 6))):
        if not rows:
            break
        at = draw(st.integers(0, len(rows) - 1))
        what = draw(
            st.sampled_from(["change", "change", "change", "drop", "double", "twin", "move", "new", "rubbish", "swap"])
        )
        row = rows[at]
        if what == "drop":
            del rows[at]
        elif what == "double":
            rows.insert(draw(st.integers(0, len(rows))), row)
        elif what == "move":
            rows.insert(draw(st.integers(0, len(rows) - 1)), rows.pop(at))
        elif what == "new":
            rows.insert(at, person(TGL_DATANG=draw(st.sampled_from(["2026-11-20", "1990-05-17"]))))
        elif what == "rubbish":
            rows.insert(at, draw(st.sampled_from(["rubbish", "", "x,y", "3275011705900001"])))
        elif isinstance(row, dict):
            column = draw(st.sampled_from(sorted(CHANGES)))
            changed = row | {column: draw(st.sampled_from(CHANGES[column]))}
            if what == "twin":
                rows.insert(draw(st.integers(0, len(rows))), changed)
            elif what == "swap":
                other = rows[draw(st.integers(0, len(rows) - 1))]
                rows[at] = row | {"NIK": other["NIK"]} if isinstance(other, dict) else changed
            else:
                rows[at] = changed
    return rows


def unlike(loaded, compared):
    """Where two results differ: ``{table: (only loaded, only compared)}``, and the counters that differ.

    Of two equal lines either may be the one that was taken.
    """
    for found in (loaded[0], compared[0]):
        found["quarantine"] = sorted(EQUAL_LINES.sub("", row) for row in found["quarantine"])
    pairs = {name: (loaded[0][name], compared[0][name]) for name in loaded[0]}
    found = {
        name: ([x for x in a if x not in b], [x for x in b if x not in a]) for name, (a, b) in pairs.items() if a != b
    }
    counted = [(a, b) for a, b in zip(loaded[1], compared[1], strict=True) if a != b]
    return found | ({"counters": counted} if counted else {})


def nights_of(tmp_path, files):
    """State and counters after all nights, rolled back again."""
    with transaction.atomic():
        counted = []
        for number, rows in enumerate(files):
            run = take(tmp_path, rows, day=DAY + datetime.timedelta(days=number))
            assert run.state == SyncState.APPLIED
            assert apply.proof().fits(run.counters["proof"])
            counted.append({name: value for name, value in run.counters.items() if name != "proof"})
        found = state(), counted
        transaction.set_rollback(True)
    return found


@EXAMPLES
@given(data=st.data())
def test_three_nights(tmp_path, monkeypatch, data):
    files = [[*family(4), *people(4), *family(3), *people(2)]]
    for _night in range(2):
        files.append(data.draw(next_night(files[-1])))
    files = [[row if isinstance(row, str) else line(row) for row in rows] for rows in files]
    if not all(files):
        return
    compared = nights_of(tmp_path, files)
    with monkeypatch.context() as patch:
        patch.setattr(registry, "_difference", lambda *args: None)
        assert unlike(nights_of(tmp_path, files), compared) == {}


PBI = "PSNOKA;NIK;NAMA;SEGMEN;BULAN;TAHUN"
OTHERWISE = ["13,9,2020-01-01,", "13,0,2020-01-01,2026-10-31", "14,0,2026-11-05,", "13,0,2019-01-01,"]
BPJS = "PSNOKA,NIK,NAMA,TGLLHR,JENISPESERTA,KDSTATUSPST,TMT,TAT"


@st.composite
def month(draw, residents, monthly, number):
    """Rows of a list of the month: most people as ever, some missing, doubled, otherwise covered, unknown or broken."""
    rows = []
    for place, resident in enumerate(residents):
        kind = draw(st.sampled_from(["as ever"] * 6 + ["missing", "double", "other", "unknown", "broken"]))
        nik = "3275011705909999" if kind == "unknown" else resident.nik
        if kind == "missing":
            continue
        if monthly:
            segment = "PBI APBD" if kind == "other" else "PBI APBN"
            text = f"{place:013};{nik};{resident.name};{segment};{number};2026"
        else:
            how = draw(
                st.sampled_from(
                    ["13,9,2020-01-01,", "13,0,2020-01-01,2026-10-31", "14,0,2026-11-05,", "13,0,2019-01-01,"]
                )
            )
            text = f"{place:013},{nik},{resident.name},1990-05-17,{how if kind == 'other' else '13,0,2020-01-01,'}"
        rows += ["broken"] if kind == "broken" else [text] * (2 if kind == "double" else 1)
    if draw(st.booleans()):
        rows.insert(0, rows.pop() if rows else "broken")
    return rows


def months_of(tmp_path, files):
    with transaction.atomic():
        counted = []
        for name, header, rows in files:
            path = tmp_path / name
            path.write_text("\n".join([header, *rows]) + "\n")
            (run,) = jkn.run(paths=[path], actor=None, at=NOW)
            counted.append({key: value for key, value in run.counters.items() if key != "proof"})
        found = state(), counted
        transaction.set_rollback(True)
    return found


@pytest.fixture
def residents():
    household = make_household()
    return [make_resident(household) for _ in range(8)]


@EXAMPLES
@given(data=st.data())
def test_three_months(tmp_path, monkeypatch, residents, data):
    monthly = data.draw(st.booleans())
    kind, header = ("pbi", PBI) if monthly else ("bpjs", BPJS)
    files = [
        (f"{kind}-2026{number:02}.csv", header, data.draw(month(residents, monthly, number))) for number in (9, 10, 11)
    ]
    if not all(rows for _name, _header, rows in files):
        return
    compared = months_of(tmp_path, files)
    with monkeypatch.context() as patch:
        patch.setattr(comparison, "load", lambda *args: False)
        assert unlike(months_of(tmp_path, files), compared) == {}
