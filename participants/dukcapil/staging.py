"""Lines on their way into the database: typed, held against each other, the bad ones set apart.

Temporary tables of one session. ``incoming`` holds sound lines; ``refused`` the lines not taken, why, and whom they may
speak of; ``removed`` the NIKs whose line of the last snapshot is not in this one (only when both files were compared), or
whom a delta says to be no longer in the registry.
Nothing here touches a table that others read.
"""

import csv
import io
import tempfile
from contextlib import contextmanager

from django.db import connection

from ksb.core.copy import copy_csv
from participants.dukcapil.lines import NIK, REMOVED, SOUND, STATUSES, canonical, clues
from participants.tabular import Malformed, as_received, identity

TABLES = ("incoming", "refused", "removed", "raw_line", "missing", "diff", "change", "house", "event")
TABLES += ("placed", "went", "continued", "ended", "reprint")

_CREATE = """
CREATE TEMP TABLE incoming (
    line_number integer NOT NULL,
    kk text NOT NULL, nik text NOT NULL, name text NOT NULL, sex smallint NOT NULL, birth_place text,
    birth_date date NOT NULL, relation smallint NOT NULL, marital_status smallint NOT NULL, mother_nik text,
    address text, rt text, rw text,
    province smallint NOT NULL, city smallint NOT NULL, kecamatan smallint NOT NULL, kelurahan smallint NOT NULL,
    resident_since date, ektp boolean NOT NULL, status smallint NOT NULL, status_on date,
    reason text,
    city_code text GENERATED ALWAYS AS (lpad(province::text, 2, '0') || '.' || lpad(city::text, 2, '0')) STORED,
    kelurahan_code text GENERATED ALWAYS AS (
        lpad(province::text, 2, '0') || '.' || lpad(city::text, 2, '0') || '.' || lpad(kecamatan::text, 2, '0') || '.'
        || lpad(kelurahan::text, 4, '0')) STORED,
    fingerprint bigint GENERATED ALWAYS AS (hash_record_extended(
        ROW(kk, nik, name, sex, birth_place, birth_date, relation, marital_status, mother_nik, address, rt, rw,
            province, city, kecamatan, kelurahan, resident_since, ektp, status, status_on), 0)) STORED
);
CREATE TEMP TABLE refused (
    line_number integer NOT NULL, reason text NOT NULL, raw text,
    numbers text[] NOT NULL DEFAULT '{}', kk text, name text, birth_date date
);
CREATE TEMP TABLE removed (nik text NOT NULL);
CREATE TEMP TABLE raw_line (line_number integer NOT NULL, raw text);
"""

_INCOMING = (
    "line_number",
    "kk",
    "nik",
    "name",
    "sex",
    "birth_place",
    "birth_date",
    "relation",
    "marital_status",
    "mother_nik",
    "address",
    "rt",
    "rw",
    "province",
    "city",
    "kecamatan",
    "kelurahan",
    "resident_since",
    "ektp",
    "status",
    "status_on",
)
_REFUSED = ("line_number", "reason", "raw", "numbers", "kk", "name", "birth_date")

_TAKE_REMOVED = """
WITH gone AS (DELETE FROM incoming WHERE status = %(removed)s RETURNING nik)
INSERT INTO removed SELECT nik FROM gone
"""

# A snapshot is named by a day and exported in the night after it.
_LATER_THAN_THE_FILE = """
UPDATE incoming SET reason = CASE
           WHEN birth_date > %(day)s + 1 THEN 'BIRTH_DATE_IN_FUTURE'
           WHEN resident_since > %(day)s + 1 THEN 'ARRIVAL_DATE_IN_FUTURE'
           ELSE 'STATUS_DATE_IN_FUTURE' END
 WHERE birth_date > %(day)s + 1 OR resident_since > %(day)s + 1 OR status_on > %(day)s + 1
"""

_REGION_UNKNOWN = """
UPDATE incoming i SET reason = 'REGION_UNKNOWN'
 WHERE i.reason IS NULL AND i.city_code = %(home)s
   AND NOT EXISTS (SELECT FROM facilities_region g WHERE g.code = i.kelurahan_code AND g.level = 'KELURAHAN')
"""

# Only lines that differ from the last snapshot were loaded: whoever is listed and lost no line still has the known one.
_BESIDE_THE_KNOWN_LINE = """
UPDATE incoming i SET reason = CASE WHEN i.fingerprint = r.fingerprint THEN 'DUPLICATE_LINE' ELSE 'DUPLICATE_NIK' END
  FROM participants_resident r
 WHERE r.nik = i.nik AND r.listed AND i.reason IS NULL AND NOT EXISTS (SELECT FROM removed WHERE removed.nik = i.nik)
"""

# Of several lines with one NIK the one is taken that is known already, else the one that resembles what is known, else the
# one whose birth date and sex are those the NIK was made of, else the first.
_SEVERAL_LINES = """
WITH several AS (
    SELECT nik FROM incoming WHERE reason IS NULL GROUP BY nik HAVING count(*) > 1
), ranked AS (
    SELECT i.line_number, i.fingerprint,
           first_value(i.fingerprint) OVER best AS taken, row_number() OVER best AS place
      FROM several JOIN incoming i ON i.nik = several.nik AND i.reason IS NULL
      LEFT JOIN participants_resident r ON r.nik = i.nik
      LEFT JOIN participants_household h ON h.id = r.household_id
    WINDOW best AS (PARTITION BY i.nik ORDER BY
        (i.fingerprint = r.fingerprint) IS TRUE DESC,
        ((i.name = r.name) IS TRUE)::int + ((i.birth_date = r.birth_date) IS TRUE)::int
            + ((i.sex = r.sex) IS TRUE)::int + ((i.kk = h.kk_number) IS TRUE)::int DESC,
        substr(i.nik, 7, 6) = lpad((extract(day FROM i.birth_date) + CASE i.sex WHEN 2 THEN 40 ELSE 0 END)::text, 2, '0')
            || to_char(i.birth_date, 'MMYY') DESC,
        i.line_number)
)
UPDATE incoming i SET reason = CASE WHEN ranked.fingerprint = ranked.taken THEN 'DUPLICATE_LINE' ELSE 'DUPLICATE_NIK' END
  FROM ranked WHERE ranked.place > 1 AND ranked.line_number = i.line_number
"""

_SET_APART = """
INSERT INTO refused (line_number, reason, raw, numbers, kk, name, birth_date)
SELECT i.line_number, i.reason, raw_line.raw, ARRAY[i.nik], i.kk, i.name, i.birth_date
  FROM incoming i JOIN raw_line USING (line_number) WHERE i.reason IS NOT NULL;
DELETE FROM incoming WHERE reason IS NOT NULL;
"""


@contextmanager
def tables():
    """The temporary tables, gone again at the end even on a connection that stays open. A whole city is joined in memory."""
    _drop()
    with connection.cursor() as cursor:
        cursor.execute(f"SET work_mem = '256MB'; {_CREATE}")
    try:
        yield
    finally:
        if not connection.needs_rollback:
            _drop()


def _drop():
    with connection.cursor() as cursor:
        tables = ", ".join(f"pg_temp.{table}" for table in TABLES)
        cursor.execute(f"RESET work_mem; DROP TABLE IF EXISTS {tables}")


def load(lines, layout, *, statuses=STATUSES):
    """COPY ``lines``, pairs of line number and bytes, into ``incoming``; malformed ones into ``refused``."""
    with tempfile.TemporaryFile() as spool:
        copy_csv("incoming", _INCOMING, _sound(lines, layout, spool, statuses))
        spool.seek(0)
        copy_csv("refused", _REFUSED, spool)


def load_removed(lines, layout):
    """COPY the NIKs of ``lines`` (bytes), sound ones of the last snapshot, into ``removed``."""
    copy_csv("removed", ("nik",), (identity(layout.values(line)[NIK]).encode() + b"\n" for line in lines))


def load_delta(lines, layout):
    """The same for a delta, whose lines may also say that somebody is ``removed``. Returns the number of such lines."""
    load(lines, layout, statuses=(*STATUSES, REMOVED))
    with connection.cursor() as cursor:
        cursor.execute(_TAKE_REMOVED, {"removed": REMOVED})
        return cursor.rowcount


def judge(*, day, home, compared, raw_lines):
    """Set apart the lines that are wrong beside the database or beside each other.

    ``day`` is the day of the file, ``home`` the code of the city; ``compared`` says that only lines differing from the last
    snapshot were loaded; ``raw_lines(numbers)`` gives pairs of line number and bytes for a set of line numbers.
    """
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE incoming (nik, kk, city_code, kelurahan_code, reason)")
        cursor.execute(_LATER_THAN_THE_FILE, {"day": day})
        cursor.execute(_REGION_UNKNOWN, {"home": home})
        if compared:
            cursor.execute(_BESIDE_THE_KNOWN_LINE)
        cursor.execute(_SEVERAL_LINES)
        cursor.execute("SELECT line_number FROM incoming WHERE reason IS NOT NULL")
        numbers = {number for (number,) in cursor}
        if numbers:
            raw = (_csv([number, as_received(line)]) for number, line in raw_lines(numbers))
            copy_csv("raw_line", ("line_number", "raw"), raw)
            cursor.execute(_SET_APART)
        cursor.execute("ANALYZE refused")


def _sound(lines, layout, spool, statuses):
    """Sound lines as CSV for ``incoming``; the others go to ``spool`` as CSV for ``refused``."""
    plain, sound = layout.plain, SOUND
    for number, line in lines:
        line = line.rstrip(b"\r\n")
        if plain and sound(line):
            yield b"%d,%b\n" % (number, line)
            continue
        try:
            yield b"%d,%b" % (number, canonical(layout.values(line), statuses))
        except Malformed as malformed:
            numbers, *rest = clues(line, malformed.values)
            spool.write(_csv([number, malformed.reason, as_received(line), f"{{{','.join(numbers)}}}", *rest]))


def _csv(fields):
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerow(fields)
    return text.getvalue().encode()
