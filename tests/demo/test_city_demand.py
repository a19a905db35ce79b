"""Referral demand: covered beyond doubt or to be refused for a known reason, numbered as the real service numbers."""

from collections import Counter
from datetime import date, datetime
from itertools import pairwise

import pytest

from ksb.demo.city.cases import CASES
from ksb.demo.city.reference import Reference
from tests.demo.conftest import ON

ROMAN = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII")


def at(row):
    return datetime.fromisoformat(row["REQUESTED_AT"])


@pytest.fixture(params=["city", "winter_city"])
def any_city(request):
    return request.getfixturevalue(request.param)


def test_each_numbered_patient_is_covered_on_the_day_and_each_other_is_not(any_city):
    for row in any_city.demand:
        assert any_city.first_reason(row["NIK"], at(row).date()) == row["EXPECT"]
        assert bool(row["NO_SJP"]) != bool(row["EXPECT"])


def test_several_reasons_to_refuse_occur(city):
    reasons = Counter(row["EXPECT"] for row in city.demand if row["EXPECT"])
    assert {"C03", "C05", "C07", "C08", "C09", "C10", "C12", "C14"} <= set(reasons)


def test_rows_stand_by_day_and_puskesmas(any_city):
    keys = [(at(row).date(), row["PUSKESMAS"], at(row)) for row in any_city.demand]
    assert keys == sorted(keys)


def test_numbers_run_without_gap_by_puskesmas_and_year(any_city):
    last = Counter()
    for row in any_city.demand:
        if row["NO_SJP"]:
            series = row["PUSKESMAS"], at(row).year
            last[series] += 1
            month = ROMAN[at(row).month - 1]
            assert row["NO_SJP"] == f"{last[series]:06d}/SJP/{row['PUSKESMAS']}/{month}/{at(row).year}"


def test_numbers_begin_anew_with_the_year(winter_city):
    years = {at(row).year for row in winter_city.demand}
    assert years == {2025, 2026}
    firsts = [row for row in winter_city.demand if row["NO_SJP"].startswith("000001/")]
    assert {at(row).year for row in firsts} == years


def test_demand_covers_two_months_and_the_running_one_up_to_the_day(city):
    assert sorted(path.name for path in city.out.glob("demand-*.csv")) == [
        "demand-202609.csv",
        "demand-202610.csv",
        "demand-202611.csv",
    ]
    days = [at(row).date() for row in city.demand]
    assert date(2026, 9, 1) <= min(days) <= max(days) <= ON


def test_the_volume_is_about_six_letters_a_thousand_residents_and_month(city):
    months = 2 + ON.day / 30.4
    assert 0.0045 < sum(bool(row["NO_SJP"]) for row in city.demand) / 24_000 / months < 0.0075


def test_only_emergencies_come_on_closed_days(any_city):
    holidays = set(Reference().holidays)
    for row in any_city.demand:
        closed = at(row).date().isoweekday() == 7 or at(row).date() in holidays
        assert not closed or row["REASON"] == "EMERGENCY"


def test_the_hospital_offers_the_specialty_and_a_private_one_needs_a_reason(any_city):
    hospitals = Reference().hospitals
    for row in any_city.demand:
        hospital = hospitals[row["HOSPITAL"]]
        assert row["SPECIALTY"] in hospital.specialties
        assert bool(row["PASS_OVER"]) != hospital.public
    rsud = sum(hospitals[row["HOSPITAL"]].public for row in any_city.demand)
    assert rsud > 0.4 * len(any_city.demand)


def test_the_diagnosis_fits_sex_and_age(city):
    fitting = {}
    for case in CASES:
        fitting.setdefault((case.diagnosis, case.specialty, case.service), []).append(case)
    for row in city.demand:
        person = city.by_nik[row["NIK"]]
        years = (ON - date.fromisoformat(person["TGL_LHR"])).days // 365.25
        cases = fitting[row["ICD10"], row["SPECIALTY"], row["SERVICE"]]
        assert any(c.sex in (0, int(person["JENIS_KLMIN"])) and c.ages[0] <= years <= c.ages[1] + 1 for c in cases)


def test_stays_follow_the_letter_and_end_in_order(any_city):
    for row in any_city.demand:
        asked, admitted, discharged = str(at(row).date()), row["ADMITTED"], row["DISCHARGED"]
        assert not admitted or asked <= admitted
        assert not discharged or admitted <= discharged
        assert bool(row["DISCHARGE_STATUS"]) == bool(discharged)


def test_nobody_is_in_two_places_or_has_two_letters_for_one_thing(order_city):
    city = order_city(residents=4_000, claims=900)
    spans, letters = {}, Counter()
    for row in city.demand:
        if row["NO_SJP"]:
            end = row["DISCHARGED"] or row["ADMITTED"] or str(at(row).date())
            spans.setdefault(row["NIK"], []).append((str(at(row).date()), end))
            letters[row["NIK"], row["SPECIALTY"], row["SERVICE"]] += 1
    assert max(letters.values()) == 1
    assert any(len(own) > 1 for own in spans.values())
    for own in spans.values():
        own.sort()
        assert all(end < start for (_, end), (start, _) in pairwise(own))


EXAMPLES = {
    "covered": "",
    "jkn_inactive": "",
    "pbi": "C12",
    "jkn_active": "C14",
    "newcomer": "C07",
    "adult_without_ektp": "C10",
    "deceased": "C03",
    "moved_out": "C05",
    "not_enrolled": "C08",
    "suspended": "C09",
    "twins": "",
}


@pytest.mark.parametrize(("name", "rule"), EXAMPLES.items())
def test_the_people_to_point_at_are_what_they_stand_for(city, name, rule):
    person = city.truth["people"][name]
    assert city.first_reason(person["nik"], ON) == rule
    row = city.by_nik[person["nik"]]
    assert (row["NO_KK"], row["NAMA_LGKP"], row["TGL_LHR"]) == (person["kk"], person["name"], person["birth_date"])
    assert person["nik"] not in {visit["NIK"] for visit in city.demand}


def test_the_whole_covered_family_is_covered(city):
    family = city.families[city.truth["people"]["covered"]["kk"]]
    assert len(family) in (4, 5)
    assert all(city.first_reason(row["NIK"], ON) == "" for row in family)


def test_the_twins_are_two_children_of_one_mother_and_day(city):
    twin = city.by_nik[city.truth["people"]["twins"]["nik"]]
    family = city.families[twin["NO_KK"]]
    same = [row for row in family if (row["TGL_LHR"], row["NIK_IBU"]) == (twin["TGL_LHR"], twin["NIK_IBU"])]
    assert len(same) >= 2
