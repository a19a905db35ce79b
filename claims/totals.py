"""The totals of a batch, counted from its claims in the transaction that changed them."""

from django.db import connection


def recount(batch):
    """Set accepted, refused, claimed and approved of ``batch`` from its rows, in the database and on the object.

    Refused are rows that never became a claim and claims a rule blocks; blocked and withdrawn claims ask for nothing.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """UPDATE claims_claimbatch b
                  SET accepted = b.rows - no_claim.count - c.blocked, refused = no_claim.count + c.blocked,
                      claimed = c.claimed, approved = c.approved
                 FROM (SELECT count(*) FILTER (WHERE state = 'BLOCKED') AS blocked,
                              coalesce(sum(claimed) FILTER (WHERE state NOT IN ('BLOCKED', 'WITHDRAWN')), 0) AS claimed,
                              coalesce(sum(approved), 0) AS approved
                         FROM claims_claim WHERE batch_id = %(batch)s) c,
                      (SELECT count(*) FROM claims_intakerow WHERE batch_id = %(batch)s) no_claim
                WHERE b.id = %(batch)s
            RETURNING b.accepted, b.refused, b.claimed, b.approved""",
            {"batch": batch.pk},
        )
        batch.accepted, batch.refused, batch.claimed, batch.approved = cursor.fetchone()
