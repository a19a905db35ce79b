"""The demonstration's city, made and loaded once."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.utils import timezone

from ksb.core.models import Job
from ksb.demo.history import load_city
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
    folder = settings.VAR_DIR / "city" / f"{residents}-{seed}-{on:%Y%m%d}"
    whole = folder / "whole"
    if not whole.exists():
        say(f"making a city of {residents:,} residents as files in {folder}")
        call_command("make_city", residents=residents, seed=seed, out=folder, on=on)
        whole.touch()
    return folder


def _say_what_is_kept(kept: int, asked: int, say: Callable[[str], None]) -> None:
    say(f"the city of {kept:,} residents from an earlier start is kept")
    if kept != asked:
        say(f"for one of {asked:,}: make clean, then make demo RESIDENTS={asked}")
