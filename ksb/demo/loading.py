"""The demonstration's city, made and loaded once."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TextIO

from django.conf import settings
from django.core.management import call_command
from django.utils import timezone

from ksb.core.models import Job
from ksb.demo.history import load_city
from participants.dukcapil import sync
from participants.eligibility.city import reevaluate
from participants.models import Resident

JOB = "demo_city"


class Interrupted(Exception):
    """An earlier load did not come to its end; what it wrote is a part of a city."""


def ensure_city(*, residents: int, seed: int, on: date, say: Callable[[str], None]) -> None:
    """Make a city of `residents` as files and load it through the pipelines, unless the database holds people already.

    The job's row tells a whole load from a part of one. Raises Interrupted when only a part is there.
    """
    earlier = Job.objects.latest_of(JOB)
    if earlier is not None and earlier.state != Job.State.DONE:
        raise Interrupted
    if earlier is not None:
        _say_what_is_kept(earlier.result["residents"], residents, say)
        _bring_up_to_date(_folder(earlier.result["residents"], earlier.result["seed"], earlier.day), on, say)
        return
    if Resident.objects.exists():
        say("the people already in this database are kept; no city is loaded")
        return
    job = Job.objects.create(name=JOB, day=on, result={"residents": residents, "seed": seed})
    folder = _files(residents, seed, on, say)
    say("loading it through the same doors as the real files")
    load_city(folder, on=on, say=say)
    job.state, job.finished = Job.State.DONE, timezone.now()
    job.save(update_fields=["state", "finished"])


def _files(residents: int, seed: int, on: date, say: Callable[[str], None]) -> Path:
    folder = _folder(residents, seed, on)
    whole = folder / "whole"
    if not whole.exists():
        say(f"making a city of {residents:,} residents as files in {folder}")
        call_command("make_city", residents=residents, seed=seed, out=folder, on=on)
        whole.touch()
    return folder


def _folder(residents: int, seed: int, on: date) -> Path:
    return settings.VAR_DIR / "city" / f"{residents}-{seed}-{on:%Y%m%d}"


def _bring_up_to_date(folder: Path, on: date, say: Callable[[str], None]) -> None:
    """Hand in today's registry file, as Disdukcapil would have: with old data nobody's cover could be verified.

    Yesterday's file with one more KTP-el recorded, because a night without any difference does not exist.
    """
    newest = max(folder.glob("registry-*.csv"), default=None)
    today = folder / f"registry-{on:%Y%m%d}.csv"
    if newest is None or newest >= today:
        return
    with newest.open(encoding="utf-8", newline="") as old, today.open("w", encoding="utf-8", newline="") as new:
        _record_one_ktp(old, new)
    sync.run(path=today, actor=None, at=timezone.now())
    reevaluate(on=on, at=timezone.now())
    say(f"today's registry file {today.name} was taken in")


def _record_one_ktp(old: TextIO, new: TextIO) -> None:
    header = old.readline()
    new.write(header)
    flag = header.rstrip("\r\n").split(",").index("FLAG_EKTP") - header.count(",") - 1
    done = False
    for line in old:
        cells = line.rstrip("\r\n").split(",")
        if not done and len(cells) == header.count(",") + 1 and cells[flag] == "0":
            cells[flag], done = "1", True
            line = ",".join(cells) + "\n"
        new.write(line)


def _say_what_is_kept(kept: int, asked: int, say: Callable[[str], None]) -> None:
    say(f"the city of {kept:,} residents from an earlier start is kept")
    if kept != asked:
        say(f"for one of {asked:,}: make clean, then make demo RESIDENTS={asked}")
