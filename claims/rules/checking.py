"""Runs the catalogue over claims: every rule on every claim, in one statement, whether for one claim or for ten thousand."""

from django.db import connection, transaction

from claims.rules.catalogue import ON_CLAIMS
from claims.rules.facts import gather
from claims.rules.settings import versions, versions_of

UNDECIDED = "c.decided_at IS NULL AND c.state <> 'WITHDRAWN'"
# What was withdrawn or replaced by a corrected row keeps the findings it had.
BATCH = "c.batch_id = %(batch)s AND c.state <> 'WITHDRAWN'"
CLAIMS = "c.id = ANY (%(claims)s)"
_JUDGE = """
    WITH judged AS (
        INSERT INTO claims_finding (claim_id, rule, severity, evidence, override_reason)
        SELECT id, rule, severity, evidence, ''
          FROM ({found}) AS found (id, rule, severity, evidence)
        ON CONFLICT (claim_id, rule) DO NOTHING
        RETURNING claim_id, severity)
    SELECT DISTINCT claim_id FROM judged WHERE severity = 'R'"""


def check_batch(batch, *, on, undecided=False):
    """Judge every claim of ``batch`` as of the day ``on``: all rules are tried on all claims, and the findings stored.

    ``undecided`` leaves out what somebody has decided on or taken back: its findings stay as they were then. Returns the ids of
    the claims a rule refuses. A refusal that a person has overridden does not count.
    """
    return _check(f"{BATCH} AND {UNDECIDED}" if undecided else BATCH, {"batch": batch.pk}, on)


def check_claim(claim, *, on):
    """The same for one claim. Returns whether a rule refuses it."""
    return bool(_check(CLAIMS, {"claims": [claim.pk]}, on))


def _check(scope, values, on):
    """Findings that a person has overridden stay as they are; all others are found anew."""
    with transaction.atomic():
        gather(scope, values)
        with connection.cursor() as cursor:
            cursor.execute(
                """DELETE FROM claims_finding x USING claim_facts f
                    WHERE x.claim_id = f.id AND x.overridden_at IS NULL"""
            )
            cursor.execute(_JUDGE.replace("{found}", _rules()), {"today": on})
            return [claim for (claim,) in cursor.fetchall()]


def _rules():
    """Every rule as it is applied, for each period of its settings: one SELECT after the other."""
    settings = versions()
    applied = (
        rule.select(version)
        for rule in ON_CLAIMS
        for version in versions_of(rule, settings.get(rule.code, []))
        if version.active
    )
    return " UNION ALL ".join(applied)
