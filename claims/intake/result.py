"""What became of a file: counts, findings by rule, and every line with what was found on it."""

from collections import Counter
from dataclasses import dataclass, field, replace

from django.db.models import Count, Q, Sum

from claims.enums import ClaimState, RowStatus, Severity
from claims.models import BatchFile, Claim, ClaimBatch, Finding, IntakeRow
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
    """``accepted + refused == rows`` of this file. Refused are rows that are no claim and claims a rule blocks; ``batch`` is
    None when nothing was stored (dry run, or no row could become a claim). ``claimed`` is the rupiah of its accepted rows;
    ``replaced`` rows are new versions; ``repeats`` maps rows that repeat a claim of the batch to its key.
    """

    batch: ClaimBatch | None
    file_name: str
    rows: int
    accepted: int
    refused: int
    blocked: int
    claimed: int
    kept_lines: list | None = None
    file: BatchFile | None = None
    repeats: dict = field(default_factory=dict)
    replaced: int = 0

    @property
    def unchanged(self):
        return len(self.repeats)

    @property
    def lines(self):
        """Every Line in the order of the file. Read from the database when the file was stored."""
        return lines_of(self.file, self.repeats) if self.kept_lines is None else self.kept_lines

    def by_rule(self):
        """Number of findings by rule code."""
        return Counter(found.rule for line in self.lines for found in line.findings)


def refused_line(row):
    """Line of a Refusal or an IntakeRow."""
    number = row.line_number if isinstance(row, IntakeRow) else row.line
    findings = tuple(Found(**found) for found in row.findings)
    return Line(number, row.reference, RowStatus.REFUSED, "", "", None, findings)


def counts_of(file, repeats):
    """``(blocked, rupiah of the others, new versions)`` of the claims of a stored file, repeated ones included."""
    span = Q(batch=file.batch_id, line_number__range=_span(file))
    claims = Claim.objects.filter(span | Q(pk__in=repeats.values()))
    blocked = Q(state=ClaimState.BLOCKED)
    counted = claims.aggregate(
        blocked=Count("pk", filter=blocked),
        claimed=Sum("claimed", filter=~blocked, default=0),
        replaced=Count("pk", filter=Q(replaces__isnull=False) & span),
    )
    return counted["blocked"], counted["claimed"], counted["replaced"]


def _span(file):
    return file.offset + 1, file.offset + file.last_line


def lines_of(file, repeats):
    """Every Line of a stored file. ``repeats`` maps lines that repeat a claim to its key."""
    span = {"batch": file.batch_id, "line_number__range": _span(file)}
    claims = Claim.objects.filter(**span)
    lines = [_claim_line(claim, found, claim[1] - file.offset) for claim, found in _with_findings(claims)]
    repeated = {
        claim[0]: (claim, found) for claim, found in _with_findings(Claim.objects.filter(pk__in=repeats.values()))
    }
    lines += [_claim_line(*repeated[pk], line) for line, pk in repeats.items()]
    refused = IntakeRow.objects.filter(**span)
    lines += [replace(refused_line(row), line=row.line_number - file.offset) for row in refused]
    return sorted(lines, key=lambda line: line.line)


def _with_findings(claims):
    """Pairs of the columns of each claim and its findings: two queries."""
    found = {}
    rows = Finding.objects.filter(claim__in=claims).order_by("claim_id", "id")
    for claim_id, rule, severity, evidence in rows.values_list("claim_id", "rule", "severity", "evidence"):
        found.setdefault(claim_id, []).append(Found(rule, severity, evidence))
    columns = claims.order_by("line_number").values_list(
        "pk", "line_number", "reference", "state", "patient_name", "claimed"
    )
    return [(claim, tuple(found.get(claim[0], ()))) for claim in columns]


def _claim_line(claim, found, line):
    _pk, _number, reference, state, patient_name, claimed = claim
    status = RowStatus.REFUSED if state == ClaimState.BLOCKED else RowStatus.ACCEPTED
    return Line(line, reference, status, state, patient_name, claimed, found)
