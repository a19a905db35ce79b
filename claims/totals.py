"""The totals of a batch, counted from its claims in the transaction that changed them."""

from django.db import connection


def recount(batch):
    """Set rows, accepted, refused, claimed and approved of ``batch`` from its rows, in the database and on the object.

    Refused are rows that never became a claim and claims a rule blocks; blocked and withdrawn claims ask for nothing. A row
    that was corrected counts once, in its last version and the batch that one lies in.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """UPDATE claims_claimbatch b
                  SET rows = c.count + no_claim.count, accepted = c.count - c.blocked, refused = no_claim.count + c.blocked,
                      claimed = c.claimed, approved = c.approved
                 FROM (SELECT count(*) FILTER (WHERE state <> 'WITHDRAWN' OR NOT EXISTS (
                                  SELECT FROM claims_claim n WHERE n.replaces_id = o.id)) AS count,
                              count(*) FILTER (WHERE state = 'BLOCKED') AS blocked,
                              coalesce(sum(claimed) FILTER (WHERE state NOT IN ('BLOCKED', 'WITHDRAWN')), 0) AS claimed,
                              coalesce(sum(approved), 0) AS approved
                         FROM claims_claim o WHERE batch_id = %(batch)s) c,
                      (SELECT count(*) FROM claims_intakerow WHERE batch_id = %(batch)s AND status = 'REFUSED') no_claim
                WHERE b.id = %(batch)s
            RETURNING b.rows, b.accepted, b.refused, b.claimed, b.approved""",
            {"batch": batch.pk},
        )
        batch.rows, batch.accepted, batch.refused, batch.claimed, batch.approved = cursor.fetchone()
