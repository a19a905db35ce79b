"""Tables as offices send them: CSV with any usual delimiter, or XLSX; columns are matched by name, not by place."""

import csv
from pathlib import Path

from django.utils.translation import gettext as _

from ksb.core.errors import Refused


def read_table(path, *, required, aliases=None):
    """Yield ``(line number, {column: text})`` for each row of a CSV or XLSX file.

    ``required`` columns must be in the header (any case, spaces or underscores); ``aliases`` maps other names to ours.
    Raises Refused with a sentence when the file cannot be read or a column is missing.
    """
    path = Path(path)
    lines = _xlsx(path) if path.suffix.lower() == ".xlsx" else _csv(path)
    header = next(lines, None)
    if header is None:
        raise Refused(_("%(file)s is empty.") % {"file": path.name})
    names = {_plain(k): v for k, v in (aliases or {}).items()}
    columns = [names.get(_plain(cell), _plain(cell)) for cell in header]
    missing = [name for name in required if name not in columns]
    if missing:
        raise Refused(_("Column missing in %(file)s: %(names)s.") % {"file": path.name, "names": ", ".join(missing)})
    for number, cells in enumerate(lines, start=2):
        if any(cells):
            yield number, dict(zip(columns, cells, strict=False))


def _plain(name):
    return name.strip().lower().replace(" ", "_")


def _csv(path):
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            first = file.readline()
            file.seek(0)
            delimiter = max(",;\t|", key=first.count)
            for row in csv.reader(file, delimiter=delimiter):
                yield [cell.strip() for cell in row]
    except UnicodeDecodeError as error:
        raise Refused(_("%(file)s is not UTF-8 text. Save it as “CSV UTF-8”.") % {"file": path.name}) from error
    except (csv.Error, OSError) as error:
        raise Refused(_("%(file)s cannot be read: %(error)s.") % {"file": path.name, "error": error}) from error


def _xlsx(path):
    import openpyxl

    try:
        book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    except Exception as error:  # openpyxl raises whatever the broken archive inside makes it raise
        raise Refused(_("%(file)s is not a readable XLSX file.") % {"file": path.name}) from error
    for row in book.active.iter_rows(values_only=True):
        yield [_text(cell) for cell in row]


def _text(cell):
    """A spreadsheet keeps 15 digits of a number: what is longer is shown as rounded, so that nobody takes it for a NIK."""
    if cell is None:
        return ""
    if isinstance(cell, int | float) and abs(cell) >= 10**15:
        return f"{cell:.14e}"
    return str(cell).strip()


def harmless(cell):
    """A cell for a file that somebody opens in a spreadsheet: text that would act as a formula is marked as text."""
    cell = str(cell).replace("\t", " ").replace("\r", " ").replace("\n", " ")
    formula = cell.startswith(("=", "+", "@")) or (cell.startswith("-") and len(cell) > 1)
    return f"'{cell}" if formula else cell
