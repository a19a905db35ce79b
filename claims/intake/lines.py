"""Lines of the file into lines for COPY: every cell as e-Klaim itself writes it, what cannot be read left NULL and noted.

A line exactly as e-Klaim exports it is recognised by one expression and passes as it is; only lines that somebody or Excel
has touched are taken apart cell by cell. Both ways give the same text (a test holds them against each other). What the
cells mean together is judged in the database (``claims.rules.row``), once for all lines.
"""

import re
from dataclasses import dataclass, field

from claims.intake import cells
from claims.intake.columns import AMOUNTS, COUNTS, DAYS, KNOWN, ORIGIN
from claims.rules.row import unreadable

CHOICES = {"KELAS_RAWAT": "123", "PTD": "12", "SEX": "12", "DISCHARGE_STATUS": "12345"}
DOT_OF_ICD10, DOT_OF_ICD9CM = 3, 2
_READERS = {
    **dict.fromkeys(COUNTS, cells.whole),
    **{name: cells.choice(*allowed) for name, allowed in CHOICES.items()},
    **dict.fromkeys(AMOUNTS, cells.money),
    **dict.fromkeys(DAYS, cells.day),
    "KODE_RS": cells.hospital_code,
    "DIAGLIST": cells.codes(DOT_OF_ICD10, required=True),
    "PROCLIST": cells.codes(DOT_OF_ICD9CM),
    "INACBG": lambda cell: cells.required(cell).upper(),
    "NAMA_PASIEN": cells.required,
    "SEP": cells.reference,
    "NOKARTU": cells.card,
    "CODER_ID": cells.coder,
}
_AS_EXPORTED = {
    **dict.fromkeys(COUNTS, "(?:0|[1-9][0-9]{0,8})"),
    **{name: f"[{allowed}]" for name, allowed in CHOICES.items()},
    **dict.fromkeys(AMOUNTS, "(?:0|[1-9][0-9]{0,14})"),
    **dict.fromkeys(DAYS, "([0-9]{2}/[0-9]{2}/[0-9]{4})"),
    "KODE_RS": "[0-9]{7}",
    "DIAGLIST": r"[A-Z][0-9]{2}(?:\.[0-9]{1,2})?(?:;[A-Z][0-9]{2}(?:\.[0-9]{1,2})?)*",
    "PROCLIST": r"(?:-|[0-9]{2}(?:\.[0-9]{1,2})?(?:;[0-9]{2}(?:\.[0-9]{1,2})?)*)",
    "INACBG": "[A-Z]-[0-9]{1,2}-[0-9]{2}-(?:0|I{1,3}|X)",
    "NAMA_PASIEN": r"(?!(?:NONE|NULL)(?:\t|$))[A-Z](?:[A-Z0-9 .,'/()-]*[A-Z0-9.)])?",
    "SEP": "(?:[0-9]{6}/SJP/[0-9]+/[IVX]+/[0-9]{4}|[0-9A-Z]{8,25})",
    "NOKARTU": "[0-9]{1,20}",
    "CODER_ID": r"[^\t\\;\"]*(?:;([^\t\\;\"]*);[^\t\\\"]*)?",
}
# Any other cell: no space or quote in front, which the way cell by cell would take away.
_ANY = r"(?:[^\s\"'\\](?:[^\t\\]*[^\s\\])?)?"
_NULL = "\\N"
# A tab inside a cell of a file with another separator becomes a space: kept rows are split at tabs.
_ESCAPES = str.maketrans({"\\": "\\\\", "\t": " "})


@dataclass(frozen=True)
class Refusal:
    """What is wrong with one line that cannot become a claim: its number, as received, and findings with evidence."""

    line: int
    raw: str
    reference: str = ""
    findings: list = field(default_factory=list)


class LineReader:
    """Turns the rows of one file into text for COPY and notes the rows with unreadable cells.

    ``payors`` maps the normal form of each payor of the programme to how it is written (``5;1`` -> ``5;001``).
    ``columns`` are the names for COPY in the order of the file; columns unknown to e-Klaim are left out.
    ``refusals`` holds a Refusal by line number once ``copy_lines`` has been read to its end, and ``origins`` what a corrected
    row says about the row it replaces: pairs of batch number and line, by line number.
    """

    def __init__(self, file, *, payors):
        self.file = file
        self.columns = [name for name in file.names if name in KNOWN]
        self.refusals = {}
        self.origins = {}
        self._origin = file.names.index(ORIGIN) if ORIGIN in file.names else None
        readers = {**_READERS, "PAYOR_ID": lambda cell: payors.get(cells.payor(cell), cells.plain(cell))}
        self._readers = [
            (name, place, readers.get(name, cells.plain)) for place, name in enumerate(file.names) if name in KNOWN
        ]
        exported = {**_AS_EXPORTED, "PAYOR_ID": f"(?:{'|'.join(map(re.escape, payors.values()))})"}
        self._exported = re.compile("\t".join(exported.get(name, _ANY) for name in self.columns))
        groups = [name for name in self.columns if name in DAYS or name == "CODER_ID"]
        self._days = [n for n, name in enumerate(groups, start=1) if name != "CODER_ID"]
        self._coder = groups.index("CODER_ID") + 1
        self._valid_days = {}

    def copy_lines(self):
        """Yield one line for COPY a row: its number, the row as it is kept, the cells in the order of ``columns``."""
        as_exported = self._as_exported if self._may_be_as_exported() else lambda raw: None
        for number, raw in self.file.lines:
            line = as_exported(raw)
            if line is not None:
                kept = line.replace("\t", "\\t")
                yield f"{number}\t{kept}\t{line}\n"
            elif (values := self._cell_by_cell(number, raw)) is not None:
                kept = "\\t".join("" if value == _NULL else value for value in values)
                yield "\t".join((str(number), kept, *values)) + "\n"

    def _may_be_as_exported(self):
        return self.file.separator == "\t" and len(self.columns) == self.file.width

    def _as_exported(self, raw):
        """The line without the coder's NIK if it is exactly as e-Klaim writes it, else None."""
        found = self._exported.fullmatch(raw)
        if found is None or not all(self._is_day(found[group]) for group in self._days):
            return None
        start, end = found.span(self._coder)
        return raw[:start] + raw[end:] if start >= 0 else raw

    def _is_day(self, text):
        known = self._valid_days.get(text)
        if known is None:
            try:
                known = cells.day(text) == text
            except ValueError:
                known = False
            self._valid_days[text] = known
        return known

    def _cell_by_cell(self, number, raw):
        """What the cells say, ready for COPY; None when the line does not even have the header's cells."""
        row = self.file.split(raw)
        width = self.file.width
        if len(row) < width or any(cell.strip() for cell in row[width:]):
            finding = unreadable("", "width", cells=len(row), columns=width)
            self.refusals[number] = Refusal(number, cells.without_coder_nik(raw), findings=[finding])
            return None
        self._note_origin(number, row)
        values, findings = [], []
        for name, place, read in self._readers:
            try:
                values.append(read(row[place]).translate(_ESCAPES))
            except ValueError as error:
                values.append(_NULL)
                findings.append(unreadable(name, str(error), choices=list(CHOICES.get(name, ()))))
        if findings:
            self.refusals[number] = Refusal(number, self.kept(row), self.reference(row), findings)
        return values

    def _note_origin(self, number, row):
        if self._origin is not None:
            batch, _mark, line = cells.plain(row[self._origin]).partition("#")
            if line.isascii() and line.isdigit() and len(line) < 10:
                self.origins[number] = (batch, int(line))

    def reference(self, row):
        return cells.reference(row[self.file.columns["SEP"]])

    def kept(self, row):
        """The cells of a refused row as they were, in the order of ``columns``, without the coder's NIK."""
        return "\t".join(
            (cells.coder(row[place]) if name == "CODER_ID" else row[place]).replace("\t", " ")
            for name, place, _read in self._readers
        )
