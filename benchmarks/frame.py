"""What benchmarks share: a city, a database of its own, two things measured in turns, a row of the table."""

import contextlib
import datetime
import json
import os
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from benchmarks.database import Database

TICKS = os.sysconf("SC_CLK_TCK")
DAY = datetime.date(2026, 11, 22)


@dataclass(frozen=True)
class Cost:
    """Seconds by the clock, seconds of processor time (this process and its database session), MB this process grew by."""

    wall: float
    cpu: float
    peak: float


@dataclass(frozen=True)
class Ratio:
    """Median of the pairwise quotients, and the median Cost of each side."""

    value: float
    candidate: Cost
    limit: Cost


@dataclass(frozen=True)
class Row:
    """One line of the table. ``ratio`` is a Ratio or a number; ``at_most`` or ``at_least`` is what is to be reached."""

    code: str
    job: str
    against: str
    ratio: Ratio | float
    at_most: float | None = None
    at_least: float | None = None
    detail: str = ""

    @property
    def value(self):
        return self.ratio.value if isinstance(self.ratio, Ratio) else self.ratio

    @property
    def reached(self):
        if self.at_most is not None:
            return self.value <= self.at_most
        return self.at_least is None or self.value >= self.at_least

    def cells(self):
        reach = f"<= {self.at_most:g}" if self.at_most is not None else f">= {self.at_least:g}"
        detail = self.detail
        if isinstance(self.ratio, Ratio) and not detail:
            one, two = self.ratio.candidate, self.ratio.limit
            detail = (
                f"{one.cpu:.2f} against {two.cpu:.2f} CPU s ({one.wall:.2f} and {two.wall:.2f} s), {one.peak:.0f} MB"
            )
        return self.code, self.job, self.against, _figure(self.value), reach, "yes" if self.reached else "NO", detail


@dataclass(frozen=True)
class City:
    """Files of one generated city."""

    folder: Path

    @cached_property
    def truth(self):
        return json.loads((self.folder / "truth.json").read_text())

    @property
    def snapshots(self):
        return [self.folder / self.truth["registry"][which]["file"] for which in ("first", "second")]

    @property
    def pbi(self):
        return sorted(self.folder.glob("pbi-*.csv"))

    @property
    def bpjs(self):
        return sorted(self.folder.glob("bpjs-*.csv"))

    @property
    def claims(self):
        return sorted(self.folder.glob("eklaim-*.txt"))


@dataclass
class Context:
    """What a benchmark is given (README.md)."""

    residents: int
    seed: int
    rounds: int
    database: Database
    say: Callable[[str], None]
    at: datetime.datetime = field(
        default_factory=lambda: datetime.datetime(2026, 11, 22, 9, 30, tzinfo=timezone.get_default_timezone())
    )
    loaded: bool = False

    @property
    def actor(self):
        from facilities.models import User

        return User.objects.system()

    @cached_property
    def city(self):
        folder = settings.VAR_DIR / "bench" / f"{self.residents}-{self.seed}"
        if not (folder / "truth.json").exists():
            self.say(f"making a city of {self.residents:,} as files in {folder}")
            folder.mkdir(parents=True, exist_ok=True)
            options = {"residents": self.residents, "seed": self.seed, "on": DAY, "next_month": True}
            with open(os.devnull, "w") as nowhere:
                call_command("make_city", out=folder, stdout=nowhere, stderr=nowhere, **options)
        return City(folder)

    def load_city(self, city=None):
        """First snapshot, JKN lists of the month and members, through the real pipelines; once a run.

        ``city``: another one than that of the run, into an empty database.
        """
        if self.loaded:
            return
        city = city or self.city
        from participants.dukcapil import sync as registry
        from participants.jkn import sync as jkn

        self.say("loading the city")
        registry.run(path=city.snapshots[0], actor=None, at=self.at)
        jkn.run(paths=[city.pbi[0], city.bpjs[0]], actor=None, at=self.at)
        with contextlib.suppress(SystemExit):  # the list holds a few wrong lines on purpose
            call_command("import_members", str(city.folder / "members.csv"), verbosity=0)
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")
        self.loaded = True

    def empty(self):
        """Back to a database with the reference facts alone."""
        self.database.restore()
        self.loaded = False

    def measure(self, function):
        """Run ``function`` once. Returns its Cost."""
        connection.ensure_connection()
        grown = _Growth()
        server, client, wall = _session_seconds(), time.process_time(), time.perf_counter()
        function()
        wall, client = time.perf_counter() - wall, time.process_time() - client
        return Cost(wall, client + _session_seconds() - server, grown.megabytes())

    def ratio(self, candidate, limit, *, prepare=None, of="cpu"):
        """Measure both ``rounds`` times in turns. Returns their Ratio of processor time, or of the clock with ``of="wall"``."""
        pairs = []
        for _round in range(max(self.rounds, 3)):
            if prepare:
                prepare()
            pairs.append((self.measure(candidate), self.measure(limit)))
            self.say("  {:.2f} against {:.2f} CPU s".format(*(cost.cpu for cost in pairs[-1])))
        value = statistics.median(getattr(one, of) / getattr(two, of) for one, two in pairs)
        return Ratio(value, *(_median(costs) for costs in zip(*pairs, strict=True)))


class _Growth:
    """The largest resident memory of this process since now, where Linux tells it; else 0."""

    def __init__(self):
        try:
            Path("/proc/self/clear_refs").write_text("5")
        except OSError:
            self.before = None
        else:
            self.before = _memory("VmRSS")

    def megabytes(self):
        return 0.0 if self.before is None else (_memory("VmHWM") - self.before) / 1024


def _memory(name):
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith(name):
            return int(line.split()[1])
    return 0


def _session_seconds():
    """Processor seconds of our database session so far; 0 where the server is another machine."""
    try:
        fields = Path(f"/proc/{connection.connection.info.backend_pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / TICKS


def _median(costs):
    return Cost(*(statistics.median(values) for values in zip(*((c.wall, c.cpu, c.peak) for c in costs), strict=True)))


def _figure(value):
    return f"{value:,.0f}" if value >= 100 else f"{value:.2f}x"
