"""The night's figures: what is too big to count while somebody waits."""

from django.db import connection, transaction

from reports import live

# measure, dimension -> SELECT key, value
MEASURES = {
    ("residents", ""): "SELECT '', count(*) FROM participants_resident WHERE status = 0 AND city_code = '32.75'",
    ("households", ""): "SELECT '', count(*) FROM participants_household WHERE dissolved_on IS NULL",
    ("coverage", "decision"): "SELECT decision, count(*) FROM participants_coveragestatus GROUP BY decision",
    ("coverage_rule", "rule"): "SELECT headline_rule, count(*) FROM participants_coveragestatus GROUP BY headline_rule",
    ("covered", "kecamatan"): """
        SELECT left(r.kelurahan_id, 8), count(*) FROM participants_coveragestatus s
          JOIN participants_resident r ON r.id = s.resident_id
         WHERE s.decision LIKE 'COVERED%%' AND r.kelurahan_id IS NOT NULL GROUP BY 1""",
    ("sjp_issued", ""): """
        SELECT '', count(*) FROM referrals_sjp
         WHERE issued_at >= %(day)s::date AND issued_at < %(day)s::date + 1
           AND (approval_grounds = '{}' OR approved_at IS NOT NULL)""",
}


def roll_up(*, day, measures=None):
    """Write every figure of ``day`` anew, or those named, and fold the live counts. Returns the number of figures."""
    written = 0
    with transaction.atomic(), connection.cursor() as cursor:
        for (measure, dimension), select in MEASURES.items():
            if measures is not None and measure not in measures:
                continue
            cursor.execute(
                "DELETE FROM reports_dailyfigure WHERE day = %s AND measure = %s AND dimension = %s",
                [day, measure, dimension],
            )
            cursor.execute(
                f"""INSERT INTO reports_dailyfigure (day, measure, dimension, key, value)
                    SELECT %(day)s::date, %(measure)s, %(dimension)s, found.key, found.value
                      FROM ({select}) AS found (key, value)""",
                {"day": day, "measure": measure, "dimension": dimension},
            )
            written += cursor.rowcount
        live.fold()
    return written
