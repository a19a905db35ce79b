"""Counts that are true now without counting: statement triggers add changes, the night folds them."""

from django.db import connection, migrations
from django.db.models import Sum

from reports.models import LiveFigure


def counted(table, measure, *, key, amount="0"):
    """Migration operation: keep ``measure`` of ``table`` by the column ``key``, with the sum of ``amount`` (SQL)."""
    name = f"live_{measure}"
    body = f"""
        INSERT INTO reports_livefigure (measure, key, count, amount)
        SELECT '{measure}', key, sum(n), sum(amount) FROM ({{rows}}) AS changes
         GROUP BY key HAVING sum(n) <> 0 OR sum(amount) <> 0;
        RETURN NULL;
    """
    added = f"SELECT {key} AS key, 1 AS n, {amount} AS amount FROM added"
    removed = f"SELECT {key} AS key, -1 AS n, -({amount}) AS amount FROM removed"
    functions = {"insert": added, "update": f"{added} UNION ALL {removed}", "delete": removed}
    referencing = {
        "insert": "NEW TABLE AS added",
        "update": "NEW TABLE AS added OLD TABLE AS removed",
        "delete": "OLD TABLE AS removed",
    }
    create, drop = [], []
    for event, rows in functions.items():
        create.append(
            f"""CREATE FUNCTION {name}_{event}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {body.format(rows=rows)} END $$;
            CREATE TRIGGER {name}_{event} AFTER {event.upper()} ON {table} REFERENCING {referencing[event]}
                FOR EACH STATEMENT EXECUTE FUNCTION {name}_{event}();"""
        )
        drop.append(f"DROP TRIGGER {name}_{event} ON {table}; DROP FUNCTION {name}_{event}();")
    return migrations.RunSQL("\n".join(create), "\n".join(drop))


def figures(actor, measure):
    """``{key: (count, amount)}`` of a measure now."""
    rows = LiveFigure.objects.visible_to(actor).filter(measure=measure).values("key")
    sums = rows.annotate(count_now=Sum("count"), amount_now=Sum("amount")).order_by("key")
    return {row["key"]: (row["count_now"], row["amount_now"]) for row in sums if row["count_now"] or row["amount_now"]}


def fold():
    """Sum up the changes of every key into one row. Changes that arrive meanwhile stay as they are."""
    with connection.cursor() as cursor:
        cursor.execute(
            """WITH folded AS (DELETE FROM reports_livefigure RETURNING measure, key, count, amount)
               INSERT INTO reports_livefigure (measure, key, count, amount)
               SELECT measure, key, sum(count), sum(amount) FROM folded GROUP BY measure, key
               HAVING sum(count) <> 0 OR sum(amount) <> 0"""
        )
        return cursor.rowcount
