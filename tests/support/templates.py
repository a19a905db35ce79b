"""Templates without unknown variables."""

import sys
from pathlib import Path

from django.template.base import Node

from ksb.embedded.home import PROJECT


class UnknownVariable(Exception):
    """A template of ours names something its view did not give."""


class UnknownVariableIsAnError(str):
    """Stands in for `string_if_invalid`; templates of Django and other packages keep their habits."""

    def __new__(cls):
        return super().__new__(cls, "%s")

    def __mod__(self, variable):
        origin = _template_being_rendered()
        if origin is not None and origin.is_relative_to(PROJECT) and "site-packages" not in origin.parts:
            raise UnknownVariable(f"{origin.relative_to(PROJECT)}: {{{{ {variable} }}}}")
        return ""


def _template_being_rendered() -> Path | None:
    frame = sys._getframe(1)
    while frame is not None:
        node = frame.f_locals.get("self")
        if isinstance(node, Node) and getattr(node, "origin", None) is not None:
            return Path(node.origin.name)
        frame = frame.f_back
    return None
