"""What must agree across tables and no single constraint can hold. Each check is one query that finds what disagrees."""

from dataclasses import dataclass

from django.db import connection


@dataclass(frozen=True)
class Check:
    """A sentence that must hold, and the SQL that selects the keys of the rows for which it does not."""

    name: str
    sentence: str
    sql: str


CHECKS = (
    Check(
        "head_lives_in_family",
        "The head of a family lives in it.",
        """SELECT h.id FROM participants_household h JOIN participants_resident r ON r.id = h.head_id
            WHERE r.household_id <> h.id AND h.dissolved_on IS NULL""",
    ),
    Check(
        "nobody_active_in_dissolved_family",
        "Nobody active lives in a dissolved family.",
        """SELECT r.id FROM participants_resident r JOIN participants_household h ON h.id = r.household_id
            WHERE h.dissolved_on IS NOT NULL AND r.status = 0""",
    ),
    Check(
        "card_of_member_family",
        "A card in hand belongs to a family that is or was a member.",
        """SELECT c.id FROM participants_card c WHERE c.state = 'ACTIVE' AND NOT EXISTS (
               SELECT FROM participants_enrolment e WHERE e.household_id = c.household_id AND e.registered_on IS NOT NULL)""",
    ),
    Check(
        "no_unused_letter_past_its_day",
        "No unused letter is older than its last day (the night expires them).",
        """SELECT id FROM referrals_sjp
            WHERE state = 'ISSUED' AND valid_until < (now() AT TIME ZONE 'Asia/Jakarta')::date - 1""",
    ),
    Check(
        "letter_in_use_has_its_stay",
        "A letter in use has an episode.",
        """SELECT s.id FROM referrals_sjp s WHERE s.state = 'USED'
            AND NOT EXISTS (SELECT FROM referrals_episode e WHERE e.sjp_id = s.id)""",
    ),
    Check(
        "batch_totals",
        "A batch claims and approves the sums of its claims.",
        """SELECT b.id FROM claims_claimbatch b LEFT JOIN claims_claim c
               ON c.batch_id = b.id AND c.state NOT IN ('BLOCKED', 'WITHDRAWN')
            GROUP BY b.id, b.claimed, b.state, b.approved
           HAVING b.claimed <> coalesce(sum(c.claimed), 0)
               OR b.state IN ('BAHV_APPROVED', 'PROPOSED', 'PAID') AND b.approved <> coalesce(sum(c.approved), 0)""",
    ),
    Check(
        "claim_is_sum_of_lines",
        "A claim asks for and is granted the sums of its lines.",
        """SELECT c.id FROM claims_claim c JOIN claims_claimline l ON l.claim_id = c.id
            WHERE c.state NOT IN ('BLOCKED', 'READY')
            GROUP BY c.id, c.claimed, c.approved
           HAVING c.claimed <> sum(l.asked) OR c.approved IS NOT NULL AND c.approved <> sum(l.approved)""",
    ),
    Check(
        "approved_claim_is_committed",
        "Every approved rupiah is committed in the budget.",
        """SELECT c.id FROM claims_claim c
            WHERE c.state IN ('APPROVED', 'PARTLY_APPROVED', 'PAID') AND c.approved > 0
              AND c.approved <> coalesce((SELECT sum(CASE kind WHEN 'UNCOMMIT' THEN -amount ELSE amount END)
                                             FROM budget_ledgerentry
                                            WHERE claim_id = c.id AND kind IN ('COMMIT', 'UNCOMMIT', 'DEBT')), 0)""",
    ),
    Check(
        "paid_batch_has_its_payment",
        "A paid batch is paid with its approved amount.",
        """SELECT b.id FROM claims_claimbatch b WHERE b.state = 'PAID' AND NOT EXISTS (
               SELECT FROM budget_paymentpart part
                 JOIN verification_bahv v ON v.id = part.bahv_id
                 JOIN budget_payment p ON p.id = part.payment_id AND p.sp2d_at IS NOT NULL
                WHERE v.batch_id = b.id AND part.live HAVING sum(part.amount) = b.approved)""",
    ),
    Check(
        "live_figures",
        "The live counts equal the tables they count.",
        """SELECT found.key FROM (
               SELECT state AS key, count(*) AS n FROM referrals_sjp GROUP BY state) AS found
             FULL JOIN (SELECT key, sum(count) AS n FROM reports_livefigure WHERE measure = 'sjp' GROUP BY key) AS live
                 ON live.key = found.key
            WHERE coalesce(found.n, 0) <> coalesce(live.n, 0)""",
    ),
)


def disagreements(limit=100):
    """Yield ``(check, keys)`` for every check that does not hold, with at most ``limit`` keys of rows."""
    with connection.cursor() as cursor:
        for check in CHECKS:
            cursor.execute(f"{check.sql} LIMIT {limit:d}")
            keys = [row[0] for row in cursor.fetchall()]
            if keys:
                yield check, keys
