"""Rows that break a rule for claims, a few in each city, each with the rule it must be found by.

The row stays consistent in itself (sums and days fit), so that only the rule in question speaks.
"""

from ksb.demo.city.people import MALE

FIRST_EVERY, LATER_EVERY = 14, 70  # rows

# kind -> rule that must find it (catalogue in claims/rules)
RULES = {
    "unknown_sjp": "ADM-02",
    "above_tariff": "TRF-02",
    "wrong_class": "CTR-02",
    "sex_conflict": "CLN-02",
    "duplicate_sjp": "DUP-01",
    "wrong_payor": "PAY-01",
    "dates_outside": "ADM-03",
    "foreign_sjp": "ADM-02",
    "unknown_code": "CLN-01",
    "unknown_group": "TRF-01",
    "wrong_sum": "ADM-13",
    "other_name": "ADM-09",
    "other_hospital": "HOS-01",
}
EARLIER_DAYS = 9
OTHER_SEX = {1: "O21.0", 2: "N40"}


class Anomalies:
    """Spoils rows. ``spoil(kind, row, visit)`` returns the rows to write instead, or nothing when the kind does not fit."""

    def __init__(self, rows, calendar, reference):
        self._rows = rows
        self._calendar = calendar
        self._reference = reference
        self._of_another = {}

    def remember(self, visit):
        """Keeps one letter of each hospital, to turn up where it does not belong."""
        self._of_another[visit.hospital] = visit.number

    def spoil(self, kind, row, visit):
        return getattr(self, "_" + kind)(row, visit)

    def _unknown_sjp(self, row, visit):
        row["SEP"] = "9" + visit.number[1:]
        return [row]

    def _foreign_sjp(self, row, visit):
        other = next((number for code, number in self._of_another.items() if code != visit.hospital), None)
        if other is None:
            return None
        row["SEP"] = other
        return [row]

    def _above_tariff(self, row, visit):
        self._rows.set_tariff(row, row["TARIF_INACBG"] * 5 // 4)
        return [row]

    def _wrong_class(self, row, visit):
        if not visit.case.inpatient:
            return None
        price = self._reference.price(row["INACBG"], self._reference.hospitals[visit.hospital])
        row["KELAS_RAWAT"] = 2
        self._rows.set_tariff(row, price.classes[2])
        return [row]

    def _sex_conflict(self, row, visit):
        if visit.case.inpatient or visit.case.procedures:
            return None
        row["DIAGLIST"] = OTHER_SEX[visit.sex]
        return [row]

    def _duplicate_sjp(self, row, visit):
        again = dict(row)
        again["C1"] = str(int(row["C1"]) + 5_000_000)
        return [row, again]

    def _wrong_payor(self, row, visit):
        row["PAYOR_ID"] = "3;JKN"
        return [row]

    def _dates_outside(self, row, visit):
        admitted, discharged = visit.admitted - EARLIER_DAYS, visit.discharged - EARLIER_DAYS
        same_month = self._calendar.stamp(discharged) == self._calendar.stamp(visit.discharged)
        if not same_month or admitted >= visit.day:
            return None
        self._rows.set_dates(row, visit, admitted, discharged)
        return [row]

    def _unknown_code(self, row, visit):
        row["DIAGLIST"] = f"{row['DIAGLIST']};Q99.99"
        return [row]

    def _unknown_group(self, row, visit):
        row["INACBG"] = f"{row['INACBG'][:4]}99{row['INACBG'][6:]}"
        row["DESKRIPSI_INACBG"] = "TIDAK DIKENAL"
        return [row]

    def _wrong_sum(self, row, visit):
        row["TARIF_RS"] += 150_000
        return [row]

    def _other_name(self, row, visit):
        row["NAMA_PASIEN"] = "PATRISIUS KOTEN" if visit.sex == MALE else "YULITA WAHIU"
        return [row]

    def _other_hospital(self, row, visit):
        row["KODE_RS"] = next(code for code in self._reference.hospitals if code != visit.hospital)
        return [row]
