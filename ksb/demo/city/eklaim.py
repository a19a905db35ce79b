"""e-Klaim files: the 78 tab-separated columns a hospital hands to any payer, one row an episode, one file a hospital and month.

Five sums hold in every sound row: LOS counts both days, UMUR_HARI is the age on admission, the 18 cost columns add up to
TARIF_RS, the tariff parts to TOTAL_TARIF, and INACBG is no error group. NIK stands in NOKARTU, the SJP number in SEP.
"""

import hashlib
import json

from ksb.demo.city.calendar import Calendar
from ksb.demo.city.cases import HAEMODIALYSIS
from ksb.demo.city.words import words

COLUMNS = words("eklaim", "columns")
COSTS = COLUMNS[60:]
JAMKESDA = "5;001"
GROUPER, GROUPER_VERSION = "5.9.2.202506290731", "4"
SEVERITY_BOUNDS = (0.74, 0.95)

# shares of the hospital's bill; what is left over goes to the first
BILL_OUTPATIENT = {
    "KONSULTASI": 34,
    "PROSEDUR_NON_BEDAH": 18,
    "RADIOLOGI": 8,
    "LABORATORIUM": 16,
    "OBAT": 18,
    "BMHP": 6,
}
BILL_DIALYSIS = {"PROSEDUR_NON_BEDAH": 62, "BMHP": 22, "OBAT": 9, "LABORATORIUM": 7}
BILL_SURGERY = {
    "PROSEDUR_BEDAH": 36,
    "KONSULTASI": 5,
    "KEPERAWATAN": 8,
    "RADIOLOGI": 5,
    "LABORATORIUM": 8,
    "KAMAR_AKOMODASI": 14,
    "OBAT": 13,
    "ALKES": 5,
    "BMHP": 6,
}
BILL_WARD = {
    "KAMAR_AKOMODASI": 26,
    "KONSULTASI": 12,
    "KEPERAWATAN": 12,
    "PENUNJANG": 4,
    "RADIOLOGI": 6,
    "LABORATORIUM": 14,
    "OBAT": 20,
    "BMHP": 6,
}
TITLES = {
    "INT": "Sp.PD",
    "HDL": "Sp.PD",
    "ANA": "Sp.A",
    "OBG": "Sp.OG",
    "BED": "Sp.B",
    "JAN": "Sp.JP",
    "PAR": "Sp.P",
    "SAR": "Sp.N",
    "ORT": "Sp.OT",
    "URO": "Sp.U",
    "MAT": "Sp.M",
    "THT": "Sp.THT-KL",
    "KLT": "Sp.DVE",
    "JIW": "Sp.KJ",
    "IRM": "Sp.KFR",
    "GIG": "Sp.BM",
}


class ClaimRows:
    """Turns visits into rows: dicts by column name, in the order of COLUMNS."""

    def __init__(self, chance, calendar: Calendar, reference, serial=0):
        self._chance = chance
        self._calendar = calendar
        self._reference = reference
        self._serial = serial
        self._doctors, self._coders = words("hospital", "doctors"), words("hospital", "coders")

    def row(self, visit, care_class=3):
        """One sound row. The severity is drawn with the visit's weight of secondary diagnoses."""
        case, hospital = visit.case, self._reference.hospitals[visit.hospital]
        severity = self._severity() if case.inpatient else 0
        group = case.group_code(severity)
        price = self._reference.price(group, hospital)
        tariff = price.classes[care_class]
        self._serial += 1
        row = {
            "KODE_RS": hospital.code,
            "KELAS_RS": hospital.hospital_class,
            "KELAS_RAWAT": care_class,
            "KODE_TARIF": hospital.tariff_code,
            "PTD": 1 if case.inpatient else 2,
            "ADMISSION_DATE": "",
            "DISCHARGE_DATE": "",
            "BIRTH_DATE": self._calendar.dmy(visit.born),
            "BIRTH_WEIGHT": 0,
            "SEX": visit.sex,
            "DISCHARGE_STATUS": visit.status,
            "DIAGLIST": ";".join((case.diagnosis, *self._secondary(visit, severity))),
            "PROCLIST": ";".join(case.procedures) or "-",
            "ADL1": "-",
            "ADL2": "-",
            **dict.fromkeys(("IN_SP", "IN_SR", "IN_SI", "IN_SD"), "None"),
            "INACBG": group,
            **dict.fromkeys(("SUBACUTE", "CHRONIC", "SP", "SR", "SI", "SD"), "None"),
            "DESKRIPSI_INACBG": price.description,
            "TARIF_INACBG": tariff,
            "TARIF_SUBACUTE": 0,
            "TARIF_CHRONIC": 0,
            **{
                f"{kind}_{part}": "-" if kind == "DESKRIPSI" else 0
                for part in ("SP", "SR", "SI", "SD")
                for kind in ("DESKRIPSI", "TARIF")
            },
            "TOTAL_TARIF": tariff,
            "TARIF_RS": 0,
            "TARIF_POLI_EKS": 0,
            "LOS": 0,
            "ICU_INDIKATOR": 0,
            "ICU_LOS": 0,
            "VENT_HOUR": 0,
            "NAMA_PASIEN": visit.name,
            "MRN": f"{int(visit.nik[-10:]) * 31 % 10**6:06d}",
            "UMUR_TAHUN": 0,
            "UMUR_HARI": 0,
            "DPJP": self._doctor(hospital, case.specialty),
            "SEP": visit.number,
            "NOKARTU": visit.nik,
            "PAYOR_ID": JAMKESDA,
            "CODER_ID": self._coder(hospital),
            "VERSI_INACBG": GROUPER,
            "VERSI_GROUPER": GROUPER_VERSION,
            "C1": str(4_000_000 + self._serial),
            "C2": "",
            "C3": "1",
            "C4": hashlib.md5(f"{visit.number}{self._serial}".encode(), usedforsecurity=False).hexdigest(),
            **dict.fromkeys(COSTS, 0),
        }
        self.set_dates(row, visit, visit.admitted, visit.discharged)
        self._set_bill(row, visit, tariff)
        return row

    def set_dates(self, row, visit, admitted, discharged):
        """Writes the stay and everything that is counted from it."""
        calendar = self._calendar
        row["ADMISSION_DATE"], row["DISCHARGE_DATE"] = calendar.dmy(admitted), calendar.dmy(discharged)
        row["LOS"] = discharged - admitted + 1
        row["UMUR_TAHUN"] = calendar.age(visit.born, admitted)
        row["UMUR_HARI"] = admitted - visit.born
        row["C2"] = self._extras(row, visit, calendar.iso[admitted], calendar.iso[discharged])

    @staticmethod
    def set_tariff(row, amount):
        row["TARIF_INACBG"] = row["TOTAL_TARIF"] = amount

    def _severity(self):
        draw = self._chance()
        return sum(draw >= bound for bound in SEVERITY_BOUNDS)

    def _secondary(self, visit, severity):
        """Grown-ups carry the case's further diagnoses, more of them in severe cases."""
        case = visit.case
        if self._calendar.age(visit.born, visit.admitted) < 30 and case.ages[1] > 50:
            return ()
        return case.secondary if severity else case.secondary[:1]

    def _set_bill(self, row, visit, tariff):
        """The hospital's own bill: mostly above the tariff on wards, around it for visits."""
        case, chance = visit.case, self._chance
        factor = 0.8 + 0.95 * chance() if case.inpatient else 0.6 + 0.8 * chance()
        bill = int(tariff * factor)
        if case.service == HAEMODIALYSIS:
            shares = BILL_DIALYSIS
        elif not case.inpatient:
            shares = BILL_OUTPATIENT
        else:
            shares = BILL_SURGERY if case.group[2] == "1" else BILL_WARD
        weights = {column: share * (0.7 + 0.6 * chance()) for column, share in shares.items()}
        total = sum(weights.values())
        for column, weight in weights.items():
            row[column] = int(bill * weight / total)
        row[next(iter(shares))] += bill - sum(row[column] for column in shares)
        row["TARIF_RS"] = bill

    def _doctor(self, hospital, specialty):
        """One of three DPJP a hospital has in a specialty."""
        turn = int(hospital.code) * 7 + sum(map(ord, specialty)) + int(self._chance() * 3) * 5
        prefix = "drg." if specialty == "GIG" else "dr."
        return f"{prefix} {self._doctors[turn % len(self._doctors)]}, {TITLES[specialty]}"

    def _coder(self, hospital):
        turn = int(hospital.code)
        name = self._coders[turn % len(self._coders)]
        nik = f"3275{1 + turn % 12:02d}{4101 + turn % 27 * 100:04d}90{9000 + turn % 900:04d}"
        return f"{name};{nik};{name.split()[0].lower()}{turn % 100:02d}"

    def _extras(self, row, visit, admitted, discharged):
        """C2 as e-Klaim leaves it: fields between ``#``, the last of them JSON."""
        came_by = "emd" if visit.case.urgent else "gp"
        hour = visit.minute // 60
        rest = {
            "sistole": 110 + visit.minute % 40,
            "diastole": 70 + visit.minute % 20,
            "billing_group": "rawat_inap" if visit.case.inpatient else "rawat_jalan",
            "selisih_biaya": {"nilai": 0, "pembayar": "", "naik_kelas": 0},
            "ventilator": {"use_ind": 0},
        }
        fields = (
            *(
                row["PTD"],
                0,
                "",
                0,
                0,
                0,
                f"{admitted} {hour:02d}:15:00",
                f"{discharged} {min(hour + 3, 23):02d}:40:00",
                0,
            ),
            *(came_by, json.dumps(rest, separators=(",", ":"))),
        )
        return "#".join(map(str, fields))


def line(row):
    """The row as it stands in the file, line end included."""
    return "\t".join(str(row[column]) for column in COLUMNS) + "\n"
