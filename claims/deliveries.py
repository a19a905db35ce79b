"""Large files: received in pieces that may break off, kept in the store, taken in by a worker with progress.

The job is the row itself (``Delivery``): a lost call is found by the minute's sweep, a worker that dies frees its lock and
leaves nothing half done, a call that comes twice finds the work done.
"""

import tempfile
import time
from contextlib import contextmanager, nullcontext
from functools import partial
from pathlib import PurePath

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connections, transaction
from django.utils.translation import gettext as _

from claims import scans
from claims.enums import DeliveryKind
from claims.intake import FileRefused, reading, take_in
from claims.models import Delivery
from claims.permissions import require_billing
from ksb.core import journal, locks
from ksb.core.errors import Refused, WrongState
from ksb.core.workflow import system_user

MEGABYTE = 1024 * 1024
PIECE = 4 * MEGABYTE
LARGEST = {DeliveryKind.EKLAIM: reading.LARGEST, DeliveryKind.SCANS: 2048 * MEGABYTE}
FOLDER = "claims/deliveries"
SHOWN_REFUSALS = 200
TELL_EVERY = 0.5


def begin(*, kind, hospital, file_name, size, actor, at, batch=None):
    """The Delivery for this file: a new one, or the one of the same name and size that broke off. Raises Refused."""
    require_billing(actor, hospital.pk)
    if not 0 < size <= LARGEST[kind]:
        raise Refused(
            _("The file is empty, or larger than %(most)d MB. Split it.") % {"most": LARGEST[kind] // MEGABYTE}
        )
    same = {
        "kind": kind,
        "hospital": hospital,
        "batch": batch,
        "file_name": PurePath(file_name).name[:120],
        "size": size,
    }
    broken = Delivery.objects.filter(**same, finished_at__isnull=True, received__lt=size, created_by=actor)
    return broken.order_by("-pk").first() or Delivery.objects.create(**same, created_at=at, created_by=actor)


def append(*, delivery, offset, content, actor):
    """Add the piece that begins at byte ``offset``; a piece that is here already changes nothing. Returns the Delivery.

    Raises WrongState when another piece is due, Refused when it is too large. The last piece calls the worker.
    """
    require_billing(actor, delivery.hospital_id)
    if not content or len(content) > PIECE:
        raise Refused(_("Send pieces of at most %(most)d MB.") % {"most": PIECE // MEGABYTE})
    with transaction.atomic():
        fresh = Delivery.objects.select_for_update(no_key=True, of=("self",)).get(pk=delivery.pk)
        if offset + len(content) <= fresh.received:
            return fresh
        if offset != fresh.received or offset + len(content) > fresh.size:
            raise WrongState(_("The next piece begins at byte %(offset)d.") % {"offset": fresh.received})
        name = _piece(fresh, offset)
        default_storage.delete(name)  # of a request that broke off behind it
        default_storage.save(name, ContentFile(content))
        fresh.received += len(content)
        fresh.save(update_fields=["received"])
        if fresh.is_whole:
            transaction.on_commit(partial(_call_worker, fresh.pk), robust=True)
    return fresh


def receive(*, kind, hospital, file, actor, at, batch=None):
    """The Delivery of an uploaded ``file``, complete: what a browser without JavaScript sends at once."""
    delivery = begin(kind=kind, hospital=hospital, batch=batch, file_name=file.name, size=file.size, actor=actor, at=at)
    file.seek(delivery.received)
    while content := file.read(PIECE):
        delivery = append(delivery=delivery, offset=delivery.received, content=content, actor=actor)
    return delivery


def _call_worker(delivery_id):
    from claims.tasks import take_delivery

    take_delivery.apply_async([delivery_id], retry=False, ignore_result=True)


def _piece(delivery, offset):
    return f"{FOLDER}/{delivery.public_id.hex}/{offset:015d}"


def take_waiting(*, at):
    """Take in whatever is complete and waits: the minute's sweep, for calls that were lost. Returns how many."""
    return sum(take(delivery_id=pk, at=at) for pk in Delivery.objects.to_take().values_list("pk", flat=True)[:20])


def take(*, delivery_id, at):
    """Take in one delivery, once, as its sender. Returns whether this call did it."""
    with locks.advisory_lock(f"delivery {delivery_id}") as mine:
        delivery = (
            mine
            and Delivery.objects.to_take()
            .select_related("hospital", "batch", "created_by")
            .filter(pk=delivery_id)
            .first()
        )
        if not delivery:
            return False
        # Of a file all or nothing. Scans are kept one by one: begun again, those that are here already change nothing.
        scope = transaction.atomic if delivery.kind == DeliveryKind.EKLAIM else nullcontext
        with _whole(delivery) as file, _teller(delivery) as tell, scope():
            try:
                with scope():
                    result = _WAYS[delivery.kind](delivery, file, at, tell)
            except Refused as no:
                result = {"refusal": str(no.message), **_refused_lines(no)}
            _finish(delivery, at, **result)
    return True


def _take_eklaim(delivery, file, at, tell):
    common = {"hospital": delivery.hospital, "actor": delivery.created_by, "at": at}
    result = take_in(file=file, file_name=delivery.file_name, tell=tell, **common)
    counts = {name: getattr(result, name) for name in ("rows", "accepted", "refused", "unchanged", "replaced")}
    if result.batch is None:
        refusal = _("No row of this file could be taken. Correct the rows and hand the file in again.")
        return {"refusal": refusal, "outcome": counts | {"lines": _first_lines(result)}}
    return {"batch": result.batch, "outcome": counts}


def _refused_lines(refusal):
    return {"outcome": {"lines": _first_lines(refusal.result)}} if isinstance(refusal, FileRefused) else {}


def _first_lines(result):
    """Line, number and sentences of the first rows, as they stand in the outcome."""
    lines = [line for line in result.lines if line.findings][:SHOWN_REFUSALS]
    return [[line.line, line.sep, "; ".join(found.message for found in line.findings)] for line in lines]


def _take_scans(delivery, file, at, tell):
    taken, refused = 0, []
    results = scans.take_archive(batch=delivery.batch, file=file, actor=delivery.created_by, at=at, tell=tell)
    for result in results:
        taken += not result.refusal
        if result.refusal:
            refused.append([result.name, result.refusal])
    return {"outcome": {"taken": taken, "refused": len(refused), "lines": refused[:SHOWN_REFUSALS]}}


_WAYS = {DeliveryKind.EKLAIM: _take_eklaim, DeliveryKind.SCANS: _take_scans}


def _finish(delivery, at, *, outcome=None, refusal="", batch=None):
    delivery.outcome, delivery.refusal = outcome or {}, refusal
    delivery.batch = batch or delivery.batch
    delivery.finished_at, delivery.finished_by = at, system_user()
    with transaction.atomic():
        delivery.save(update_fields=["outcome", "refusal", "batch", "finished_at", "finished_by"])
        journal.record("delivery.finish", delivery, actor=delivery.created_by, refused=bool(refusal))
        transaction.on_commit(partial(_forget, delivery), robust=True)


def _forget(delivery):
    folder = f"{FOLDER}/{delivery.public_id.hex}"
    for name in default_storage.listdir(folder)[1]:
        default_storage.delete(f"{folder}/{name}")


@contextmanager
def _whole(delivery):
    """The pieces as one open file."""
    folder = f"{FOLDER}/{delivery.public_id.hex}"
    with tempfile.TemporaryFile() as whole:
        for name in sorted(default_storage.listdir(folder)[1]):
            with default_storage.open(f"{folder}/{name}", "rb") as piece:
                whole.seek(int(name))
                whole.write(piece.read())
        whole.truncate(delivery.size)
        whole.seek(0)
        yield whole


@contextmanager
def _teller(delivery):
    """``tell(stage, done, total)``: progress others can see while the work is still one open transaction.

    It goes through a connection of its own, and not more often than a reader could notice.
    """
    beside = connections.create_connection("default")
    last = {"stage": "", "at": 0.0}

    def tell(stage, done, total):
        now = time.monotonic()
        if stage == last["stage"] and now - last["at"] < TELL_EVERY:
            return
        last.update(stage=stage, at=now)
        with beside.cursor() as cursor:
            cursor.execute(
                "UPDATE claims_delivery SET stage = %s, done = %s, total = %s WHERE id = %s",
                [stage, done, total, delivery.pk],
            )

    try:
        yield tell
    finally:
        beside.close()
