"""e-Klaim files: the sums of the format hold, every row belongs to a letter, and the wrong rows are the ones listed."""

from collections import Counter
from datetime import date, datetime

import pytest

from claims.intake.columns import COLUMNS, COSTS
from ksb.demo.city.reference import MAIN_HOSPITAL, Reference

PARTS = ("TARIF_INACBG", "TARIF_SUBACUTE", "TARIF_CHRONIC", "TARIF_SP", "TARIF_SR", "TARIF_SI", "TARIF_SD")


def day(text):
    return datetime.strptime(text, "%d/%m/%Y").date()  # noqa: DTZ007 - a day has no zone


def rows_of(city):
    """``(file, physical line, row)`` of all files."""
    return [(name, line, row) for name, rows in city.claims.items() for line, row in enumerate(rows, 2)]


def wrong(city):
    return {(entry["file"], entry["line"]): entry for entry in city.truth["claims"]["anomalies"]}


def sound_rows(city):
    listed = wrong(city)
    return [(name, line, row) for name, line, row in rows_of(city) if (name, line) not in listed]


def letters(city):
    return {row["NO_SJP"]: row for row in city.demand if row["NO_SJP"]}


def test_files_have_the_78_columns_in_order(city):
    assert len(COLUMNS) == 78
    for name in city.claims:
        for line in city.path(name).read_text().splitlines():
            assert line.count("\t") == 77
        assert city.path(name).read_text().splitlines()[0].split("\t") == list(COLUMNS)


def test_the_five_sums_hold_but_where_a_wrong_sum_is_listed(city):
    listed = wrong(city)
    for name, line, row in rows_of(city):
        admitted, discharged, birth = (day(row[f"{k}_DATE"]) for k in ("ADMISSION", "DISCHARGE", "BIRTH"))
        assert int(row["LOS"]) == (discharged - admitted).days + 1
        assert int(row["UMUR_HARI"]) == (admitted - birth).days
        assert int(row["TOTAL_TARIF"]) == sum(int(row[part]) for part in PARTS)
        assert not row["INACBG"].startswith("X-0-")
        adds_up = int(row["TARIF_RS"]) == sum(int(row[cost]) for cost in COSTS)
        assert adds_up == (listed.get((name, line), {}).get("rule") != "ADM-13")


def test_each_sound_row_is_a_letter_of_this_hospital_patient_and_stay(city):
    by_number = letters(city)
    for name, _, row in sound_rows(city):
        letter = by_number[row["SEP"]]
        person = city.by_nik[letter["NIK"]]
        assert row["KODE_RS"] == letter["HOSPITAL"] == name.split("-")[1]
        assert (row["NOKARTU"], row["NAMA_PASIEN"], row["SEX"]) == (
            letter["NIK"],
            person["NAMA_LGKP"],
            person["JENIS_KLMIN"],
        )
        assert str(day(row["BIRTH_DATE"])) == person["TGL_LHR"]
        assert (str(day(row["ADMISSION_DATE"])), str(day(row["DISCHARGE_DATE"]))) == (
            letter["ADMITTED"],
            letter["DISCHARGED"],
        )
        assert row["DISCHARGE_STATUS"] == letter["DISCHARGE_STATUS"]
        assert row["DIAGLIST"].split(";")[0] == letter["ICD10"]


def test_each_sound_row_is_class_three_for_jamkesda_at_the_price_of_the_table(city):
    reference = Reference()
    for _, _, row in sound_rows(city):
        hospital = reference.hospitals[row["KODE_RS"]]
        assert (row["KELAS_RAWAT"], row["PAYOR_ID"]) == ("3", "5;001")
        assert (row["KELAS_RS"], row["KODE_TARIF"]) == (hospital.hospital_class, hospital.tariff_code)
        assert int(row["TARIF_INACBG"]) == reference.price(row["INACBG"], hospital).classes[3]


def test_every_discharge_of_the_past_months_is_claimed_once_in_its_month(city):
    claimed = Counter()
    for name, _, row in sound_rows(city):
        assert f"{day(row['DISCHARGE_DATE']):%Y%m}" == name.split("-")[2][:6]
        claimed[row["SEP"]] += 1
    assert max(claimed.values()) == 1
    due = {n for n, row in letters(city).items() if row["DISCHARGED"] and row["DISCHARGED"] < "2026-11-01"}
    spoilt = {"unknown_sjp", "foreign_sjp"}
    replaced = sum(entry["kind"] in spoilt for entry in city.truth["claims"]["anomalies"])
    told = {entry["sjp"] for entry in city.truth["claims"]["anomalies"]}
    assert claimed.keys() <= due
    assert len(due - claimed.keys() - told) == replaced


def test_bills_are_above_and_below_the_tariff(city):
    above = [int(row["TARIF_RS"]) > int(row["TOTAL_TARIF"]) for _, _, row in sound_rows(city)]
    assert 0.3 < sum(above) / len(above) < 0.9


WRONG = {
    "unknown_sjp": ("ADM-02", lambda row, city: row["SEP"] not in letters(city)),
    "foreign_sjp": ("ADM-02", lambda row, city: letters(city)[row["SEP"]]["HOSPITAL"] != row["KODE_RS"]),
    "above_tariff": ("TRF-02", lambda row, city: int(row["TARIF_INACBG"]) > price(row)[3]),
    "wrong_class": (
        "CTR-02",
        lambda row, city: row["KELAS_RAWAT"] == "2" and int(row["TARIF_INACBG"]) == price(row)[2],
    ),
    "sex_conflict": ("CLN-02", lambda row, city: (row["SEX"], row["DIAGLIST"]) in (("1", "O21.0"), ("2", "N40"))),
    "wrong_payor": ("PAY-01", lambda row, city: row["PAYOR_ID"] == "3;JKN"),
    "dates_outside": (
        "ADM-03",
        lambda row, city: str(day(row["ADMISSION_DATE"])) < letters(city)[row["SEP"]]["REQUESTED_AT"][:10],
    ),
    "unknown_code": ("CLN-01", lambda row, city: row["DIAGLIST"].endswith(";Q99.99")),
    "unknown_group": ("TRF-01", lambda row, city: "-99-" in row["INACBG"]),
    "wrong_sum": ("ADM-13", lambda row, city: int(row["TARIF_RS"]) > sum(int(row[cost]) for cost in COSTS)),
    "other_name": ("ADM-09", lambda row, city: row["NAMA_PASIEN"] != city.by_nik[row["NOKARTU"]]["NAMA_LGKP"]),
    "other_hospital": ("HOS-01", lambda row, city: row["KODE_RS"] != letters(city)[row["SEP"]]["HOSPITAL"]),
    "duplicate_sjp": ("DUP-01", lambda row, city: sum(r["SEP"] == row["SEP"] for _, _, r in rows_of(city)) == 2),
}


def price(row):
    reference = Reference()
    return reference.price(row["INACBG"], reference.hospitals[row["KODE_RS"]]).classes


@pytest.mark.parametrize("kind", sorted(WRONG))
def test_each_listed_row_breaks_its_rule(city, kind):
    rule, breaks = WRONG[kind]
    entries = [entry for entry in city.truth["claims"]["anomalies"] if entry["kind"] == kind]
    assert entries
    for entry in entries:
        row = city.claims[entry["file"]][entry["line"] - 2]
        assert entry["rule"] == rule
        assert row["SEP"] == entry["sjp"]
        assert breaks(row, city)


def test_as_many_claims_as_ordered_stand_in_the_main_hospitals_last_month(order_city):
    city = order_city(claims=700)
    rows = city.claims[f"eklaim-{MAIN_HOSPITAL}-202610.txt"]
    assert 700 <= len(rows) < 1_000
    assert len({row["NOKARTU"] for row in rows}) > 350


def test_an_order_no_city_of_that_size_can_fill_is_refused_in_words(order_city):
    with pytest.raises(ValueError, match="need a larger city"):
        order_city(residents=300, claims=5_000)


def test_ages_in_the_rows_are_whole_years_on_admission(city):
    for _, _, row in rows_of(city):
        birth, admitted = day(row["BIRTH_DATE"]), day(row["ADMISSION_DATE"])
        years = admitted.year - birth.year - ((admitted.month, admitted.day) < (birth.month, birth.day))
        assert int(row["UMUR_TAHUN"]) == years
        assert birth < admitted <= date(2026, 10, 31)
