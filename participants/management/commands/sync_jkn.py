"""Takes PBI and BPJS membership lists in: who is covered elsewhere, from when to when."""

import json
from collections import Counter

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from ksb.core.errors import Refused
from participants.jkn import sync

SUMS = ("read", "opened", "closed", "unchanged", "to_review", "quarantined")


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser):
        parser.add_argument("files", nargs="+", help="pbi-YYYYMM.csv or bpjs-YYYYMM.csv")
        parser.add_argument("--dry-run", action="store_true", help="count what would change, change nothing")
        parser.add_argument("--json", action="store_true", help="for machines")

    def handle(self, *, files, dry_run, verbosity, **options):
        try:
            runs = sync.run(paths=files, actor=None, at=timezone.now(), dry_run=dry_run)
        except FileNotFoundError as error:
            raise CommandError(f"There is no file {error.filename}.", returncode=2) from None
        except Refused as refusal:
            raise CommandError(str(refusal.message), returncode=1) from refusal
        if options["json"]:
            self.stdout.write(json.dumps(summary(runs)))
        elif verbosity:
            for run in runs:
                self.stdout.write(f"{run.file_name} ({run.pk or 'dry run'}): {run.get_state_display()}")
                if run.counters.get("already_applied"):
                    self.stdout.write(_("This file is applied already. Nothing was changed."))
                for name, value in public(run).items():
                    self.stdout.write(f"  {name}: {value}")


def summary(runs):
    """The counters of formats.md 8 over all files; ``runs`` holds those of each."""
    reasons = Counter()
    for run in runs:
        reasons.update(run.counters["quarantined_by_reason"])
    return {
        "run": runs[-1].pk,
        "state": runs[-1].state,
        **{name: sum(run.counters[name] for run in runs) for name in SUMS},
        "quarantined_by_reason": dict(reasons),
        "runs": [{"run": run.pk, "file": run.file_name, "state": run.state, **public(run)} for run in runs],
    }


def public(run):
    """The counters without what the run remembers for the next one."""
    return {name: value for name, value in run.counters.items() if name != "proof"}
