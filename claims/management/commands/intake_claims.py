import json
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import override

from claims.intake import FileRefused, IntakeResult, take_in
from facilities.models import Facility
from ksb.core.errors import Refused

NOTHING = IntakeResult(None, "", 0, 0, 0, 0, 0, [])


class Command(BaseCommand):
    help = (
        "Takes in the e-Klaim TXT file of a hospital. Exit 0 all rows taken, 1 rows or the file refused, 2 wrong use."
    )

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path, help="e-Klaim TXT export of a month or part of it")
        parser.add_argument(
            "--facility", required=True, metavar="KODE_RS", help="code of the hospital that hands it in"
        )
        parser.add_argument("--dry-run", action="store_true", help="judge every row and store nothing")
        parser.add_argument("--json", action="store_true", help="answer for machines")

    def handle(self, *, file, facility, dry_run, json: bool, **options):
        hospital = self._hospital(facility)
        refusal = ""
        try:
            with file.open("rb") as content:
                result = take_in(
                    file=content,
                    file_name=file.name,
                    hospital=hospital,
                    actor=None,
                    at=timezone.now(),
                    dry_run=dry_run,
                )
        except OSError as error:
            raise CommandError(f"{file}: {error.strerror}", returncode=2) from error
        except Refused as no:
            refusal = str(no.message)
            result = no.result if isinstance(no, FileRefused) else NOTHING
        with override("id"):
            self._print_json(result, refusal) if json else self._print(result, refusal)
        if refusal or result.refused:
            raise SystemExit(1)

    def _hospital(self, code):
        hospital = Facility.objects.hospitals().filter(code__in={code, code.zfill(7), code.lstrip("0")}).first()
        if hospital is None:
            raise CommandError(f"No hospital has the code {code}.", returncode=2)
        return hospital

    def _print_json(self, result, refusal):
        answer = {
            "batch": result.batch.number if result.batch else None,
            "rows": result.rows,
            "accepted": result.accepted,
            "refused": result.refused,
            "blocked": result.blocked,
            "claimed": result.claimed,
            "lines": [
                {
                    "line": line.line,
                    "sep": line.sep,
                    "status": str(line.status),
                    "state": str(line.state),
                    "findings": [
                        {"rule": f.rule, "severity": f.severity, "message_id": f.message, "message_en": _english(f)}
                        for f in line.findings
                    ],
                }
                for line in result.lines
            ],
        }
        if refusal:
            answer["refusal"] = refusal
        self.stdout.write(json.dumps(answer, ensure_ascii=False))

    def _print(self, result, refusal):
        if refusal:
            self.stdout.write(refusal)
        for line in result.lines:
            for found in line.findings:
                self.stdout.write(f"{line.line}\t{line.sep}\t{found.rule} {found.severity}\t{found.message}")
        number = result.batch.number if result.batch else "-"
        self.stdout.write(
            f"batch {number}: {result.rows} rows, {result.accepted} accepted, {result.refused} refused "
            f"({result.blocked} of them kept as blocked claims)"
        )
        for rule, count in sorted(result.by_rule().items()):
            self.stdout.write(f"  {rule} {count}")


def _english(found):
    with override("en"):
        return found.message
