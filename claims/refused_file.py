"""The rows a hospital has to correct, as a file: every column as handed in, and behind them the reasons in words."""

from claims.enums import Severity
from claims.intake.columns import REASON
from claims.intake.result import refused_line
from ksb.core.tables import harmless

# Excel takes a file without this mark for the code page of the machine.
BYTE_ORDER_MARK = "\ufeff"


def refused_file(batch):
    """Tab-separated text of the rows of ``batch`` that were refused or blocked, in the order of the file, with a header.

    Only these need to be handed in again; the added column is ignored then. Cells cannot act as formulas.
    """
    rows = {}
    for row in batch.intake_rows.all():
        rows[row.line_number] = row.raw, [found.message for found in refused_line(row).findings]
    for claim in batch.claims.blocked().prefetch_related("findings"):
        refusing = [finding.message for finding in claim.findings.all() if finding.severity == Severity.REJECT]
        rows[claim.line_number] = claim.row, refusing
    names = batch.header.split("\t")
    lines = [[*names, REASON]]
    lines += [[*_cells(raw, len(names)), "; ".join(reasons)] for _line, (raw, reasons) in sorted(rows.items())]
    return BYTE_ORDER_MARK + "".join("\t".join(map(harmless, cells)) + "\r\n" for cells in lines)


def _cells(raw, width):
    """The cells of a row; one that was cut off is filled up, so that its reason stands in its own column."""
    cells = raw.split("\t")
    return cells + [""] * (width - len(cells))
