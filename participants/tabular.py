"""Delimited text files of other offices: columns found by name, lines taken apart with care.

Nothing here guesses. A header that cannot be used refuses the whole file with a sentence (``Refused``); a line that cannot
be used is ``Malformed`` with a reason code of ``participants.reasons``.
"""

import csv
import re
from dataclasses import dataclass

from django.utils.translation import gettext as _

from ksb.core.errors import Refused

LONGEST_LINE = 4096
BYTE_ORDER_MARK = b"\xef\xbb\xbf"
NUMBER_OF_IDENTITY = re.compile(r"(?<!\d)\d{16}(?!\d)")
_SCIENTIFIC = re.compile(r"\d([.,]\d+)?E\+?\d+", re.IGNORECASE)
_EMPTY_WORDS = {"NULL", "\\N"}
_CONTROLS = re.compile(r"[\x00-\x1f\x7f\u2028\u2029]+")


class Malformed(Exception):
    """A line that is not taken. ``values`` are its fields as far as they could be read, for finding whom it speaks of."""

    def __init__(self, reason, values=None):
        super().__init__(reason)
        self.reason = reason
        self.values = values


@dataclass(frozen=True)
class Layout:
    """Where a file keeps the columns we want. ``plain`` is True when they come alone, in our order, divided by commas."""

    header: bytes
    columns: tuple[str, ...]
    delimiter: str
    places: tuple[int, ...]
    width: int

    @classmethod
    def of(cls, header, columns):
        """The layout told by the ``header`` line (bytes). Raises Refused with a sentence that names what is missing."""
        text = _header_text(header)
        delimiter = max(",;\t", key=text.count)
        names = [name.strip().strip('"').strip().upper() for name in text.strip().split(delimiter)]
        missing = [column for column in columns if column not in names]
        if missing:
            raise Refused(
                _("The file has no column %(columns)s. Columns are found by the names in the first line: %(all)s.")
                % {"columns": ", ".join(missing), "all": ", ".join(columns)},
                code="missing_column",
            )
        double = sorted({column for column in columns if names.count(column) > 1})
        if double:
            raise Refused(
                _("The column %(columns)s stands twice in the first line. Keep one of them.")
                % {"columns": ", ".join(double)},
                code="double_column",
            )
        return cls(header, tuple(columns), delimiter, tuple(names.index(c) for c in columns), len(names))

    @property
    def plain(self):
        return self.delimiter == "," and self.places == tuple(range(self.width))

    def values(self, line):
        """The wanted fields of ``line`` (bytes), trimmed, in the order of ``columns``. Raises Malformed."""
        if len(line) > LONGEST_LINE:
            raise Malformed("LINE_TOO_LONG")
        if b"\0" in line:
            raise Malformed("NUL_BYTE")
        try:
            text = line.decode().rstrip("\r\n")
        except UnicodeDecodeError:
            raise Malformed("BAD_ENCODING") from None
        if not text.strip():
            raise Malformed("EMPTY_LINE")
        try:
            fields = next(csv.reader([text], delimiter=self.delimiter, strict=True))
        except csv.Error:
            raise Malformed("BROKEN_QUOTES") from None
        if len(fields) != self.width:
            raise Malformed("COLUMN_COUNT")
        return [tidy(fields[place]) for place in self.places]


def _header_text(header):
    if not header.strip():
        raise Refused(_("The file is empty."), code="empty")
    if header.startswith(b"PK"):
        raise Refused(
            _("This is a spreadsheet or an archive. Save it as “CSV UTF-8” and send that file."), code="not_text"
        )
    if b"\0" in header:
        raise Refused(_("The file is written in UTF-16. Save it as “CSV UTF-8”."), code="encoding")
    try:
        return header.removeprefix(BYTE_ORDER_MARK).decode()
    except UnicodeDecodeError:
        raise Refused(
            _("The first line cannot be read: the file is not written in UTF-8. Save it as “CSV UTF-8”."),
            code="encoding",
        ) from None


def tidy(field):
    """A field without blanks around it and line ends within; what spreadsheets and databases write for "nothing" is nothing."""
    field = _CONTROLS.sub(" ", field).strip(" \u00a0\ufeff")
    return "" if field.upper() in _EMPTY_WORDS else field


def identity(field):
    """A NIK or KK number without the apostrophe by which spreadsheets keep it a text."""
    return field.lstrip("'’‘").strip()


def is_identity(field):
    return len(field) == 16 and field.isascii() and field.isdigit()


def is_scientific(field):
    """Whether a spreadsheet has turned the number into 3.27501E+15: its last digits are lost."""
    return _SCIENTIFIC.fullmatch(field) is not None


def as_received(line):
    """A raw line (bytes) as text that PostgreSQL can keep: bytes that are no text are written out as ``\\xNN``."""
    text = line[:LONGEST_LINE].decode(errors="backslashreplace").rstrip("\r\n")
    return text.replace("\0", "\\x00").replace("\r", "\\r")
