"""Corrected rows: which row of ``claim_rows`` is a new version of which claim, and which repeats a claim as it is.

A row replaces the claim or the refused row it names (our own file of rows to correct carries that), or the claim of the
same number and first day that is still open in a batch of its month (parts come back to the desk one by one) or was returned by
a verifier. What was handed in before is kept.
"""

from django.db import connection

from claims.enums import BatchState
from claims.families import HEADER
from claims.models import Claim, ClaimBatch
from claims.workflow import CLAIM

# One earlier claim a row, the one it names before one it resembles; and one row an earlier claim, the first of the file.
_EARLIER = """
    DROP TABLE IF EXISTS pg_temp.claim_earlier;
    CREATE TEMPORARY TABLE claim_earlier ON COMMIT DROP AS
    WITH desk AS MATERIALIZED (
        SELECT id FROM claims_claimbatch
         WHERE hospital_id = %(hospital)s AND service_month = %(month)s AND state = 'OPEN'
         ORDER BY id FOR NO KEY UPDATE),
    resembling AS (
        SELECT x.line_number, c.id, 0 AS distance
          FROM unnest(%(lines)s::integer[], %(origins)s::integer[]) named (line, origin)
          JOIN claim_rows x ON x.line_number = named.line
          JOIN claims_claim c ON c.batch_id = %(batch)s AND c.line_number = named.origin
        UNION ALL
        SELECT x.line_number, c.id, CASE c.state WHEN 'BLOCKED' THEN 2 ELSE 1 END
          FROM claim_rows x
          JOIN claims_claim c ON c.hospital_id = %(hospital)s AND c.reference = x."SEP" AND c.admitted_on = x."ADMISSION_DATE"
         WHERE x."SEP" <> '' AND (c.batch_id IN (SELECT id FROM desk) OR c.state = 'RETURNED')),
    nearest AS (
        SELECT DISTINCT ON (r.line_number) r.line_number, r.distance, c.id, c.state, c.version, c.resubmitted, c.row
          FROM resembling r JOIN claims_claim c ON c.id = r.id
         WHERE c.state IN ('READY', 'BLOCKED', 'RETURNED')
           AND NOT EXISTS (SELECT FROM claims_claim n WHERE n.replaces_id = c.id)
         ORDER BY r.line_number, r.distance, c.id DESC)
    SELECT DISTINCT ON (id) line_number, id, state, version, resubmitted, row FROM nearest ORDER BY id, distance, line_number"""
_UNCHANGED = f"""
    WITH known AS (
        DELETE FROM claim_earlier e USING claim_rows x, claims_claim c
         WHERE x.line_number = e.line_number AND e.state <> 'RETURNED' AND e.row = x.kept
           AND c.id = e.id AND {HEADER} = %(header)s
        RETURNING e.line_number, e.id)
    SELECT line_number, id FROM known"""
_VERSIONS = """
    UPDATE claim_rows x
       SET replaces = e.id, version = e.version + 1,
           resubmitted = e.resubmitted + CASE e.state WHEN 'RETURNED' THEN 1 ELSE 0 END
      FROM claim_earlier e WHERE e.line_number = x.line_number
    RETURNING e.id"""
# Papers stand with the last version.
_PAPERS = """
    UPDATE claims_claimdocument d SET claim_id = x.id FROM claim_rows x WHERE x.replaces = d.claim_id"""
_REFUSED_BEFORE = """
    UPDATE claims_intakerow r SET status = 'CORRECTED'
     WHERE r.batch_id = %(batch)s AND r.status = 'REFUSED'
       AND (r.line_number = ANY (%(origins)s)
            OR r.reference <> '' AND EXISTS (SELECT FROM claim_rows x WHERE x."SEP" = r.reference))"""


def settle(batch, *, header, origins, actor, at):
    """Put aside what the rows of ``claim_rows`` replace. ``origins`` maps lines of the file to lines of ``batch``.

    Open claims that get a new version are withdrawn, refused rows marked as corrected. Rows that repeat an open claim word
    by word leave ``claim_rows``. Returns a dict from their lines to the keys of their claims, and the other open batches that
    lost a claim to this one: to be recounted when the new versions are there.
    """
    values = {
        "batch": batch.pk,
        "hospital": batch.hospital_id,
        "month": batch.service_month,
        "header": header,
        "lines": list(origins),
        "origins": list(origins.values()),
    }
    with connection.cursor() as cursor:
        cursor.execute(_EARLIER, values)
        unchanged, others = _set_versions(cursor, batch, values, actor, at) if cursor.rowcount else ({}, [])
        if batch.rows:
            cursor.execute(_REFUSED_BEFORE, values)
    return unchanged, others


def _set_versions(cursor, batch, values, actor, at):
    cursor.execute(_UNCHANGED, values)
    unchanged = dict(cursor.fetchall())
    cursor.execute("DELETE FROM claim_rows WHERE line_number = ANY (%s)", [list(unchanged)])
    cursor.execute(_VERSIONS)
    replaced = [claim for (claim,) in cursor.fetchall()]
    cursor.execute(_PAPERS)
    old = Claim.objects.filter(pk__in=replaced)
    CLAIM.apply_many(old, "replace", actor=actor, at=at)
    others = ClaimBatch.objects.filter(pk__in=old.values("batch"), state=BatchState.OPEN).exclude(pk=batch.pk)
    return unchanged, list(others)
