"""The second registry snapshot: the first, line by line, with the night's changes and with new cards in their place; and the
same night as a file of changes."""

from collections import deque

from ksb.demo.city.files import TextFile
from ksb.demo.city.people import COLUMNS

KK_DIGITS = 16
REMOVED = 9


def write_second(first, second, night, section, watched):
    """Copies ``first`` to ``second`` applying ``night``; ``section`` are lines for the end.

    Returns the closed TextFile; for each watched line number of the first file, its number in the second; and the replaced
    lines by their number in the first.
    """
    families = deque(sorted(night.families))
    touched = {*night.replaced, *night.behind, *watched}
    moved, replaced = {}, {}
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
            if text != line:
                replaced[number] = line
            out.add([*([text] if text else []), *night.behind.get(number, [])])
        for _, new in families:
            out.add(new)
        section_at = out.line
        out.add(section)
    return out, moved, section_at, replaced


def write_changes(path, night, section, replaced, gone_bad):
    """The night as a delta: the new line of everybody it touched, and for each NIK that is listed no more its last line with
    the status 9.

    ``replaced`` are lines by their number in the first snapshot; of those in ``gone_bad`` only the text went bad, not the
    person. Returns the closed TextFile.
    """
    texts = [night.replaced[number] for number in sorted(replaced) if night.replaced[number]]
    texts += [text for number in sorted(night.behind) for text in night.behind[number]]
    texts += [text for _, lines in sorted(night.families) for text in lines]
    listed = {_nik(text) for text in texts}
    gone = [line for number, line in sorted(replaced.items()) if number not in gone_bad and _nik(line) not in listed]
    with TextFile(path, COLUMNS) as out:
        out.add(texts)
        out.add([f"{line.rsplit(',', 2)[0]},{REMOVED},\n" for line in gone])
        out.add(section)
    return out


def _nik(line):
    return line.split(",")[1]
