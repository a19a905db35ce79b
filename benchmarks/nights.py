"""The next night's registry file, made from the last one: 0.3 % of the lines changed, 0.05 % malformed, order kept."""

import datetime
import random

CHANGED, MALFORMED = 0.003, 0.0005
NAME, MARITAL, EKTP, STATUS, STATUS_ON = 2, 7, 17, 18, 19


class Nights:
    """Successive snapshots of one city. Each call of ``next`` writes a file and returns its path."""

    def __init__(self, path, folder, seed):
        self.path = path
        self.folder = folder
        self.draw = random.Random(seed).random
        self.day = datetime.datetime.strptime(path.stem[-8:], "%Y%m%d").date()  # noqa: DTZ007
        self.births = 0

    def next(self):
        self.day += datetime.timedelta(days=1)
        target = self.folder / f"registry-{self.day:%Y%m%d}.csv"
        with self.path.open("rb") as old, target.open("wb") as new:
            new.write(next(old))
            for line in old:
                chance = self.draw()
                if chance < MALFORMED:
                    new.write(line)
                    new.write(line.replace(b",", b";", 1))
                elif chance < CHANGED:
                    new.writelines(self._changed(line))
                elif line.count(b";") != 1:  # a line we broke a night ago is repaired by leaving it out
                    new.write(line)
        if self.path.parent == self.folder:
            self.path.unlink()
        self.path = target
        return target

    def _changed(self, line):
        fields = line.rstrip(b"\n").split(b",")
        kind = self.draw()
        if len(fields) != 20 or fields[STATUS] != b"0":
            return [line]
        if kind < 0.1:
            return []
        if kind < 0.25:
            return [line, self._newborn(fields)]
        if kind < 0.5:
            fields[EKTP] = b"1" if fields[EKTP] == b"0" else b"0"
        elif kind < 0.75:
            fields[NAME] = fields[NAME] + b" A"
        elif kind < 0.9:
            fields[MARITAL] = b"2" if fields[MARITAL] == b"1" else b"1"
        else:
            fields[STATUS], fields[STATUS_ON] = b"1", f"{self.day}".encode()
        return [b",".join(fields) + b"\n"]

    def _newborn(self, fields):
        self.births += 1
        day = f"{self.day}".encode()
        child = list(fields)
        child[1] = b"3275%012d" % (990_000_000_000 + self.births)
        child[2], child[5], child[6], child[7], child[16], child[17] = b"BAYI", day, b"4", b"1", day, b"0"
        return b",".join(child) + b"\n"


def sound_lines(path, target):
    """A copy of the file without the lines a bare COPY would choke on."""
    with path.open("rb") as old, target.open("wb") as new:
        new.writelines(line for line in old if b"\r" not in line and _columns(line) == 20)
    return target


def _columns(line):
    return sum(part.count(b",") for part in line.split(b'"')[::2]) + 1
