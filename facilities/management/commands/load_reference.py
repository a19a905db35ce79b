from django.core.management.base import BaseCommand

from facilities.reference import load_reference


class Command(BaseCommand):
    help = "Load the facts KSB ships: regions, facilities, codes, holidays, the tariff sample, scheme versions. May be repeated."

    def handle(self, **options):
        for kind, count in load_reference().items():
            self.stdout.write(f"{kind.replace('_', ' '):<16} {count:>7,}")
