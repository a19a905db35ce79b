import datetime

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils.timezone import localdate

from facilities.reference.tariffs import ALIASES, COLUMNS, import_tariffs
from ksb.core import journal
from ksb.core.errors import Refused
from ksb.core.tables import read_table


class Command(BaseCommand):
    help = "Import the Ministry's INA-CBG tariff table (CSV or XLSX). All lines or none."

    def add_arguments(self, parser):
        parser.add_argument("file")
        parser.add_argument(
            "--from", dest="valid_from", type=datetime.date.fromisoformat, help="first day (default today)"
        )
        parser.add_argument("--source", default="", help="the regulation, e.g. 'Permenkes 3/2023'")

    def handle(self, *, file, valid_from, source, **options):
        try:
            with transaction.atomic():
                table = read_table(file, required=COLUMNS, aliases=ALIASES)
                count = import_tariffs(table, valid_from=valid_from or localdate(), source=source or file)
                journal.record("tariffs.imported", actor=None, source=source, prices=count)
        except Refused as refusal:
            raise CommandError(refusal.message) from refusal
        self.stdout.write(f"{count:,} prices")
