"""What a rule is: a record with one condition. The same condition runs over one claim or ten thousand."""

from dataclasses import dataclass

from claims.enums import Severity


@dataclass(frozen=True, kw_only=True)
class Rule:
    """One row of the catalogue.

    ``message`` is an English msgid whose placeholders are keys of the evidence; ``source`` names the regulation or practice.
    ``when`` is SQL over the facts of a claim (alias ``f``, see ``claims.rules.facts``), ``via`` joins it needs beside them,
    ``first`` which of several joined rows is the evidence, ``evidence`` an SQL expression of type jsonb. ``softer`` is SQL for
    when a refusing rule only asks for a decision. ``money`` names the amounts in the evidence.
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

    def select(self):
        """SELECT of this rule's findings on all claims of the facts table: claim, rule, severity, evidence."""
        severity = (
            f"CASE WHEN {self.softer} THEN 'P' ELSE '{self.severity}' END" if self.softer else f"'{self.severity}'"
        )
        first = f"ORDER BY f.id, {self.first}" if self.first else ""
        return f"""(SELECT {"DISTINCT ON (f.id) " if first else ""}f.id, '{self.code}', {severity}, {self.evidence}
              FROM claim_facts f {self.via} WHERE {self.when} {first})"""
