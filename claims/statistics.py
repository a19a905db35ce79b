"""What is usual: the stay of each INA-CBG group, counted from the claims of the last twelve months (rule CLN-04)."""

from django.db import connection, transaction

_COUNT = """
    DELETE FROM claims_groupstatistic;
    INSERT INTO claims_groupstatistic (inacbg, claims, stay_p95, counted_on)
    SELECT inacbg, count(*), percentile_disc(0.95) WITHIN GROUP (ORDER BY discharged_on - admitted_on + 1), %(on)s
      FROM claims_claim
     WHERE care_type = 1 AND admitted_on > %(on)s::date - 365 AND admitted_on <= %(on)s
       AND state NOT IN ('BLOCKED', 'WITHDRAWN', 'REJECTED', 'RETURNED')
     GROUP BY inacbg"""


def refresh(*, on):
    """Count anew as of the day ``on``. Returns the number of groups."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_COUNT, {"on": on})
        return cursor.rowcount
