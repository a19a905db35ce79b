"""The history of beds: what it says of occupancy, and how it grows thin with age."""

from datetime import timedelta

from django.db import connection
from django.utils.translation import gettext as _

from ksb.core.charts import line_chart

DAYS_SHOWN = 30
# Every report for a month, as evidence of a refusal or a claim; then the last of each hour; then the last of each day.
WHOLE_DAYS = 31
HOURLY_DAYS = 90

# Each report holds until the next one, at most to the end of its day.
_OCCUPANCY = """
    WITH stands AS (
        SELECT c.facility_id, c.ward, (r.reported_at AT TIME ZONE 'Asia/Jakarta')::date AS day, r.capacity, r.occupied,
               extract(epoch FROM lead(r.reported_at AT TIME ZONE 'Asia/Jakarta', 1,
                   date_trunc('day', r.reported_at AT TIME ZONE 'Asia/Jakarta') + interval '1 day') OVER (
                   PARTITION BY r.count_id, (r.reported_at AT TIME ZONE 'Asia/Jakarta')::date
                   ORDER BY r.reported_at, r.id) - r.reported_at AT TIME ZONE 'Asia/Jakarta') AS seconds
          FROM facilities_bedreport r JOIN facilities_bedcount c ON c.id = r.count_id
         WHERE c.facility_id = %(facility)s AND r.reported_at >= %(first)s::date::timestamp AT TIME ZONE 'Asia/Jakarta'
           AND r.reported_at < (%(last)s::date + 1)::timestamp AT TIME ZONE 'Asia/Jakarta'
           AND c.ward NOT IN ('EMERGENCY', 'HAEMODIALYSIS'))
    SELECT day, 100 * sum(occupied * seconds) / nullif(sum(capacity * seconds), 0) FROM stands GROUP BY day ORDER BY day"""

_THIN = """
    DELETE FROM facilities_bedreport r USING (
        SELECT id, row_number() OVER (
                   PARTITION BY count_id, date_trunc(%(unit)s, reported_at AT TIME ZONE 'Asia/Jakarta')
                   ORDER BY reported_at DESC, id DESC) AS place
          FROM facilities_bedreport WHERE reported_at < %(before)s) old
     WHERE old.id = r.id AND old.place > 1"""


def occupancy(hospital, *, first, last):
    """Bed occupancy rate (BOR) of ``hospital`` by day, ``{day: percent}``: occupied beds of all wards over all beds, each

    report weighted with the time it held on its day. Emergency room and haemodialysis have no beds in this sense. Days
    without a report are not in it.
    """
    with connection.cursor() as cursor:
        cursor.execute(_OCCUPANCY, {"facility": hospital.pk, "first": first, "last": last})
        return {day: round(float(rate), 1) for day, rate in cursor.fetchall() if rate is not None}


def occupancy_chart(hospital, *, until, days=DAYS_SHOWN):
    """The last ``days`` of occupancy as a chart; empty where nothing was reported."""
    first = until - timedelta(days=days - 1)
    found = occupancy(hospital, first=first, last=until)
    if not found:
        return ""
    span = [first + timedelta(days=n) for n in range(days)]
    title = _("Occupancy by day (BOR), percent")
    return line_chart(title, [f"{day:%d/%m}" for day in span], [("BOR", [found.get(day) for day in span])])


def thin(*, at):
    """Delete what is too old to be kept whole; the last report of each hour, later of each day, stays. Returns the number."""
    deleted = 0
    with connection.cursor() as cursor:
        for unit, days in (("hour", WHOLE_DAYS), ("day", HOURLY_DAYS)):
            cursor.execute(_THIN, {"unit": unit, "before": at - timedelta(days=days)})
            deleted += cursor.rowcount
    return deleted
