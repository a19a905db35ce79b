"""One row of a JKN list, in its two shapes: the monthly PBI list of Dinsos and the membership list of BPJS.

Both become the same CSV: card, NIK, name, birth date, segment (jenisPeserta), status, first and last day (none in a PBI list).
As for the registry, a regular expression recognises the rows that need no care; the careful way takes the others apart.
"""

import calendar
import csv
import io
import re
from datetime import date

from django.utils.translation import gettext as _

from ksb.core.errors import Refused
from participants.enums import CoverageSource
from participants.tabular import Layout, Malformed, identity, is_identity, is_scientific

PBI_COLUMNS = ("PSNOKA", "NIK", "NAMA", "SEGMEN", "BULAN", "TAHUN")
BPJS_COLUMNS = ("PSNOKA", "NIK", "NAMA", "TGLLHR", "JENISPESERTA", "KDSTATUSPST", "TMT", "TAT")
PBI_APBN, PBI_APBD, LAST_SEGMENT = 21, 22, 28
PBI_SEGMENTS = (PBI_APBN, PBI_APBD)
SEGMENTS = {
    "APBN": PBI_APBN,
    "PBI APBN": PBI_APBN,
    "PBI JK": PBI_APBN,
    "APBD": PBI_APBD,
    "PBI APBD": PBI_APBD,
    "PBPU PEMDA": PBI_APBD,
    "PBPU DAN BP PEMDA": PBI_APBD,
}
LONGEST_CARD, LONGEST_NAME = 13, 120
_MONTHS = (
    "JANUARI",
    "FEBRUARI",
    "MARET",
    "APRIL",
    "MEI",
    "JUNI",
    "JULI",
    "AGUSTUS",
    "SEPTEMBER",
    "OKTOBER",
    "NOVEMBER",
    "DESEMBER",
)
_OTHER_SPELLINGS = {"PEBRUARI": 2, "PEB": 2, "AGT": 8, "AGS": 8, "NOPEMBER": 11, "NOP": 11}
_DATE = re.compile(r"\d{4}-\d\d-\d\d")
_PERIOD_IN_NAME = re.compile(r"(?<!\d)(20\d\d)[-_]?(0[1-9]|1[0-2])(?:[-_]?(0[1-9]|[12]\d|3[01]))?(?!\d)")

_NAME = rb"[!#-+\--:<-~](?:[ !#-+\--:<-~]{0,118}[!#-+\--:<-~])?"
_DAY = (
    rb"(?:19|20)\d\d-"
    rb"(?:(?:0[13578]|1[02])-(?:0[1-9]|[12]\d|3[01])|(?:0[469]|11)-(?:0[1-9]|[12]\d|30)|02-(?:0[1-9]|1\d|2[0-8]))"
)
_SOUND_BPJS = re.compile(rb"\d{13},\d{16},%b,%b,(?:1?\d|2[0-8]),\d\d?,%b,(?:%b)?" % (_NAME, _DAY, _DAY, _DAY)).fullmatch
_SOUND_PBI = re.compile(rb"(\d{13};\d{16};%b);(?:PBI )?(APBN|APBD);([A-Za-z0-9]{1,10};\d{4})" % _NAME).fullmatch
_SEGMENT_BYTES = {b"APBN": b"%d" % PBI_APBN, b"APBD": b"%d" % PBI_APBD}


def layout_of(header):
    """The CoverageSource a header line speaks for, and its Layout. Raises Refused with a sentence."""
    names = header.upper()
    if b"SEGMEN" in names or b"BULAN" in names:
        return CoverageSource.PBI_LIST, Layout.of(header, PBI_COLUMNS)
    return CoverageSource.BPJS_LIST, Layout.of(header, BPJS_COLUMNS)


def period_of(name, source, first_row, layout, at_day):
    """First and last day a list speaks of: the month or day in its file name, else the month of its first row or today."""
    found = _PERIOD_IN_NAME.search(name)
    if found:
        year, month, day = (int(part) if part else None for part in found.groups())
        if day is None or source == CoverageSource.PBI_LIST:
            return month_of(year, month)
        try:
            return (date(year, month, day),) * 2
        except ValueError:
            raise Refused(
                _("The file name %(name)s does not hold a day. Name it bpjs-YYYYMMDD.csv.") % {"name": name},
                code="file_name",
            ) from None
    if source == CoverageSource.BPJS_LIST:
        return at_day, at_day
    try:
        *_rest, month, year = layout.values(first_row)
        return month_of(_year(year), _month(month))
    except Malformed:
        raise Refused(
            _(
                "The month of the list cannot be read, neither from its name nor from its first row. Name it pbi-YYYYMM.csv."
            ),
            code="file_name",
        ) from None


def month_of(year, month):
    return date(year, month, 1), date(year, month, calendar.monthrange(year, month)[1])


def reader(source, layout, period):
    """The function that turns a row (bytes without line end) into CSV without line number. It raises Malformed."""
    if source == CoverageSource.PBI_LIST:
        return Pbi(layout, period)
    return Bpjs(layout)


class Bpjs:
    def __init__(self, layout):
        self.layout = layout
        self.plain = layout.plain

    def __call__(self, line):
        if self.plain and _SOUND_BPJS(line):
            return line + b"\n"
        values = self.layout.values(line)
        card, nik, name, birth_date, segment, status, first, last = values
        fields = [
            *_who(card, nik, name),
            _date(birth_date) or "",
            _number(segment, LAST_SEGMENT, "BAD_SEGMENT"),
            _number(status, 99, "BAD_JKN_STATUS"),
            *_days(first, last),
        ]
        return _csv(fields)


class Pbi:
    """Rows of one month; the tail of a row (month and year) is judged once for each right way to write it."""

    def __init__(self, layout, period):
        self.layout = layout
        self.plain = layout.delimiter == ";" and layout.places == tuple(range(layout.width))
        self.period = period
        self.days = f"{period[0]},\n".encode()
        self.tails = set()

    def __call__(self, line):
        found = _SOUND_PBI(line) if self.plain else None
        if found and self._is_of_the_month(found[3]):
            return b"%b,,%b,0,%b" % (found[1].replace(b";", b","), _SEGMENT_BYTES[found[2]], self.days)
        values = self.layout.values(line)
        card, nik, name, segment, month, year = values
        if " ".join(segment.upper().split()) not in SEGMENTS:
            raise Malformed("BAD_SEGMENT", values)
        if month_of(_year(year), _month(month)) != self.period:
            raise Malformed("BAD_MONTH", values)
        return _csv([*_who(card, nik, name), "", SEGMENTS[" ".join(segment.upper().split())], 0, self.period[0], ""])

    def _is_of_the_month(self, tail):
        if tail in self.tails:
            return True
        month, year = tail.decode().split(";")
        try:
            fits = month_of(_year(year), _month(month)) == self.period
        except Malformed:
            return False
        if fits:
            self.tails.add(tail)
        return fits


def _who(card, nik, name):
    card, nik = identity(card), identity(nik)
    if is_scientific(nik):
        raise Malformed("NIK_SCIENTIFIC")
    if nik and not is_identity(nik):
        raise Malformed("NIK_NOT_16_DIGITS")
    if not card:
        raise Malformed("CARD_MISSING")
    if len(card) > LONGEST_CARD or len(name) > LONGEST_NAME:
        raise Malformed("TEXT_TOO_LONG")
    return card, nik, name


def _days(first, last):
    start, end = _date(first), _date(last)
    if start is None:
        raise Malformed("TMT_INVALID")
    if last and end is None:
        raise Malformed("TAT_INVALID")
    if end and end < start:
        raise Malformed("TAT_BEFORE_TMT")
    return start, end or ""


def _date(field):
    if not (field.isascii() and _DATE.fullmatch(field)):
        return None
    try:
        return date.fromisoformat(field)
    except ValueError:
        return None


def _number(field, largest, reason):
    if not (field.isascii() and field.isdigit() and len(field) <= 2 and int(field) <= largest):
        raise Malformed(reason)
    return int(field)


def _year(field):
    if not (field.isascii() and field.isdigit() and len(field) == 4 and field.startswith("20")):
        raise Malformed("BAD_MONTH")
    return int(field)


def _month(field):
    """1 to 12, or an Indonesian name or its first three letters."""
    word = field.strip().upper()
    if word.isascii() and word.isdigit() and len(word) <= 2 and 1 <= int(word) <= 12:
        return int(word)
    found = [number for number, month in enumerate(_MONTHS, 1) if word in (month, month[:3])]
    if not found and word not in _OTHER_SPELLINGS:
        raise Malformed("BAD_MONTH")
    return found[0] if found else _OTHER_SPELLINGS[word]


def _csv(fields):
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerow(fields)
    return text.getvalue().encode()
