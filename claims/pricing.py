"""What the tariff table pays for a group at a hospital on the day of discharge: one definition for a claim and for a file."""

from django.db import connection

from facilities.conditions import tariff_code
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
