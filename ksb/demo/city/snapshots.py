"""The second registry snapshot: the first, line by line, with the night's changes and with new cards in their place."""

from ksb.demo.city.files import TextFile
from ksb.demo.city.people import COLUMNS

KK_DIGITS = 16


def write_second(first, second, night, section, watched):
    """Copies ``first`` to ``second`` applying ``night``; ``section`` are lines for the end.

    Returns the closed TextFile and, for each watched line number of the first file, its number in the second.
    """
    families = sorted(night.families)
    waiting = families.pop(0) if families else None
    touched = {*night.replaced, *night.behind, *watched}
    moved = {}
    with first.open(encoding="utf-8", newline="\n") as lines, TextFile(second, COLUMNS) as out:
        next(lines)
        for number, line in enumerate(lines, 2):
            while waiting and line[:KK_DIGITS] > waiting[0]:
                out.add(waiting[1])
                waiting = families.pop(0) if families else None
            if number not in touched:
                out.add((line,))
                continue
            moved[number] = out.line
            text = night.replaced.get(number, line)
            out.add([*([text] if text else []), *night.behind.get(number, [])])
        if waiting:
            families.insert(0, waiting)
        for _, new in families:
            out.add(new)
        section_at = out.line
        out.add(section)
    return out, moved, section_at
