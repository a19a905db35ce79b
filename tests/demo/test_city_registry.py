"""The two registry snapshots: real shapes, families that can exist, one night between them."""

import hashlib
import json
import re
from collections import Counter
from datetime import date, timedelta

import pytest

from tests.demo.conftest import ON

COLUMNS = (
    "NO_KK,NIK,NAMA_LGKP,JENIS_KLMIN,TMPT_LHR,TGL_LHR,STAT_HBKEL,STAT_KWN,NIK_IBU,ALAMAT,NO_RT,NO_RW,"
    "NO_PROP,NO_KAB,NO_KEC,NO_KEL,TGL_DATANG,FLAG_EKTP,FLAG_STATUS,TGL_STATUS"
)
WOMEN = 40


def born(row):
    return date.fromisoformat(row["TGL_LHR"])


def age(row):
    return (ON - born(row)).days / 365.25


def test_the_header_is_the_fixed_interface(city):
    assert city.lines("first")[1] == city.lines("second")[1] == COLUMNS


@pytest.mark.parametrize("which", ["first", "second"])
def test_the_manifest_tells_rows_and_checksum(city, which):
    name = city.truth["registry"][which]["file"]
    manifest = json.loads(city.path(f"{name}.json").read_text())
    data = city.path(name).read_bytes()
    assert manifest == {"rows": data.count(b"\n") - 1, "sha256": hashlib.sha256(data).hexdigest()}


def test_file_names_carry_the_two_days(city):
    assert [city.truth["registry"][w]["file"] for w in ("first", "second")] == [
        "registry-20261117.csv",
        "registry-20261118.csv",
    ]


def test_exactly_the_ordered_number_of_active_residents(order_city):
    city = order_city(clean=True)
    assert sum(row["FLAG_STATUS"] == "0" for row in city.first) == 4_000


def test_a_nik_tells_birth_date_and_sex_and_is_unique(city):
    for row in city.first:
        assert re.fullmatch(r"\d{16}", row["NIK"])
        day = born(row).day + (WOMEN if row["JENIS_KLMIN"] == "2" else 0)
        assert row["NIK"][6:12] == f"{day:02d}{born(row):%m%y}"
    assert max(Counter(row["NIK"] for row in city.first).values()) == 1


def test_about_a_quarter_was_first_registered_elsewhere(city):
    elsewhere = sum(row["NIK"][:4] != "3275" for row in city.first) / len(city.first)
    assert 0.18 < elsewhere < 0.32


@pytest.mark.parametrize("which", ["first", "second"])
def test_sound_rows_stand_in_the_order_of_the_kk_number(city, which):
    numbers = [row["NO_KK"] for row in getattr(city, which)]
    assert numbers == sorted(numbers)
    assert all(re.fullmatch(r"3275(0[1-9]|1[0-2])\d{10}", number) for number in set(numbers))


def test_each_family_has_one_head_and_possible_ages(city):
    assert 3.5 < sum(len(f) for f in city.families.values()) / len(city.families) < 4
    for family in city.families.values():
        active = [row for row in family if row["FLAG_STATUS"] == "0"]
        assert 1 <= len(active) <= 10
        assert sum(row["STAT_HBKEL"] == "1" for row in active) == 1
        by_nik = {row["NIK"]: row for row in family}
        for row in active:
            assert date.fromisoformat(row["TGL_DATANG"]) >= born(row)
            assert row["STAT_KWN"] == "1" or age(row) >= 18
            if row["NIK_IBU"]:
                mother = by_nik[row["NIK_IBU"]]
                assert mother["JENIS_KLMIN"] == "2"
                assert 17 <= age(mother) - age(row) <= 45


def test_nobody_is_born_or_arrives_after_the_snapshot(city):
    for row in city.first:
        assert row["TGL_LHR"] <= row["TGL_DATANG"] < str(ON)


def test_couples_are_man_and_wife_and_both_married(city):
    for family in city.families.values():
        active = {row["STAT_HBKEL"]: row for row in family if row["FLAG_STATUS"] == "0"}
        spouse = active.get("3") or active.get("2")
        if spouse:
            assert {spouse["JENIS_KLMIN"], active["1"]["JENIS_KLMIN"]} == {"1", "2"}
            assert spouse["STAT_KWN"] == active["1"]["STAT_KWN"] == "2"


def test_some_grown_ups_and_no_single_child_have_gaps_in_the_ktp_el(city):
    grown = [row for row in city.first if row["FLAG_STATUS"] == "0" and age(row) > 18]
    assert 0.01 < sum(row["FLAG_EKTP"] == "0" for row in grown) / len(grown) < 0.06
    children = [row for row in city.first if age(row) < 16 and row["STAT_KWN"] == "1"]
    assert all(row["FLAG_EKTP"] == "0" for row in children)


def test_about_two_in_a_hundred_came_within_half_a_year(city):
    recent = [r for r in city.first if r["TGL_DATANG"] > str(ON - timedelta(days=180)) and age(r) > 0.5]
    assert 0.01 < len(recent) / len(city.first) < 0.035


def test_who_moved_out_has_an_address_in_another_city_and_a_day(city):
    for row in city.first:
        home = (row["NO_PROP"], row["NO_KAB"]) == ("32", "75")
        assert home == (row["FLAG_STATUS"] != "2")
        assert bool(row["TGL_STATUS"]) == (row["FLAG_STATUS"] != "0")
    assert {row["FLAG_STATUS"] for row in city.first} == {"0", "1", "2", "3"}


def test_names_have_apostrophes_single_words_and_titles(city):
    names = [row["NAMA_LGKP"] for row in city.first]
    assert any("'" in name for name in names)
    assert any(" " not in name for name in names)
    assert any(name.startswith(("H. ", "HJ. ", "DRS. ")) for name in names)
    assert any(", S." in name for name in names)
    assert any(len(row["NO_RT"]) < 3 for row in city.first)


# the night


def test_about_three_in_a_thousand_lines_change(city):
    first, second = Counter(city.lines("first")[2:]), Counter(city.lines("second")[2:])
    changed = sum((first - second).values()) + sum((second - first).values())
    assert 0.002 < changed / 2 / len(city.first) < 0.0045
    told = city.truth["registry"]["changed"]
    assert sum((first - second).values()) == told["replaced"] + told["removed"]


HAPPENED = {
    "BIRTH": lambda old, new: old is None and new["STAT_HBKEL"] == "4" and age(new) < 0.1,
    "DEATH": lambda old, new: (old["FLAG_STATUS"], new["FLAG_STATUS"]) == ("0", "1"),
    "MOVE_IN": lambda old, new: old is None and new["TGL_DATANG"] == str(ON),
    "MOVE_OUT": lambda old, new: (old["FLAG_STATUS"], new["FLAG_STATUS"]) == ("0", "2"),
    "MOVE_INTERNAL": lambda old, new: (old["ALAMAT"], old["NO_RT"]) != (new["ALAMAT"], new["NO_RT"]),
    "KK_SPLIT": lambda old, new: old["NO_KK"] != new["NO_KK"] and new["NO_KK"][6:12] == f"{ON:%d%m%y}",
    "KK_MERGE": lambda old, new: old["STAT_HBKEL"] == "1" and old["NO_KK"] != new["NO_KK"],
    "HEAD_CHANGE": lambda old, new: new["STAT_HBKEL"] == "1" and old != new,
    "CORRECTION": lambda old, new: sum(old[k] != new[k] for k in ("NAMA_LGKP", "TGL_LHR", "TMPT_LHR")) == 1,
    "EKTP_RECORDED": lambda old, new: (old["FLAG_EKTP"], new["FLAG_EKTP"]) == ("0", "1"),
    "DEACTIVATED": lambda old, new: new["FLAG_STATUS"] == "3" and old["FLAG_STATUS"] == "0",
    "NIK_CHANGE": lambda old, new: (old is None) != (new is None),
    "GONE": lambda old, new: new is None,
}


@pytest.mark.parametrize("kind", sorted(HAPPENED))
def test_each_kind_of_event_happened_as_the_truth_says(city, kind):
    before = {row["NIK"]: row for row in city.first}
    log = [entry for entry in city.truth["registry"]["event_log"] if entry["event"] == kind]
    assert len(log) == city.truth["registry"]["events"][kind] > 0
    for entry in log:
        for nik in entry["niks"]:
            assert HAPPENED[kind](before.get(nik), city.by_nik.get(nik))


def test_nobody_else_changed(city):
    touched = {nik for entry in city.truth["registry"]["event_log"] for nik in entry["niks"]}
    touched |= {trap["nik"] for trap in city.truth["traps"] if "nik" in trap}
    before = {row["NIK"]: row for row in city.first}
    for nik in (before.keys() | city.by_nik.keys()) - touched:
        assert before.get(nik) == city.by_nik.get(nik)


def test_every_family_still_has_one_active_head_unless_all_left(city):
    families = {}
    for row in city.second:
        if row["FLAG_STATUS"] == "0":
            families.setdefault(row["NO_KK"], []).append(row["STAT_HBKEL"])
    lines = city.lines("second")
    unread = {lines[trap["second_line"]].split(",")[0] for trap in city.truth["traps"]}
    heads = {kk: relations.count("1") for kk, relations in families.items() if kk not in unread}
    assert set(heads.values()) == {1}


# the traps

DEFECTS = {
    "nik_15_digits": lambda f: len(f[1]) == 15,
    "nik_scientific": lambda f: "E+" in f[1],
    "nik_duplicate": lambda f: re.fullmatch(r"\d{16}", f[1]),
    "nik_placeholder": lambda f: f[1] in ("9999999999999994", "1111111111111111"),
    "birth_zero_date": lambda f: f[5] == "0000-00-00",
    "kk_empty": lambda f: f[0] == "",
    "in_two_kk": lambda f: re.fullmatch(r"\d{16}", f[1]),
    "birth_day_first": lambda f: re.fullmatch(r"\d\d-\d\d-\d{4}", f[5]),
    "sex_unknown": lambda f: f[3] == "3",
    "region_unknown": lambda f: f[14] == "99",
    "column_missing": lambda f: len(f) == 19,
    "trailing_cr": lambda f: f[-1].endswith("\r"),
    "leading_apostrophe": lambda f: re.fullmatch(r"'\d{16}", f[1]),
    "null_text": lambda f: f[8] == "NULL",
    "trailing_space": lambda f: f[4].endswith(" "),
}


@pytest.mark.parametrize("which", ["first", "second"])
def test_trap_lines_stand_where_the_truth_says_with_their_defect(city, which):
    lines = city.lines(which)
    traps = city.trap_lines(which)
    assert 0.0002 * len(lines) < len(traps)
    for number, kind in traps.items():
        assert DEFECTS[kind](lines[number].split(",")), (kind, number)


def test_the_second_snapshot_ends_with_one_trap_of_each_broken_kind(city):
    count = len(city.lines("second")) - 1
    last = [t for t in city.truth["traps"] if t["first_line"] is None and t["second_line"] > count - 11]
    assert {t["kind"] for t in last} == {k for k, t in DEFECTS.items() if k not in UGLY}


UGLY = {"trailing_cr", "leading_apostrophe", "null_text", "trailing_space"}


def test_ugly_lines_are_to_be_read_and_broken_ones_to_be_kept_out(city):
    for trap in city.truth["traps"]:
        assert trap["expect"] == ("readable" if trap["kind"] in UGLY else "quarantine")


def test_a_persons_line_that_went_bad_was_sound_the_day_before(city):
    gone_bad = [t for t in city.truth["traps"] if t["first_line"] is None and "nik" in t]
    before = {row["NIK"] for row in city.first}
    assert gone_bad
    assert all(trap["nik"] in before for trap in gone_bad)


@pytest.mark.parametrize("which", ["first", "second"])
def test_who_is_said_twice_has_another_name_or_another_kk_the_second_time(city, which):
    people = {row["NIK"]: row for row in getattr(city, which)}
    lines = city.lines(which)
    for number, kind in city.trap_lines(which).items():
        kk, nik, name, *_ = lines[number].split(",")
        if kind == "nik_duplicate":
            assert people[nik]["NAMA_LGKP"] != name
        if kind == "in_two_kk":
            assert people[nik]["NAMA_LGKP"].split(",")[0] == name
            assert people[nik]["NO_KK"] != kk


def test_nobody_in_demand_is_on_a_line_that_may_not_be_read(city):
    patients = {row["NIK"] for row in city.demand}
    for which in ("first", "second"):
        lines = city.lines(which)
        assert not any(lines[number].split(",")[1] in patients for number in city.trap_lines(which))


def test_a_clean_city_has_no_trap_and_the_same_people(order_city):
    dirty, clean = order_city(residents=6_000), order_city(residents=6_000, clean=True)
    assert clean.truth["traps"] == []
    ugly = {trap["nik"] for trap in dirty.truth["traps"] if trap["kind"] in UGLY}
    assert [row for row in clean.first if row["NIK"] not in ugly] == dirty.first
