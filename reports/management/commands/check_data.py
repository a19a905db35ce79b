import json
import sys

from django.core.management.base import BaseCommand

from reports.consistency import CHECKS, disagreements


class Command(BaseCommand):
    help = "Check what must agree across tables and list what does not. Exit 1 when something disagrees."

    def add_arguments(self, parser):
        parser.add_argument("--json", action="store_true", help="answer for machines")

    def handle(self, **options):
        found = [{"check": check.name, "sentence": check.sentence, "rows": keys} for check, keys in disagreements()]
        if options["json"]:
            self.stdout.write(json.dumps({"checks": len(CHECKS), "disagreements": found}))
        else:
            for row in found:
                self.stdout.write(f"{row['sentence']} Not so: {', '.join(map(str, row['rows']))}")
            self.stdout.write(f"{len(CHECKS)} checks, {len(found)} disagree.")
        sys.exit(1 if found else 0)
