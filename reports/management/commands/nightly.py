"""Does now what is done every night: new files, expired letters, coverage, figures."""

import datetime
import json

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from ksb.core.errors import Refused
from ksb.core.models import Job
from reports.night import STEPS, run_night


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser):
        parser.add_argument("--day", type=datetime.date.fromisoformat, help="YYYY-MM-DD; today when left out")
        parser.add_argument("--json", action="store_true", help="for machines")

    def handle(self, *, day, verbosity, **options):
        now = timezone.now()
        try:
            job = run_night(day=day or timezone.localdate(now), at=now, again=True)
        except Refused as refusal:
            raise CommandError(str(refusal.message), returncode=1) from refusal
        if options["json"]:
            self.stdout.write(json.dumps({"day": job.day.isoformat(), "state": job.state, "steps": job.result}))
        elif verbosity:
            for step in STEPS:
                found = dict(job.result[step.name])
                self.stdout.write(f"{step.label}: {found.pop('state')}")
                for name, value in found.items():
                    self.stdout.write(f"  {name}: {value}")
        if job.state == Job.State.FAILED:
            raise SystemExit(1)
