"""JKN and PBI lists, the old membership list."""

import re
from collections import Counter
from datetime import date

from tests.demo.conftest import ON

RESIDENTS = 24_000


def test_the_lists_carry_the_month_and_the_fixed_columns(city):
    assert city.path("pbi-202611.csv").read_text().startswith("PSNOKA;NIK;NAMA;SEGMEN;BULAN;TAHUN\n")
    header = "PSNOKA,NIK,NAMA,TGLLHR,JENISPESERTA,KDSTATUSPST,TMT,TAT\n"
    assert city.path("bpjs-202611.csv").read_text().startswith(header)
    assert {(row["BULAN"], row["TAHUN"]) for row in city.jkn("pbi")[0]} == {("11", "2026")}


def test_shares_of_other_cover_are_like_the_real_citys(city):
    active = {row["NIK"] for row in city.first if row["FLAG_STATUS"] == "0"}
    pbi = Counter(row["SEGMEN"] for row in city.jkn("pbi")[0] if row["NIK"] in active)
    bpjs = Counter(row["KDSTATUSPST"] == "0" for row in city.jkn("bpjs")[0] if row["NIK"] in active)
    assert 0.12 < pbi["PBI APBN"] / RESIDENTS < 0.18
    assert 0.002 < pbi["PBI APBD"] / RESIDENTS < 0.01
    assert 0.31 < bpjs[True] / RESIDENTS < 0.39
    assert 0.08 < bpjs[False] / RESIDENTS < 0.14


def test_card_numbers_have_13_digits_and_one_person_each(city):
    owners = {}
    for row in (*city.jkn("pbi")[0], *city.jkn("bpjs")[0]):
        assert re.fullmatch(r"\d{13}", row["PSNOKA"])
        owners.setdefault(row["PSNOKA"], set()).add(row["NAMA"])
    assert all(len(names) == 1 for names in owners.values())


def test_no_cover_begins_before_birth_or_ends_before_it_begins(city):
    for row in city.jkn("bpjs")[0]:
        assert row["TGLLHR"] <= row["TMT"] <= str(ON)
        assert not row["TAT"] or row["TMT"] <= row["TAT"]
        assert int(row["JENISPESERTA"]) in range(29)


def test_lists_hold_what_real_lists_hold(city):
    rows = [*city.jkn("pbi")[0], *city.jkn("bpjs")[0]]
    known = {row["NIK"] for row in city.first} | {t["nik"] for t in city.truth["traps"] if "nik" in t}
    niks = Counter(row["NIK"] for row in rows)
    told = city.truth["jkn"]
    assert niks[""] == told["row_empty_nik"] > 0
    assert sum(len(nik) == 15 for nik in niks) == told["row_nik_15_digits"] > 0
    strangers = [nik for nik in niks if len(nik) == 16 and nik not in known]
    assert len(strangers) == told["row_wrong_nik"] + told["row_other_city"]
    twice = sum(count == 2 for nik, count in niks.items() if nik)
    assert twice == told["row_double"] + told["row_overlap"]


def test_in_the_next_month_some_lose_cover_and_nobody_is_forgotten(city):
    (this, following), (now, later) = city.jkn("pbi"), city.jkn("bpjs")
    before, after = {row["NIK"] for row in this}, {row["NIK"] for row in following}
    lost = before - after
    assert 0 < len([nik for nik in lost if len(nik) == 16]) < 0.05 * len(before)
    ended = {row["NIK"] for row in later if row["KDSTATUSPST"] == "15" and row["TAT"] == "2026-11-30"}
    current = {row["NIK"] for row in city.first}
    assert {nik for nik in lost if nik in current} <= ended
    assert {row["BULAN"] for row in following} == {"12"}
    assert len(later) < 1.1 * len(now)


def test_about_two_families_in_three_are_members_mostly_those_without_jkn(city):
    members = {row["NO_KK"] for row in city.members if row["STATUS"] == "AKTIF"}
    assert 0.6 < len(members) / len(city.families) < 0.78
    insured = {row["NIK"] for row in (*city.jkn("pbi")[0], *city.jkn("bpjs")[0])}
    free = [kk for kk, family in city.families.items() if not any(row["NIK"] in insured for row in family)]
    assert sum(kk in members for kk in free) / len(free) > 0.8


def test_the_membership_list_has_states_doubles_and_unknown_families(city):
    told = city.truth["members"]
    numbers = Counter(row["NO_KK"] for row in city.members)
    assert {row["STATUS"] for row in city.members} == {"AKTIF", "DITANGGUHKAN", "NONAKTIF"}
    assert sum(count == 2 for count in numbers.values()) == told["twice"] > 0
    families = {row["NO_KK"] for row in city.first}
    assert sum(number not in families for number in numbers) == told["unknown_kk"] > 0


def test_nobody_was_a_member_before_the_programme_or_the_family_card(city):
    for row in city.members:
        since = date.fromisoformat(row["TGL_DAFTAR"])
        day, month, year = int(row["NO_KK"][6:8]), int(row["NO_KK"][8:10]), 2000 + int(row["NO_KK"][10:12])
        assert max(date(2017, 1, 16), date(year, month, day)) <= since < ON
