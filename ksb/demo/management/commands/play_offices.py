"""``manage.py play_offices``: Dukcapil and BPJS, played for the demonstration until Ctrl-C."""

import threading

from django.core.management import BaseCommand

from ksb.demo import records
from ksb.demo.bpjs import Bpjs
from ksb.demo.offices import Dukcapil


class Command(BaseCommand):
    help = "Play the servers of Dukcapil and BPJS over the people of the demonstration city."

    def add_arguments(self, parser):
        parser.add_argument("--dukcapil", type=int, required=True, help="port")
        parser.add_argument("--bpjs", type=int, required=True, help="port")

    def handle(self, *args, **options):
        dukcapil = Dukcapil(records.person, records.family, port=options["dukcapil"])
        with dukcapil, Bpjs(records.member, port=options["bpjs"]):
            self.stdout.write("Dukcapil and BPJS are played.")
            threading.Event().wait()
