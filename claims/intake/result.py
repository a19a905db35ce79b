"""What became of a file: counts, findings by rule, and every line with what was found on it."""

from collections import Counter
from dataclasses import dataclass

from claims.enums import ClaimState, RowStatus, Severity
from claims.models import ClaimBatch, Finding, IntakeRow
from claims.rules.wording import sentence


@dataclass(frozen=True)
class Found:
    """One finding on one line."""

    rule: str
    severity: str
    evidence: dict

    @property
    def message(self):
        """The finding in words, in the active language."""
        return sentence(self.rule, self.evidence)

    # An override needs a stored claim; the template that shows findings asks for its reason.
    override_reason = ""

    @property
    def severity_label(self):
        return Severity(self.severity)


@dataclass(frozen=True)
class Line:
    """One row of the file. ``status`` is REFUSED when a refusing rule hit; ``state`` is the claim's, empty without a claim."""

    line: int
    sep: str
    status: str
    state: str
    patient_name: str
    claimed: int | None
    findings: tuple

    @property
    def status_label(self):
        return RowStatus(self.status)


@dataclass(frozen=True)
class IntakeResult:
    """``accepted + refused == rows``. Refused are rows that are no claim and claims a rule blocks; ``batch`` is None when
    nothing was stored (dry run, or no row could become a claim).
    """

    batch: ClaimBatch | None
    file_name: str
    rows: int
    accepted: int
    refused: int
    blocked: int
    claimed: int
    kept_lines: list | None = None

    @property
    def lines(self):
        """Every Line in the order of the file. Read from the database when the batch was stored."""
        return lines_of(self.batch) if self.kept_lines is None else self.kept_lines

    def by_rule(self):
        """Number of findings by rule code."""
        return Counter(found.rule for line in self.lines for found in line.findings)


def refused_line(row):
    """Line of a Refusal or an IntakeRow."""
    number = row.line_number if isinstance(row, IntakeRow) else row.line
    findings = tuple(Found(**found) for found in row.findings)
    return Line(number, row.reference, RowStatus.REFUSED, "", "", None, findings)


def lines_of(batch):
    """Every Line of a stored batch: two queries and the refused rows."""
    found = {}
    rows = Finding.objects.filter(claim__batch=batch).order_by("claim_id", "id")
    for claim_id, rule, severity, evidence in rows.values_list("claim_id", "rule", "severity", "evidence"):
        found.setdefault(claim_id, []).append(Found(rule, severity, evidence))
    claims = batch.claims.order_by("line_number").values_list(
        "pk", "line_number", "reference", "state", "patient_name", "claimed"
    )
    lines = [
        Line(
            number,
            reference,
            RowStatus.REFUSED if state == ClaimState.BLOCKED else RowStatus.ACCEPTED,
            state,
            patient_name,
            claimed,
            tuple(found.get(pk, ())),
        )
        for pk, number, reference, state, patient_name, claimed in claims
    ]
    lines += [refused_line(row) for row in batch.intake_rows.order_by("line_number")]
    return sorted(lines, key=lambda line: line.line)
