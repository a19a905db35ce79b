"""``manage.py coverage NIK``: the decision on one person and every reason, for operators and for other programs."""

import argparse
import datetime
import json

from django.core.management.base import BaseCommand
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import gettext as _

from facilities.enums import Service
from participants.eligibility import evaluate


def day(text):
    """A date as YYYY-MM-DD; ArgumentTypeError otherwise."""
    try:
        value = parse_date(text)
    except ValueError:
        value = None
    if value is None:
        raise argparse.ArgumentTypeError(f"{text!r} is not a date such as 2026-11-22")
    return value


def moment(text):
    """A moment in the city's time; a bare date means the end of that day."""
    try:
        value = parse_datetime(text)
    except ValueError:
        value = None
    if value is None or len(text) <= 10:
        value = datetime.datetime.combine(day(text), datetime.time.max)
    return value if timezone.is_aware(value) else timezone.make_aware(value)


class Command(BaseCommand):
    help = "Who is covered and why. Exit code 0: covered, 1: not covered or not verifiable, 2: wrong use."

    def add_arguments(self, parser):
        parser.add_argument("nik", metavar="NIK")
        parser.add_argument("--on", type=day, help="service date (YYYY-MM-DD); today unless given")
        parser.add_argument("--service", choices=Service.values, default=Service.OUTPATIENT)
        parser.add_argument("--known-at", type=moment, help="with what was known of other coverage at that time")
        parser.add_argument("--json", action="store_true", help="for programs")

    def handle(self, *, nik, on, service, known_at, **options):
        now = timezone.now()
        evaluation = evaluate(nik, on=on or timezone.localdate(now), service=service, known_at=known_at, at=now)
        if options["json"]:
            self.stdout.write(json.dumps({"nik": nik, **evaluation.as_json()}, ensure_ascii=False))
        else:
            self._tell(evaluation)
        if not evaluation.covered:
            raise SystemExit(1)

    def _tell(self, evaluation):
        head = f"{evaluation.decision.label} ({evaluation.decision.value}, {evaluation.headline_rule})"
        self.stdout.write(head)
        self.stdout.write(
            _("Service %(service)s on %(on)s, scheme %(scheme)s, may change on %(next)s")
            % {
                "service": evaluation.service,
                "on": evaluation.on,
                "scheme": evaluation.scheme_code or "-",
                "next": evaluation.next_change_on or "-",
            }
        )
        for reason in evaluation.reasons:
            mark = {"ok": "+", "bad": "-", "warn": "!", "info": "i"}[reason.sentiment]
            self.stdout.write(f"{mark} {reason.rule} {reason.message}")
            self.stdout.write(f"      {reason.law} · {reason.source}, {reason.source_date or '-'}")
