"""One row of the file to the columns of a claim, or to everything that is wrong with it.

Here stand the rules that need no database: data present and readable (ADM-01), own hospital (HOS-01), own payor (PAY-01),
dates that fit each other (ADM-12). A row that breaks one of them cannot become a claim; all others become claims first.
"""

import json
from dataclasses import dataclass

from claims.intake import cells
from claims.intake.columns import COLUMNS, COSTS, PARTS
from claims.rules import row_rules
from facilities.enums import CareType

CARE_TYPES = frozenset(CareType.values)
CLASSES = frozenset((1, 2, 3))
SEXES = frozenset((1, 2))
DISCHARGES = frozenset((1, 2, 3, 4, 5))
NUMBERS = (
    # column, what it may be
    ("KELAS_RAWAT", CLASSES),
    ("PTD", CARE_TYPES),
    ("SEX", SEXES),
    ("DISCHARGE_STATUS", DISCHARGES),
    ("LOS", None),
    ("UMUR_HARI", None),
)
DAYS = ("ADMISSION_DATE", "DISCHARGE_DATE", "BIRTH_DATE")
TEXTS = ("NAMA_PASIEN", "INACBG")
DOT_OF_ICD10, DOT_OF_ICD9CM = 3, 2


@dataclass(frozen=True)
class ParsedRow:
    """A row that can become a claim, columns as in the table. Money in whole rupiah; diagnoses, procedures, data as JSON.

    ``lines`` are (kind, code, description, asked).
    """

    line_number: int
    reference: str
    care_type: int
    care_class: int
    admitted_on: object
    discharged_on: object
    discharge_status: int
    birth_date: object
    sex: int
    patient_name: str
    medical_record: str
    doctor: str
    diagnoses: str
    procedures: str
    inacbg: str
    claimed: int
    hospital_bill: int
    cost_sum: int | None
    payor: str
    data: str
    lines: list


@dataclass(frozen=True)
class RefusedRow:
    """A row that cannot become a claim, with every finding as ``{rule, severity, evidence}``."""

    line: int
    reference: str
    raw: str
    findings: list


class RowReader:
    """Reads the rows of one file for one hospital.

    ``payors_on(day)`` gives the normalised payors of the scheme in force, or None; ``today`` is the day of intake.
    """

    def __init__(self, file, *, hospital, payors_on, today):
        self.file = file
        self.code = cells.hospital_code(hospital.code)
        self.payors_on = payors_on
        self.today = today
        self.places = file.columns
        self.present = [name for name in COLUMNS if name in file.columns]
        self.order = [file.columns[name] for name in self.present]
        self.costs = [name for name in COSTS if name in file.columns]
        self.money = ("TOTAL_TARIF", "TARIF_RS", *(price for _kind, price, _code, _text in PARTS), *self.costs)

    def read(self, row):
        """ParsedRow or RefusedRow for ``row`` (a ``claims.intake.reading.Row``)."""
        found = []
        width = len(row.cells)
        if width < self.file.width or any(cell.strip() for cell in row.cells[self.file.width :]):
            found.append(row_rules.unreadable("", "width", cells=width, columns=self.file.width))
            return RefusedRow(row.line, "", cells.CODER_NIK.sub(";;", row.raw), found)
        cell = {name: row.cells[place].strip() for name, place in self.places.items()}
        number, amounts, days = self._values(cell, found)
        self._check_origin(cell, days.get("ADMISSION_DATE"), found)
        self._check_days(days, number, found)
        reference = cells.reference(cell["SEP"])
        if found:
            coder = cell["CODER_ID"]
            raw = row.raw.replace(coder, cells.without_coder(coder)) if coder else row.raw
            return RefusedRow(row.line, reference, raw, found)
        return self._parsed(row, reference, cell, number, amounts, days)

    def _values(self, cell, found):
        """Everything typed: numbers, amounts, days. What is missing or unreadable is added to ``found``."""
        number, amounts, days = {}, {}, {}
        for name, choices in NUMBERS:
            try:
                number[name] = value = cells.whole(cell[name])
                if choices and value not in choices:
                    raise ValueError("choice")
            except ValueError as error:
                found.append(row_rules.unreadable(name, str(error), choices=sorted(choices or ())))
        for name in self.money:
            text = cell[name]
            if text == "0":
                amounts[name] = 0
                continue
            try:
                amounts[name] = cells.money(text)
            except ValueError as error:
                found.append(row_rules.unreadable(name, str(error)))
        for name in DAYS:
            try:
                days[name] = cells.day(cell[name])
            except ValueError as error:
                found.append(row_rules.unreadable(name, str(error)))
        for name in TEXTS:
            if cells.plain(cell[name]) in cells.EMPTY:
                found.append(row_rules.unreadable(name, "missing"))
        if not cells.codes(cell["DIAGLIST"], DOT_OF_ICD10):
            found.append(row_rules.unreadable("DIAGLIST", "missing"))
        return number, amounts, days

    def _check_origin(self, cell, admitted_on, found):
        """HOS-01 and PAY-01: this hospital's row, for this payor."""
        code = cells.hospital_code(cell["KODE_RS"])
        if code != self.code:
            found.append(row_rules.other_hospital(code))
        if not cell["PAYOR_ID"]:
            found.append(row_rules.unreadable("PAYOR_ID", "missing"))
            return
        accepted = self.payors_on(admitted_on or self.today)
        if accepted is not None and cells.payor(cell["PAYOR_ID"]) not in accepted:
            found.append(row_rules.other_payor(cell["PAYOR_ID"]))

    def _check_days(self, days, number, found):
        """ADM-12: order of the days, and the two counts e-Klaim derives from them."""
        admitted_on, discharged_on, birth_date = (days.get(name) for name in DAYS)
        wrong, evidence = [], {}
        if admitted_on and discharged_on:
            evidence |= {"from": admitted_on.isoformat(), "to": discharged_on.isoformat()}
            if discharged_on < admitted_on:
                wrong.append("ends_before_it_starts")
            elif "LOS" in number and number["LOS"] != (stay := (discharged_on - admitted_on).days + 1):
                wrong.append("los")
                evidence |= {"los": number["LOS"], "days": stay}
        if discharged_on and discharged_on > self.today:
            wrong.append("future")
            evidence["to"] = discharged_on.isoformat()
        if admitted_on and birth_date:
            age = (admitted_on - birth_date).days
            if age < 0:
                wrong.append("before_birth")
                evidence["birth"] = birth_date.isoformat()
            elif "UMUR_HARI" in number and number["UMUR_HARI"] != age:
                wrong.append("age")
                evidence |= {"age": number["UMUR_HARI"], "age_days": age, "birth": birth_date.isoformat()}
        if wrong:
            found.append(row_rules.illogical_days(wrong, evidence))

    def _parsed(self, row, reference, cell, number, amounts, days):
        lines = [
            (str(kind), cells.plain(cell[code])[:16], cells.plain(cell[text])[:200] if text else "", amounts[price])
            for kind, price, code, text in PARTS
            if amounts[price] or price == "TARIF_INACBG"
        ]
        cell["CODER_ID"] = cells.without_coder(cell["CODER_ID"])
        return ParsedRow(
            line_number=row.line,
            reference=reference,
            care_type=number["PTD"],
            care_class=number["KELAS_RAWAT"],
            admitted_on=days["ADMISSION_DATE"],
            discharged_on=days["DISCHARGE_DATE"],
            discharge_status=number["DISCHARGE_STATUS"],
            birth_date=days["BIRTH_DATE"],
            sex=number["SEX"],
            patient_name=cells.plain(cell["NAMA_PASIEN"])[:120],
            medical_record=cells.plain(cell["MRN"])[:20],
            doctor=cells.plain(cell["DPJP"])[:120],
            diagnoses=json.dumps(cells.codes(cell["DIAGLIST"], DOT_OF_ICD10)),
            procedures=json.dumps(cells.codes(cell["PROCLIST"], DOT_OF_ICD9CM)),
            inacbg=cells.plain(cell["INACBG"]).upper()[:12],
            claimed=amounts["TOTAL_TARIF"],
            hospital_bill=amounts["TARIF_RS"],
            cost_sum=sum(amounts[name] for name in self.costs) if self.costs else None,
            payor=cell["PAYOR_ID"][:20],
            data=json.dumps({name: cell[name] for name in self.present}, ensure_ascii=False),
            lines=lines,
        )
