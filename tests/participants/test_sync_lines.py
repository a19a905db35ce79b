"""One line of the registry: every reason for which it is not taken, every repair, and both ways of reading it agree."""

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from participants.dukcapil.lines import COLUMNS, SOUND, canonical
from participants.reasons import REASONS, mask_numbers, reason
from participants.tabular import Layout, Malformed, as_received
from tests.participants.snapshots import HEADER, line, person

LAYOUT = Layout.of(HEADER.encode(), COLUMNS)


def read(row, **values):
    """The canonical line as a mapping."""
    text = canonical(LAYOUT.values(line(row | values).encode())).decode().rstrip("\n")
    return dict(zip(COLUMNS, text.split(","), strict=True))


def why_not(raw):
    with pytest.raises(Malformed) as caught:
        canonical(LAYOUT.values(raw if isinstance(raw, bytes) else raw.encode()))
    return caught.value.reason


BAD_VALUES = [
    ("NIK_SCIENTIFIC", {"NIK": "3.27501E+15"}),
    ("NIK_SCIENTIFIC", {"NIK": "3E+15"}),
    ("NIK_NOT_16_DIGITS", {"NIK": "327501170590001"}),
    ("NIK_NOT_16_DIGITS", {"NIK": "32750117059000123"}),
    ("NIK_NOT_16_DIGITS", {"NIK": ""}),
    ("NIK_NOT_16_DIGITS", {"NIK": "NULL"}),
    ("NIK_NOT_16_DIGITS", {"NIK": "３２７５０１１７０５９０００１２"}),
    ("NIK_PLACEHOLDER", {"NIK": "1" * 16}),
    ("NIK_PLACEHOLDER", {"NIK": "0" * 16}),
    ("NIK_PLACEHOLDER", {"NIK": "9999999999999994"}),
    ("KK_SCIENTIFIC", {"NO_KK": "3.27501E+15"}),
    ("KK_NOT_16_DIGITS", {"NO_KK": ""}),
    ("KK_NOT_16_DIGITS", {"NO_KK": "0"}),
    ("KK_NOT_16_DIGITS", {"NO_KK": "0" * 16}),
    ("NAME_MISSING", {"NAMA_LGKP": "  "}),
    ("NAME_MISSING", {"NAMA_LGKP": "null"}),
    ("TEXT_TOO_LONG", {"NAMA_LGKP": "A" * 121}),
    ("TEXT_TOO_LONG", {"TMPT_LHR": "A" * 61}),
    ("TEXT_TOO_LONG", {"ALAMAT": "A" * 256}),
    ("BAD_SEX", {"JENIS_KLMIN": "3"}),
    ("BAD_SEX", {"JENIS_KLMIN": "L"}),
    ("BIRTH_DATE_INVALID", {"TGL_LHR": "0000-00-00"}),
    ("BIRTH_DATE_INVALID", {"TGL_LHR": "17-05-1990"}),
    ("BIRTH_DATE_INVALID", {"TGL_LHR": "17/05/1990"}),
    ("BIRTH_DATE_INVALID", {"TGL_LHR": "1990-02-30"}),
    ("BIRTH_DATE_INVALID", {"TGL_LHR": "33010"}),
    ("BIRTH_DATE_INVALID", {"TGL_LHR": "1790-05-17"}),
    ("BIRTH_DATE_INVALID", {"TGL_LHR": ""}),
    ("BAD_RELATION", {"STAT_HBKEL": "12"}),
    ("BAD_RELATION", {"STAT_HBKEL": "0"}),
    ("BAD_MARITAL_STATUS", {"STAT_KWN": "5"}),
    ("REGION_INVALID", {"NO_KEC": "satu"}),
    ("REGION_INVALID", {"NO_KEL": ""}),
    ("ARRIVAL_DATE_INVALID", {"TGL_DATANG": "kemarin"}),
    ("BAD_EKTP_FLAG", {"FLAG_EKTP": "Y"}),
    ("BAD_STATUS_FLAG", {"FLAG_STATUS": "4"}),
    ("STATUS_DATE_INVALID", {"FLAG_STATUS": "1", "TGL_STATUS": "21-11-2026"}),
]
BAD_LINES = [
    ("EMPTY_LINE", ""),
    ("EMPTY_LINE", "   "),
    ("COLUMN_COUNT", "a,b,c"),
    ("COLUMN_COUNT", line(person()) + ","),
    ("COLUMN_COUNT", line(person())[:50]),
    ("BROKEN_QUOTES", line(person(NAMA_LGKP='"BUDI'))),
    ("NUL_BYTE", line(person(NAMA_LGKP="BU\0DI"))),
    ("BAD_ENCODING", line(person(NAMA_LGKP="RENÉ")).encode("latin-1")),
    ("BAD_ENCODING", line(person()).encode("utf-16")[2:].replace(b"\0", b"\xff")),
    ("LINE_TOO_LONG", line(person(ALAMAT="A" * 5000))),
]


@pytest.mark.parametrize(("code", "values"), BAD_VALUES)
def test_a_line_with_a_value_that_cannot_be_is_refused_with_its_reason(code, values):
    assert why_not(line(person(**values))) == code


@pytest.mark.parametrize(("code", "raw"), BAD_LINES)
def test_a_line_that_is_no_line_is_refused_with_its_reason(code, raw):
    assert why_not(raw) == code


def test_every_reason_says_what_is_wrong_and_what_to_do():
    for code in {code for code, _ in BAD_VALUES + BAD_LINES}:
        assert code in REASONS
    assert all(str(found.sentence) and str(found.remedy) for found in REASONS.values())
    assert reason("OLD_CODE").sentence == "OLD_CODE"


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ({"NIK": "'3275011705901234"}, {"NIK": "3275011705901234"}),
        ({"NIK": " 3275011705901234 "}, {"NIK": "3275011705901234"}),
        ({"NAMA_LGKP": " SITI "}, {"NAMA_LGKP": "SITI"}),
        ({"NIK_IBU": "NULL"}, {"NIK_IBU": ""}),
        ({"NIK_IBU": "0"}, {"NIK_IBU": ""}),
        ({"TGL_DATANG": "0000-00-00"}, {"TGL_DATANG": ""}),
        ({"FLAG_STATUS": "0", "TGL_STATUS": "2020-01-01"}, {"TGL_STATUS": ""}),
        ({"NO_RT": "RT1"}, {"NO_RT": ""}),
        ({"NAMA_LGKP": "O'BRIEN"}, {"NAMA_LGKP": "O'BRIEN"}),
        ({"NAMA_LGKP": "NURAINI"}, {"NAMA_LGKP": "NURAINI"}),
        ({"TGL_LHR": "2000-02-29"}, {"TGL_LHR": "2000-02-29"}),
    ],
)
def test_what_offices_and_spreadsheets_leave_behind_is_tidied(typed, kept):
    found = read(person(), **typed)
    assert {name: found[name] for name in kept} == kept


def test_a_name_with_a_title_behind_a_comma_is_one_field():
    assert b'"BUDI, S.E."' in canonical(LAYOUT.values(line(person(NAMA_LGKP='"BUDI, S.E."')).encode()))


def test_a_line_with_nothing_to_repair_is_recognised_at_a_glance():
    for row in (person(), person(NAMA_LGKP='"BUDI, S.E."'), person(FLAG_STATUS="1", TGL_STATUS="2026-11-01")):
        assert SOUND(line(row).encode())


@pytest.mark.parametrize(("code", "values"), BAD_VALUES)
def test_no_refused_value_is_recognised_as_sound(code, values):
    assert not SOUND(line(person(**values)).encode())


_DIGITS = st.text(string.digits, min_size=15, max_size=17)
_TEXT = st.text(string.ascii_uppercase + " ',.\"NUL\\", max_size=8)
_DAYS = st.dates().map(str) | st.sampled_from(["", "0000-00-00", "1990-02-29", "17-05-1990"])
_VALUES = {
    "NO_KK": _DIGITS,
    "NIK": _DIGITS,
    "NAMA_LGKP": _TEXT,
    "TMPT_LHR": _TEXT,
    "ALAMAT": _TEXT,
    "TGL_LHR": _DAYS,
    "TGL_DATANG": _DAYS,
    "TGL_STATUS": _DAYS,
    "NIK_IBU": _DIGITS | st.just(""),
    **{
        name: st.text(string.digits, max_size=4) for name in ("NO_RT", "NO_RW", "NO_KEC", "NO_KEL", "NO_PROP", "NO_KAB")
    },
    **{
        name: st.sampled_from(["0", "1", "2", "3", "4", "11", "12", ""])
        for name in ("STAT_HBKEL", "STAT_KWN", "FLAG_STATUS")
    },
}


@given(st.fixed_dictionaries({}, optional=_VALUES))
def test_a_line_recognised_at_a_glance_is_sound_and_stays_as_it_is(values):
    """The fast way may only let through what the careful way would, unchanged but for quotation marks."""
    raw = line(person(**values)).encode()
    if SOUND(raw):
        careful = canonical(LAYOUT.values(raw))
        assert LAYOUT.values(careful) == [str(value) for value in _unpadded(LAYOUT.values(raw))]


def _unpadded(values):
    numbers = {COLUMNS.index(name) for name in ("NO_PROP", "NO_KAB", "NO_KEC", "NO_KEL")}
    return [int(value) if place in numbers else value for place, value in enumerate(values)]


def test_screens_show_the_last_four_digits_of_a_number():
    assert mask_numbers("3275011705901234,BUDI,1990-05-17") == "••••••••••••1234,BUDI,1990-05-17"


def test_a_raw_line_can_be_kept_whatever_bytes_it_has():
    assert as_received(b"a\0b\xff\r\n") == "a\\x00b\\xff"
