"""Bad files do no harm (QUALITY.md R4): whatever is done to a file, every row is accepted or refused, and nothing crashes.

``KSB_MUTANTS=1000`` for the drill.
"""

import os

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from claims.intake.columns import COLUMNS
from claims.models import Claim, IntakeRow
from ksb.core.errors import Refused
from tests import factories as f
from tests.claims import factories as c

pytestmark = pytest.mark.django_db

ODD = [
    *("", "-", "None", "0", "-1", "1,5", "1.234.567", "1E+15", "9" * 40, "½", "²", "٣", "x" * 3000, " " * 50),
    *("31/02/2026", "99/99/9999", "46000", "2026-10-12", "0000-00-00", "12/10/26", "5;1;1", "3;JKN", ";"),
    *("=1+1", "@SUM(A1)", "+1", "'x", '"', '""', '"a', "\\", "\\N", "\\.", "%s", "{}"),
    *("é", "😀", "\x85", "\u2028", "\ufeff"),
]
cells = st.sampled_from(ODD) | st.text(
    alphabet=st.characters(exclude_characters="\t\n\r\x00", codec="utf-8"), max_size=12
)
changes = st.dictionaries(st.sampled_from(COLUMNS), cells, max_size=6)


@st.composite
def files(draw):
    """Bytes made from the sound rows ``ROWS[...]`` by the ways files go wrong; None stands for a row's place."""
    rows = [draw(changes) for _ in range(draw(st.integers(1, 3)))]
    columns = draw(st.permutations(COLUMNS) | st.just(COLUMNS) | st.just(COLUMNS[:-2]) | st.just(COLUMNS[:-18]))
    form = {
        "columns": list(columns),
        "separator": draw(st.sampled_from("\t\t\t;,|")),
        "end": draw(st.sampled_from(["\n", "\r\n", "\r"])),
        "quoted": draw(st.booleans()),
    }
    encoding = draw(st.sampled_from(["utf-8", "utf-8", "utf-8-sig", "latin-1", "utf-16"]))
    damage = draw(
        st.sampled_from(["none", "none", "none", "cut", "drop", "double", "noise", "blank"]) | st.just("excel")
    )
    return rows, form, encoding, damage, draw(st.integers(0, 10**6))


def spoil(content, damage, place):
    place %= max(1, len(content))
    if damage == "cut":
        return content[:place]
    if damage == "drop":
        return content[:place] + content[place + 5 :]
    if damage == "double":
        return content + content[place:]
    if damage == "noise":
        return content[:place] + bytes([place % 256, 0x80 + place % 128]) + content[place:]
    if damage == "blank":
        return content + b"\n\t\t\t\n\r\n"
    return content


@pytest.fixture
def sound():
    return c.row(c.letter(f.make_resident(name="BUDI SANTOSO")))


@settings(
    max_examples=int(os.environ.get("KSB_MUTANTS", "120")),
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(mutation=files())
def test_accepted_and_refused_are_all_rows_and_nothing_crashes(sound, mutation):
    rows, form, encoding, damage, place = mutation
    rows = [sound | changed for changed in rows]
    text = c.excel([sound] * len(rows)) if damage == "excel" else c.text(rows, **form)
    with transaction.atomic():
        _hand_in(spoil(text.encode(encoding, "replace"), damage, place))
        transaction.set_rollback(True)


def _hand_in(content):
    try:
        result = c.take(content)
    except Refused:
        assert not Claim.objects.exists()
        return
    assert result.accepted + result.refused == result.rows == len(result.lines)
    assert len({line.line for line in result.lines}) == result.rows
    for line in result.lines:
        refusing = [found for found in line.findings if found.severity == "R"]
        assert (line.status == "REFUSED") is bool(refusing)
        assert all(found.message for found in line.findings)
    if result.batch:
        refused = IntakeRow.objects.filter(batch=result.batch).count()
        assert result.batch.claims.count() + refused == result.rows
