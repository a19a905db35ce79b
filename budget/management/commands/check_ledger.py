import json
import sys
from dataclasses import asdict

from django.core.management.base import BaseCommand
from django.utils import timezone

from budget.proof import prove
from ksb.core.formats import rupiah


class Command(BaseCommand):
    help = "Recompute every total of the budget from ledger, claims, letters and payments; list what disagrees. Exit 1 then."

    def add_arguments(self, parser):
        parser.add_argument("--json", action="store_true", help="answer for machines")

    def handle(self, **options):
        now = timezone.now()
        found = prove(day=timezone.localdate(now), at=now)
        if options["json"]:
            self.stdout.write(json.dumps({"disagreements": [asdict(one) for one in found]}, ensure_ascii=False))
        else:
            for one in found:
                amounts = f"kept {rupiah(one.kept)}, recomputed {rupiah(one.recomputed)}"
                self.stdout.write(f"{one.what} {one.key}: {amounts}")
            self.stdout.write("The ledger agrees." if not found else f"{len(found)} totals disagree.")
        sys.exit(1 if found else 0)
