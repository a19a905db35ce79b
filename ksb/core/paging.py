"""Pages of lists that may hold millions of rows: keyset paging, never OFFSET, never a count.

The cursor holds the sort keys of a row, so these must be harmless in an address: times, numbers, ids; no NIK, no name.
"""

import base64
import binascii
import datetime
import json
from dataclasses import dataclass

from django.core.exceptions import FieldError, ValidationError
from django.db.models import Q

FORWARD, BACKWARD = "n", "p"


@dataclass(frozen=True)
class Page:
    """One page: ``items`` and the cursors of its neighbours, empty where there is none."""

    items: list
    next_cursor: str
    previous_cursor: str
    parameter: str

    def __iter__(self):
        return iter(self.items)

    def __len__(self):
        return len(self.items)


def keyset_page(queryset, query, *, keys, size=50, parameter="page"):
    """The page of ``queryset`` that ``query`` (``request.GET``) asks for.

    ``keys`` are field names of one direction each, ``-`` for descending, together unique and never NULL, for instance
    ``("-issued_at", "-pk")``; an index on them makes any page cost the same. A damaged cursor shows the first page.
    """
    direction, values = _read(query.get(parameter, ""), len(keys))
    order = keys if direction == FORWARD else [_turned(key) for key in keys]
    rows = _rows(queryset, order, values, size)
    if rows is None:
        direction, values = FORWARD, None
        rows = _rows(queryset, keys, None, size)
    more, rows = len(rows) > size, rows[:size]
    if direction == BACKWARD:
        rows.reverse()
    has_next = more if direction == FORWARD else True
    has_previous = values is not None if direction == FORWARD else more
    return Page(
        items=rows,
        next_cursor=_write(FORWARD, rows[-1], keys) if rows and has_next else "",
        previous_cursor=_write(BACKWARD, rows[0], keys) if rows and has_previous else "",
        parameter=parameter,
    )


def _rows(queryset, order, values, size):
    """One row more than a page, or None when the cursor's values do not fit their fields."""
    try:
        if values is not None:
            queryset = queryset.filter(_beyond(order, values))
        return list(queryset.order_by(*order)[: size + 1])
    except (ValueError, TypeError, OverflowError, ValidationError, FieldError):
        if values is None:
            raise
        return None


def _beyond(order, values):
    """Rows after the one whose keys are ``values``, written so that PostgreSQL can start its index scan there."""
    condition = Q()
    same = {}
    for key, value in zip(order, values, strict=True):
        name = key.removeprefix("-")
        operator = "lt" if key.startswith("-") else "gt"
        condition |= Q(**same, **{f"{name}__{operator}": value})
        same[name] = value
    first = order[0].removeprefix("-")
    bound = "lte" if order[0].startswith("-") else "gte"
    return Q(**{f"{first}__{bound}": values[0]}) & condition


def _turned(key):
    return key.removeprefix("-") if key.startswith("-") else f"-{key}"


def _write(direction, row, keys):
    values = [_value(row, key.removeprefix("-")) for key in keys]
    text = json.dumps([direction, *values], separators=(",", ":"), default=str)
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _value(row, name):
    for part in name.split("__"):
        row = getattr(row, part)
    return row.isoformat() if isinstance(row, datetime.date) else row


def _read(cursor, length):
    """Direction and key values of a cursor; ``(FORWARD, None)`` for none or a damaged one."""
    try:
        text = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
        direction, *values = json.loads(text)
    except (binascii.Error, ValueError, TypeError, RecursionError):
        return FORWARD, None
    plain = all(isinstance(value, str | int) for value in values)
    if direction not in (FORWARD, BACKWARD) or len(values) != length or not plain:
        return FORWARD, None
    return direction, values
