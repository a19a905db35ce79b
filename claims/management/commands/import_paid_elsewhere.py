from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from claims.enums import OtherSource
from claims.paid_elsewhere import load
from ksb.core.errors import Refused


class Command(BaseCommand):
    help = "Load a list of care another source guarantees or has paid (SEP of BPJS, JKN, province, subsidy, outbreak fund)."

    def add_arguments(self, parser):
        parser.add_argument("file", help="CSV or XLSX: number, nik, from, until, and hospital, amount where known")
        parser.add_argument("--source", choices=OtherSource.values, required=True)

    def handle(self, *, file, source, **options):
        try:
            taken, refused = load(path=file, source=source, actor=None, at=timezone.now())
        except Refused as no:
            raise CommandError(no.message) from no
        for line, why in refused:
            self.stderr.write(f"line {line}: {why}")
        self.stdout.write(f"{taken:,} taken, {len(refused):,} refused")
