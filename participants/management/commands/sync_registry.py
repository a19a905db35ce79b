"""Takes a registry snapshot or delta in, or gives an approval to a run that waits for two."""

import json

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from facilities.models import User
from ksb.core.errors import Refused
from participants import runs
from participants.dukcapil import sync
from participants.dukcapil.guard import LABELS
from participants.enums import SyncKind, SyncStage, SyncState
from participants.models import SyncRun

FINDINGS = 1


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser):
        parser.add_argument("file", nargs="?", help="registry-YYYYMMDD.csv, or delta-YYYYMMDD-YYYYMMDD.csv")
        parser.add_argument("--dry-run", action="store_true", help="count what would change, change nothing")
        parser.add_argument(
            "--approve", type=int, metavar="RUN", help="approve a waiting run; the second approval applies it"
        )
        parser.add_argument("--as", dest="username", metavar="USER", help="who does it; an approval needs a name")
        parser.add_argument("--json", action="store_true", help="for machines")

    def handle(self, *, file, dry_run, approve, username, **options):
        if (file is None) == (approve is None):
            raise CommandError("Name a file, or --approve RUN.", returncode=2)
        at = timezone.now()
        actor = _user(username) if username else None
        try:
            say = self._say if self.stderr.isatty() and not options["json"] else None
            run = (
                _approve(approve, actor, at, say)
                if approve
                else sync.run(path=file, actor=actor, at=at, dry_run=dry_run, say=say)
            )
        except FileNotFoundError:
            raise CommandError(f"There is no file {file}.", returncode=2) from None
        except Refused as refusal:
            raise CommandError(str(refusal.message), returncode=1) from refusal
        self._report(run, **options)
        if run.state == SyncState.WAITING_APPROVAL:
            raise SystemExit(FINDINGS)

    def _say(self, stage, done, total):
        """How far the run has come, on one line of the terminal."""
        share = f" {done:,} / {total:,}" if total else ""
        self.stderr.write(f"\r{SyncStage(stage).label}{share}".ljust(60), ending="")
        self.stderr.flush()

    def _report(self, run, *, json, verbosity, **options):
        if json:
            self.stdout.write(as_json(run))
        elif verbosity:
            self.stdout.write(f"{run} ({run.pk or 'dry run'}): {run.get_state_display()}")
            if run.counters.get("already_applied"):
                self.stdout.write(_("This file is applied already. Nothing was changed."))
            for name, value in run.counters.items():
                if name != "proof":
                    self.stdout.write(f"  {name}: {value}")
            self._preview(run.preview)
            if run.message:
                self.stdout.write(run.message)

    def _preview(self, preview):
        """The same as the page of a waiting file shows."""
        for check in preview.get("thresholds", []):
            sign = ">" if check["crossed"] else "<="
            self.stdout.write(f"  {LABELS[check['name']]}: {check['count']} {sign} {check['limit']} ({check['of']})")
        for row in preview.get("kelurahan", []):
            kinds = ", ".join(f"{kind} {count}" for kind, count in row["events"].items())
            self.stdout.write(f"  {row['name'] or '-'}: {kinds}")
        for example in preview.get("examples", []):
            columns = ", ".join(example["fields"])
            self.stdout.write(
                f"  {example['kind']} …{example['nik']} {example['on']} {example['kelurahan']} {columns}".rstrip()
            )


def as_json(run):
    """The counters with ``run``, ``state`` and, of a waiting or rehearsed file, the preview, on one line."""
    counters = {name: value for name, value in run.counters.items() if name != "proof"}
    return json.dumps({"run": run.pk, "state": run.state, **counters, "preview": run.preview, "message": run.message})


def _user(username):
    try:
        return User.objects.get(username=username, is_active=True)
    except User.DoesNotExist:
        raise CommandError(f"There is no user {username}.", returncode=2) from None


def _approve(pk, actor, at, say):
    if actor is None:
        raise CommandError("An approval needs a name: --as USER.", returncode=2)
    run = SyncRun.objects.filter(pk=pk, kind=SyncKind.REGISTRY).first()
    if run is None:
        raise CommandError(f"There is no registry run {pk}.", returncode=2)
    run = runs.approve(run=run, actor=actor, at=at)
    return sync.resume(run=run, actor=actor, at=at, say=say) if runs.is_approved(run) else run
