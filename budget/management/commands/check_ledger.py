import json
import sys

from django.core.management.base import BaseCommand

from budget.ledger import disagreements
from ksb.core.formats import rupiah


class Command(BaseCommand):
    help = "Recompute every total of the budget from the ledger and list what disagrees. Exit 1 when something does."

    def add_arguments(self, parser):
        parser.add_argument("--json", action="store_true", help="answer for machines")

    def handle(self, **options):
        found = [
            {"line": line.pk, "name": line.name, "total": total, "kept": kept, "recomputed": recomputed}
            for line, total, kept, recomputed in disagreements()
        ]
        if options["json"]:
            self.stdout.write(json.dumps({"disagreements": found}, ensure_ascii=False))
        else:
            for row in found:
                amounts = f"{rupiah(row['kept'])}, ledger {rupiah(row['recomputed'])}"
                self.stdout.write(f"{row['name']}: {row['total']} {amounts}")
            self.stdout.write("The ledger agrees." if not found else f"{len(found)} totals disagree.")
        sys.exit(1 if found else 0)
