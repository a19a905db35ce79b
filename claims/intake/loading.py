"""Lines into the database: COPY into a temporary table, the rules of rows over it, then one INSERT that makes the claims."""

import json

from django.db import connection
from django.db.backends.postgresql.psycopg_any import DateRange

from claims.enums import RowStatus
from claims.intake.columns import COSTS, PARTS, sql_type
from claims.intake.lines import Refusal
from claims.pricing import price
from claims.rules import row
from ksb.core.copy import copy_lines, copy_rows
from ksb.core.models import SchemeVersion
from ksb.core.scheme import Parameters

# Rows the unique index ``an_episode_is_claimed_once`` would refuse: number and first day are those of an earlier row, or the
# letter is claimed for this day already. They enter as blocked, and rule DUP-01 says why.
_TAKEN = """
    SELECT line_number FROM (
        SELECT line_number, row_number() OVER (PARTITION BY "SEP", "ADMISSION_DATE" ORDER BY line_number) AS n
          FROM claim_rows WHERE "SEP" <> '') numbered
     WHERE n > 1
    UNION
    SELECT x.line_number FROM claim_rows x
      JOIN referrals_sjp s ON s.number = x."SEP" AND s.hospital_id = %(hospital)s
      JOIN claims_claim o ON o.sjp_id = s.id AND o.admitted_on = x."ADMISSION_DATE"
       AND o.state NOT IN ('BLOCKED', 'REJECTED', 'WITHDRAWN', 'RETURNED')"""
_COLUMNS = {
    "id": "x.id",
    "public_id": "gen_random_uuid()",
    "batch_id": "%(batch)s",
    "hospital_id": "h.id",
    "sjp_id": "s.id",
    "resident_id": """CASE WHEN s.newborn_id IS NULL OR s.resident_id = (
        SELECT n.resident_id FROM participants_newborn n WHERE n.id = s.newborn_id) THEN s.resident_id END""",
    "line_number": "x.line_number + %(offset)s",
    "state": "CASE WHEN s.id IS NULL OR x.line_number = ANY (%(taken)s) THEN 'BLOCKED' ELSE 'READY' END",
    "reference": 'x."SEP"',
    "care_type": 'x."PTD"',
    "care_class": 'x."KELAS_RAWAT"',
    "admitted_on": 'x."ADMISSION_DATE"',
    "discharged_on": 'x."DISCHARGE_DATE"',
    "discharge_status": 'x."DISCHARGE_STATUS"',
    "birth_date": 'x."BIRTH_DATE"',
    "sex": 'x."SEX"',
    "patient_name": 'left(x."NAMA_PASIEN", 120)',
    "medical_record": 'left(x."MRN", 20)',
    "doctor": 'left(x."DPJP", 120)',
    "diagnoses": """to_jsonb(string_to_array(x."DIAGLIST", ';'))""",
    "procedures": """to_jsonb(CASE x."PROCLIST" WHEN '-' THEN '{}' ELSE string_to_array(x."PROCLIST", ';') END)""",
    "inacbg": 'left(x."INACBG", 12)',
    "claimed": 'x."TOTAL_TARIF"',
    "hospital_bill": 'x."TARIF_RS"',
    "tariff": "price.amount",
    "payor": 'left(x."PAYOR_ID", 20)',
    "card_number": 'left(x."NOKARTU", 20)',
    "row": "x.kept",
    "replaces_id": "x.replaces",
    "version": "x.version",
    "resubmitted": "x.resubmitted",
}
_CLAIMS = f"""
    INSERT INTO claims_claim ({", ".join(f'"{name}"' for name in _COLUMNS)}, cost_sum)
    SELECT {", ".join(_COLUMNS.values())}, {{cost_sum}}
      FROM claim_rows x
      JOIN facilities_facility h ON h.id = %(hospital)s
      LEFT JOIN referrals_sjp s ON s.number = x."SEP" AND s.hospital_id = h.id
      {price(group='x."INACBG"', care_type='x."PTD"', day='x."DISCHARGE_DATE"')}"""


def _part(kind, amount, code, text):
    return f"""'{kind}', left(x."{code}", 16), left(x."{text}", 200), x."{amount}" """.strip()


_PACKAGE, *_EXTRAS = [_part(*part) for part in PARTS]
_EXTRA_AMOUNTS = ", ".join(f'x."{amount}"' for _kind, amount, _code, _text in PARTS[1:])
# Every claim has its package; the other parts are rare, so the rows without any are left out before they are spread.
_LINES = f"""
    INSERT INTO claims_claimline (claim_id, kind, code, description, asked, reason)
    SELECT x.id, {_PACKAGE}, '' FROM claim_rows x
    UNION ALL
    SELECT x.id, part.kind, part.code, part.description, part.asked, ''
      FROM claim_rows x
      CROSS JOIN LATERAL (VALUES {", ".join(f"({part})" for part in _EXTRAS)}) part (kind, code, description, asked)
     WHERE greatest({_EXTRA_AMOUNTS}) > 0 AND part.asked > 0"""


def stage(reader, *, tell):
    """COPY the lines of ``reader`` (a LineReader) into the temporary table ``claim_rows``; ``tell`` is told how many are."""
    columns = ", ".join(f'"{name}" {sql_type(name)}' for name in reader.columns)
    with connection.cursor() as cursor:
        cursor.execute(
            f"""SET LOCAL DateStyle = 'ISO, DMY';
            DROP TABLE IF EXISTS pg_temp.claim_rows;
            CREATE TEMPORARY TABLE claim_rows (
                id bigint DEFAULT nextval(pg_get_serial_sequence('claims_claim', 'id')), line_number integer, kept text,
                replaces bigint, version smallint DEFAULT 1, resubmitted smallint DEFAULT 0, {columns}) ON COMMIT DROP"""
        )
        copy_lines("claim_rows", ["line_number", "kept", *reader.columns], _counted(reader.copy_lines(), tell))


def _counted(lines, tell):
    for n, line in enumerate(lines):
        if not n % 1000:
            tell(n)
        yield line


def judge_rows(reader, *, hospital_code, today):
    """Try the rules of rows on all of them. Returns the Refusals by line; the other rows stay in ``claim_rows``."""
    refusals = dict(reader.refusals)
    raw = dict(reader.file.lines)
    with connection.cursor() as cursor:
        _payors(cursor)
        cursor.execute(row.FOUND, {"today": today, "hospital_code": hospital_code})
        for number, rule, proof in cursor.fetchall():
            if number not in refusals:
                refusals[number] = _refusal(reader, number, raw[number])
            refusals[number].findings.append(row.finding(rule, json.loads(proof)))
        cursor.execute(
            """DELETE FROM claim_rows WHERE line_number = ANY (%s);
               ANALYZE claim_rows (id, "INACBG", "PTD", "DISCHARGE_DATE")""",
            [list(refusals)],
        )
    return [refusals[number] for number in sorted(refusals)]


def _refusal(reader, number, raw):
    cells = reader.file.split(raw)
    return Refusal(number, reader.kept(cells), reader.reference(cells))


def _payors(cursor):
    """Make the table ``claim_payors``: whose payors the programme had when."""
    rows = []
    for version in SchemeVersion.objects.all():
        valid = DateRange(version.valid.lower, version.valid.upper)
        rows += [valid, list(Parameters.from_json(version.parameters).payors)]
    values = ", ".join(["(%s::daterange, %s::text[])"] * (len(rows) // 2)) or "('empty'::daterange, '{}'::text[])"
    cursor.execute(
        f"""DROP TABLE IF EXISTS pg_temp.claim_payors;
            CREATE TEMPORARY TABLE claim_payors ON COMMIT DROP AS SELECT * FROM (VALUES {values}) v (valid, payors)""",
        rows,
    )


def service_month():
    """First day of the month most patients of ``claim_rows`` were discharged in, of equal ones the later; None without rows."""
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT date_trunc('month', x."DISCHARGE_DATE"::timestamp)::date FROM claim_rows x
                GROUP BY 1 ORDER BY count(*) DESC, 1 DESC LIMIT 1"""
        )
        found = cursor.fetchone()
    return found[0] if found else None


def load(batch, reader, refusals, *, offset, care_class):
    """Make the claims of ``claim_rows`` with their lines, and keep the refused rows. ``care_class`` is the class paid.

    ``offset`` is added to the line of the file to give that of the batch. Returns the number of claims made.
    """
    costs = [f'x."{name}"' for name in COSTS if name in reader.columns]
    values = {"batch": batch.pk, "hospital": batch.hospital_id, "care_class": care_class, "offset": offset}
    with connection.cursor() as cursor:
        cursor.execute(_TAKEN, values)
        values["taken"] = [line for (line,) in cursor.fetchall()]
        cursor.execute(_CLAIMS.replace("{cost_sum}", " + ".join(costs) or "NULL"), values)
        made = cursor.rowcount
        cursor.execute(_LINES)
    copy_rows(
        "claims_intakerow",
        ["batch_id", "line_number", "status", "reference", "raw", "findings"],
        ((batch.pk, r.line + offset, RowStatus.REFUSED, r.reference, r.raw, json.dumps(r.findings)) for r in refusals),
    )
    return made


def block(claims, *, batch, above):
    """Block those of ``claims`` (keys) that came in behind line ``above``: they were never ready, so no move to journal."""
    with connection.cursor() as cursor:
        cursor.execute(
            """UPDATE claims_claim SET state = 'BLOCKED'
                WHERE id = ANY (%s) AND state = 'READY' AND batch_id = %s AND line_number > %s""",
            [claims, batch.pk, above],
        )
