"""Do the hospitals tell the truth about beds (domain.md S106, the lie about class III)? Three findings, each with its evidence:

*refused with free beds*: a referral was refused while the ward's last report, still fresh, told of a free bed;
*admitted while full*: a patient of the programme was admitted to a ward whose last fresh report told that every bed was taken;
*more patients than taken beds*: on a day more patients of the programme lay in a ward, by episodes and claims, than the highest
report of the day has taken beds. Beside them: days on which every report said full, with our patients of that day.
A finding is a question to the hospital, not a verdict: a bed may be freed between two reports.
"""

import csv
import datetime
import io
from collections import Counter
from dataclasses import dataclass

from django.db import connection
from django.utils.translation import gettext_lazy as _

from facilities.bed_board import stale_after
from facilities.bed_history import occupancy_chart
from facilities.enums import WardType
from ksb.core import formats
from ksb.core.tables import harmless
from referrals.enums import ReferralState, RefusalReason
from referrals.rules import STAYS, WARDS
from reports.leakage import LIVING, ZONE

SHOWN = 100
_WARD_OF = ", ".join(f"('{service}', '{wards[0]}')" for service, wards in WARDS.items())
_STAYS = ", ".join(f"'{service}'" for service in STAYS)
# The ward the referral asks for, else the one its service is given in.
_WARD = f"coalesce(nullif(r.ward, ''), (SELECT w.ward FROM (VALUES {_WARD_OF}) w (service, ward) WHERE w.service = {{service}}))"
_BEGINS, _ENDS = (f"%({name})s::date::timestamp AT TIME ZONE '{ZONE}'" for name in ("first", "after"))
# The report that stood when something happened, if it was still fresh then.
_BESIDE_ITS_REPORT = """
    SELECT f.code, f.name, thing.ward, thing.moment, b.reported_at, b.capacity, b.occupied,
           b.capacity - b.occupied - b.cleaning - {taken} AS free, thing.kind, thing.told, thing.number
      FROM ({things}) thing
      JOIN facilities_facility f ON f.id = thing.hospital_id
      JOIN facilities_bedcount c ON c.facility_id = thing.hospital_id AND c.ward = thing.ward
      JOIN LATERAL (SELECT * FROM facilities_bedreport o WHERE o.count_id = c.id AND o.reported_at <= thing.moment
                     ORDER BY o.reported_at DESC, o.id DESC LIMIT 1) b
        ON b.reported_at >= thing.moment - make_interval(mins => %(stale)s)
     WHERE (%(hospital)s::bigint IS NULL OR thing.hospital_id = %(hospital)s)
       AND b.capacity - b.occupied - b.cleaning - {taken} {test}
     ORDER BY thing.moment, thing.number"""
_REFUSED = _BESIDE_ITS_REPORT.format(
    taken="b.held",
    test="> 0",
    things=f"""
        SELECT r.hospital_id, r.number, {_WARD.format(service="r.service")} AS ward, r.answered_at AS moment,
               r.refusal_code AS kind, r.refusal AS told
          FROM referrals_referral r
         WHERE r.state = '{ReferralState.REFUSED}' AND r.answered_at >= {_BEGINS} AND r.answered_at < {_ENDS}""",
)
_ADMITTED = _BESIDE_ITS_REPORT.format(
    taken="0",
    test="<= 0",
    things=f"""
        SELECT e.hospital_id, s.number, {_WARD.format(service="e.service")} AS ward, e.admitted_at AS moment,
               '' AS kind, '' AS told
          FROM referrals_episode e JOIN referrals_sjp s ON s.id = e.sjp_id LEFT JOIN referrals_referral r ON r.id = s.referral_id
         WHERE e.service IN ({_STAYS}) AND e.admitted_at >= {_BEGINS} AND e.admitted_at < {_ENDS}""",
)
# A patient lies in a ward from the day of arrival to the day before leaving; who comes and leaves on one day lay there that day.
_DAYS = f"""
    WITH reported AS (
        SELECT c.facility_id, c.ward, (o.reported_at AT TIME ZONE '{ZONE}')::date AS day, count(*) AS reports,
               max(o.capacity) AS capacity, max(o.occupied) AS most,
               max(o.capacity - o.occupied - o.cleaning) AS most_free
          FROM facilities_bedreport o JOIN facilities_bedcount c ON c.id = o.count_id
         WHERE o.reported_at >= {_BEGINS} AND o.reported_at < {_ENDS}
           AND (%(hospital)s::bigint IS NULL OR c.facility_id = %(hospital)s)
         GROUP BY 1, 2, 3),
    stays AS (
        SELECT e.sjp_id, e.hospital_id, e.service, (e.admitted_at AT TIME ZONE '{ZONE}')::date AS began,
               coalesce((e.discharged_at AT TIME ZONE '{ZONE}')::date, %(after)s::date) AS ended
          FROM referrals_episode e WHERE e.service IN ({_STAYS}) AND e.admitted_at < {_ENDS}
           AND (e.discharged_at IS NULL OR e.discharged_at >= {_BEGINS})
         UNION
        SELECT m.sjp_id, m.hospital_id, s.service, m.admitted_on, m.discharged_on
          FROM claims_claim m JOIN referrals_sjp s ON s.id = m.sjp_id
         WHERE s.service IN ({_STAYS}) AND m.state IN ({LIVING})
           AND m.admitted_on < %(after)s AND m.discharged_on >= %(first)s),
    lay AS (
        SELECT y.hospital_id, {_WARD.format(service="y.service")} AS ward, d.day::date AS day,
               count(DISTINCT y.sjp_id) AS patients
          FROM stays y JOIN referrals_sjp s ON s.id = y.sjp_id LEFT JOIN referrals_referral r ON r.id = s.referral_id
          JOIN LATERAL generate_series(greatest(y.began, %(first)s::date)::timestamp,
                   least(greatest(y.ended - 1, y.began), %(after)s::date - 1)::timestamp, '1 day') d (day) ON true
         GROUP BY 1, 2, 3)
    SELECT f.code, f.name, t.ward, t.day, t.reports, t.capacity, t.most, coalesce(l.patients, 0), t.most_free <= 0
      FROM reported t JOIN facilities_facility f ON f.id = t.facility_id
      LEFT JOIN lay l ON l.hospital_id = t.facility_id AND l.ward = t.ward AND l.day = t.day
     WHERE l.patients > t.most OR (t.most_free <= 0 AND t.capacity > 0)
     ORDER BY t.day, f.name, t.ward"""


@dataclass(frozen=True)
class Event:
    """A refusal or an admission beside the report that stood then."""

    code: str
    hospital: str
    ward: str
    at: datetime.datetime
    reported_at: datetime.datetime
    capacity: int
    occupied: int
    free: int
    kind: str
    told: str
    number: str

    @property
    def kind_label(self):
        return RefusalReason(self.kind).label if self.kind else ""

    @property
    def ward_label(self):
        return WardType(self.ward).label


@dataclass(frozen=True)
class Day:
    """A day of one ward: its reports beside the programme's patients who lay there."""

    code: str
    hospital: str
    ward: str
    day: datetime.date
    reports: int
    capacity: int
    most: int
    patients: int
    full: bool

    @property
    def ward_label(self):
        return WardType(self.ward).label

    @property
    def too_many(self):
        return self.patients > self.most


HEADS = {
    "refused": _("refused with free beds"),
    "admitted": _("admitted while full"),
    "too_many": _("more patients than taken beds"),
    "full": _("full all day"),
}


def findings(*, first, last, hospital=None):
    """All findings of the days ``first`` to ``last``, ``{name of HEADS: rows}``, of one hospital or of all. Three statements."""
    asked = {
        "first": first,
        "after": last + datetime.timedelta(days=1),
        "stale": stale_after(last),
        "hospital": hospital and hospital.pk,
    }
    days = _rows(Day, _DAYS, asked)
    return {
        "refused": _rows(Event, _REFUSED, asked),
        "admitted": _rows(Event, _ADMITTED, asked),
        "too_many": [day for day in days if day.too_many],
        "full": [day for day in days if day.full],
    }


def _rows(kind, statement, asked):
    with connection.cursor() as cursor:
        cursor.execute(statement, asked)
        return [kind(*row) for row in cursor.fetchall()]


def report(*, first, last, hospital=None):
    """What the page shows: counts by hospital, the first rows of each finding, the hospital's occupancy."""
    found = findings(first=first, last=last, hospital=hospital)
    counts = {name: Counter(row.hospital for row in rows) for name, rows in found.items()}
    places = sorted({place for counter in counts.values() for place in counter})
    return {
        "by_hospital": [(place, *(counts[name][place] for name in HEADS)) for place in places],
        "events": [(name, HEADS[name], found[name][:SHOWN], len(found[name])) for name in ("refused", "admitted")],
        "days": [(name, HEADS[name], found[name][:SHOWN], len(found[name])) for name in ("too_many", "full")],
        "shown": SHOWN,
        "chart": occupancy_chart(hospital, until=last, days=(last - first).days + 1) if hospital else "",
    }


def as_csv(*, first, last, hospital=None):
    """Every finding with its evidence as bytes for a spreadsheet."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(
        [
            *(_("finding"), _("code"), _("hospital"), _("ward"), _("moment or day"), _("reported at"), _("reports")),
            *(
                _("capacity"),
                _("occupied"),
                _("free"),
                _("our patients"),
                _("letter"),
                _("kind of refusal"),
                _("reason given"),
            ),
        ]
    )
    for name, rows in findings(first=first, last=last, hospital=hospital).items():
        for row in rows:
            evidence = _event_cells(row) if isinstance(row, Event) else _day_cells(row)
            writer.writerow([HEADS[name], row.code, harmless(row.hospital), row.ward_label, *evidence])
    return ("\ufeff" + text.getvalue()).encode()


def _event_cells(row):
    moments = (f"{formats.day_short(moment)} {formats.clock(moment)}" for moment in (row.at, row.reported_at))
    return [*moments, "", row.capacity, row.occupied, row.free, "", row.number, row.kind_label, harmless(row.told)]


def _day_cells(row):
    return [formats.day_short(row.day), "", row.reports, row.capacity, row.most, "", row.patients, "", "", ""]
