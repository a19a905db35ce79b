"""What a rule is: a record with one condition. The same condition runs over one claim or ten thousand."""

import datetime
from dataclasses import dataclass, field
from string import Template

from claims.enums import Severity


@dataclass(frozen=True, kw_only=True)
class Threshold:
    """A whole number of a rule that Dinkes may change: its ``label``, the value in the code, and what it may be."""

    name: str
    label: str
    value: int
    least: int = 0
    most: int = 10_000


@dataclass(frozen=True, kw_only=True)
class Version:
    """How a rule is applied to services from ``starts`` (None: always) until the day before ``ends`` (None: for ever)."""

    active: bool
    severity: str
    thresholds: dict = field(default_factory=dict)
    starts: datetime.date | None = None
    ends: datetime.date | None = None


@dataclass(frozen=True, kw_only=True)
class Rule:
    """One row of the catalogue.

    ``message`` is an English msgid whose placeholders are keys of the evidence; ``source`` names the regulation or practice.
    ``when`` is SQL over the facts of a claim (alias ``f``, see ``claims.rules.facts``), ``via`` joins it needs beside them,
    ``first`` which of several joined rows is the evidence, ``evidence`` an SQL expression of type jsonb. ``softer`` is SQL for
    when a refusing rule only asks for a decision. ``money`` names the amounts in the evidence. In any of the SQL ``$name``
    stands for a Threshold. A ``fixed`` rule guards the sums themselves: nobody switches it off.
    """

    code: str
    severity: Severity
    message: str
    source: str
    when: str = ""
    via: str = ""
    first: str = ""
    evidence: str = "'{}'::jsonb"
    softer: str = ""
    money: tuple = ()
    thresholds: tuple = ()
    fixed: bool = False

    @property
    def default(self):
        """The Version written in the code."""
        values = {threshold.name: threshold.value for threshold in self.thresholds}
        return Version(active=True, severity=self.severity.value, thresholds=values)

    @property
    def spoken(self):
        """The message with its placeholders as [words], in the active language."""
        return str(self.message).replace("%(", "[").replace(")s", "]").replace("%%", "%")

    def select(self, version):
        """SELECT of this rule's findings on all claims of the facts table: claim, rule, severity, evidence."""
        severity = f"'{version.severity}'"
        if self.softer and version.severity == Severity.REJECT:
            severity = f"CASE WHEN {self.softer} THEN 'P' ELSE 'R' END"
        first = f"ORDER BY f.id, {self.first}" if self.first else ""
        days = "".join(
            f" AND f.admitted_on {sign} DATE '{day:%Y-%m-%d}'"
            for sign, day in ((">=", version.starts), ("<", version.ends))
            if day
        )
        text = f"""(SELECT {"DISTINCT ON (f.id) " if first else ""}f.id, '{self.code}', {severity}, {self.evidence}
              FROM claim_facts f {self.via} WHERE ({self.when}){days} {first})"""
        if not self.thresholds:
            return text
        numbers = {threshold.name: threshold.value for threshold in self.thresholds} | version.thresholds
        return Template(text).safe_substitute({name: int(number) for name, number in numbers.items()})
