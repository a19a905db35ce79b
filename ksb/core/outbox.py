"""Facts that travel upward: emitted in the transaction that makes them true, handled exactly once by a higher floor.

A handler runs in one transaction with the mark "handled": a crash repeats it, a success is never repeated.
"""

import logging

from django.db import transaction
from django.utils import timezone

from ksb.core.formats import without_identities
from ksb.core.models import OutboxEvent

logger = logging.getLogger(__name__)
_handlers = {}
MAX_ATTEMPTS = 10
JOURNALLED = "journal:"


def handles(kind):
    """Register the one function that handles events of ``kind``: ``function(event)``."""

    def register(function):
        if kind in _handlers:
            raise RuntimeError(f"{kind} is already handled by {_handlers[kind].__module__}")
        _handlers[kind] = function
        return function

    return register


def follows(verb):
    """Register the one function called once, soon after an act of ``verb`` was journalled: ``function(event)``.

    ``event.object_id`` is the key of the journalled object, ``event.payload["actor"]`` that of who acted (None: the system).
    """
    return handles(JOURNALLED + verb)


def is_followed(verb):
    return JOURNALLED + verb in _handlers


def emit(kind, obj, **payload):
    """Write the event beside the change that caused it, and ask the worker to look after the commit."""
    event = OutboxEvent.objects.create(kind=kind, object_id=obj.pk, payload=payload)
    transaction.on_commit(_call_worker, robust=True)
    return event


def emit_many(kind, object_ids, **payload):
    """The same event for many objects, one INSERT per 1,000 rows."""
    OutboxEvent.objects.bulk_create(
        (OutboxEvent(kind=kind, object_id=pk, payload=payload) for pk in object_ids), batch_size=1000
    )
    transaction.on_commit(_call_worker, robust=True)


def _call_worker():
    # The event is safe in PostgreSQL; when the broker is down the sweeper of the next minute finds it.
    from ksb.core.tasks import sweep_outbox

    sweep_outbox.apply_async(retry=False, ignore_result=True)


def drain(limit=1000):
    """Handle waiting events in order. Returns how many were handled. Several workers may run it at once."""
    done = 0
    failed = []
    while done + len(failed) < limit:
        with transaction.atomic():
            event = (
                OutboxEvent.objects.select_for_update(skip_locked=True)
                .filter(handled__isnull=True, kind__in=_handlers, attempts__lt=MAX_ATTEMPTS)
                .exclude(pk__in=failed)
                .order_by("id")
                .first()
            )
            if event is None:
                return done
            try:
                with transaction.atomic():
                    _handlers[event.kind](event)
            except Exception as error:
                logger.exception("outbox event %s (%s) failed", event.pk, event.kind)
                failed.append(event.pk)
                event.attempts += 1
                event.error = without_identities(f"{type(error).__name__}: {error}")[:500]
            else:
                event.handled = timezone.now()
                done += 1
            event.save(update_fields=["attempts", "error", "handled"])
    return done
