"""What is granted of a claim's lines: a quantity at a price, never more of either than was asked, and why where it is less."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from claims.models import ClaimLine
from ksb.core.errors import Refused
from ksb.core.formats import rupiah

REASON_LENGTH = 255


@dataclass(frozen=True)
class Grant:
    """What is granted of one line: ``quantity`` at ``price`` rupiah each.

    Where that is less than payable, ``reason`` says why in words and ``code`` as one of ``Reason``.
    """

    quantity: int
    price: int
    reason: str = ""
    code: str = ""

    @property
    def amount(self):
        return self.quantity * self.price


def in_full(line):
    return Grant(*line.payable_units)


def check(line, grant):
    """Raise Refused where ``grant`` exceeds quantity, price or sum that may be approved of ``line``."""
    part = {"part": line.get_kind_display()}
    quantity, price = line.asked_units
    if not 0 <= grant.amount <= line.payable:
        raise Refused(
            _("%(part)s: at most the asked amount of %(asked)s can be approved.")
            % {**part, "asked": rupiah(line.payable)}
        )
    if grant.amount != line.payable and not (0 <= grant.quantity <= quantity and 0 <= grant.price <= price):
        raise Refused(
            _("%(part)s: at most %(quantity)d at %(price)s each can be approved.")
            % {**part, "quantity": quantity, "price": rupiah(price)}
        )


def as_proposed(line, grant, *, otherwise):
    """The line as a review keeps it; ``grant`` None where nothing is granted. ``otherwise`` is the reason of the whole claim."""
    less = grant is not None and grant.amount != line.payable
    return {
        "line": line.pk,
        "kind": line.kind,
        "code": line.code,
        "asked": line.asked,
        "approved": None if grant is None else grant.amount,
        "quantity": None if grant is None else grant.quantity,
        "price": None if grant is None else grant.price,
        "reason": (grant.reason.strip() or otherwise)[:REASON_LENGTH] if less else "",
        "reason_code": str(grant.code) if less else "",
    }


def write(lines, grants):
    """Write ``grants`` ({key of the line: Grant}) on ``lines``, one statement; the whole of a line keeps no units of its own."""
    for line in lines:
        grant = grants[line.pk]
        less = grant.amount != line.payable
        line.approved = grant.amount
        line.approved_quantity, line.approved_price = (grant.quantity, grant.price) if less else (None, None)
        line.reason = grant.reason[:REASON_LENGTH] if less else ""
    ClaimLine.objects.bulk_update(lines, ["approved", "approved_quantity", "approved_price", "reason"])


NOTHING = {"approved": None, "approved_quantity": None, "approved_price": None, "reason": ""}
