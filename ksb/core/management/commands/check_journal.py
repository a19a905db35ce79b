import json
import sys

from django.core.management.base import BaseCommand

from ksb.core.journal import broken_blocks
from ksb.core.models import JournalBlock


class Command(BaseCommand):
    help = "Prove the journal: recompute every sealed block and list those that do not hold. Exit 1 when one does not."

    def add_arguments(self, parser):
        parser.add_argument("--json", action="store_true", help="answer for machines")

    def handle(self, **options):
        broken = [{"block": number, "what": what} for number, what in broken_blocks()]
        blocks = JournalBlock.objects.count()
        if options["json"]:
            self.stdout.write(json.dumps({"blocks": blocks, "broken": broken}))
        else:
            for row in broken:
                self.stdout.write(f"Block {row['block']}: {row['what']}")
            self.stdout.write(f"{blocks} blocks, {len(broken)} broken.")
        sys.exit(1 if broken else 0)
