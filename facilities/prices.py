"""New tables of prices: read and refused line by line, proposed by one person, in force once another has approved them."""

import hashlib
from pathlib import Path

from django.db import connection, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from facilities.enums import PriceKind
from facilities.models import PriceItem, PriceTable, Tariff
from facilities.permissions import PRICE_DECIDERS, PRICE_PROPOSERS, check
from facilities.reference import tariffs
from ksb.core import journal
from ksb.core.errors import NotAllowed, Refused, WrongState
from ksb.core.integrity import refusing
from ksb.core.tables import read_table
from ksb.core.workflow import system_user

NEVER = DateRange(empty=True)
SHOWN_REFUSALS = 200
BATCH = 2_000
ITEM_COLUMNS = ("code", "name", "unit", "max_price")
ITEM_ALIASES = {
    "kode": "code",
    "nama": "name",
    "satuan": "unit",
    "harga_maksimum": "max_price",
    "harga": "max_price",
    "jumlah_maksimum": "max_quantity",
}
WAITING = {
    "one_table_of_a_kind_waits": gettext_lazy("A table of this kind already waits for approval. Decide about it first.")
}
KEYS = {
    PriceKind.TARIFF: ("code", "tariff_code", "regional", "care_type", "care_class"),
    PriceKind.FORMULARY: ("code", "kind"),
    PriceKind.PERDA: ("code", "kind"),
    PriceKind.SESSION: ("code", "kind"),
}


def propose(*, path, file_name, kind, source, valid_from, actor, at):
    """Read the table at ``path`` (CSV or XLSX) and keep it as a proposal. Returns the PriceTable.

    Lines that are not right are refused one by one and listed; a table without one right line is refused. ``actor`` None
    is the operator at the command line.
    """
    if actor is not None:
        check(actor, PRICE_PROPOSERS)
    rows, refusals, lines = _read(path, kind, source)
    if not rows:
        raise Refused(
            _("No line of this table is right. First: %(why)s") % {"why": refusals[0][1] if refusals else "–"}
        )
    with refusing(WAITING), transaction.atomic():
        table = PriceTable.objects.create(
            kind=kind,
            source=source.strip(),
            valid_from=valid_from,
            file_name=file_name[:120],
            sha256=hashlib.sha256(Path(path).read_bytes()).hexdigest(),
            lines=lines,
            prices=len(rows),
            refused=len(refusals),
            refusals=refusals[:SHOWN_REFUSALS],
            proposed_at=at,
            proposed_by=actor or system_user(),
        )
        for row in rows:
            row.table = table
        type(rows[0]).objects.bulk_create(rows, batch_size=BATCH)
        journal.record(
            "prices.propose", table, actor=actor, source=table.source, prices=len(rows), refused=len(refusals)
        )
    return table


def approve(*, table, actor, at):
    """Put ``table`` in force from its day; what it replaces ends the day before. Never by whoever proposed it."""
    check(actor, PRICE_DECIDERS)
    with transaction.atomic():
        table = _waiting(table)
        if table.proposed_by_id == actor.pk:
            raise NotAllowed(_("You proposed this table yourself. Another officer decides."))
        rows = _rows(table)
        _end_before(rows, table)
        rows.update(valid=DateRange(table.valid_from, None))
        _decide(table, "approved", actor, at)
    return table


def reject(*, table, actor, at):
    """Drop the rows of a proposal; what was proposed by whom stays."""
    check(actor, PRICE_DECIDERS)
    with transaction.atomic():
        table = _waiting(table)
        _rows(table).delete()
        _decide(table, "rejected", actor, at)
    return table


def _decide(table, act, actor, at):
    setattr(table, f"{act}_at", at)
    setattr(table, f"{act}_by", actor)
    table.save(update_fields=[f"{act}_at", f"{act}_by"])
    journal.record(f"prices.{act}", table, actor=actor, source=table.source)


def _waiting(table):
    found = PriceTable.objects.select_for_update(no_key=True, of=("self",)).get(pk=table.pk)
    if not found.waits:
        raise WrongState(_("This table was decided about already."))
    return found


def _rows(table):
    model = Tariff if table.kind == PriceKind.TARIFF else PriceItem
    return model.objects.filter(table=table)


def _end_before(rows, table):
    """End the open prices of the same keys the day before ``table`` begins. Raises Refused when one begins that very day."""
    name = rows.model._meta.db_table
    same = " AND ".join(f"new.{key} = old.{key}" for key in KEYS[table.kind])
    with connection.cursor() as cursor:
        cursor.execute(
            f"""SELECT old.code FROM {name} old JOIN {name} new ON {same}
                 WHERE new.table_id = %(table)s AND lower(old.valid) = %(day)s LIMIT 1""",
            {"table": table.pk, "day": table.valid_from},
        )
        found = cursor.fetchone()
        if found:
            raise Refused(_("Prices from this very day exist already, for instance of %(code)s.") % {"code": found[0]})
        cursor.execute(
            f"""UPDATE {name} old SET valid = daterange(lower(old.valid), %(day)s) FROM {name} new
                 WHERE {same} AND new.table_id = %(table)s AND old.valid @> %(day)s::date AND old.id <> new.id""",
            {"table": table.pk, "day": table.valid_from},
        )


def _read(path, kind, source):
    """Rows of the table as unsaved objects in force on no day, the refused lines with their sentences, and all lines read."""
    tariff = kind == PriceKind.TARIFF
    columns, aliases = (tariffs.COLUMNS, tariffs.ALIASES) if tariff else (ITEM_COLUMNS, ITEM_ALIASES)
    rows, refusals, lines = {}, [], 0
    for line, cells in read_table(path, required=columns, aliases=aliases):
        lines += 1
        try:
            if "\x00" in "".join(cells.values()):
                raise ValueError(_("holds bytes that are no text"))
            found = tariffs.prices(cells, NEVER, source) if tariff else {cells["code"]: _item(cells, kind)}
            _refuse_wrong(found, rows)
        except KeyError as error:
            refusals.append([line, _("unknown value %(value)s") % {"value": error}])
        except ValueError as error:
            refusals.append([line, str(error)])
        else:
            rows |= found
    return list(rows.values()), refusals, lines


def _refuse_wrong(found, known):
    if not found:
        raise ValueError(_("no price above nought"))
    if any(not row.code for row in found.values()):
        raise ValueError(_("no code"))
    if any(key in known for key in found):
        raise ValueError(_("stands in the table twice"))


def _item(cells, kind):
    return PriceItem(
        kind=kind,
        code=cells["code"][:16],
        name=cells["name"][:200],
        unit=cells["unit"][:30],
        max_price=tariffs.whole(cells["max_price"]),
        max_quantity=tariffs.whole(cells["max_quantity"], most=10**6) if cells.get("max_quantity") else None,
        valid=NEVER,
    )


def look_up(*, code, day, tariff_code=""):
    """Tariffs and prices whose code or name begins with ``code`` on ``day``: two querysets."""
    packages = Tariff.objects.in_force(day).filter(code__istartswith=code)
    if tariff_code:
        packages = packages.filter(tariff_code=tariff_code)
    items = PriceItem.objects.in_force(day).filter(code__istartswith=code)
    return packages.order_by("code", "tariff_code", "care_class"), items.order_by("code", "kind")


def decides(actor, table):
    """Whether ``actor`` may approve or reject ``table`` now."""
    return table.waits and actor.has_role(*PRICE_DECIDERS) and table.proposed_by_id != actor.pk
