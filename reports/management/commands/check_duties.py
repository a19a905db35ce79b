import json
import sys

from django.core.management.base import BaseCommand

from reports.duties import missing_guards, report


class Command(BaseCommand):
    help = "Prove the twelve rules of segregation of duties over all data. Exit 1 when one was broken or a guard is missing."

    def add_arguments(self, parser):
        parser.add_argument("--json", action="store_true", help="answer for machines")

    def handle(self, **options):
        missing, found = missing_guards(), report()
        broken = [{"rule": duty.number, "rows": rows} for duty, rows in found if rows]
        if options["json"]:
            self.stdout.write(json.dumps({"rules": len(found), "broken": broken, "missing_guards": missing}))
        else:
            for duty, rows in found:
                self.stdout.write(f"{duty.number}. {duty.sentence} {len(rows)}")
                self.stdout.writelines(f"   {table} {key}, person {person}" for table, key, person in rows)
            self.stdout.writelines(f"Guard missing: {name}" for name in missing)
            self.stdout.write(f"{len(found)} rules, {len(broken)} broken.")
        sys.exit(1 if broken or missing else 0)
