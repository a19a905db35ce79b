"""What a cell says, also after Excel had it: whole rupiah, days, codes, numbers with lost zeros.

Each reader returns the cell as e-Klaim writes it (its canonical text) or raises ValueError with a code of
``claims.rules.wording.DETAILS``: the hospital is told what to write instead. Canonical text comes back unchanged.
"""

import datetime
import re
from functools import lru_cache

EMPTY = frozenset(("", "-", "NONE", "NULL"))
MOST_DIGITS = 15
_ROUNDED = re.compile(r"[+-]?\d([.,]\d+)?E[+-]?\d+", re.IGNORECASE)
_GROUPED = re.compile(r"\d{1,3}([.,\s])\d{3}(\1\d{3})*")
_MONEY_FRAME = re.compile(r"^(rp\.?|idr)\s*|[.,](0{1,2}|-)$", re.IGNORECASE)
_DAY = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})", re.ASCII)
_ISO_DAY = re.compile(r"(\d{4})[/.-](\d{1,2})[/.-](\d{1,2})", re.ASCII)
_CLOCK = re.compile(r"[T\s]+\d{1,2}[:.]\d{2}([:.]\d{2})?(\.\d+)?$")
_SERIAL = re.compile(r"(\d{5})([.,]\d+)?", re.ASCII)
_EXCEL_EPOCH = datetime.date(1899, 12, 30)
_EARLIEST = datetime.date(1900, 1, 1)
_LATEST = datetime.date(2200, 1, 1)
_SJP = re.compile(r"0*(\d{1,6})/SJP/(\d+)/([IVX]+)/(\d{4})", re.ASCII)
_CODER = re.compile(r"([^;]*);[^;]*;(.*)")
_CODER_NIK = re.compile(r";\s*\d{15,16}\s*;")
# What Excel must not read as a formula carries an apostrophe in front.
_TEXT_MARK = "'"


def plain(cell):
    """The cell without what surrounds it: spaces, and the apostrophe that keeps Excel from reading a formula."""
    return cell.strip().removeprefix(_TEXT_MARK).strip()


def is_empty(text):
    return text.upper() in EMPTY


def required(cell):
    """A text that must be there."""
    text = plain(cell)
    if is_empty(text):
        raise ValueError("missing")
    return text


def whole(cell):
    """A count (LOS, age in days), never negative."""
    text = re.sub(r"[.,]0+$", "", required(cell))
    if not (text.isascii() and text.isdigit()) or len(text) > 9:
        raise ValueError("whole")
    return str(int(text))


def choice(*allowed):
    """A reader of one of a few codes (class, care type, sex, manner of discharge)."""

    def read(cell):
        text = re.sub(r"[.,]0+$", "", required(cell))
        if text not in allowed:
            raise ValueError("choice")
        return text

    return read


def money(cell):
    """Whole rupiah. Empty and ``-`` are nothing."""
    text = plain(cell)
    if is_empty(text):
        return "0"
    if _ROUNDED.fullmatch(text):
        raise ValueError("rounded")
    text = _MONEY_FRAME.sub("", text).strip()
    if _GROUPED.fullmatch(text):
        text = re.sub(r"[.,\s]", "", text)
    if not (text.isascii() and text.isdigit()) or len(text.lstrip("0")) > MOST_DIGITS:
        raise ValueError("money")
    return text.lstrip("0") or "0"


@lru_cache(maxsize=65536)
def day(cell):
    """``dd/mm/yyyy`` as exported; also ``yyyy-mm-dd``, other separators, a clock behind it, or Excel's serial number."""
    text = required(cell)
    if text.startswith("0000"):
        raise ValueError("missing")
    text = _CLOCK.sub("", text)
    try:
        if found := _DAY.fullmatch(text):
            value = datetime.date(int(found[3]), int(found[2]), int(found[1]))
        elif found := _ISO_DAY.fullmatch(text):
            value = datetime.date(int(found[1]), int(found[2]), int(found[3]))
        elif found := _SERIAL.fullmatch(text):
            value = _EXCEL_EPOCH + datetime.timedelta(days=int(found[1]))
        else:
            raise ValueError("day")
    except ValueError as error:
        raise ValueError("day") from error
    if not _EARLIEST <= value <= _LATEST:
        raise ValueError("day")
    return f"{value:%d/%m/%Y}"


def codes(dot_after, *, required=False):
    """A reader of a code list: ``A099; e86`` -> ``A09.9;E86``, primary first. The dot is put where a list left it out."""

    def read(cell):
        found = [_code(part, dot_after) for part in re.split(r"[;#]", plain(cell)) if not is_empty(part.strip())]
        if required and not found:
            raise ValueError("missing")
        return ";".join(found) or "-"

    return read


@lru_cache(maxsize=16384)
def _code(text, dot_after):
    # "39.95+2" says that the procedure was done twice.
    code = re.sub(r"\+.*$", "", text).strip().upper()
    if "." not in code and len(code) > dot_after:
        code = f"{code[:dot_after]}.{code[dot_after:]}"
    return code[:8]


def reference(cell):
    """The number of the SEP column as our letters are numbered: no spaces, capitals, leading zeros put back."""
    text = re.sub(r"\s+", "", plain(cell)).upper()
    if is_empty(text):
        return ""
    if found := _SJP.fullmatch(text):
        return f"{int(found[1]):06d}/SJP/{found[2]}/{found[3]}/{found[4]}"
    return text[:40]


def hospital_code(cell):
    """Seven digits, also where Excel took the zeros in front or added decimals."""
    text = re.sub(r"[.,]0+$", "", plain(cell))
    return text.zfill(7) if text.isascii() and text.isdigit() else text.upper()


@lru_cache(maxsize=1024)
def payor(cell):
    """``5;001``, ``00005;001`` and ``5;1`` are one payor, written ``5;1``."""
    parts = [part.strip().upper() for part in required(cell).split(";")]
    return ";".join(part.lstrip("0") or "0" if part.isdigit() else part for part in parts)


def without_coder_nik(line):
    """A line that cannot be taken apart, without what looks like the coder's NIK."""
    return _CODER_NIK.sub(";;", line)


def card(cell):
    """NOKARTU without spaces and points. What Excel rounded stays as Excel left it (``3.27E+15`` -> ``327E+15``)."""
    return re.sub(r"[\s.,\-']", "", plain(cell)).upper()[:20]


def coder(cell):
    """``Name;NIK;username`` of the coder without the NIK: nothing in claims needs it."""
    return _CODER.sub(r"\1;;\2", cell)
