"""The proof of the ledger: every total once more, from the entries and from claims, letters and payments themselves.

One SQL statement a sentence; each yields what is kept and what was recomputed. ``manage.py check_ledger`` prints them, the
night keeps the outcome, and the page of the budget shows when that was.
"""

from collections import defaultdict
from dataclasses import dataclass

from django.db import connection
from django.db.models import Sum

from budget.ledger import TOTAL, TOTALS
from budget.models import BudgetLine, LedgerEntry
from ksb.core.models import Job

JOB = "check_ledger"


@dataclass(frozen=True)
class Difference:
    """``what`` is compared, ``key`` of the row that does not agree, both amounts in rupiah."""

    what: str
    key: int
    kept: int
    recomputed: int


# Each returns (key, kept, recomputed) of what differs.
SOURCES = {
    "commitment of a claim": """
        SELECT c.id, coalesce(e.sum, 0), CASE WHEN c.state IN ('APPROVED', 'PARTLY_APPROVED', 'DISPUTED', 'PAID')
                    THEN coalesce(c.approved, 0) ELSE 0 END
          FROM claims_claim c
          LEFT JOIN (SELECT claim_id, sum(CASE kind WHEN 'UNCOMMIT' THEN -amount ELSE amount END) AS sum
                       FROM budget_ledgerentry WHERE kind IN ('COMMIT', 'UNCOMMIT', 'DEBT') GROUP BY claim_id) e
            ON e.claim_id = c.id
         WHERE coalesce(e.sum, 0)
            <> CASE WHEN c.state IN ('APPROVED', 'PARTLY_APPROVED', 'DISPUTED', 'PAID')
                    THEN coalesce(c.approved, 0) ELSE 0 END""",
    "funding sources of an entry": """
        SELECT e.id, e.amount, coalesce(own.sum, 0)
          FROM budget_ledgerentry e
         CROSS JOIN LATERAL (SELECT sum(value::bigint) FROM jsonb_each_text(e.sources)) own (sum)
         WHERE e.sources IS NOT NULL AND e.amount <> coalesce(own.sum, 0)""",
    "reservation of a letter": """
        SELECT s.id, sum(CASE e.kind WHEN 'RESERVE' THEN e.amount ELSE -e.amount END), 0
          FROM budget_ledgerentry e JOIN referrals_sjp s ON s.id = e.sjp_id
         WHERE e.kind IN ('RESERVE', 'RELEASE')
         GROUP BY s.id, s.state
        HAVING sum(CASE e.kind WHEN 'RESERVE' THEN e.amount ELSE -e.amount END) < 0
            OR s.state IN ('CANCELLED', 'EXPIRED', 'REVOKED')
               AND sum(CASE e.kind WHEN 'RESERVE' THEN e.amount ELSE -e.amount END) <> 0
               AND NOT EXISTS (SELECT FROM core_outboxevent o
                                WHERE o.kind = 'sjp.released' AND o.object_id = s.id AND o.handled IS NULL)""",
    "parts of a payment": """
        SELECT p.id, p.amount, coalesce(sum(part.amount), 0)
          FROM budget_payment p LEFT JOIN budget_paymentpart part ON part.payment_id = p.id
         GROUP BY p.id HAVING p.amount <> coalesce(sum(part.amount), 0)""",
    "realisation of a payment": """
        SELECT p.id, coalesce(e.sum, 0), CASE WHEN p.sp2d_at IS NULL THEN 0 ELSE p.amount END
          FROM budget_payment p
          LEFT JOIN (SELECT payment_id, sum(amount) AS sum FROM budget_ledgerentry
                      WHERE kind = 'REALISE' GROUP BY payment_id) e ON e.payment_id = p.id
         WHERE coalesce(e.sum, 0) <> CASE WHEN p.sp2d_at IS NULL THEN 0 ELSE p.amount END""",
    "paid claims of the payments": """
        SELECT 0, paid.sum, made.sum
          FROM (SELECT coalesce(sum(approved), 0) AS sum FROM claims_claim WHERE state = 'PAID') paid,
               (SELECT coalesce(sum(amount), 0) AS sum FROM budget_payment WHERE sp2d_at IS NOT NULL) made
         WHERE paid.sum <> made.sum""",
    "recovery": """
        SELECT r.id, r.amount - r.repaid, coalesce(e.sum, 0)
          FROM budget_recovery r
          LEFT JOIN (SELECT recovery_id, sum(CASE kind WHEN 'OWE' THEN amount ELSE -amount END) AS sum
                       FROM budget_ledgerentry WHERE kind IN ('OWE', 'REPAY') GROUP BY recovery_id) e
            ON e.recovery_id = r.id
         WHERE r.state IN ('OPEN', 'SETTLED') AND r.amount - r.repaid <> coalesce(e.sum, 0)
            OR r.state IN ('PROPOSED', 'CANCELLED') AND coalesce(e.sum, 0) <> 0""",
    "documents of a line": """
        SELECT l.id, l.ceiling, coalesce(e.sum, 0)
          FROM budget_budgetline l
          LEFT JOIN (SELECT line_id, sum(amount) AS sum FROM budget_ledgerentry
                      WHERE kind IN ('ALLOCATE', 'REVISE') GROUP BY line_id) e ON e.line_id = l.id
         WHERE l.ceiling <> coalesce(e.sum, 0)""",
}


def disagreements():
    """Recompute every total from the entries. Yields ``(line, total's name, kept, recomputed)`` where they differ."""
    sums = defaultdict(int)
    for line_id, kind, amount in LedgerEntry.objects.values_list("line_id", "kind").annotate(Sum("amount")).order_by():
        total, sign = TOTAL[kind]
        sums[line_id, total] += sign * amount
    for line in BudgetLine.objects.order_by("pk"):
        for total in TOTALS:
            kept, recomputed = getattr(line, total), sums[line.pk, total]
            if kept != recomputed:
                yield line, total, kept, recomputed


def differences(limit=100):
    """Everything that does not agree, at most ``limit`` of a kind. Yields Differences."""
    for line, total, kept, recomputed in disagreements():
        yield Difference(f"{total} of a line", line.pk, kept, recomputed)
    with connection.cursor() as cursor:
        for what, sql in SOURCES.items():
            cursor.execute(f"{sql} LIMIT {limit:d}")
            for key, kept, recomputed in cursor.fetchall():
                yield Difference(what, key, int(kept or 0), int(recomputed or 0))


def prove(*, day, at):
    """Recompute everything and keep the outcome for the page. Returns the Differences."""
    found = list(differences())
    state = Job.State.FAILED if found else Job.State.DONE
    result = {"differences": len(found), "what": sorted({one.what for one in found})}
    Job.objects.update_or_create(name=JOB, day=day, defaults={"state": state, "result": result, "finished": at})
    return found


def last_proof():
    """The Job of the last proof, or None."""
    return Job.objects.latest_of(JOB)
