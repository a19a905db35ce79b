"""What a difference between two snapshots means, and what it does to the person, the family and the history."""

import datetime

import pytest

from participants.enums import ResidentStatus
from participants.models import FormerNik, Household, RegistryEvent, Resident, ResidentVersion
from tests.factories import NOW
from tests.participants.snapshots import DAY, events, family, of, people, person, take

pytestmark = pytest.mark.django_db
NEXT = DAY + datetime.timedelta(days=1)
LATER = NOW + datetime.timedelta(days=1)


@pytest.fixture
def night(tmp_path):
    """Takes a first and a second snapshot in; returns the second run. Others live in the city, unchanged."""

    def between(before, after):
        others = people(3)
        take(tmp_path, [*others, *before])
        return take(tmp_path, [*others, *after], day=NEXT, at=LATER)

    return between


def changes(run):
    """The counters that are not zero, but for what was read."""
    names = ("added", "changed", "died", "moved_in", "moved_out", "gone", "held", "quarantined")
    return {name: run.counters[name] for name in names if run.counters[name]}


def version(row):
    return ResidentVersion.objects.get(resident=of(row))


def test_birth(night):
    home = family(3)
    baby = home[2] | {
        "NIK": "3275011011260001",
        "TGL_LHR": "2026-11-10",
        "TGL_DATANG": "2026-11-10",
        "NAMA_LGKP": "BAYI",
    }
    run = night(home, [*home, baby])
    assert (events(run), changes(run)) == (["BIRTH"], {"added": 1})
    event = RegistryEvent.objects.get()
    assert (event.resident, event.effective_on) == (of(baby), datetime.date(2026, 11, 10))
    assert (of(baby).known_from, of(baby).household) == (LATER, of(home[0]).household)


def test_a_child_that_came_later_moved_in(night):
    home = family(3)
    child = home[2] | {"NIK": "3275010101260001", "TGL_LHR": "2026-01-01", "TGL_DATANG": "2026-11-20"}
    run = night(home, [*home, child])
    assert (events(run), changes(run)) == (["MOVE_IN"], {"moved_in": 1})


def test_death(night):
    home = family(3)
    run = night(home, [*home[:2], home[2] | {"FLAG_STATUS": "1", "TGL_STATUS": "2026-11-19"}])
    assert (events(run), changes(run)) == (["DEATH"], {"died": 1})
    dead = of(home[2])
    assert (dead.status, dead.status_on) == (ResidentStatus.DECEASED, datetime.date(2026, 11, 19))
    assert RegistryEvent.objects.get().effective_on == dead.status_on
    before = version(home[2])
    assert (before.data["status"], before.valid_to, before.known_to) == (0, dead.status_on, LATER)
    assert before.data["kk_number"] == home[0]["NO_KK"]


def test_moving_in_alone_and_into_a_family(night):
    home = family(2)
    guest = person(NO_KK=home[0]["NO_KK"], STAT_HBKEL="9", TGL_DATANG="2026-11-20")
    newcomer = person(TGL_DATANG="2026-11-20")
    run = night(home, [*home, guest, newcomer])
    assert (events(run), changes(run)) == (["MOVE_IN", "MOVE_IN"], {"moved_in": 2})
    assert RegistryEvent.objects.filter(effective_on="2026-11-20").count() == 2


def test_moving_out_and_coming_back(night, tmp_path):
    row = person()
    away = row | {"FLAG_STATUS": "2", "TGL_STATUS": "2026-11-20", "NO_KAB": "16"}
    run = night([row], [away])
    assert (events(run), changes(run)) == (["MOVE_OUT"], {"moved_out": 1})
    assert (of(row).status, of(row).city_code, of(row).kelurahan_id) == (ResidentStatus.MOVED_OUT, "32.16", None)
    assert of(row).household.dissolved_on == NEXT
    back = row | {"TGL_DATANG": "2026-11-23"}
    run = take(tmp_path, [back], day=NEXT + datetime.timedelta(days=1))
    assert "MOVE_IN" in events(run, row)
    assert (of(row).status, of(row).status_on, of(row).household.dissolved_on) == (ResidentStatus.ACTIVE, None, None)


def test_the_whole_family_moves_within_the_city_with_its_card(night):
    home = family(3)
    run = night(home, [row | {"ALAMAT": "JL. LAIN", "NO_KEC": "2", "NO_KEL": "1001"} for row in home])
    assert (events(run), changes(run)) == (["MOVE_INTERNAL"] * 3, {"changed": 3})
    household = of(home[0]).household
    assert (household.address, household.kelurahan_id, of(home[2]).kelurahan_id) == ("JL. LAIN", *["32.75.02.1001"] * 2)
    assert version(home[2]).data["address"] == "JL. UJI NO. 1"


def test_the_whole_family_moves_under_a_new_card(night):
    home = family(3)
    run = night(home, [row | {"ALAMAT": "JL. LAIN", "NO_KK": "3275010101206666"} for row in home])
    assert events(run) == ["MOVE_INTERNAL"] * 3
    old = Household.objects.get(kk_number=home[0]["NO_KK"])
    assert (old.dissolved_on, old.residents.count()) == (NEXT, 0)
    assert of(home[0]).household.head == of(home[0])


def test_a_card_reissued_at_the_same_address_is_a_correction(night):
    home = family(2)
    run = night(home, [row | {"NO_KK": "3275010101206666"} for row in home])
    assert events(run) == ["CORRECTION"] * 2
    assert RegistryEvent.objects.first().fields == ["kk_number"]


def test_only_the_heads_line_moves_a_family(night):
    home = family(3)
    run = night(home, [*home[:2], home[2] | {"ALAMAT": "SALAH KETIK"}])
    assert (events(run), changes(run), of(home[0]).household.address) == ([], {}, "JL. UJI NO. 1")


def test_a_child_that_founds_a_family_splits_the_card(night):
    home = family(3)
    founder = home[2] | {"NO_KK": "3275010101205555", "STAT_HBKEL": "1", "ALAMAT": "JL. BARU"}
    run = night(home, [*home[:2], founder])
    assert (events(run), changes(run)) == (["KK_SPLIT"], {"changed": 1})
    assert of(founder).household.head == of(founder)
    assert of(home[0]).household.dissolved_on is None


def test_somebody_alone_who_joins_a_family_merges_the_cards(night):
    home, alone = family(2), person()
    joined = alone | {"NO_KK": home[0]["NO_KK"], "STAT_HBKEL": "7"}
    run = night([*home, alone], [*home, joined])
    assert events(run) == ["KK_MERGE"]
    assert Household.objects.get(kk_number=alone["NO_KK"]).dissolved_on == NEXT


def test_somebody_who_leaves_one_family_for_another_has_moved(night):
    one, other = family(3), family(2, ALAMAT="JL. KEDUA")
    moved = one[2] | {"NO_KK": other[0]["NO_KK"], "STAT_HBKEL": "9", "ALAMAT": "JL. KEDUA"}
    run = night([*one, *other], [*one[:2], *other, moved])
    assert events(run) == ["MOVE_INTERNAL"]


def test_the_widow_becomes_the_head(night):
    home = family(3)
    dead = home[0] | {"FLAG_STATUS": "1", "TGL_STATUS": "2026-11-20"}
    widow = home[1] | {"STAT_HBKEL": "1", "STAT_KWN": "4"}
    run = night(home, [dead, widow, home[2]])
    assert (events(run, dead), events(run, widow)) == (["DEATH"], ["HEAD_CHANGE"])
    assert of(dead).household.head == of(widow)


def test_a_family_whose_head_died_has_none_until_the_registry_names_one(night):
    home = family(3)
    night(home, [home[0] | {"FLAG_STATUS": "1", "TGL_STATUS": "2026-11-20"}, *home[1:]])
    assert of(home[0]).household.head is None


@pytest.mark.parametrize(
    ("column", "value", "field"),
    [
        ("NAMA_LGKP", "NAMA BARU", "name"),
        ("JENIS_KLMIN", "2", "sex"),
        ("TMPT_LHR", "BOGOR", "birth_place"),
        ("TGL_LHR", "1990-05-18", "birth_date"),
        ("NIK_IBU", "3275014101600001", "mother_nik"),
        ("STAT_KWN", "2", "marital_status"),
        ("TGL_DATANG", "1999-01-01", "resident_since"),
        ("FLAG_EKTP", "0", "ektp_recorded"),
    ],
)
def test_any_other_difference_is_a_correction_that_names_the_column(night, column, value, field):
    row = person()
    run = night([row], [row | {column: value}])
    assert (events(run), changes(run)) == (["CORRECTION"], {"changed": 1})
    assert RegistryEvent.objects.get().fields == [field]


def test_a_new_nik_for_the_same_person_keeps_person_and_history(night):
    home = family(3)
    renamed = home[2] | {"NIK": "3275011705908888"}
    run = night(home, [*home[:2], renamed])
    assert (events(run), changes(run)) == (["NIK_CHANGE"], {"changed": 1})
    assert FormerNik.objects.get(nik=home[2]["NIK"]).resident == of(renamed)
    assert version(renamed).data["nik"] == home[2]["NIK"]
    assert Resident.objects.count() == 6


def test_twins_who_both_get_a_new_nik_are_not_guessed(night):
    """Same family, birth date and sex: only the name tells them apart, and here not even that."""
    home = family(4)
    twins = [row | {"NAMA_LGKP": "BAYI", "TGL_LHR": "2026-01-01"} for row in home[2:]]
    renamed = [twins[0] | {"NIK": "3275010101260001"}, twins[1] | {"NIK": "3275010101260002"}]
    run = night([*home[:2], *twins], [*home[:2], *renamed])
    assert events(run, *twins) == ["GONE", "GONE"]


def test_ektp_recorded(night):
    row = person(FLAG_EKTP="0")
    run = night([row], [row | {"FLAG_EKTP": "1"}])
    assert (events(run), of(row).ektp_recorded) == (["EKTP_RECORDED"], True)


def test_a_deactivated_nik(night):
    row = person()
    run = night([row], [row | {"FLAG_STATUS": "3", "TGL_STATUS": "2026-11-20"}])
    assert (events(run), changes(run)) == (["DEACTIVATED"], {"changed": 1})
    assert of(row).status == ResidentStatus.DEACTIVATED


def test_who_is_missing_from_the_file_has_left_from_its_day(night, tmp_path):
    row = person()
    run = night([row], [])
    assert (events(run), changes(run)) == (["GONE"], {"gone": 1})
    assert (of(row).status, of(row).status_on, of(row).listed) == (ResidentStatus.GONE, NEXT, False)
    assert version(row).valid_to == NEXT


def test_who_was_missing_and_is_listed_again_is_active_again(night, tmp_path):
    row = person()
    night([row], [])
    run = take(tmp_path, [row], day=NEXT + datetime.timedelta(days=1))
    assert "CORRECTION" in events(run, row)
    assert (of(row).status, of(row).listed) == (ResidentStatus.ACTIVE, True)


def test_who_died_long_ago_and_leaves_the_file_stays_dead(night):
    row = person(FLAG_STATUS="1", TGL_STATUS="2020-01-01")
    run = night([row], [])
    assert (events(run), changes(run), of(row).status) == ([], {}, ResidentStatus.DECEASED)


def test_a_status_without_a_date_counts_from_the_file_and_keeps_that_day(night, tmp_path):
    row = person()
    night([row], [row | {"FLAG_STATUS": "1"}])
    assert of(row).status_on == NEXT
    take(tmp_path, [row | {"FLAG_STATUS": "1", "TMPT_LHR": "BOGOR"}], day=NEXT + datetime.timedelta(days=1))
    assert of(row).status_on == NEXT


def test_history_tells_what_was_known_at_any_moment(night, tmp_path):
    row = person(NAMA_LGKP="SATU")
    night([row], [row | {"NAMA_LGKP": "DUA"}])
    latest = LATER + datetime.timedelta(days=1)
    take(tmp_path, [row | {"NAMA_LGKP": "TIGA"}], day=NEXT + datetime.timedelta(days=1), at=latest)
    versions = ResidentVersion.objects.filter(resident=of(row)).order_by("known_to")
    assert [(v.data["name"], v.known_to) for v in versions] == [("SATU", LATER), ("DUA", latest)]
    assert of(row).name == "TIGA"


def test_every_line_is_counted_once(night):
    home = family(4)
    after = [
        home[0],
        home[1] | {"FLAG_STATUS": "1", "TGL_STATUS": "2026-11-20"},
        home[2] | {"FLAG_STATUS": "2", "TGL_STATUS": "2026-11-20"},
        home[3] | {"STAT_KWN": "2"},
        person(TGL_DATANG="2026-11-20"),
        "rubbish",
    ]
    counters = night(home, after).counters
    lines = ("unchanged", "added", "changed", "died", "moved_in", "moved_out", "quarantined")
    assert counters["read"] == sum(counters[name] for name in lines) == 9
    assert counters["accepted"] + counters["quarantined"] == counters["read"]
