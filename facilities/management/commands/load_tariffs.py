import datetime
import json

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from facilities import prices
from facilities.enums import PriceKind
from ksb.core.errors import Refused


class Command(BaseCommand):
    help = "Propose a table of prices (CSV or XLSX). It is in force once an officer of Dinkes has approved it on the screen."

    def add_arguments(self, parser):
        parser.add_argument("file")
        parser.add_argument("--kind", choices=PriceKind.values, default=PriceKind.TARIFF)
        parser.add_argument(
            "--from", dest="valid_from", type=datetime.date.fromisoformat, required=True, help="first day"
        )
        parser.add_argument("--source", required=True, help="the regulation, e.g. 'Permenkes 3/2023'")
        parser.add_argument("--dry-run", action="store_true", help="read and count, keep nothing")
        parser.add_argument("--json", action="store_true")

    def handle(self, *, file, kind, valid_from, source, dry_run, **options):
        given = {"path": file, "file_name": file.rpartition("/")[2], "kind": kind, "source": source}
        try:
            with transaction.atomic():
                table = prices.propose(**given, valid_from=valid_from, actor=None, at=timezone.now())
                transaction.set_rollback(dry_run)
        except Refused as refusal:
            raise CommandError(refusal.message) from refusal
        if options["json"]:
            told = {
                "lines": table.lines,
                "prices": table.prices,
                "refused": table.refused,
                "lines_refused": table.refusals,
            }
            self.stdout.write(json.dumps(told, ensure_ascii=False))
            return
        self.stdout.write(f"{table.lines:,} lines, {table.prices:,} prices, {table.refused:,} lines refused")
        for line, why in table.refusals:
            self.stdout.write(f"line {line}: {why}")
