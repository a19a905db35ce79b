"""Telling: a notice written in the caller's transaction, once for the same fact, with messages to the addresses given."""

import datetime
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from ksb.core.models import Delivery, Notice
from ksb.core.notices.delivery import deliver_soon
from ksb.core.notices.senders import is_ready


@dataclass(frozen=True, kw_only=True)
class To:
    """Who is told: a ``user``; a desk by ``role``, at ``facility_id`` or in the city's offices; or a ``party`` outside."""

    user: Any = None
    role: str = ""
    facility_id: int | None = None
    party: Any = None

    @property
    def fields(self):
        named = {"user": self.user, "role": str(self.role), "facility_id": self.facility_id}
        if self.party is not None:
            named |= {"party_type": self.party._meta.label_lower, "party_id": self.party.pk}
        return named

    @property
    def key(self):
        if self.party is not None:
            return f"{self.party._meta.label_lower}:{self.party.pk}"
        return f"user:{self.user.pk}" if self.user else f"{self.role}:{self.facility_id or ''}"


def tell(kind, *, to, at, about=None, params=None, once="", addresses=(), link=None):
    """Tell ``to`` the fact ``kind`` about a thing; returns the Notice, or None when the same was told before.

    The same is: this kind, reader and thing, and ``once`` where a thing can be told of more than once. ``params`` are plain
    text, numbers, days and moments (see ``kinds``), never a NIK, a KK number, a diagnosis. ``addresses`` are pairs
    ``(Channel, address)``; a channel without a sender is left out. ``link`` is what the page's address names, by default the
    thing's public id.
    """
    if addresses and not kind.message:
        raise ValueError(f"{kind.code} has no words for outside")
    values = {
        "kind": kind.code,
        "about_type": about._meta.label_lower if about is not None else "",
        "about_id": getattr(about, "pk", None),
        "link": str(link if link is not None else getattr(about, "public_id", "")),
        "params": {name: _plain(value) for name, value in (params or {}).items()},
        "told": at,
        **to.fields,
    }
    key = "|".join([kind.code, to.key, f"{values['about_type']}:{values['about_id'] or ''}", str(once)])
    with transaction.atomic():
        notice, is_new = Notice.objects.get_or_create(key=key, defaults=values)
        if not is_new:
            return None
        ways = {(channel, address) for channel, address in addresses if address and is_ready(channel)}
        if ways:
            Delivery.objects.bulk_create(
                Delivery(notice=notice, channel=channel, address=address, queued=at, next_try=at)
                for channel, address in sorted(ways)
            )
            transaction.on_commit(deliver_soon, robust=True)
    return notice


def read(notices, *, actor, at):
    """Mark unread ``notices`` (a queryset inside the actor's perimeter) as read. Returns their number."""
    return notices.unread().update(read_at=at, read_by=actor)


def settle(about, *, at, actor, kinds=()):
    """What was told about ``about`` has been dealt with, whoever was told. Returns the number of notices."""
    found = Notice.objects.about(about).unread().filter(told__lte=at)
    if kinds:
        found = found.filter(kind__in=[kind.code for kind in kinds])
    return found.update(read_at=at, read_by=actor)


def _plain(value):
    if isinstance(value, datetime.date):  # a datetime too
        return value.isoformat()
    return value if isinstance(value, int) else str(value)
