"""From the bytes of an upload to rows of cells. Files are refused only when no row of them could be understood.

Hospitals export from e-Klaim (tabs, no quotes, any line end), or open that export in Excel and save it again (quotes,
semicolons or commas, UTF-16, empty columns and lines at the end). Both are read; cells come back as text.
"""

import codecs
import csv
import hashlib
import re
from dataclasses import dataclass
from functools import cached_property

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from claims.intake.columns import KNOWN, absent
from ksb.core.errors import Refused

LARGEST = 64 * 1024 * 1024
MOST_ROWS = 100_000
SEPARATORS = "\t;,|"
_UTF16_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
# Tab, line ends, form feed and the Ctrl-Z of DOS are text; other control bytes say that this is something else.
_CONTROL = bytes({*range(32), 0x7F} - set(b"\t\n\f\r\x1a"))


@dataclass(frozen=True)
class EklaimFile:
    """A readable file. ``columns`` maps the name of a known column to its place; ``width`` is the length of the header.

    ``lines`` are pairs of number (the header is line 1) and text of every line that holds something. A line is never
    joined with the next, whatever its quotes say.
    """

    content: bytes
    sha256: str
    separator: str
    names: list
    columns: dict
    lines: list

    @property
    def width(self):
        return len(self.names)

    @cached_property
    def split(self):
        """Function from a line to its cells."""
        return _splitter(self.separator)


def read(content):
    """Understand the bytes of an upload. Returns an EklaimFile; raises Refused saying what is wrong and what to do."""
    lines = [(n, line) for n, line in enumerate(_lines(_text(content)), start=1) if line.strip(" \t;,|\x1a")]
    if not lines:
        raise Refused(_("The file is empty. Export the claims from e-Klaim again."))
    header, lines = lines[0][1], lines[1:]
    separator = max(SEPARATORS, key=lambda mark: len(KNOWN.intersection(_names(header, mark))))
    names = _names(header, separator)
    _check_header(names)
    if not lines:
        raise Refused(_("The file has a header but no claim below it."))
    if len(lines) > MOST_ROWS:
        raise Refused(
            _("The file has more than %(most)d rows. Split it and hand the parts in one by one.") % {"most": MOST_ROWS}
        )
    return EklaimFile(
        content=content,
        sha256=hashlib.sha256(content).hexdigest(),
        separator=separator,
        names=names,
        columns={name: place for place, name in enumerate(names) if name in KNOWN},
        lines=lines,
    )


def _text(content):
    if len(content) > LARGEST:
        raise Refused(_("The file is larger than %(most)d MB. Split it.") % {"most": LARGEST // 1024 // 1024})
    if content.startswith(_WORKBOOKS):
        raise Refused(
            _(
                "This is an Excel workbook. Hand in the TXT file as e-Klaim exports it, or save the sheet as "
                "“Text (Tab delimited)”."
            )
        )
    if content.startswith(_UTF16_MARKS):
        try:
            return _clean(content.decode("utf-16"))
        except UnicodeDecodeError as error:
            raise _not_text() from error
    if len(content.translate(None, _CONTROL)) != len(content):
        raise _not_text()
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        # One stray byte must not spoil the names in all other lines.
        return "\n".join(_line_text(line) for line in _lines(content.removeprefix(codecs.BOM_UTF8), b"\r", b"\n"))


def _lines(text, carriage_return="\r", line_feed="\n"):
    """Lines of a text or of bytes, whichever of the three line ends it uses. Nothing else ends a line."""
    return text.replace(carriage_return + line_feed, line_feed).replace(carriage_return, line_feed).split(line_feed)


def _clean(text):
    if "\x00" in text:
        raise _not_text()
    return text.removeprefix("\N{ZERO WIDTH NO-BREAK SPACE}")


def _line_text(line):
    try:
        return line.decode("utf-8")
    except UnicodeDecodeError:
        return line.decode("latin-1")


def _not_text():
    return Refused(
        _("This is not a text file: it holds bytes no claim can hold. Hand in the TXT file as e-Klaim exports it.")
    )


def _names(header, separator):
    names = [name.strip().strip('"').strip().upper().replace(" ", "_") for name in header.split(separator)]
    while names and not names[-1]:
        names.pop()
    return names


def _check_header(names):
    if len(KNOWN.intersection(names)) < 10:
        raise Refused(
            _(
                "The first line does not name the columns of an e-Klaim file (KODE_RS, KELAS_RS, …). "
                "Export the file with its header."
            )
        )
    missing = absent(names)
    if missing:
        raise Refused(
            ngettext(
                "A column of the e-Klaim file is missing: %(names)s. Export the file again.",
                "Columns of the e-Klaim file are missing: %(names)s. Export the file again.",
                len(missing),
            )
            % {"names": ", ".join(missing)}
        )
    twice = sorted({name for name in names if name in KNOWN and names.count(name) > 1})
    if twice:
        raise Refused(_("The header names a column twice: %(names)s.") % {"names": ", ".join(twice)})


def _splitter(separator):
    """A function from a line to its cells. Quotes count only where they close: a lone one is part of a name."""
    opening = re.compile(rf'(^|{re.escape(separator)})\s*"')

    def split(line):
        if '"' in line and opening.search(line):
            try:
                return next(csv.reader([line], delimiter=separator, strict=True, skipinitialspace=True))
            except csv.Error:
                pass
        return line.split(separator)

    return split
