"""Who bears what: movements of the ledger by funding source (domain.md B28, cost sharing).

The database splits every entry as it is inserted, by the shares of its line on that day, to the rupiah: a trigger, so that no
way into the ledger goes round it. Entries from before that trigger are split when they are read, by the same function.
"""

from dataclasses import dataclass

from django.db import connection
from django.db.models import Sum

from budget.enums import LedgerKind as K

_SPLIT = "jsonb_each_text(coalesce(e.sources, budget_split(e.line_id, e.amount))) part"
_OF_LINES = f"""
    SELECT part.key,
           coalesce(sum(part.value::bigint) FILTER (WHERE e.kind IN ('{K.ALLOCATE}', '{K.REVISE}')), 0),
           coalesce(sum(part.value::bigint) FILTER (WHERE p.sp2d_date >= %(first)s), 0),
           coalesce(sum(part.value::bigint) FILTER (WHERE p.id IS NOT NULL), 0)
      FROM budget_ledgerentry e
      LEFT JOIN budget_payment p ON p.id = e.payment_id AND e.kind = '{K.REALISE}'
     CROSS JOIN {_SPLIT}
     WHERE e.line_id = ANY (%(lines)s)
       AND (p.sp2d_date <= %(last)s
            OR e.kind IN ('{K.ALLOCATE}', '{K.REVISE}') AND (e.entered_at AT TIME ZONE 'Asia/Jakarta')::date <= %(last)s)
     GROUP BY part.key ORDER BY part.key"""
_OF_PAYMENT = f"""
    SELECT part.key, sum(part.value::bigint)::bigint FROM budget_ledgerentry e CROSS JOIN {_SPLIT}
     WHERE e.payment_id = %s AND e.kind = '{K.REALISE}' GROUP BY part.key ORDER BY part.key"""
_EXPECTED = """
    SELECT part.key, sum(part.value::bigint)::bigint
      FROM unnest(%s::bigint[], %s::bigint[]) own (line, amount)
     CROSS JOIN jsonb_each_text(budget_split(own.line, own.amount)) part GROUP BY part.key ORDER BY part.key"""


@dataclass(frozen=True)
class SourceRow:
    """One funding source at the end of a period, whole rupiah."""

    source: str
    ceiling: int
    in_period: int
    realised: int

    @property
    def left(self):
        return self.ceiling - self.realised


def of_lines(lines, period):
    """SourceRows of ``lines`` (objects): what each source gave, and what SP2Ds took from it. One query."""
    values = {"lines": [line.pk for line in lines], "first": period.first, "last": period.last}
    with connection.cursor() as cursor:
        cursor.execute(_OF_LINES, values)
        return [SourceRow(source, *map(int, amounts)) for source, *amounts in cursor.fetchall()]


def of_payment(payment):
    """``[(source, rupiah)]`` a payment takes: as realised, before its SP2D as its lines are shared today."""
    with connection.cursor() as cursor:
        if payment.sp2d_at:
            cursor.execute(_OF_PAYMENT, [payment.pk])
        else:
            own = payment.parts.order_by().values_list("line").annotate(Sum("amount"))
            cursor.execute(_EXPECTED, [list(part) for part in zip(*own, strict=True)] or [[], []])
        return cursor.fetchall()
