"""The traps of the registry's data (domain.md H3, formats.md 4.5), each by its name, through the whole night."""

import datetime

import pytest

from participants.enums import ResidentStatus
from participants.models import Household, RegistryEvent, Resident, ResidentVersion
from tests.factories import NOW
from tests.participants.snapshots import DAY, events, family, line, of, people, person, refused, take

pytestmark = pytest.mark.django_db
NEXT = DAY + datetime.timedelta(days=1)
ANOTHER_CITY = {"NO_KAB": "16", "NO_KEC": "5", "NO_KEL": "2003"}

# name -> columns of a line -> why it is not taken
REFUSED = {
    "NIK rounded by a spreadsheet": ({"NIK": "3.27501E+15"}, "NIK_SCIENTIFIC"),
    "NIK rounded, with a decimal comma": ({"NIK": '"3,27501E+15"'}, "NIK_SCIENTIFIC"),
    "NIK that lost its leading digit": ({"NIK": "275011705900001"}, "NIK_NOT_16_DIGITS"),
    "newborn without NIK": ({"NIK": "", "TGL_LHR": "2026-11-15"}, "NIK_NOT_16_DIGITS"),
    "NIK is the word NULL": ({"NIK": "NULL"}, "NIK_NOT_16_DIGITS"),
    "NIK of equal digits": ({"NIK": "2" * 16}, "NIK_PLACEHOLDER"),
    "NIK placeholder of a survey": ({"NIK": "9999999999999994"}, "NIK_PLACEHOLDER"),
    "KK number 0": ({"NO_KK": "0"}, "KK_NOT_16_DIGITS"),
    "KK number empty": ({"NO_KK": ""}, "KK_NOT_16_DIGITS"),
    "KK number rounded by a spreadsheet": ({"NO_KK": "3.27501E+15"}, "KK_SCIENTIFIC"),
    "birth date of zeros": ({"TGL_LHR": "0000-00-00"}, "BIRTH_DATE_INVALID"),
    "date dd-mm-yyyy": ({"TGL_LHR": "17-05-1990"}, "BIRTH_DATE_INVALID"),
    "date dd/mm/yyyy": ({"TGL_LHR": "17/05/1990"}, "BIRTH_DATE_INVALID"),
    "date in American order": ({"TGL_LHR": "05/17/1990"}, "BIRTH_DATE_INVALID"),
    "date as a spreadsheet's serial": ({"TGL_LHR": "33010"}, "BIRTH_DATE_INVALID"),
    "birth after the day of the file": ({"TGL_LHR": "2027-01-01"}, "BIRTH_DATE_IN_FUTURE"),
    "unknown kelurahan of the city": ({"NO_KEL": "1099"}, "REGION_UNKNOWN"),
}

# name -> columns of a line -> what is known of the person afterwards
TAKEN = {
    "NIK with leading zeros": ({"NIK": "0011010101900001"}, {"nik": "0011010101900001"}),
    "NIK beyond the numbers a browser holds": ({"NIK": "9171011705909999"}, {"nik": "9171011705909999"}),
    "NIK with an apostrophe before it": ({"NIK": "'3275011705907001"}, {"nik": "3275011705907001"}),
    "NIK with blanks around it": ({"NIK": " 3275011705907002 "}, {"nik": "3275011705907002"}),
    "NIK given in another city": ({"NIK": "3171011705907003"}, {"city_code": "32.75", "status": ResidentStatus.ACTIVE}),
    "NIK of this city, living elsewhere": (ANOTHER_CITY, {"city_code": "32.16", "status": ResidentStatus.MOVED_OUT}),
    "woman's NIK with day + 40": ({"NIK": "3275015705907004", "JENIS_KLMIN": "2"}, {"sex": 2}),
    "NIK that does not fit birth date and sex": (
        {"NIK": "3275010101800001"},
        {"birth_date": datetime.date(1990, 5, 17)},
    ),
    "birth date 1 January": ({"TGL_LHR": "1990-01-01"}, {"birth_date": datetime.date(1990, 1, 1)}),
    "birth date 31 December": ({"TGL_LHR": "1990-12-31"}, {"birth_date": datetime.date(1990, 12, 31)}),
    "arrival date of zeros": ({"TGL_DATANG": "0000-00-00"}, {"resident_since": None}),
    "mother's NIK is the word NULL": ({"NIK_IBU": "NULL"}, {"mother_nik": ""}),
    "one-word name": ({"NAMA_LGKP": "SUTRISNO"}, {"name": "SUTRISNO"}),
    "name with an apostrophe": ({"NAMA_LGKP": "NUR MA'RIFAH"}, {"name": "NUR MA'RIFAH"}),
    "name with a title and a comma": ({"NAMA_LGKP": '"SITI AISYAH, S.KOM"'}, {"name": "SITI AISYAH, S.KOM"}),
    "optional columns empty": (
        {"TMPT_LHR": "", "NIK_IBU": "", "ALAMAT": "", "NO_RT": "", "NO_RW": "", "TGL_DATANG": ""},
        {"birth_place": "", "mother_nik": "", "resident_since": None},
    ),
    "deceased without a date": (
        {"FLAG_STATUS": "1", "TGL_STATUS": ""},
        {"status": ResidentStatus.DECEASED, "status_on": DAY},
    ),
}


@pytest.mark.parametrize("trap", REFUSED)
def test_refused(tmp_path, trap):
    values, reason = REFUSED[trap]
    run = take(tmp_path, [*people(2), person(**values)])
    assert refused(run) == {4: reason}
    assert Resident.objects.count() == 2


@pytest.mark.parametrize("trap", TAKEN)
def test_taken(tmp_path, trap):
    values, known = TAKEN[trap]
    others = people(2)
    run = take(tmp_path, [*others, person(**values)])
    resident = Resident.objects.exclude(nik__in=[row["NIK"] for row in others]).get()
    assert refused(run) == {}
    assert {name: getattr(resident, name) for name in known} == known


@pytest.mark.parametrize(
    "spelling",
    [
        {"NO_RT": "1", "NO_RW": "2"},
        {"NO_RT": "01", "NO_RW": "002"},
        {"NO_KEC": "01"},
        {"NIK_IBU": "NULL"},
    ],
)
def test_another_spelling_of_the_same_is_no_event(tmp_path, spelling):
    """RT, RW and kecamatan with and without zeros, an empty field as a word: nobody has moved."""
    home = family(3)
    take(tmp_path, home)
    run = take(tmp_path, [row | spelling for row in home[:1]] + home[1:], day=NEXT)
    assert (events(run), ResidentVersion.objects.count()) == ([], 0)
    assert of(home[0]).household.rt == "001"


def test_line_ends_of_windows_and_of_another_line_within_a_field(tmp_path):
    rows = people(2)
    run = take(tmp_path, rows, end="\r\n")
    assert (refused(run), of(rows[1]).status) == ({}, ResidentStatus.ACTIVE)


def test_one_nik_on_two_people_is_theirs_whom_it_was_made_of(tmp_path):
    """The woman's day is 57, the man's 17: the NIK itself says whose it is."""
    woman = person(NIK="3275015705907005", JENIS_KLMIN="2")
    man = person(NIK="3275015705907005", NAMA_LGKP="ORANG LAIN")
    run = take(tmp_path, [man, woman, *people(2)])
    assert (refused(run), of(woman).name) == ({2: "DUPLICATE_NIK"}, woman["NAMA_LGKP"])


def test_one_person_on_two_family_cards_stands_on_one(tmp_path):
    home, other = family(3), family(2)
    twice = home[2] | {"NO_KK": other[0]["NO_KK"]}
    run = take(tmp_path, [*home, *other, twice])
    assert (refused(run), of(home[2]).household) == ({7: "DUPLICATE_NIK"}, of(home[0]).household)


def test_the_same_line_twice_is_taken_once(tmp_path):
    row, *others = people(3)
    run = take(tmp_path, [row, *others, row])
    assert refused(run) == {5: "DUPLICATE_LINE"}


def test_a_dead_person_who_is_still_listed_stays_dead(tmp_path):
    dead = person(FLAG_STATUS="1", TGL_STATUS="2026-11-01")
    take(tmp_path, [dead, *people(2)])
    assert of(dead).household.dissolved_on == DAY


def test_the_card_of_a_family_that_moved_away_is_dissolved(tmp_path):
    home = family(3)
    take(tmp_path, [*home, *people(2)])
    away = [row | ANOTHER_CITY | {"FLAG_STATUS": "2", "TGL_STATUS": "2026-11-20"} for row in home]
    take(tmp_path, [*away, *people(2)], day=NEXT)
    assert Household.objects.get(kk_number=home[0]["NO_KK"]).dissolved_on == NEXT


def test_a_name_written_out_or_with_its_title_is_a_correction_and_the_old_one_is_kept(tmp_path):
    row, *others = people(3)
    take(tmp_path, [row | {"NAMA_LGKP": "M. SOLEH"}, *others])
    take(tmp_path, [row | {"NAMA_LGKP": "MUHAMMAD SOLEH"}, *others], day=NEXT)
    event = RegistryEvent.objects.get()
    assert (event.kind, event.fields) == ("CORRECTION", ["name"])
    assert ResidentVersion.objects.get().data["name"] == "M. SOLEH"


def test_a_new_nik_after_a_move_does_not_exist_and_a_corrected_one_is_the_same_person(tmp_path):
    """A NIK is for life: a move keeps it, and a number that changes is a correction of the number."""
    home = family(3)
    take(tmp_path, home)
    moved = [row | {"NO_KEC": "2"} for row in home]
    run = take(tmp_path, [*moved[:2], moved[2] | {"NIK": "3275021705907006"}], day=NEXT)
    assert Resident.objects.count() == 3
    assert "NIK_CHANGE" in events(run)


def test_a_file_without_a_day_in_its_name_is_of_the_day_in_jakarta(tmp_path):
    """18.30 in London of the 21st is half past one of the 22nd here."""
    evening = datetime.datetime(2026, 11, 21, 18, 30, tzinfo=datetime.UTC)
    run = take(tmp_path, people(2), name="registry.csv", at=evening)
    assert run.snapshot_date == datetime.date(2026, 11, 22)


def test_a_line_cut_in_the_middle_is_set_apart_and_nobody_is_lost(tmp_path):
    rows = people(3)
    take(tmp_path, rows, at=NOW)
    run = take(tmp_path, [*rows[:2], line(rows[2])[:40]], day=NEXT)
    assert refused(run) == {4: "COLUMN_COUNT"}
    assert of(rows[2]).status == ResidentStatus.ACTIVE
