"""What can be told: one record a kind, written in ``<app>/notices.py`` beside what tells it."""

import datetime
from dataclasses import dataclass

from django.urls import reverse

from ksb.core import formats

_kinds = {}


@dataclass(frozen=True, kw_only=True)
class Kind:
    """``text`` and ``message`` are lazy msgids that may name the params; ``message`` is what leaves the house, if anything may.

    ``route`` names the page of what the notice is about; ``by_link`` says whether its address names the thing.
    """

    code: str
    text: str
    sentiment: str = "info"
    route: str = ""
    by_link: bool = True
    message: str = ""

    def words(self, params):
        return str(self.text) % _shown(params)

    def outside(self, params):
        return str(self.message) % _shown(params)

    def address(self, link):
        if not self.route or (self.by_link and not link):
            return ""
        return reverse(self.route, args=[link] if self.by_link else [])


def kind(code, **values):
    """Register a kind under ``code`` and return it."""
    if code in _kinds:
        raise RuntimeError(f"{code} is a kind of notice already")
    _kinds[code] = Kind(code=code, **values)
    return _kinds[code]


def kind_of(code):
    """The kind of an old notice too: one that is gone from the program is shown by its code."""
    return _kinds.get(code) or Kind(code=code, text=code.replace("%", "%%"), sentiment="mute")


def all_kinds():
    return tuple(_kinds.values())


def _shown(params):
    """Params as read: those named ``..._on`` are days, ``..._at`` moments, in ISO form."""
    return {name: _read(name, value) for name, value in params.items()}


def _read(name, value):
    if name.endswith("_on"):
        return formats.day(datetime.date.fromisoformat(value))
    if name.endswith("_at"):
        return formats.moment(datetime.datetime.fromisoformat(value))
    return value
