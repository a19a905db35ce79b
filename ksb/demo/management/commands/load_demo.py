"""Makes and loads the demonstration's city the first time; every time it lists who can log in."""

from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.utils import timezone

from ksb.demo.loading import Interrupted, ensure_city

INTERRUPTED = 3


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser):
        parser.add_argument("--residents", type=int, default=20_000)
        parser.add_argument("--seed", type=int, default=1)

    def handle(self, *, residents, seed, **options):
        try:
            ensure_city(residents=residents, seed=seed, on=timezone.localdate(), say=self._say)
        except Interrupted:
            raise SystemExit(INTERRUPTED) from None
        call_command("create_demo", stdout=self.stdout)

    def _say(self, line):
        self.stdout.write(f"      {line}")
        self.stdout.flush()
