"""What the tariff table pays for a group at a hospital on the day of discharge: one definition for a claim and for a file.

And the steps of the price of each line: asked, ceiling, adjusted (``ClaimLine``); the verifier's word comes last.
"""

from django.db import connection

from facilities.conditions import tariff_code
from ksb.core.models import SchemeVersion
from ksb.core.scheme import Parameters, scheme_on


def price(*, group, care_type, day):
    """SQL join of the price as ``price.amount`` at hospital ``h``, for three SQL expressions; NULL where the table has none."""
    return f"""LEFT JOIN LATERAL (
        SELECT t.amount FROM facilities_tariff t
         WHERE t.code = {group} AND t.tariff_code = {tariff_code("h", day)} AND t.regional = h.tariff_regional
           AND t.care_type = {care_type} AND t.care_class = %(care_class)s AND t.valid @> {day}
         ORDER BY lower(t.valid) DESC NULLS LAST LIMIT 1) price ON true"""


def class_paid(day):
    """The class of care the programme pays for on ``day``."""
    scheme = scheme_on(day)
    return (scheme.parameters if scheme else Parameters()).class_allowed


_REPRICE = f"""
    UPDATE claims_claim c SET tariff = now.amount
      FROM (SELECT x.id, price.amount FROM claims_claim x JOIN facilities_facility h ON h.id = x.hospital_id
            {price(group="x.inacbg", care_type="x.care_type", day="x.discharged_on")}
             WHERE x.batch_id = %(batch)s AND x.state IN ('READY', 'BLOCKED') AND x.inacbg <> '') now
     WHERE now.id = c.id AND c.tariff IS DISTINCT FROM now.amount"""


def reprice(batch, *, care_class):
    """Look up the tariff of the open claims of ``batch`` again, where the table says something else now."""
    with connection.cursor() as cursor:
        cursor.execute(_REPRICE, {"batch": batch.pk, "care_class": care_class})


_ADJUST = """
    UPDATE claims_claimline l SET tariff = step.tariff, adjusted = step.adjusted
      FROM (SELECT x.id, ceiling.amount AS tariff,
                   CASE WHEN x.asked > ceiling.amount AND c.admitted_on <@ ANY (%(adjusting)s::daterange[])
                        THEN ceiling.amount END AS adjusted
              FROM claims_claim c JOIN claims_claimline x ON x.claim_id = c.id
              LEFT JOIN LATERAL (
                    SELECT i.max_price * least(x.quantity, coalesce(i.max_quantity, x.quantity)) AS amount
                      FROM facilities_priceitem i
                     WHERE x.kind IN ('ITEM', 'SESSION') AND i.code = x.code AND i.valid @> c.discharged_on
                       AND (i.kind = 'SESSION') = (x.kind = 'SESSION')
                     ORDER BY lower(i.valid) DESC LIMIT 1) listed ON true
             CROSS JOIN LATERAL (SELECT CASE x.kind WHEN 'INACBG' THEN c.tariff ELSE listed.amount END AS amount) ceiling
             WHERE c.batch_id = %(batch)s AND c.state IN ('READY', 'BLOCKED')) step
     WHERE step.id = l.id AND (l.tariff, l.adjusted) IS DISTINCT FROM (step.tariff, step.adjusted)"""


def adjust(batch):
    """Write the ceiling beside every line of the open claims of ``batch``; lower what exceeds it where the scheme says so.

    The package has the tariff of its group, items and sessions that of their list; other parts have no ceiling of their own.
    """
    versions = SchemeVersion.objects.all()
    adjusting = [v.valid for v in versions if Parameters.from_json(v.parameters).above_tariff == "adjust"]
    with connection.cursor() as cursor:
        cursor.execute(_ADJUST, {"batch": batch.pk, "adjusting": adjusting})
