"""What a file would do, for the people who decide about it: by event and kelurahan, with a few examples.

Reads the temporary tables of ``differences``. Of a person only the last four digits of the NIK, so that the office can find the
line and nobody else is told whom it is about.
"""

import json

from django.db import connection

EXAMPLES = 5

_BY_KELURAHAN = """
SELECT coalesce(g.name, ''), json_object_agg(kind, n ORDER BY n DESC, kind)::text
  FROM (SELECT kelurahan_id, kind, count(*) AS n FROM placed GROUP BY kelurahan_id, kind) x
  LEFT JOIN facilities_region g ON g.code = x.kelurahan_id
 GROUP BY g.name ORDER BY sum(n) DESC, g.name
"""

_EXAMPLES = """
SELECT kind, digits, coalesce(g.name, ''), effective_on, fields
  FROM (SELECT p.*, right(coalesce(d.nik, r.nik), 4) AS digits,
               row_number() OVER (PARTITION BY p.kind ORDER BY p.resident_id) AS place
          FROM placed p LEFT JOIN diff d USING (resident_id) LEFT JOIN participants_resident r ON r.id = p.resident_id) x
  LEFT JOIN facilities_region g ON g.code = x.kelurahan_id
 WHERE place <= %s ORDER BY kind, place
"""


def look(checks):
    """Plain JSON for ``SyncRun.preview``: ``thresholds`` (of guard.Check), ``kelurahan`` and ``examples``."""
    with connection.cursor() as cursor:
        cursor.execute(_BY_KELURAHAN)
        kelurahan = [{"name": name, "events": json.loads(events)} for name, events in cursor.fetchall()]
        cursor.execute(_EXAMPLES, [EXAMPLES])
        examples = [
            {"kind": kind, "nik": digits, "kelurahan": name, "on": day.isoformat(), "fields": fields}
            for kind, digits, name, day, fields in cursor.fetchall()
        ]
    return {"thresholds": [check.as_json() for check in checks], "kelurahan": kelurahan, "examples": examples}
