"""What the tariff table pays for a group at a hospital on the day of discharge: one definition for a claim and for a file."""

from django.db import connection

# Joins the price as ``price.amount`` to a row ``x`` with inacbg, care_type and discharged_on, at hospital ``h``; NULL without.
PRICE = """LEFT JOIN LATERAL (
    SELECT t.amount FROM facilities_tariff t
     WHERE t.code = x.inacbg AND t.tariff_code = h.tariff_code AND t.regional = h.tariff_regional
       AND t.care_type = x.care_type AND t.care_class = %(care_class)s AND t.valid @> x.discharged_on
     ORDER BY lower(t.valid) DESC NULLS LAST LIMIT 1) price ON true"""


def reprice(batch, *, care_class):
    """Look up the tariff of the open claims of ``batch`` again, where the table says something else now."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"""UPDATE claims_claim c SET tariff = now.amount
                  FROM (SELECT x.id, price.amount FROM claims_claim x JOIN facilities_facility h ON h.id = x.hospital_id
                        {PRICE} WHERE x.batch_id = %(batch)s AND x.state IN ('READY', 'BLOCKED')) now
                 WHERE now.id = c.id AND c.tariff IS DISTINCT FROM now.amount""",
            {"batch": batch.pk, "care_class": care_class},
        )
