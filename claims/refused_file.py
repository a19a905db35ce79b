"""The rows a hospital has to correct, as a file: every column as handed in, and behind them the reasons in words."""

from claims.enums import ClaimState
from claims.intake.result import refused_line
from claims.rules.wording import sentence
from ksb.core.tables import harmless

REASON = "ALASAN"


def refused_file(batch):
    """Tab-separated text of the rows of ``batch`` that were refused or blocked, in the order of the file, with a header.

    Only these need to be handed in again; the added column is ignored then. Cells cannot act as formulas.
    """
    rows = {row.line_number: (row.raw, _reasons(refused_line(row).findings)) for row in batch.intake_rows.all()}
    blocked = batch.claims.filter(state=ClaimState.BLOCKED).prefetch_related("findings")
    for claim in blocked:
        found = [sentence(f.rule, f.evidence) for f in claim.findings.all() if f.severity == "R"]
        rows[claim.line_number] = (claim.row, "; ".join(found))
    lines = [f"{batch.header}\t{REASON}"]
    for _number, (raw, reason) in sorted(rows.items()):
        cells = [harmless(cell) for cell in [*raw.rstrip("\r\n").split("\t"), reason]]
        lines.append("\t".join(cells))
    return "\r\n".join(lines) + "\r\n"


def _reasons(findings):
    return "; ".join(found.message for found in findings)
