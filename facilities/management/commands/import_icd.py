from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from facilities.reference.coding import import_diagnoses, import_procedures
from ksb.core import journal
from ksb.core.errors import Refused
from ksb.core.tables import read_table

ALIASES = {"kode": "code", "display": "title", "deskripsi": "title", "description": "title", "name": "title"}


class Command(BaseCommand):
    help = (
        "Import the Ministry's list of diagnoses (ICD-10) or, with --procedures, of procedures (ICD-9-CM); CSV or XLSX."
    )

    def add_arguments(self, parser):
        parser.add_argument("file")
        parser.add_argument("--procedures", action="store_true")
        parser.add_argument("--source", default="Kemenkes 2010", help="name and edition of the list")

    def handle(self, *, file, procedures, source, **options):
        load = import_procedures if procedures else import_diagnoses
        try:
            with transaction.atomic():
                count = load(read_table(file, required=("code", "title"), aliases=ALIASES), source=source)
                journal.record("icd.imported", actor=None, source=source, codes=count)
        except Refused as refusal:
            raise CommandError(refusal.message) from refusal
        self.stdout.write(f"{count:,} codes")
