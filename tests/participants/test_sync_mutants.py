"""Files that were cut, garbled or re-saved do no harm (QUALITY R4): no crash, nothing half applied, each line accounted for.

A hundred of each kind in the suite; ``KSB_MUTANTS=1000`` for the drill.
"""

import datetime
import os

import pytest
from django.db import transaction
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from ksb.core.errors import Refused
from participants.dukcapil import sync as registry
from participants.enums import ResidentStatus
from participants.jkn import sync as jkn
from participants.models import OtherCoverage, Resident
from participants.reasons import REASONS
from tests.factories import NOW
from tests.participants.snapshots import DAY, HEADER, family, line, people, state, take

pytestmark = pytest.mark.django_db
NEXT = DAY + datetime.timedelta(days=1)
EXAMPLES = settings(
    max_examples=int(os.environ.get("KSB_MUTANTS", "100")),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    print_blob=True,
)
PBI_HEADER = "PSNOKA;NIK;NAMA;SEGMEN;BULAN;TAHUN"
BPJS_HEADER = "PSNOKA,NIK,NAMA,TGLLHR,JENISPESERTA,KDSTATUSPST,TMT,TAT"

MARKS = (
    b"",
    b"\n",
    b"\r",
    b"\n\n",
    b"\0",
    b",",
    b";",
    b'"',
    b'""',
    b"'",
    b"\t",
    b"\xff",
    b"\xef\xbb\xbf",
    b"\xc3",
    "Ÿ".encode(),
)
WORDS = (
    b"\\.",
    b"\\N",
    b"NULL",
    b"=1+1",
    b"=cmd|'/c calc'!A0",
    b"3.27501E+15",
    b"0000-00-00",
    b"1990-02-30",
    b"9" * 40,
)
NOISE = st.sampled_from([*MARKS, *WORDS, b"x" * 5000]) | st.binary(max_size=12)


def cut(data, draw):
    return data[: draw(st.integers(0, len(data)))]


def drop(data, draw):
    start = draw(st.integers(0, len(data)))
    return data[:start] + data[start + draw(st.integers(1, 300)) :]


def put(data, draw):
    start = draw(st.integers(0, len(data)))
    return data[:start] + draw(NOISE) + data[start:]


def overwrite(data, draw):
    start, noise = draw(st.integers(0, len(data))), draw(NOISE)
    return data[:start] + noise + data[start + len(noise) :]


def change_a_field(data, draw):
    rows = data.split(b"\n")
    at = draw(st.integers(0, len(rows) - 1))
    delimiter = b";" if b";" in rows[0] else b","
    fields = rows[at].split(delimiter)
    fields[draw(st.integers(0, len(fields) - 1))] = draw(NOISE)
    rows[at] = delimiter.join(fields)
    return b"\n".join(rows)


def drop_a_column(data, draw):
    delimiter = b";" if b";" in data[:60] else b","
    place = draw(st.integers(0, 7))
    return b"\n".join(
        delimiter.join(f for n, f in enumerate(r.split(delimiter)) if n != place) for r in data.split(b"\n")
    )


def turn_columns_round(data, draw):
    delimiter = b";" if b";" in data[:60] else b","
    return b"\n".join(delimiter.join(reversed(row.split(delimiter))) for row in data.split(b"\n"))


def repeat_lines(data, draw):
    rows = data.split(b"\n")
    at = draw(st.integers(0, len(rows) - 1))
    return b"\n".join(rows[:at] + rows[at : at + 3] * draw(st.integers(1, 4)) + rows[at:])


def mix_lines(data, draw):
    header, *rows = data.split(b"\n")
    return b"\n".join([header, *draw(st.permutations(rows))])


def save_elsewhere(data, draw):
    text = data.decode(errors="replace")
    return text.encode(draw(st.sampled_from(["utf-16", "utf-16-le", "utf-8-sig", "utf-32"])), errors="replace")


def exchange(data, draw):
    old, new = draw(
        st.sampled_from(
            [(b",", b";"), (b";", b","), (b"\n", b"\r\n"), (b"\n", b"\r"), (b"3275", b"3.27E+15"), (b"0", b"")]
        )
    )
    return data.replace(old, new)


OFTEN = (change_a_field, put, overwrite, drop)
SELDOM = (cut, drop_a_column, turn_columns_round, repeat_lines, mix_lines, save_elsewhere, exchange)
MUTATIONS = st.lists(st.sampled_from([*OFTEN, *OFTEN, *SELDOM]), min_size=1, max_size=4)


def mutated(data, draw):
    for mutation in draw(MUTATIONS):
        data = mutation(data, draw)
    return data


def lines_of(data):
    """Lines behind the header, counted in another way than the program's."""
    rows = data.split(b"\n")
    return len(rows[1:]) - (1 if rows[-1] == b"" else 0)


def sentence_or(take):
    """What ``take`` returns, or None when it refused with a sentence."""
    try:
        return take()
    except Refused as refusal:
        event(f"refused: {refusal.code}")
        if len(str(refusal.message)) < 10:
            raise
        return None


def accounted_for(run, data):
    counters = run.counters
    assert counters["read"] == lines_of(data)
    assert counters["accepted"] + counters["quarantined"] == counters["read"]
    assert sum(counters["quarantined_by_reason"].values()) == counters["quarantined"]
    assert set(counters["quarantined_by_reason"]) <= set(REASONS)
    assert run.quarantine.count() == counters["quarantined"]


@pytest.fixture
def city(tmp_path):
    """Families whose registry rows were taken in, and a day later's sound file as bytes."""
    rows = [row | {"NIK_IBU": ""} for row in [*family(4), *people(12), *family(3)]]
    take(tmp_path, rows)
    return rows, "\n".join([HEADER, *map(line, rows), ""]).encode()


@EXAMPLES
@given(data=st.data())
def test_any_registry_file_is_refused_with_a_sentence_or_wholly_accounted_for(tmp_path, city, data):
    rows, sound = city
    content = mutated(sound, data.draw)
    path = tmp_path / f"registry-{NEXT:%Y%m%d}.csv"
    path.write_bytes(content)
    with transaction.atomic():
        before = state()
        run = sentence_or(lambda: registry.run(path=path, actor=None, at=NOW))
        if run is None:
            assert state() == before
        else:
            event(f"taken, {'some' if run.counters['quarantined'] else 'no'} lines set apart: {run.state}")
            accounted_for(run, content)
            kept_whoever_is_named(rows, content)
        transaction.set_rollback(True)


def kept_whoever_is_named(rows, content):
    """Whose NIK still stands in the file, in whatever line, has not left the registry."""
    text = content.decode(errors="ignore")
    named = [row["NIK"] for row in rows if f",{row['NIK']}," in text]
    gone = Resident.objects.filter(nik__in=named, status=ResidentStatus.GONE)
    assert not gone.exists()


@EXAMPLES
@given(data=st.data())
def test_any_jkn_list_is_refused_with_a_sentence_or_wholly_accounted_for(tmp_path, city, data):
    rows, _sound = city
    monthly = data.draw(st.booleans())
    if monthly:
        lines = [f"{n:013d};{row['NIK']};{row['NAMA_LGKP']};PBI APBN;NOVEMBER;2026" for n, row in enumerate(rows)]
    else:
        lines = [f"{n:013d},{row['NIK']},{row['NAMA_LGKP']},1990-05-17,13,0,2020-01-01," for n, row in enumerate(rows)]
    content = mutated("\n".join([PBI_HEADER if monthly else BPJS_HEADER, *lines, ""]).encode(), data.draw)
    path = tmp_path / ("pbi-202611.csv" if monthly else "bpjs-202611.csv")
    path.write_bytes(content)
    with transaction.atomic():
        before = state()
        runs = sentence_or(lambda: jkn.run(paths=[path], actor=None, at=NOW))
        if runs is None:
            assert state() == before
        else:
            run, counters = runs[0], runs[0].counters
            event(f"taken, {'some' if counters['quarantined'] else 'no'} rows set apart")
            assert counters["read"] == lines_of(content)
            counted = ("opened", "unchanged", "to_review", "quarantined")
            assert counters["read"] == sum(counters[name] for name in counted)
            assert run.quarantine.count() == counters["quarantined"]
            assert OtherCoverage.objects.count() == counters["opened"]
        transaction.set_rollback(True)
