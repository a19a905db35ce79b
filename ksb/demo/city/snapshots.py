"""The second registry snapshot: the first, line by line, with the night's changes and with new cards in their place."""

from collections import deque

from ksb.demo.city.files import TextFile
from ksb.demo.city.people import COLUMNS

KK_DIGITS = 16


def write_second(first, second, night, section, watched):
    """Copies ``first`` to ``second`` applying ``night``; ``section`` are lines for the end.

    Returns the closed TextFile and, for each watched line number of the first file, its number in the second.
    """
    families = deque(sorted(night.families))
    touched = {*night.replaced, *night.behind, *watched}
    moved = {}
    with first.open(encoding="utf-8", newline="\n") as lines, TextFile(second, COLUMNS) as out:
        next(lines)
        for number, line in enumerate(lines, 2):
            while families and line[:KK_DIGITS] > families[0][0]:
                out.add(families.popleft()[1])
            if number not in touched:
                out.add((line,))
                continue
            moved[number] = out.line
            text = night.replaced.get(number, line)
            out.add([*([text] if text else []), *night.behind.get(number, [])])
        for _, new in families:
            out.add(new)
        section_at = out.line
        out.add(section)
    return out, moved, section_at
