"""The append-only journal: writing, sealing, proving.

Writers add plain rows, so they never wait for each other. One sealer hashes, each minute, all rows of transactions that
are certainly over (below ``pg_snapshot_xmin``) into a block chained to the one before. A restore to a new server starts
transaction numbers again: the sealer then opens a new era behind the last sealed entry.
"""

import hashlib
import json

from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, transaction
from django.db.models import Max

from ksb.core import outbox
from ksb.core.locks import advisory_lock
from ksb.core.models import JournalBlock, JournalEntry

GENESIS = "0" * 64

_ROWS = """
    SELECT count(*), max(id),
           encode(sha256(coalesce(string_agg(sha256(convert_to(
               concat_ws('|', id, extract(epoch FROM at), actor_id, verb, object_type, object_id, data::text, transaction),
               'UTF8')), ''::bytea ORDER BY id), ''::bytea)), 'hex')
      FROM core_journalentry
     WHERE transaction >= %s AND transaction < %s AND id >= %s AND (%s::bigint IS NULL OR id < %s::bigint)
"""


def record(verb, obj=None, *, actor, **data):
    """Journal one act. ``actor`` is a User, or None for the system itself; ``data`` must hold no NIK.

    Whoever follows the verb (``outbox.follows``) hears of it after the commit.
    """
    number = getattr(obj, "pk", None)
    if number is not None and not isinstance(number, int):
        number, data = None, data | {"key": str(number)}
    entry = JournalEntry.objects.create(
        verb=verb,
        actor=actor,
        object_type=obj._meta.label_lower if obj is not None else "",
        object_id=number,
        data=data,
    )
    if number is not None and outbox.is_followed(verb):
        outbox.emit(outbox.JOURNALLED + verb, obj, actor=actor and actor.pk)
    return entry


def record_many(verb, objects, *, actor, **data):
    """Journal the same act on many objects of one model, in one statement however many they are."""
    objects = list(objects)
    if not objects:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            """INSERT INTO core_journalentry (actor_id, verb, object_type, object_id, data)
               SELECT %s, %s, %s, id, %s::jsonb FROM unnest(%s::bigint[]) id""",
            [
                actor.pk if actor else None,
                verb,
                objects[0]._meta.label_lower,
                json.dumps(data, cls=DjangoJSONEncoder),
                [o.pk for o in objects],
            ],
        )
    if outbox.is_followed(verb):
        outbox.emit_many(outbox.JOURNALLED + verb, [o.pk for o in objects], actor=actor and actor.pk)


def _digest(previous, number, entries, rows):
    return hashlib.sha256(f"{previous}|{number}|{entries}|{rows}".encode()).hexdigest()


def seal(*, below=None):
    """Seal everything that can be sealed now. Returns the new block, or None when there was nothing to seal.

    ``below``: transactions under this number are known to be over. By default all that PostgreSQL is sure of, in every
    database of the server.
    """
    with advisory_lock("journal.seal") as mine, transaction.atomic(), connection.cursor() as cursor:
        if not mine:
            return None
        cursor.execute("SELECT coalesce(%s, (pg_snapshot_xmin(pg_current_snapshot())::text)::bigint)", [below])
        horizon = cursor.fetchone()[0]
        last = JournalBlock.objects.order_by("-number").first()
        number, start, first, previous = 1, 0, 0, GENESIS
        if last:
            number, start, first, previous = last.number + 1, last.to_transaction, last.first_entry, last.digest
            if horizon < start:
                start = 0
                first = JournalBlock.objects.aggregate(last=Max("last_entry"))["last"] + 1
        cursor.execute(_ROWS, [start, horizon, first, None, None])
        entries, newest, rows = cursor.fetchone()
        if not entries:
            return None
        return JournalBlock.objects.create(
            number=number,
            first_entry=first,
            from_transaction=start,
            to_transaction=horizon,
            last_entry=newest,
            entries=entries,
            previous_digest=previous,
            digest=_digest(previous, number, entries, rows),
        )


def broken_blocks():
    """Recompute the whole chain. Yields ``(block number, what is wrong)`` for each block that does not hold."""
    previous, number = GENESIS, 0
    eras = list(JournalBlock.objects.values_list("first_entry", flat=True).distinct().order_by("first_entry"))
    next_era = dict(zip(eras, [*eras, None][1:], strict=True))
    with connection.cursor() as cursor:
        for block in JournalBlock.objects.order_by("number").iterator():
            number += 1
            end = next_era[block.first_entry]
            cursor.execute(_ROWS, [block.from_transaction, block.to_transaction, block.first_entry, end, end])
            entries, _newest, rows = cursor.fetchone()
            if block.number != number or block.previous_digest != previous:
                yield block.number, "chain"
            elif entries != block.entries:
                yield block.number, "entries missing or added"
            elif block.digest != _digest(previous, block.number, entries, rows):
                yield block.number, "entries changed"
            previous, number = block.digest, block.number
