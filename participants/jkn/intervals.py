"""What JKN lists say against what is believed, and the intervals that follow (domain.md B7).

A monthly PBI list says who is active in that month: an interval opens with the first month that names a person and ends with
the last day before the month that no longer does. A BPJS list says first and last day itself: a row that is no longer there
was corrected or ended on the day before the list speaks, or before the row that replaces it.
"""

from django.conf import settings
from django.db import connection

from participants.enums import CoverageSource

_PBI, _BPJS = str(CoverageSource.PBI_LIST), str(CoverageSource.BPJS_LIST)

# PBI: ``parting`` are rows that need an interval of their own, ``stale`` open intervals that end.
_PBI_PARTING = f"""
CREATE TEMP TABLE parting AS
SELECT c.*, true AS is_open FROM claimed c
 WHERE c.resident_id IS NOT NULL AND NOT EXISTS (
       SELECT FROM participants_othercoverage o
        WHERE o.resident_id = c.resident_id AND o.source = '{_PBI}' AND o.open AND o.segment = c.segment)
"""
_PBI_STALE = f"""
CREATE TEMP TABLE stale AS
SELECT o.id, %(first)s - 1 AS ends
  FROM {{candidates}} o
 WHERE o.source = '{_PBI}' AND o.open AND (
       ({{missing}} AND NOT EXISTS (SELECT FROM claimed c WHERE c.resident_id = o.resident_id))
    OR EXISTS (SELECT FROM parting p WHERE p.resident_id = o.resident_id))
"""
_ALL_OPEN = "participants_othercoverage"
# Compared with the last list, nobody else's interval can end.
_OPEN_OF_LOADED = f"""(
    SELECT * FROM participants_othercoverage WHERE source = '{_PBI}' AND open AND NOT listed
    UNION SELECT * FROM lost
    UNION SELECT o.* FROM parting p JOIN participants_othercoverage o USING (resident_id))"""
_OF_THE_LIST = "o.segment IN (SELECT segment FROM claimed) AND o.segment <> ALL (%(told)s::int[])"
# A segment of which nobody is left is not in this list: its people wait, not listed, for the list that speaks of it again.
_LOST = """(NOT o.listed OR o.id IN (SELECT id FROM lost)) AND (
    o.segment IN (SELECT segment FROM claimed)
    OR EXISTS (SELECT FROM participants_othercoverage other
                WHERE other.source = o.source AND other.open AND other.listed AND other.segment = o.segment
                  AND other.id NOT IN (SELECT id FROM lost)))"""
_PBI_CLOSE = """
UPDATE participants_othercoverage o
   SET open = false, listed = false, valid_to = CASE WHEN stale.ends >= o.valid_from THEN stale.ends END,
       known_to = CASE WHEN stale.ends < o.valid_from THEN %(at)s END
  FROM stale WHERE stale.id = o.id
"""
# People of a segment this list does not speak of stay open, though they are not in it.
_PBI_LISTED = f"""
UPDATE participants_othercoverage o SET listed = false
 WHERE o.source = '{_PBI}' AND o.open AND o.listed AND {{missing}}
   AND NOT EXISTS (SELECT FROM claimed c WHERE c.resident_id = o.resident_id AND c.segment = o.segment);
UPDATE participants_othercoverage o SET listed = true
  FROM claimed c
 WHERE o.resident_id = c.resident_id AND o.source = '{_PBI}' AND o.open AND NOT o.listed AND o.segment = c.segment
"""

# BPJS: rows and beliefs that have no equal on the other side.
_BPJS_PARTING = """
CREATE TEMP TABLE parting AS
SELECT c.number, c.line_number, c.card, c.segment, c.status, c.valid_from, c.valid_to, c.resident_id, c.review_id,
       false AS is_open,
       o.id AS old_id, o.resident_id AS old_resident_id, o.valid_from AS old_from, o.valid_to AS old_to,
       o.segment AS old_segment, o.status AS old_status
  FROM (SELECT * FROM claimed WHERE resident_id IS NOT NULL) c
  FULL JOIN (SELECT * FROM {known}) o
    ON o.resident_id = c.resident_id AND o.segment = c.segment AND o.status = c.status AND o.valid_from = c.valid_from
   AND coalesce(o.valid_to, 'infinity') = coalesce(c.valid_to, 'infinity') AND o.card_number = c.card
 WHERE c.resident_id IS NULL OR o.id IS NULL;
ANALYZE parting (resident_id)
"""
_ALL_KNOWN = f"participants_othercoverage WHERE source = '{_BPJS}' AND known_to IS NULL"
# Compared with the last list: the intervals whose rows went, and those of the people loaded that were in no list any more.
_KNOWN_OF_LOADED = f"""
lost UNION ALL
SELECT o.* FROM (SELECT DISTINCT resident_id FROM claimed) c
 CROSS JOIN LATERAL (
       SELECT * FROM participants_othercoverage o
        WHERE o.resident_id = c.resident_id AND o.source = '{_BPJS}' AND o.known_to IS NULL AND NOT o.listed
          AND o.review_id IS NULL OFFSET 0) o
"""
_BPJS_STALE = """
CREATE TEMP TABLE stale AS
SELECT o.old_id AS id, o.old_resident_id AS resident_id, o.old_from AS valid_from,
       CASE WHEN bool_or(p.segment = o.old_segment AND p.status = o.old_status AND p.valid_from <= o.old_from
                         AND coalesce(p.valid_to, 'infinity') >= o.old_from) THEN NULL
            ELSE least(o.old_to, min(p.valid_from) FILTER (WHERE p.valid_from > o.old_from) - 1, %(first)s - 1) END AS ends
  FROM parting o LEFT JOIN parting p ON p.resident_id = o.old_resident_id
 WHERE o.old_id IS NOT NULL
 GROUP BY o.old_id, o.old_resident_id, o.old_from, o.old_to, o.old_segment, o.old_status
HAVING o.old_to IS NULL OR o.old_to >= %(first)s OR bool_or(p.valid_from = o.old_from);
ANALYZE stale (id)
"""
_BPJS_OPEN = f"""
UPDATE parting p SET is_open = true
  FROM (SELECT DISTINCT ON (resident_id) number, line_number FROM parting WHERE resident_id IS NOT NULL
         ORDER BY resident_id, status = 0 DESC, valid_from DESC, line_number DESC) best
 WHERE best.number = p.number AND best.line_number = p.line_number
   AND NOT EXISTS (SELECT FROM participants_othercoverage o
                    WHERE o.resident_id = p.resident_id AND o.source = '{_BPJS}' AND o.open
                      AND o.id NOT IN (SELECT id FROM stale) OFFSET 0)
"""
_BPJS_CLOSE = """
WITH corrected AS (
    UPDATE participants_othercoverage o SET known_to = %(at)s, open = false, listed = false
      FROM stale WHERE stale.id = o.id
    RETURNING o.resident_id, o.source, o.card_number, o.segment, o.status, o.valid_from, stale.ends, o.run_id, o.review_id
)
INSERT INTO participants_othercoverage
       (resident_id, source, card_number, segment, status, valid_from, valid_to, known_from, open, listed, run_id,
        review_id)
SELECT resident_id, source, card_number, segment, status, valid_from, ends, %(at)s, false, false, run_id, review_id
  FROM corrected WHERE ends >= valid_from
"""
# An interval that ended leaves the list, or comes back into it, without becoming another.
_BPJS_LISTED = f"""
UPDATE participants_othercoverage o SET listed = false
  FROM parting p
 WHERE p.old_id = o.id AND o.listed AND o.known_to IS NULL AND NOT EXISTS (SELECT FROM stale WHERE stale.id = o.id);
UPDATE participants_othercoverage o SET listed = true
  FROM claimed c
 WHERE o.resident_id = c.resident_id AND o.source = '{_BPJS}' AND o.known_to IS NULL AND NOT o.listed
   AND o.segment = c.segment AND o.status = c.status AND o.valid_from = c.valid_from AND o.card_number = c.card
   AND coalesce(o.valid_to, 'infinity') = coalesce(c.valid_to, 'infinity')
"""

# What BPJS told on line of one person ends where a list speaks of everybody; a PBI list knows PBI members only.
_ONLINE_CLOSE = f"""
UPDATE participants_othercoverage
   SET open = false,
       valid_to = least(valid_to, greatest((known_from AT TIME ZONE '{settings.TIME_ZONE}')::date, %(first)s - 1))
 WHERE source = '{CoverageSource.ONLINE}' AND open AND known_from < %(at)s
   AND (%(source)s = '{_BPJS}' OR segment IN (SELECT segment FROM claimed))
"""

_OPENED = """
INSERT INTO participants_othercoverage
       (resident_id, source, card_number, segment, status, valid_from, valid_to, known_from, open, run_id, review_id)
SELECT p.resident_id, %(source)s, p.card, p.segment, p.status, p.valid_from, p.valid_to, %(at)s, p.is_open,
       (%(runs)s::bigint[])[p.number + 1], p.review_id
  FROM parting p WHERE p.resident_id IS NOT NULL
"""

# A question that waits says what the newest list says; of a monthly list the first month stays.
_SEEN = """
UPDATE participants_jkncandidate asked
   SET seen_on = %(last)s, segment = l.segment, status = l.status, valid_to = l.valid_to,
       valid_from = CASE WHEN %(monthly)s THEN coalesce(asked.valid_from, l.valid_from) ELSE l.valid_from END
  FROM unknown u JOIN listed l USING (number, line_number)
 WHERE asked.key = %(source)s || ':' || l.card AND asked.answer <> 'OTHER'
"""
_CANDIDATES = """
INSERT INTO participants_jkncandidate (run_id, line_number, raw, key, source, card_number, nik, name, birth_date, segment,
                                       status, valid_from, valid_to, seen_on, resident_id)
SELECT DISTINCT ON (key) (%(runs)s::bigint[])[u.number + 1], u.line_number, u.raw, key, %(source)s, u.card,
       coalesce(u.nik, ''), coalesce(u.name, ''), u.birth_date, u.segment, u.status, u.valid_from, u.valid_to, %(last)s,
       candidate.id
  FROM (SELECT l.*, unknown.raw, %(source)s || ':' || l.card AS key
          FROM unknown JOIN listed l USING (number, line_number)) u
  LEFT JOIN LATERAL (
       SELECT min(r.id) AS id FROM participants_resident r
        WHERE r.name = upper(u.name) AND (u.birth_date IS NULL OR r.birth_date = u.birth_date) AND r.status = 0
       HAVING count(*) = 1) candidate ON true
 WHERE NOT EXISTS (SELECT FROM participants_jkncandidate asked WHERE asked.key = u.key)
 ORDER BY key, u.number, u.line_number
    ON CONFLICT (key) DO NOTHING
"""

_QUARANTINE = """
INSERT INTO participants_quarantinedrow (run_id, line_number, reason, raw)
SELECT (%(runs)s::bigint[])[number + 1], line_number, reason, coalesce(raw, '') FROM refused ORDER BY number, line_number
"""

_COUNT = """
SELECT number, count(*) FILTER (WHERE opened), count(*) FILTER (WHERE NOT opened)
  FROM (SELECT number, false AS opened FROM claimed WHERE resident_id IS NULL
        UNION ALL SELECT number, true FROM parting WHERE resident_id IS NOT NULL) x
 GROUP BY number
"""


def find(*, source, period, told, compared):
    """Fill ``parting`` and ``stale`` for a list of ``source`` that speaks of ``period`` (first and last day).

    ``told`` are segments another PBI list of this month has spoken of: whether this is its second part or its correction
    nobody can tell, so nobody of them is closed. ``compared`` says that only rows differing from the last list were loaded.
    """
    facts = {"first": period[0], "told": list(told)}
    if source == CoverageSource.PBI_LIST:
        candidates, missing = (_OPEN_OF_LOADED, _LOST) if compared else (_ALL_OPEN, _OF_THE_LIST)
        statements = (_PBI_PARTING, _PBI_STALE.format(candidates=candidates, missing=missing))
    elif compared:
        statements = (_BPJS_PARTING.format(known=_KNOWN_OF_LOADED), _BPJS_STALE, _BPJS_OPEN)
    else:
        statements = (_BPJS_PARTING.format(known=_ALL_KNOWN), _BPJS_STALE, _BPJS_OPEN)
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement, facts)


def count(*, rows):
    """Counters by file, and the number of intervals closed. ``rows`` are the numbers of rows of the files."""
    numbers = ("opened", "unchanged", "to_review", "quarantined")
    counters = [dict.fromkeys(numbers, 0) | {"quarantined_by_reason": {}} for _file in rows]
    with connection.cursor() as cursor:
        cursor.execute(_COUNT)
        for number, opened, unknown in cursor:
            counters[number] |= {"opened": opened, "to_review": unknown}
        cursor.execute("SELECT number, reason, count(*) FROM refused GROUP BY number, reason ORDER BY reason")
        for number, reason, refused in cursor:
            counters[number]["quarantined"] += refused
            counters[number]["quarantined_by_reason"][reason] = refused
        cursor.execute("SELECT count(*) FROM stale")
        closed = cursor.fetchone()[0]
    for counter, read in zip(counters, rows, strict=True):
        counter["unchanged"] = read - counter["opened"] - counter["to_review"] - counter["quarantined"]
    return counters, closed


def segments(*, listed):
    """Segments this PBI list speaks of: those of its loaded rows and those of which rows did not differ from the last list.

    ``listed`` are the intervals by segment that the last list had made, empty when every row was loaded.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT DISTINCT segment FROM claimed")
        found = {segment for (segment,) in cursor}
        if listed:
            cursor.execute(
                "SELECT segment, count(*) FROM lost WHERE open AND listed AND review_id IS NULL GROUP BY segment"
            )
            gone = dict(cursor.fetchall())
            found |= {segment for segment, count in listed.items() if count > gone.get(segment, 0)}
    return sorted(found)


def write(*, source, period, runs, at, compared):
    """Apply what was found; ``runs`` are the ids of the SyncRuns in the order of the files."""
    monthly = source == CoverageSource.PBI_LIST
    facts = {"source": str(source), "first": period[0], "last": period[1], "runs": runs, "at": at, "monthly": monthly}
    if source == CoverageSource.PBI_LIST:
        close = (_PBI_CLOSE, _PBI_LISTED.format(missing="o.id IN (SELECT id FROM lost)" if compared else "true"))
    else:
        close = (_BPJS_CLOSE, _BPJS_LISTED)
    with connection.cursor() as cursor:
        for statement in (*close, _ONLINE_CLOSE, _OPENED, _SEEN, _CANDIDATES, _QUARANTINE):
            cursor.execute(statement, facts)
