"""Messages on their way out: claimed in small numbers, sent, marked. Safe on several workers and across ``kill -9``.

A claim is committed before anything is sent and holds for LEASE; who dies meanwhile loses it, and the message is sent again
with the same key. So each goes out at least once, and no message is lost.
"""

import logging
import time
from datetime import timedelta

from django.conf import settings
from django.db import connection
from django.db.models import Min
from django.utils import translation
from django.utils.translation import gettext as _

from ksb.core.models import Delivery, Notice
from ksb.core.notices.enums import DeliveryState
from ksb.core.notices.kinds import kind_of
from ksb.core.notices.senders import Message, Never, NotNow, sender_of

logger = logging.getLogger(__name__)
CLAIMED_AT_ONCE = 4  # four time-outs of a gateway fit into the lease, and a task of less than a minute
LEASE = timedelta(minutes=3)
SECONDS = 45
# Minutes until the next try; after the last of them the message is given up, two days after it was queued.
BACK_OFF = (1, 3, 10, 30, 60, 180, 360, 720, 1440)
ADDRESS_KEPT = timedelta(days=90)
NOTICE_KEPT = timedelta(days=730)

_CLAIM = """
    UPDATE core_delivery SET state = 'SENDING', tries = tries + 1, next_try = %(lease)s
     WHERE id IN (SELECT id FROM core_delivery WHERE next_try <= %(at)s
                   ORDER BY next_try LIMIT %(limit)s FOR UPDATE SKIP LOCKED)
 RETURNING id"""


def deliver_soon():
    """Ask the worker to look; while the broker is down the sweep of the next minute does."""
    from ksb.core.tasks import deliver_notices

    deliver_notices.apply_async(retry=False, ignore_result=True)


def deliver(*, at, seconds=SECONDS):
    """Send what is due at ``at``, for at most ``seconds``. Returns how many messages went out."""
    sent, started = 0, time.monotonic()
    while time.monotonic() - started < seconds:
        claimed = claim(at=at)
        if not claimed:
            break
        sent += sum(attempt(delivery, at=at) for delivery in claimed)
    return sent


def claim(*, at, limit=CLAIMED_AT_ONCE):
    """Take up to ``limit`` due messages for this process alone."""
    with connection.cursor() as cursor:
        cursor.execute(_CLAIM, {"at": at, "lease": at + LEASE, "limit": limit})
        ids = [row[0] for row in cursor.fetchall()]
    return list(Delivery.objects.filter(pk__in=ids).select_related("notice").order_by("pk"))


def attempt(delivery, *, at):
    """One try. Returns whether the message went out."""
    sender = sender_of(delivery.channel)
    try:
        if sender is None or not sender.ready:
            raise NotNow("no sender is set up")
        number = sender.send(_message(delivery))
    except Never as fault:
        _mark(delivery, DeliveryState.GIVEN_UP, finished=at, next_try=None, error=str(fault)[:200])
    except NotNow as fault:
        _put_off(delivery, fault, at=at)
    except Exception as error:
        logger.exception("message %s could not be sent", delivery.pk)
        _put_off(delivery, type(error).__name__, at=at)
    else:
        _mark(delivery, DeliveryState.SENT, finished=at, next_try=None, provider_id=number, error="")
        return True
    return False


def _put_off(delivery, fault, *, at):
    if delivery.tries > len(BACK_OFF):
        _mark(delivery, DeliveryState.GIVEN_UP, finished=at, next_try=None, error=str(fault)[:200])
    else:
        later = at + timedelta(minutes=BACK_OFF[delivery.tries - 1])
        _mark(delivery, DeliveryState.FAILED, next_try=later, error=str(fault)[:200])


def _mark(delivery, state, **values):
    """Only the try that still holds the claim writes: a process that was slow does not undo what another one found."""
    Delivery.objects.filter(pk=delivery.pk, state=DeliveryState.SENDING, tries=delivery.tries).update(
        state=state, **values
    )


def _message(delivery):
    """In Indonesian, whoever's act it was."""
    with translation.override(settings.LANGUAGE_CODE):
        return Message(
            key=str(delivery.public_id),
            channel=delivery.channel,
            address=delivery.address,
            subject=_("News from Jamkesda Kota Bekasi"),
            text=kind_of(delivery.notice.kind).outside(delivery.notice.params),
        )


def oldest_waiting(*, at):
    """Since when the message waits that was queued first, or None."""
    return Delivery.objects.waiting().filter(queued__lte=at).aggregate(first=Min("queued"))["first"]


def forget(*, at):
    """Empty the addresses of messages long ended and delete notices long past. Returns their numbers."""
    ended = Delivery.objects.filter(finished__lt=at - ADDRESS_KEPT).exclude(address="")
    addresses = ended.update(address="")
    _all, deleted = Notice.objects.filter(told__lt=at - NOTICE_KEPT).delete()
    return {"addresses": addresses, "notices": deleted.get("core.Notice", 0)}
