from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from facilities.reference.network import COLUMNS, import_facilities
from ksb.core import journal
from ksb.core.errors import Refused
from ksb.core.tables import read_table


class Command(BaseCommand):
    help = "Import facilities by their Ministry of Health code (CSV or XLSX). Known codes are brought up to date."

    def add_arguments(self, parser):
        parser.add_argument("file")

    def handle(self, *, file, **options):
        try:
            with transaction.atomic():
                count = import_facilities(read_table(file, required=COLUMNS))
                journal.record("facilities.imported", actor=None, facilities=count)
        except Refused as refusal:
            raise CommandError(refusal.message) from refusal
        self.stdout.write(f"{count:,} facilities")
