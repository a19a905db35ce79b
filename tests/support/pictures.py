"""A letter as a picture, held against the one somebody has looked at.

Pictures lie beside the test in ``pictures/``. After a change of the layout that is meant, ``KSB_DRAW_PICTURES=1`` draws them
anew: look at each before it is committed. What differs from one day to the next (numbers, codes) is stilled first, and cells of
some millimetres are compared, so that another smoothing of the type is no difference while a line that moved is one. Letters
are in Indonesian: the catalogue has to be compiled, as ``make test`` does.
"""

import io
import os
import re
import subprocess
from dataclasses import replace

from PIL import Image, ImageChops

DOTS = 72  # an inch
CELL = 8  # dots
# How much darker or lighter a cell has to be, of 255, and how many of the cells with ink may be.
DARKER = 36
SHARE = 0.04


def stilled(letter):
    """The letter with every number the same length and value, whoever was made up for the test."""
    signatories = tuple(replace(one, name=_still(one.name), nip=_still(one.nip)) for one in letter.signatories)
    return replace(
        letter,
        number=_still(letter.number),
        facts=_still(letter.facts),
        signatories=signatories,
        validity_path="/berlaku/0000/" if letter.validity_path else "",
    )


def _still(said):
    if isinstance(said, dict):
        return {name: _still(value) for name, value in said.items()}
    if isinstance(said, (list, tuple)):
        return [_still(value) for value in said]
    if not isinstance(said, str):
        return said
    counted = re.sub(r"(?<=[A-Za-z.] )\d{1,4}\b", "0", said)
    return re.sub(r"\d", "0", counted)


def drawn(pdf):
    """The first page of the PDF's bytes, in greys."""
    command = ["pdftoppm", "-r", str(DOTS), "-gray", "-png", "-singlefile", "-"]
    whole = subprocess.run(command, input=pdf, capture_output=True, check=True).stdout
    return Image.open(io.BytesIO(whole)).convert("L")


def difference(one, other):
    """The share of cells with ink that are not the same in both pictures, 1 where even the paper differs."""
    if one.size != other.size:
        return 1.0
    size = one.width // CELL, one.height // CELL
    small, other_small = (picture.resize(size, Image.Resampling.BOX) for picture in (one, other))
    changed = sum(ImageChops.difference(small, other_small).histogram()[DARKER:])
    inked = sum(ImageChops.darker(small, other_small).histogram()[: 255 - DARKER])
    return changed / max(1, inked)


def hold_against(stored, pdf):
    """The first page of the PDF looks as the picture at the path ``stored``; what was found lies beside it otherwise."""
    found = drawn(pdf)
    if os.environ.get("KSB_DRAW_PICTURES"):
        stored.parent.mkdir(exist_ok=True)
        found.quantize(16).save(stored, optimize=True)
    share = difference(found, Image.open(stored).convert("L"))
    seen = stored.with_suffix(".found.png")
    if share > SHARE:
        found.save(seen)
    assert share <= SHARE, f"{share:.0%} of the letter looks different; compare {seen} with {stored.name}"
