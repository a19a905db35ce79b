"""The rows a hospital has to correct, as a file: every column as handed in, which row it is, and the reasons in words."""

from claims.enums import Severity
from claims.intake.columns import ORIGIN, REASON
from claims.intake.result import refused_line
from ksb.core.tables import harmless

# Excel takes a file without this mark for the code page of the machine.
BYTE_ORDER_MARK = "\ufeff"


def refused_file(batch):
    """Tab-separated text of the rows of ``batch`` that were refused or blocked, in their order, with a header.

    Only these need to be handed in again: ``BARIS_ASAL`` then says which row a corrected one replaces, the reasons are
    ignored. Cells cannot act as formulas. Claims entered by hand are corrected on the screen.
    """
    rows = {}
    for row in batch.intake_rows.refused():
        rows[row.line_number] = row.raw, [found.message for found in refused_line(row).findings]
    for claim in batch.claims.blocked().exclude(row="").prefetch_related("findings"):
        refusing = [finding.message for finding in claim.findings.all() if finding.severity == Severity.REJECT]
        rows[claim.line_number] = claim.row, refusing
    files = batch.known_files()
    names = list(dict.fromkeys(name for file in reversed(files) for name in file.names))
    lines = [[*names, ORIGIN, REASON]]
    for line, (raw, reasons) in sorted(rows.items()):
        file = next(file for file in files if file.offset < line)
        lines.append([*_cells(file, raw, names), f"{batch.number}#{line}", "; ".join(reasons)])
    return BYTE_ORDER_MARK + "".join("\t".join(map(harmless, cells)) + "\r\n" for cells in lines)


def _cells(file, raw, names):
    """The cells of a row in the order of ``names``; what was cut off, or was no column of its file, stays empty."""
    cells = dict(zip(file.names, raw.split("\t"), strict=False))
    return [cells.get(name, "") for name in names]
