"""What a cell says, also after Excel had it: whole rupiah, days, codes, numbers with lost zeros.

Each reader returns the value or raises ValueError with a code of ``claims.rules.wording.REMEDIES``: the hospital is told
what to write instead.
"""

import datetime
import re
from functools import lru_cache

EMPTY = frozenset(("", "-", "None", "NONE", "none", "NULL", "null"))
MOST_DIGITS = 15
_ROUNDED = re.compile(r"[+-]?\d([.,]\d+)?E[+-]?\d+", re.IGNORECASE)
_GROUPED = re.compile(r"\d{1,3}([.,\s])\d{3}(\1\d{3})*")
_MONEY_FRAME = re.compile(r"^(rp\.?|idr)\s*|[.,](0{1,2}|-)$", re.IGNORECASE)
_DAY = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})")
_ISO_DAY = re.compile(r"(\d{4})[/.-](\d{1,2})[/.-](\d{1,2})")
_CLOCK = re.compile(r"[T\s]+\d{1,2}[:.]\d{2}([:.]\d{2})?(\.\d+)?$")
_SERIAL = re.compile(r"(\d{5})([.,]\d+)?")
_EXCEL_EPOCH = datetime.date(1899, 12, 30)
_EARLIEST = datetime.date(1900, 1, 1)
_LATEST = datetime.date(2200, 1, 1)
_SJP = re.compile(r"0*(\d{1,6})/SJP/(\d+)/([IVX]+)/(\d{4})")
_FOREIGN_QUOTE = "'"
# The NIK inside CODER_ID, wherever a line that cannot be split holds it.
CODER_NIK = re.compile(r";\s*\d{15,16}\s*;")


def plain(cell):
    """The cell without what surrounds it: spaces, and the apostrophe that keeps Excel from reading a formula."""
    return cell.strip().removeprefix(_FOREIGN_QUOTE).strip()


def whole(cell):
    """A count (LOS, age in days, class, sex ...), never negative."""
    if cell.isascii() and cell.isdigit() and len(cell) < 10:
        return int(cell)
    text = plain(cell)
    if text in EMPTY:
        raise ValueError("missing")
    text = re.sub(r"[.,]0+$", "", text)
    if text.isascii() and text.isdigit() and len(text) < 10:
        return int(text)
    raise ValueError("whole")


def money(cell):
    """Whole rupiah. Empty and ``-`` are nothing."""
    if cell.isascii() and cell.isdigit() and len(cell) <= MOST_DIGITS:
        return int(cell)
    text = plain(cell)
    if text in EMPTY:
        return 0
    if _ROUNDED.fullmatch(text):
        raise ValueError("rounded")
    text = _MONEY_FRAME.sub("", text).strip()
    if _GROUPED.fullmatch(text):
        text = re.sub(r"[.,\s]", "", text)
    if not (text.isascii() and text.isdigit()) or len(text.lstrip("0")) > MOST_DIGITS:
        raise ValueError("money")
    return int(text)


@lru_cache(maxsize=65536)
def day(cell):
    """``dd/mm/yyyy`` as exported; also ``yyyy-mm-dd``, other separators, a clock behind it, or Excel's serial number."""
    text = plain(cell)
    if text in EMPTY or text.startswith("0000"):
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
    return value


def codes(cell, dot_after):
    """``A09.9;E86`` -> ``["A09.9", "E86"]``, primary first, each once. The dot is put where a list left it out."""
    text = plain(cell)
    if text in EMPTY:
        return []
    return list(dict.fromkeys(_code(part, dot_after) for part in re.split(r"[;#]", text) if part.strip(" -")))


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
    if text in EMPTY:
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
    """``5;001``, ``00005;001`` and ``5;1`` are one payor: compare what this returns."""
    parts = [part.strip().upper() for part in plain(cell).split(";")]
    return tuple(part.lstrip("0") or "0" if part.isdigit() else part for part in parts)


def without_coder(cell):
    """``Name;NIK;username`` of the coder without the NIK: nothing in claims needs it."""
    name, _separator, rest = cell.partition(";")
    return f"{name};;{rest.partition(';')[2]}" if rest else name
