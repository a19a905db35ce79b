"""Blank cards at the service points: received, promised to batches, printed, spoilt, counted.

The stock is moved by a conditional UPDATE first, then the line in the books is added: it never falls below what is promised.
"""

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from facilities.enums import RegionLevel
from facilities.models import Region
from ksb.core import journal
from ksb.core.errors import NotAllowed, Refused
from ksb.core.integrity import refusing
from ksb.core.workflow import may
from participants.enums import BlankMove
from participants.models import BlankMovement, BlankStock
from participants.permissions import KEEPERS


def service_points():
    """The offices that hand out cards: of the city and of every kecamatan."""
    return Region.objects.filter(level__in=(RegionLevel.CITY, RegionLevel.KECAMATAN)).order_by("code")


def receive(*, place, serial_first, serial_last, actor, at, reason=""):
    """Blank cards with these serial numbers have come in. Returns the movement."""
    BlankStock.objects.get_or_create(place=place)
    quantity = serial_last - serial_first + 1
    serials = {"serial_first": serial_first, "serial_last": serial_last}
    return _move(place, BlankMove.RECEIVED, change=quantity, reason=reason, actor=actor, at=at, **serials)


def spoil(*, place, quantity, reason, actor, at):
    """Blank cards that no batch used became useless."""
    return _move(place, BlankMove.SPOILT, change=-quantity, reason=reason, actor=actor, at=at)


def count(*, place, counted, reason, actor, at):
    """Somebody counted the free and reserved blanks: the difference to the books is booked. Returns the movement.

    A count that agrees is a movement of 0: it says that somebody looked.
    """
    with transaction.atomic():
        stock, _made = BlankStock.objects.select_for_update().get_or_create(place=place)
        difference = counted - stock.on_hand
        return _move(place, BlankMove.COUNTED, change=difference, reason=reason, actor=actor, at=at)


def reserve(*, batch, quantity, actor, at):
    """Promise ``quantity`` blanks to an approved batch."""
    return _move(batch.place, BlankMove.RESERVED, reserved_change=quantity, batch=batch, actor=actor, at=at)


def release(*, batch, actor, at):
    """Give back what was promised to a cancelled batch."""
    return _move(batch.place, BlankMove.RELEASED, reserved_change=-batch.size, batch=batch, actor=actor, at=at)


def use(*, batch, printed, spoilt, serial_first, serial_last, reason, actor, at):
    """``printed`` cards came out good and ``spoilt`` did not, on blanks with these serial numbers; the promise is over.

    Raises Refused when the serial numbers are not as many as the cards.
    """
    if serial_last - serial_first + 1 != printed + spoilt:
        raise Refused(
            _("%(first)s to %(last)s are %(serials)d blanks, but %(cards)d cards were printed or spoilt.")
            % {
                "first": serial_first,
                "last": serial_last,
                "serials": max(0, serial_last - serial_first + 1),
                "cards": printed + spoilt,
            },
            code="serials",
        )
    done = {"batch": batch, "actor": actor, "at": at}
    serials = {"serial_first": serial_first, "serial_last": serial_last}
    with transaction.atomic():
        movement = _move(batch.place, BlankMove.USED, change=-printed, reserved_change=-batch.size, **serials, **done)
        if spoilt:
            _move(batch.place, BlankMove.SPOILT, change=-spoilt, reason=reason, **done)
    return movement


def _move(place, kind, *, actor, at, change=0, reserved_change=0, reason="", **line):
    """Move the stock and write the line. Raises Refused when the stock would not suffice."""
    if not may(actor, KEEPERS):
        raise NotAllowed(_("Your role does not include this step."))
    if kind in (BlankMove.SPOILT, BlankMove.COUNTED) and not reason.strip():
        raise Refused(_("Write why blank cards were spoilt, or who counted them."), code="reason")
    with transaction.atomic():
        suffices = BlankStock.objects.filter(
            place=place, on_hand__gte=F("reserved") + reserved_change - change, reserved__gte=-reserved_change
        )
        if not suffices.update(on_hand=F("on_hand") + change, reserved=F("reserved") + reserved_change):
            raise Refused(_too_few(place), code="blanks")
        with refusing(dict.fromkeys(("blank_serials_are_received_once", "blank_serials_are_used_once"), _known())):
            movement = BlankMovement.objects.create(
                place=place,
                kind=kind,
                change=change,
                reserved_change=reserved_change,
                reason=reason.strip(),
                created_at=at,
                created_by=actor,
                **line,
            )
        journal.record(f"blanks.{kind.lower()}", movement, actor=actor, change=change, reserved=reserved_change)
    return movement


def _too_few(place):
    stock = BlankStock.objects.filter(place=place).first()
    return _("Not enough blank cards at %(place)s: %(free)d are free of %(on_hand)d on hand.") % {
        "place": place.name,
        "free": stock.free if stock else 0,
        "on_hand": stock.on_hand if stock else 0,
    }


def _known():
    return _("Some of these serial numbers are in the books already.")
