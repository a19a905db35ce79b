"""Writes a whole synthetic city as files: registry snapshots, JKN lists, members, referral demand, e-Klaim files."""

import json
import time
from datetime import date
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from ksb.demo.city.build import Order, make_city

SUMMARY = "{residents:,} residents, {rows:,} registry rows, {letters:,} letters, {claims:,} claims in {seconds:.0f} s -> {out}"


class Command(BaseCommand):
    help = __doc__
    requires_system_checks = []  # files only: works before there is a database

    def add_arguments(self, parser):
        parser.add_argument("--residents", type=int, required=True, help="active residents of the first snapshot")
        parser.add_argument("--seed", type=int, default=1, help="same seed and day, same bytes (default 1)")
        parser.add_argument("--out", type=Path, required=True, help="folder for the files")
        parser.add_argument(
            "--on", type=date.fromisoformat, help="day of the second snapshot, YYYY-MM-DD (default today)"
        )
        parser.add_argument("--claims", type=int, default=0, help="at least so many rows in RSUD's file of last month")
        parser.add_argument("--clean", action="store_true", help="no malformed lines in the registry")
        parser.add_argument("--next-month", action="store_true", help="also the JKN lists of the next month")
        parser.add_argument(
            "--fraud", action="store_true", help="plant known cases for the rules of claims (fraud.json)"
        )
        parser.add_argument("--json", action="store_true", help="print the truth about the city as JSON")

    def handle(self, *, residents, seed, out, on, claims, clean, next_month, fraud, **options):
        order = Order(
            residents=residents,
            seed=seed,
            out=out,
            on=on or timezone.localdate(),
            claims=claims,
            clean=clean,
            next_month=next_month,
            fraud=fraud,
        )
        started = time.monotonic()
        try:
            truth = make_city(order, self._progress(residents))
        except ValueError as error:
            raise CommandError(str(error)) from error
        if options["json"]:
            self.stdout.write(json.dumps(truth, ensure_ascii=False))
            return
        self.stdout.write(
            SUMMARY.format(
                residents=residents,
                rows=truth["registry"]["second"]["rows"],
                letters=truth["demand"]["letters"],
                claims=truth["claims"]["rows"],
                seconds=time.monotonic() - started,
                out=out,
            )
        )

    def _progress(self, residents):
        """A line on a terminal that counts up; nothing into a pipe or a log."""
        if not self.stderr.isatty():
            return lambda done: None
        made = 0

        def show(done):
            nonlocal made
            made += done
            end = "\n" if made >= residents else ""
            self.stderr.write(f"\r{made:,} of {residents:,} residents", style_func=str, ending=end)
            self.stderr.flush()

        return show
