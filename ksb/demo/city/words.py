"""The lists of ``words.toml``."""

import tomllib
from functools import cache
from importlib.resources import files


@cache
def words(*path):
    """The list at ``path``, such as ``words("places", "streets")``, as a tuple."""
    table = tomllib.loads((files("ksb.demo.city") / "words.toml").read_text(encoding="utf-8"))
    for key in path:
        table = table[key]
    return tuple(" ".join(word.split()) for word in table.split(","))
