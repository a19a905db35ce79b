"""What a snapshot changes: who is new, who differs, who is missing, what became of families, and what each of it means.

Works on the temporary tables of ``staging`` and writes only such tables, so that a dry run, a run that waits for approval and
one that is applied count the same:

``diff``     lines that say something new of somebody; ``resident_id`` is given out for new people already
``missing``  people without a sound line; ``held`` ones are kept because a refused line may be theirs
``change``   known people whose line differs, beside what was known; ``fields`` are the columns that differ
``house``    families touched, before and after
``event``    what happened to whom; ``placed`` the same with the kelurahan, of who moved away the one they left
"""

from enum import Enum

from django.db import connection

from participants.enums import EventKind as Event
from participants.enums import Relation, ResidentStatus


class Extent(Enum):
    """Which lines were loaded: all of a snapshot, those of it that differ from the last one, or those of a delta."""

    ALL = "all"
    DIFFERENT = "different"
    DELTA = "delta"


# Who was registered within this time of birth was born here (UU 24/2013 ps. 27) and did not move in.
BIRTH_REPORT_DAYS = 60
BIRTH_NEWS_DAYS = 366

_ACTIVE, _DECEASED = int(ResidentStatus.ACTIVE), int(ResidentStatus.DECEASED)
_MOVED_OUT, _DEACTIVATED, _GONE = map(int, (ResidentStatus.MOVED_OUT, ResidentStatus.DEACTIVATED, ResidentStatus.GONE))
_HEAD = int(Relation.HEAD)

_DIFF = f"""
CREATE TEMP TABLE diff AS
SELECT d.*, CASE WHEN d.status <> {_ACTIVE} THEN coalesce(d.told_on, d.known_on, %(day)s) END AS status_on
  FROM (
    SELECT i.line_number, i.kk, i.nik, i.name, i.sex, coalesce(i.birth_place, '') AS birth_place, i.birth_date, i.relation,
           i.marital_status, coalesce(i.mother_nik, '') AS mother_nik, coalesce(i.address, '') AS address,
           coalesce(lpad(i.rt, 3, '0'), '') AS rt, coalesce(lpad(i.rw, 3, '0'), '') AS rw, i.city_code,
           CASE WHEN i.city_code = %(home)s THEN i.kelurahan_code END AS kelurahan_id, i.resident_since, i.ektp,
           CASE WHEN i.status = {_ACTIVE} AND i.city_code <> %(home)s THEN {_MOVED_OUT} ELSE i.status END AS status,
           i.status_on AS told_on, CASE WHEN r.status = i.status THEN r.status_on END AS known_on, i.fingerprint,
           r.id IS NULL AS is_new,
           coalesce(r.id, nextval('participants_resident_id_seq')) AS resident_id
      FROM incoming i LEFT JOIN participants_resident r ON r.nik = i.nik
     WHERE r.id IS NULL OR NOT r.listed OR r.fingerprint IS DISTINCT FROM i.fingerprint
  ) d
"""

_MISSING = """
CREATE TEMP TABLE missing AS
SELECT r.id AS resident_id, r.nik, r.name, r.sex, r.birth_date, r.status, r.listed, r.household_id, h.kk_number,
       false AS held, false AS renamed
  FROM participants_resident r JOIN participants_household h ON h.id = r.household_id
 WHERE {candidate}
   AND NOT EXISTS (SELECT FROM incoming i WHERE i.nik = r.nik)
"""
_REMOVED = "r.id IN (SELECT p.id FROM participants_resident p JOIN removed ON removed.nik = p.nik)"
_WITHOUT_THEIR_LINE = f"""
r.id IN (SELECT p.id FROM participants_resident p JOIN removed ON removed.nik = p.nik
          UNION SELECT p.id FROM participants_resident p WHERE NOT p.listed AND p.status = {_ACTIVE})
"""
_CANDIDATES = {
    Extent.ALL: f"(r.listed OR r.status = {_ACTIVE})",
    Extent.DIFFERENT: _WITHOUT_THEIR_LINE,
    Extent.DELTA: _REMOVED,
}

_NEW_NIK = f"""
WITH pair AS (
    SELECT m.resident_id AS missing_id, d.resident_id AS new_id,
           count(*) OVER (PARTITION BY m.resident_id) AS news, count(*) OVER (PARTITION BY d.resident_id) AS olds
      FROM missing m JOIN diff d ON d.is_new AND d.kk = m.kk_number AND d.name = m.name
                                AND d.birth_date = m.birth_date AND d.sex = m.sex
     WHERE m.status = {_ACTIVE}
), renamed AS (
    UPDATE missing m SET renamed = true FROM pair
     WHERE pair.missing_id = m.resident_id AND pair.news = 1 AND pair.olds = 1
    RETURNING pair.new_id, m.resident_id
)
UPDATE diff d SET resident_id = renamed.resident_id, is_new = false FROM renamed WHERE renamed.new_id = d.resident_id;
DELETE FROM missing WHERE renamed;
"""

# A refused line with a NIK speaks of that person; without one, of the person of that name or birth date in that family, or of
# the whole family; without a family number, of whoever has that name and birth date. Each in a hashed list: a bad file holds
# as many refused lines as people are missing from it.
_HELD_BY_A_LINE = """
UPDATE missing m SET held = true
 WHERE m.nik IN (SELECT unnest(numbers) FROM refused)
    OR m.kk_number IN (SELECT kk FROM refused WHERE numbers = '{}' AND name IS NULL AND birth_date IS NULL AND kk IS NOT NULL)
    OR (m.kk_number, m.name) IN (SELECT kk, name FROM refused WHERE numbers = '{}' AND (kk, name) IS NOT NULL)
    OR (m.kk_number, m.birth_date) IN (
           SELECT kk, birth_date FROM refused WHERE numbers = '{}' AND (kk, birth_date) IS NOT NULL)
    OR (m.name, m.birth_date) IN (
           SELECT name, birth_date FROM refused WHERE numbers = '{}' AND (name, birth_date) IS NOT NULL)
    OR m.kk_number IN (SELECT unnest(numbers) FROM refused f
                        WHERE f.kk IS NULL AND NOT EXISTS (SELECT FROM participants_resident r WHERE r.nik = ANY (f.numbers)))
"""

# As long as a file has lines nobody can read, who is missing from it for the first time waits for the next file.
_HELD_BY_DOUBT = """
UPDATE missing m SET held = true
 WHERE m.listed AND EXISTS (SELECT FROM refused f
                             WHERE f.numbers = '{}' AND f.kk IS NULL AND (f.name IS NULL OR f.birth_date IS NULL))
"""

_CHANGE = """
CREATE TEMP TABLE change AS
SELECT d.*, r.nik AS old_nik, r.status AS old_status, r.household_id AS old_household_id, h.kk_number AS old_kk,
       h.kk_number <> d.kk AS changed_family, r.resident_since AS old_resident_since, r.ektp_recorded AS old_ektp,
       (h.address, h.rt, h.rw) IS DISTINCT FROM (d.address, d.rt, d.rw)
           OR coalesce(r.kelurahan_id <> d.kelurahan_id, false) AS lives_elsewhere,
       array_remove(ARRAY[
           CASE WHEN r.nik <> d.nik THEN 'nik' END,
           CASE WHEN h.kk_number <> d.kk THEN 'kk_number' END,
           CASE WHEN r.name <> d.name THEN 'name' END,
           CASE WHEN r.sex <> d.sex THEN 'sex' END,
           CASE WHEN r.birth_place <> d.birth_place THEN 'birth_place' END,
           CASE WHEN r.birth_date <> d.birth_date THEN 'birth_date' END,
           CASE WHEN r.relation <> d.relation THEN 'relation' END,
           CASE WHEN r.marital_status <> d.marital_status THEN 'marital_status' END,
           CASE WHEN r.mother_nik <> d.mother_nik THEN 'mother_nik' END,
           CASE WHEN r.kelurahan_id IS DISTINCT FROM d.kelurahan_id THEN 'kelurahan' END,
           CASE WHEN r.city_code <> d.city_code THEN 'city_code' END,
           CASE WHEN r.resident_since IS DISTINCT FROM d.resident_since THEN 'resident_since' END,
           CASE WHEN r.ektp_recorded <> d.ektp THEN 'ektp_recorded' END,
           CASE WHEN r.status <> d.status THEN 'status' END,
           CASE WHEN r.status_on IS DISTINCT FROM d.status_on THEN 'status_on' END
       ], NULL) AS fields
  FROM diff d
  JOIN participants_resident r ON r.id = d.resident_id
  JOIN participants_household h ON h.id = r.household_id
 WHERE NOT d.is_new
"""

# Only the head's line moves a known family; the members' repeat the address. Ids are given out in the order of the KK, which is
# that of the file: neighbours lie side by side, and indexes grow at their end.
_HOUSE = f"""
CREATE TEMP TABLE house AS
WITH touched AS (
    SELECT kk FROM diff UNION SELECT old_kk FROM change UNION SELECT kk_number FROM missing WHERE NOT held
), stayed AS (
    SELECT r.household_id, count(*) AS people, min(r.id) FILTER (WHERE r.relation = {_HEAD}) AS head_id
      FROM touched JOIN participants_household h ON h.kk_number = touched.kk
      JOIN participants_resident r ON r.household_id = h.id AND r.status = {_ACTIVE}
     WHERE NOT EXISTS (SELECT FROM change c WHERE c.resident_id = r.id)
       AND NOT EXISTS (SELECT FROM missing m WHERE m.resident_id = r.id AND NOT m.held)
     GROUP BY r.household_id
), came AS (
    SELECT kk, count(*) AS people, min(resident_id) FILTER (WHERE relation = {_HEAD}) AS head_id
      FROM diff WHERE status = {_ACTIVE} GROUP BY kk
), left_or_stayed AS (
    SELECT household_id, count(*) AS people FROM (
        SELECT household_id FROM missing WHERE NOT held AND status = {_ACTIVE}
        UNION ALL SELECT old_household_id FROM change WHERE old_status = {_ACTIVE}
    ) x GROUP BY household_id
), speaker AS (
    SELECT DISTINCT ON (kk) kk, address, rt, rw, kelurahan_id, status = {_ACTIVE} AND relation = {_HEAD} AS is_head
      FROM diff ORDER BY kk, status = {_ACTIVE} DESC, relation = {_HEAD} DESC, line_number
)
SELECT x.*, NOT is_new AND (address, rt, rw, kelurahan_id) IS DISTINCT FROM (old_address, old_rt, old_rw, old_kelurahan_id)
                AS moved
  FROM (
    SELECT touched.kk, coalesce(h.id, nextval('participants_household_id_seq')) AS household_id,
           h.id IS NULL AS is_new, h.head_id AS old_head_id, h.dissolved_on AS old_dissolved_on,
           coalesce(stayed.people, 0) + coalesce(left_or_stayed.people, 0) AS people_before,
           coalesce(stayed.people, 0) + coalesce(came.people, 0) AS people_after,
           CASE WHEN h.head_id IN (came.head_id, stayed.head_id) THEN h.head_id
                ELSE coalesce(came.head_id, stayed.head_id) END AS head_id,
           h.address AS old_address, h.rt AS old_rt, h.rw AS old_rw, h.kelurahan_id AS old_kelurahan_id,
           CASE WHEN speaks THEN speaker.address ELSE h.address END AS address,
           CASE WHEN speaks THEN speaker.rt ELSE h.rt END AS rt,
           CASE WHEN speaks THEN speaker.rw ELSE h.rw END AS rw,
           CASE WHEN speaks THEN speaker.kelurahan_id ELSE h.kelurahan_id END AS kelurahan_id
      FROM touched
      LEFT JOIN participants_household h ON h.kk_number = touched.kk
      LEFT JOIN stayed ON stayed.household_id = h.id
      LEFT JOIN came ON came.kk = touched.kk
      LEFT JOIN left_or_stayed ON left_or_stayed.household_id = h.id
      LEFT JOIN speaker ON speaker.kk = touched.kk
     CROSS JOIN LATERAL (SELECT speaker.kk IS NOT NULL AND (
         h.id IS NULL OR speaker.is_head OR (stayed.people IS NULL AND left_or_stayed.people IS NULL)) AS speaks) s
     ORDER BY touched.kk
  ) x
"""

_MOVED_WITH_THE_FAMILY = f"""
UPDATE change c SET fields = c.fields || 'address'::text
  FROM house
 WHERE house.kk = c.kk AND house.moved AND NOT c.changed_family AND c.lives_elsewhere AND c.status = {_ACTIVE};
UPDATE change c SET lives_elsewhere = false
  FROM house WHERE house.kk = c.kk AND NOT house.moved AND NOT c.changed_family AND NOT 'kelurahan' = ANY (c.fields);
"""

_EVENT = f"""
CREATE TEMP TABLE event AS
SELECT resident_id, '{Event.DEATH}' AS kind, status_on AS effective_on, fields
  FROM change WHERE status = {_DECEASED} AND old_status <> status
UNION ALL
SELECT resident_id, '{Event.MOVE_OUT}', status_on, fields FROM change WHERE status = {_MOVED_OUT} AND old_status <> status
UNION ALL
SELECT resident_id, '{Event.DEACTIVATED}', status_on, fields
  FROM change WHERE status = {_DEACTIVATED} AND old_status <> status
UNION ALL
SELECT resident_id, '{Event.MOVE_IN}', resident_since, fields FROM change
 WHERE status = {_ACTIVE} AND old_status IN ({_MOVED_OUT}, {_GONE})
   AND resident_since > coalesce(old_resident_since, '-infinity')
UNION ALL
SELECT resident_id, '{Event.NIK_CHANGE}', %(day)s, fields FROM change WHERE nik <> old_nik
UNION ALL
SELECT c.resident_id,
       CASE WHEN came.people_before > 0 AND left_behind.people_after = 0 THEN '{Event.KK_MERGE}'
            WHEN came.people_before = 0 AND left_behind.people_after > 0 THEN '{Event.KK_SPLIT}'
            ELSE '{Event.MOVE_INTERNAL}' END,
       %(day)s, c.fields
  FROM change c JOIN house came ON came.kk = c.kk JOIN house left_behind ON left_behind.kk = c.old_kk
 WHERE c.changed_family AND c.status = {_ACTIVE} AND c.old_status = {_ACTIVE}
   AND (c.lives_elsewhere OR (came.people_before > 0) = (left_behind.people_after = 0))
UNION ALL
SELECT resident_id, '{Event.MOVE_INTERNAL}', %(day)s, fields FROM change
 WHERE NOT changed_family AND lives_elsewhere AND status = {_ACTIVE} AND old_status = {_ACTIVE}
UNION ALL
SELECT resident_id, '{Event.EKTP_RECORDED}', %(day)s, fields FROM change WHERE ektp AND NOT old_ektp
UNION ALL
SELECT head_id, '{Event.HEAD_CHANGE}', %(day)s, '{{}}' FROM house WHERE old_head_id <> head_id
UNION ALL
SELECT resident_id,
       CASE WHEN birth_date > %(day)s - {BIRTH_NEWS_DAYS}
             AND coalesce(resident_since <= birth_date + {BIRTH_REPORT_DAYS}, true)
            THEN '{Event.BIRTH}' ELSE '{Event.MOVE_IN}' END,
       CASE WHEN birth_date > %(day)s - {BIRTH_NEWS_DAYS}
             AND coalesce(resident_since <= birth_date + {BIRTH_REPORT_DAYS}, true)
            THEN birth_date ELSE coalesce(resident_since, %(day)s) END, '{{}}'
  FROM diff WHERE is_new AND status = {_ACTIVE} AND NOT %(first)s
UNION ALL
SELECT resident_id, '{Event.GONE}', %(day)s, '{{status}}' FROM missing WHERE NOT held AND status = {_ACTIVE}
"""

# What is said of a person is a correction unless an event of its own explains it.
_CORRECTION = f"""
INSERT INTO event (resident_id, kind, effective_on, fields)
SELECT c.resident_id, '{Event.CORRECTION}', %(day)s, c.fields FROM change c
 WHERE c.fields && '{{name,sex,birth_place,birth_date,mother_nik}}'
    OR (c.fields <> '{{}}' AND NOT EXISTS (SELECT FROM event e WHERE e.resident_id = c.resident_id))
"""

_PLACED = """
CREATE TEMP TABLE placed AS
SELECT event.*, coalesce(d.kelurahan_id, r.kelurahan_id) AS kelurahan_id
  FROM event LEFT JOIN diff d USING (resident_id) LEFT JOIN participants_resident r ON r.id = event.resident_id
"""

_COUNT = f"""
SELECT count(*) FILTER (WHERE is_new AND event.resident_id IS NULL),
       count(*) FILTER (WHERE NOT is_new AND sort = 'changed'),
       count(*) FILTER (WHERE sort = 'died'),
       count(*) FILTER (WHERE event.resident_id IS NOT NULL),
       count(*) FILTER (WHERE sort = 'moved_out')
  FROM (
    SELECT resident_id, is_new, NULL AS sort FROM diff WHERE is_new
    UNION ALL
    SELECT resident_id, false, CASE WHEN status = {_DECEASED} AND old_status <> status THEN 'died'
                                    WHEN status = {_MOVED_OUT} AND old_status <> status THEN 'moved_out'
                                    WHEN fields <> '{{}}' AND resident_id NOT IN (
                                        SELECT resident_id FROM event WHERE kind = '{Event.MOVE_IN}') THEN 'changed' END
      FROM change
  ) x LEFT JOIN event ON event.resident_id = x.resident_id AND event.kind = '{Event.MOVE_IN}'
"""


def find(*, day, home, extent, first):
    """Fill the tables. ``day`` is the day of the file, ``home`` the code of the city, ``extent`` says which lines were loaded.

    ``first``: there was no snapshot before; a first load is no event in anybody's life.
    """
    facts = {"day": day, "home": home, "first": first}
    missing = _MISSING.format(candidate=_CANDIDATES[extent])
    with connection.cursor() as cursor:
        for statement in (
            _DIFF,
            "ANALYZE diff (kk, nik, resident_id, is_new, status)",
            f"{missing}; ANALYZE missing",
            _NEW_NIK,
            _HELD_BY_A_LINE,
            *([] if extent is Extent.DELTA else [_HELD_BY_DOUBT]),
            _CHANGE,
            "ANALYZE change",
            _HOUSE,
            "ANALYZE house (kk, household_id, is_new)",
            _MOVED_WITH_THE_FAMILY,
            _EVENT,
            _CORRECTION,
            "ANALYZE event",
            _PLACED,
        ):
            cursor.execute(statement, facts)


def count(*, read, removals=0):
    """The counters of the run. Each line is counted once: ``read`` is the sum of the first six, the refused and ``removals``.

    ``gone`` and ``held`` are people without a line, in a delta people whom a line removes; ``events`` are numbers by kind.
    """
    with connection.cursor() as cursor:
        cursor.execute(_COUNT)
        added, changed, died, moved_in, moved_out = cursor.fetchone()
        cursor.execute("SELECT reason, count(*) FROM refused GROUP BY reason ORDER BY reason")
        reasons = dict(cursor.fetchall())
        cursor.execute(
            f"SELECT count(*) FILTER (WHERE NOT held AND status = {_ACTIVE}), count(*) FILTER (WHERE held) FROM missing"
        )
        gone, held = cursor.fetchone()
        cursor.execute("SELECT kind, count(*) FROM event GROUP BY kind ORDER BY kind")
        events = dict(cursor.fetchall())
    quarantined = sum(reasons.values())
    return {
        "read": read,
        "unchanged": read - removals - quarantined - added - changed - died - moved_in - moved_out,
        "added": added,
        "changed": changed,
        "died": died,
        "moved_in": moved_in,
        "moved_out": moved_out,
        "gone": gone,
        "held": held,
        "accepted": read - quarantined,
        "quarantined": quarantined,
        "removals": removals,
        "quarantined_by_reason": reasons,
        "events": events,
    }
