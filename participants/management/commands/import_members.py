import json
import sys
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from ksb.core.errors import Refused
from participants.members_import import import_members
from participants.members_report import Remark, label_of

SHOWN_LINES = 20


class Command(BaseCommand):
    help = (
        "Take in the legacy membership list (CSV or XLSX with NO_KK, NO_KARTU, TGL_DAFTAR, STATUS). "
        "May be repeated. Exit code 1 when lines were refused, 2 when the file does not exist."
    )

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path)
        parser.add_argument("--dry-run", action="store_true", help="judge every line, change nothing")
        parser.add_argument("--json", action="store_true", help="answer for programs")

    def handle(self, *, file, dry_run, **options):
        if not file.is_file():
            raise CommandError(f"{file} does not exist.", returncode=2)
        at = timezone.now()
        try:
            result = import_members(path=file, actor=None, at=at, on=timezone.localdate(at), dry_run=dry_run)
        except Refused as error:
            raise CommandError(error.message, returncode=1) from error
        if options["json"]:
            self.stdout.write(as_json(result))
        elif options["verbosity"]:
            self.stdout.write("\n".join(as_text(result)))
        if result.refused:
            sys.exit(1)


def as_json(result):
    return json.dumps(result.as_json(), ensure_ascii=False)


def as_text(result):
    yield f"added     {result.added:>9,}{'  (dry run: nothing was changed)' if result.dry_run else ''}"
    yield f"unchanged {result.unchanged:>9,}"
    yield f"refused   {result.refused:>9,}"
    for reason, count in result.reasons.items():
        yield f"  {reason:<16} {count:>9,}"
    for finding in result.findings:
        if finding["code"] in Remark.values:
            yield f"remark    {finding['count']:>9,}  {finding['code']}: {label_of(finding['code'])}"
    for line, reason in result.lines[:SHOWN_LINES]:
        yield f"line {line}: {reason.label}"
    if result.refused > SHOWN_LINES:
        yield f"... and {result.refused - SHOWN_LINES:,} more lines: --json and the report on the screen list all of them"
