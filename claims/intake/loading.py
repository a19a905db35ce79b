"""Rows into the database: COPY into a temporary table, then one INSERT that finds letter, patient and tariff."""

import json
from operator import attrgetter

from django.db import connection

from claims.enums import RowStatus
from claims.pricing import PRICE
from ksb.core.copy import copy_rows

_TYPES = {
    "line_number": "integer",
    "reference": "text",
    "care_type": "smallint",
    "care_class": "smallint",
    "admitted_on": "date",
    "discharged_on": "date",
    "discharge_status": "smallint",
    "birth_date": "date",
    "sex": "smallint",
    "patient_name": "text",
    "medical_record": "text",
    "doctor": "text",
    "diagnoses": "jsonb",
    "procedures": "jsonb",
    "inacbg": "text",
    "claimed": "bigint",
    "hospital_bill": "bigint",
    "cost_sum": "bigint",
    "payor": "text",
    "data": "jsonb",
}
_COLUMNS = ", ".join(_TYPES)
_values = attrgetter(*_TYPES)

# A claim whose letter is claimed for the same day already, here or elsewhere, enters as blocked: the unique index
# ``an_episode_is_claimed_once`` would refuse it. Rule DUP-01 then says so; all others are judged next.
_INSERT = f"""
    INSERT INTO claims_claim (id, public_id, batch_id, hospital_id, sjp_id, resident_id, state, tariff, {_COLUMNS})
    SELECT x.id, gen_random_uuid(), %(batch)s, h.id, s.id, s.resident_id,
           CASE WHEN s.id IS NULL
                  OR row_number() OVER (PARTITION BY s.id, x.admitted_on ORDER BY x.line_number) > 1
                  OR EXISTS (SELECT FROM claims_claim o
                              WHERE o.sjp_id = s.id AND o.admitted_on = x.admitted_on
                                AND o.state NOT IN ('BLOCKED', 'REJECTED', 'WITHDRAWN', 'RETURNED'))
                THEN 'BLOCKED' ELSE 'READY' END,
           price.amount, {", ".join(f"x.{name}" for name in _TYPES)}
      FROM claim_rows x
      JOIN facilities_facility h ON h.id = %(hospital)s
      LEFT JOIN referrals_sjp s ON s.number = x.reference AND s.hospital_id = h.id
      {PRICE}
     ORDER BY x.line_number"""


def load(batch, parsed, refused, *, care_class):
    """Store the rows of a file: claims with their lines, refused rows as received. ``care_class`` is the class paid."""
    ids = _new_ids(len(parsed))
    columns = ", ".join(f"{name} {kind}" for name, kind in _TYPES.items())
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS pg_temp.claim_rows")
        cursor.execute(f"CREATE TEMPORARY TABLE claim_rows (id bigint, {columns}) ON COMMIT DROP")
        copy_rows("claim_rows", ["id", *_TYPES], ((id_, *_values(row)) for id_, row in zip(ids, parsed, strict=True)))
        cursor.execute("ANALYZE claim_rows")
        cursor.execute(_INSERT, {"batch": batch.pk, "hospital": batch.hospital_id, "care_class": care_class})
    copy_rows(
        "claims_claimline",
        ["claim_id", "kind", "code", "description", "asked", "reason"],
        ((id_, *line, "") for id_, row in zip(ids, parsed, strict=True) for line in row.lines),
    )
    copy_rows(
        "claims_intakerow",
        ["batch_id", "line_number", "status", "reference", "raw", "findings"],
        ((batch.pk, row.line, RowStatus.REFUSED, row.reference, row.raw, json.dumps(row.findings)) for row in refused),
    )


def _new_ids(count):
    """``count`` ids for claims, in rising order: the lines of a claim can be written beside it."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence('claims_claim', 'id')) FROM generate_series(1, %s)", [count]
        )
        return [row[0] for row in cursor.fetchall()]


def block_refused(batch):
    """Block the ready claims of ``batch`` on which a refusing rule hit. They were never ready: no move to journal."""
    with connection.cursor() as cursor:
        cursor.execute(
            """UPDATE claims_claim c SET state = 'BLOCKED'
                WHERE c.batch_id = %s AND c.state = 'READY'
                  AND EXISTS (SELECT FROM claims_finding x WHERE x.claim_id = c.id AND x.severity = 'R')""",
            [batch.pk],
        )
