import json

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from ksb.core.errors import Refused
from ksb.demo.people import PASSWORD, create_demo


class Command(BaseCommand):
    help = "Create demo people for every role with their contracts, appointments and budget. Refused on real installations."

    def add_arguments(self, parser):
        parser.add_argument("--json", action="store_true", help="answer for machines")

    def handle(self, **options):
        try:
            people = create_demo(at=timezone.now())
        except Refused as refusal:
            raise CommandError(refusal.message) from refusal
        if options["json"]:
            rows = [{"username": p.username, "name": p.name, "role": p.role, "facility": p.facility} for p in people]
            self.stdout.write(json.dumps({"password": PASSWORD, "people": rows}, ensure_ascii=False))
            return
        for person in people:
            self.stdout.write(f"{person.username:<22}{person.role.label!s:<38}{person.name}")
        self.stdout.write(f"Password of all: {PASSWORD}")
