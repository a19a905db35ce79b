"""Rows of JKN lists on their way into the database: typed, matched to people by exact NIK, the others set apart.

Temporary tables of one session: ``listed`` the sound rows, ``refused`` the rows not taken and why, ``claimed`` the rows with
the person they are about, ``unknown`` the raw text of those about nobody we know. ``number`` is the file's place among those
read together. When a list was compared with the last one, ``listed`` has only the rows that differ, ``removed`` those of the last
list without an equal in this one, and ``lost`` the intervals these had made.
"""

import csv
import io
import tempfile
from contextlib import contextmanager

from django.db import connection

from ksb.core.copy import copy_csv
from participants.enums import CoverageSource
from participants.tabular import Malformed, as_received

TABLES = ("listed", "refused", "unknown", "removed", "claimed", "lost", "parting", "stale")

_CREATE = """
CREATE TEMP TABLE listed (
    number smallint NOT NULL, line_number integer NOT NULL, card text NOT NULL, nik text, name text, birth_date date,
    segment smallint NOT NULL, status smallint NOT NULL, valid_from date NOT NULL, valid_to date
);
CREATE TEMP TABLE refused (number smallint NOT NULL, line_number integer NOT NULL, reason text NOT NULL, raw text);
CREATE TEMP TABLE removed (
    card text NOT NULL, nik text, name text, birth_date date,
    segment smallint NOT NULL, status smallint NOT NULL, valid_from date NOT NULL, valid_to date
);
CREATE TEMP TABLE unknown (number smallint NOT NULL, line_number integer NOT NULL, raw text);
"""
_LISTED = (
    "number",
    "line_number",
    "card",
    "nik",
    "name",
    "birth_date",
    "segment",
    "status",
    "valid_from",
    "valid_to",
)
_REFUSED = ("number", "line_number", "reason", "raw")

_CLAIMED = """
CREATE TEMP TABLE claimed AS
SELECT l.number, l.line_number, l.card, l.segment, l.status, l.valid_from, l.valid_to,
       coalesce(r.id, f.resident_id, k.resident_id) AS resident_id, false AS double,
       CASE WHEN r.id IS NULL AND f.resident_id IS NULL THEN k.id END AS review_id
  FROM listed l
  LEFT JOIN participants_resident r ON r.nik = l.nik
  LEFT JOIN participants_formernik f ON f.nik = l.nik
  LEFT JOIN participants_jkncandidate k ON k.key = %(source)s || ':' || l.card AND k.answer = 'SAME'
 WHERE l.valid_to IS NULL OR l.valid_to >= l.valid_from;
ANALYZE claimed (resident_id, segment);
"""

# A second row that says the same of a person adds nothing; in a monthly list any second row.
_DOUBLE = """
UPDATE claimed c SET double = true
  FROM (SELECT c.number, c.line_number,
               row_number() OVER (PARTITION BY {what} ORDER BY o.id IS NULL, c.number, c.line_number) AS place
          FROM claimed c
          LEFT JOIN participants_othercoverage o
            ON o.resident_id = c.resident_id AND o.source = %(source)s AND o.open AND o.segment = c.segment
         WHERE c.resident_id IN (
              SELECT c.resident_id FROM claimed c WHERE c.resident_id IS NOT NULL GROUP BY {what} HAVING count(*) > 1)) ranked
 WHERE ranked.place > 1 AND ranked.number = c.number AND ranked.line_number = c.line_number
"""
_SAME_ROW = "c.resident_id, c.segment, c.status, c.valid_from, coalesce(c.valid_to, 'infinity'::date)"
_SAME_PERSON = "c.resident_id"

# What a reviewer found is read again each time, as if its row had been removed and come back.
_LOST = """
CREATE TEMP TABLE lost AS
SELECT o.* FROM participants_othercoverage o
 WHERE o.source = %(source)s AND o.known_to IS NULL AND o.review_id IS NOT NULL AND (o.open OR NOT {monthly})
UNION ALL
SELECT o.* FROM (
       SELECT m.*, coalesce(r.id, f.resident_id) AS resident_id FROM removed m
         LEFT JOIN participants_resident r ON r.nik = m.nik
         LEFT JOIN participants_formernik f ON f.nik = m.nik OFFSET 0) m
 CROSS JOIN LATERAL (
       SELECT * FROM participants_othercoverage o
        WHERE o.resident_id = m.resident_id AND o.source = %(source)s AND o.known_to IS NULL
          AND o.review_id IS NULL AND o.segment = m.segment AND {equal} OFFSET 0) o
"""
_EQUAL_MONTHLY = "o.open"
_EQUAL_ROW = """o.status = m.status AND o.valid_from = m.valid_from AND o.card_number = m.card
    AND coalesce(o.valid_to, 'infinity') = coalesce(m.valid_to, 'infinity')"""

# The row that made a listed interval is still in the file, else the interval were lost: this one is its double.
_BESIDE_THE_KNOWN_ROW = """
UPDATE claimed c SET double = true
 WHERE EXISTS (SELECT FROM participants_othercoverage o
                WHERE o.resident_id = c.resident_id AND o.source = %(source)s AND o.known_to IS NULL AND {equal}
                  AND o.listed AND o.review_id IS NULL AND o.id NOT IN (SELECT id FROM lost) OFFSET 0)
"""
_KNOWN_MONTHLY = "o.open"
_KNOWN_ROW = """o.segment = c.segment AND o.status = c.status AND o.valid_from = c.valid_from
    AND coalesce(o.valid_to, 'infinity') = coalesce(c.valid_to, 'infinity')"""

_WRONG_OR_UNKNOWN = """
SELECT number, line_number, 'TAT_BEFORE_TMT' FROM listed WHERE valid_to < valid_from
UNION ALL SELECT number, line_number, 'DUPLICATE_LINE' FROM claimed WHERE double
UNION ALL SELECT number, line_number, NULL FROM claimed WHERE resident_id IS NULL
"""


@contextmanager
def tables():
    """The temporary tables, gone again at the end even on a connection that stays open."""
    _drop()
    with connection.cursor() as cursor:
        cursor.execute(_CREATE)
    try:
        yield
    finally:
        if not connection.needs_rollback:
            _drop()


def _drop():
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE IF EXISTS {', '.join(f'pg_temp.{table}' for table in TABLES)}")


def load(number, lines, read):
    """COPY ``lines``, pairs of line number and bytes, by ``read`` (``lines.reader``)."""
    with tempfile.TemporaryFile() as spool:
        copy_csv("listed", _LISTED, _sound(number, lines, read, spool))
        spool.seek(0)
        copy_csv("refused", _REFUSED, spool)


def _sound(number, lines, read, spool):
    start = b"%d," % number
    for line_number, line in lines:
        line = line.rstrip(b"\r\n")
        try:
            yield b"%b%d,%b" % (start, line_number, read(line))
        except Malformed as malformed:
            spool.write(_csv([number, line_number, malformed.reason, as_received(line)]))


def load_removed(rows):
    """COPY rows of the last list (CSV without line numbers, as ``lines.reader`` gives it) into ``removed``."""
    copy_csv("removed", _LISTED[2:], rows)


def match(*, source, compared):
    """Find the people by exact NIK, present or former, or by the card a reviewer knows, and mark rows that repeat.

    ``compared`` says that only rows differing from the last list were loaded.
    """
    facts = {"source": str(source)}
    monthly = source == CoverageSource.PBI_LIST
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE listed (nik, segment); ANALYZE removed (nik)")
        cursor.execute(_CLAIMED, facts)
        if compared:
            cursor.execute(_LOST.format(equal=_EQUAL_MONTHLY if monthly else _EQUAL_ROW, monthly=monthly), facts)
            cursor.execute(_BESIDE_THE_KNOWN_ROW.format(equal=_KNOWN_MONTHLY if monthly else _KNOWN_ROW), facts)
        cursor.execute(_DOUBLE.format(what=_SAME_PERSON if monthly else _SAME_ROW), facts)


def set_apart(files):
    """Move rows that are wrong beside other rows to ``refused``; keep the text of rows about nobody we know.

    ``files`` have ``rows_at(numbers)``, pairs of line number and raw row, in the order of their numbers.
    """
    with connection.cursor() as cursor:
        cursor.execute(_WRONG_OR_UNKNOWN)
        wanted = {(number, line_number): reason for number, line_number, reason in cursor}
        cursor.execute("DELETE FROM claimed WHERE double")
    with tempfile.TemporaryFile() as refused, tempfile.TemporaryFile() as unknown:
        for number, file in enumerate(files):
            for line_number, line in file.rows_at(sorted(line for place, line in wanted if place == number)):
                reason = wanted[number, line_number]
                if reason:
                    refused.write(_csv([number, line_number, reason, as_received(line)]))
                else:
                    unknown.write(_csv([number, line_number, as_received(line)]))
        refused.seek(0)
        unknown.seek(0)
        copy_csv("refused", _REFUSED, refused)
        copy_csv("unknown", ("number", "line_number", "raw"), unknown)


def _csv(fields):
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerow(fields)
    return text.getvalue().encode()
