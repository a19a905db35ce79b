"""Templates without unknown variables."""

import sys
from pathlib import Path

from django.template.base import Node


class UnknownVariable(Exception):
    """A template of ours names something its view did not give."""


class UnknownVariableIsAnError(str):
    """Stands in for `string_if_invalid`; templates of Django and other packages keep their habits."""

    def __new__(cls):
        return super().__new__(cls, "%s")

    def __mod__(self, variable):
        origin = _template_being_rendered()
        if "site-packages" in Path(origin).parts:
            return ""
        raise UnknownVariable(f"{origin}: {{{{ {variable} }}}}")


def _template_being_rendered() -> str:
    frame = sys._getframe(1)
    while frame is not None:
        node = frame.f_locals.get("self")
        if isinstance(node, Node) and getattr(node, "origin", None) is not None:
            return node.origin.name
        frame = frame.f_back
    return "a template"
