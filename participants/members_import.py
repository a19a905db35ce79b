"""The membership list the programme already has, taken in as a whole: every good line, and a reason for every other.

Lines are cleaned while they stream into a temporary table by COPY; from there on PostgreSQL judges and inserts all of them
at once. Running the same file again changes nothing. Each run leaves a report
(``members_report``), a dry one too. The format is ``NO_KK;NO_KARTU;TGL_DAFTAR;STATUS``, CSV or XLSX.
"""

import datetime
import re
from collections import Counter
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from django.db import connection, transaction
from django.utils.translation import gettext

from ksb.core import journal
from ksb.core.copy import copy_rows
from ksb.core.errors import Refused
from ksb.core.locks import advisory_lock
from ksb.core.tables import read_table
from ksb.core.workflow import system_user
from participants import members_report
from participants.enums import EnrolmentState
from participants.members_report import LineReason
from participants.models import MembersImport
from participants.models.family import OPEN_STATES

COLUMNS = ["no_kk", "no_kartu", "tgl_daftar", "status"]
STATES = {
    "AKTIF": EnrolmentState.ACTIVE,
    "DITANGGUHKAN": EnrolmentState.SUSPENDED,
    "NONAKTIF": EnrolmentState.ENDED,
}
DATE_FORMATS = (
    ("%Y-%m-%d", re.compile(r"\d{4}-\d{1,2}-\d{1,2}")),
    ("%Y-%m-%d", re.compile(r"\d{4}/\d{1,2}/\d{1,2}")),
    ("%d-%m-%Y", re.compile(r"\d{1,2}[-/. ]\d{1,2}[-/. ]\d{4}")),
    ("%Y%m%d", re.compile(r"\d{8}")),
)
MONTHS = [
    *("januari", "februari", "maret", "april", "mei", "juni"),
    *("juli", "agustus", "september", "oktober", "november", "desember"),
]
EXCEL_EPOCH = datetime.date(1899, 12, 30)
EXCEL_DAYS = range(36526, 73051)  # the years 2000 to 2099
EARLIEST = datetime.date(2000, 1, 1)
_SPACES = re.compile(r"[\s\u200b\ufeff'’`´]+")
_KK_SEPARATORS = re.compile(r"[.\-]")
_ROUNDED = re.compile(r"\d+([.,]\d+)?[eE]\+?\d+")
_CARD = re.compile(r"[A-Z0-9][A-Z0-9./-]{0,19}")


@dataclass
class ImportResult:
    """Counters of one run, and the lines that were refused with their reason."""

    added: int = 0
    unchanged: int = 0
    refused: int = 0
    cards: int = 0
    reasons: dict[str, int] = field(default_factory=dict)
    lines: list[tuple[int, LineReason]] = field(default_factory=list)
    dry_run: bool = False
    findings: list[dict] = field(default_factory=list)
    report: MembersImport | None = None

    def as_json(self):
        return {
            "added": self.added,
            "unchanged": self.unchanged,
            "refused": self.refused,
            "cards": self.cards,
            "refused_by_reason": self.reasons,
            "dry_run": self.dry_run,
            "findings": self.findings,
            "report": str(self.report.public_id) if self.report else "",
            "lines": [{"line": n, "reason": reason.value, "message": str(reason.label)} for n, reason in self.lines],
        }


def import_members(*, path, actor, at, on, dry_run=False):
    """Enrol the families of a legacy list. ``at`` is now, ``on`` the day no registration may lie behind.

    Good lines are added although others are refused. Raises Refused when the file as a whole cannot be read or another
    import runs; then nothing was changed.
    """
    with advisory_lock("participants.import_members") as mine:
        if not mine:
            raise Refused(gettext("Another import of the membership list is running. Wait until it has ended."))
        with transaction.atomic():
            _stage(path)
            _judge(on)
            enrolled, cards = _insert(actor or system_user(), at)
            result = _result(enrolled, cards, dry_run)
            result.findings = members_report.findings()
            if dry_run:
                transaction.set_rollback(True)
            else:
                result.report = members_report.keep(path=Path(path), result=result, actor=actor, at=at)
                journal.record(
                    "members.imported",
                    actor=actor,
                    file=Path(path).name,
                    added=result.added,
                    unchanged=result.unchanged,
                    refused=result.refused,
                    cards=result.cards,
                )
        if dry_run:
            result.report = members_report.keep(path=Path(path), result=result, actor=actor, at=at)
    return result


def clean(row):
    """One row of the file as ``(kk, card, day, state, reason)``; ``reason`` is empty when the row can be judged further."""
    kk = _SPACES.sub("", row.get("no_kk", ""))
    card = _SPACES.sub("", row.get("no_kartu", "")).upper()
    day = parse_day(row.get("tgl_daftar", ""))
    state = STATES.get(row.get("status", "").strip().upper())
    reason = ""
    if _ROUNDED.fullmatch(kk):
        reason = LineReason.KK_ROUNDED
    elif not _is_kk(kk := _KK_SEPARATORS.sub("", kk)):
        reason = LineReason.KK_FORMAT
    elif day is None:
        reason = LineReason.DATE_FORMAT
    elif state is None:
        reason = LineReason.STATUS_UNKNOWN
    elif card and not _CARD.fullmatch(card):
        reason = LineReason.CARD_FORMAT
    if reason:
        return (kk if _is_kk(kk) else None), None, None, None, reason.value
    return kk, card or None, day, state.value, None


def _is_kk(text):
    return len(text) == 16 and text.isascii() and text.isdigit()


@lru_cache(maxsize=20_000)
def parse_day(text):
    """A day as offices write it: 2018-07-26, 26/07/2018, 26.7.2018, 26 Juli 2018, 20180726, a spreadsheet's day number.

    None for anything else, American order and days before 2000 included. Cached, for a list repeats few days many times.
    """
    text = " ".join(text.lower().removesuffix(" 00:00:00").split())
    if text.isascii() and text.isdigit() and len(text) == 5 and int(text) in EXCEL_DAYS:
        return EXCEL_EPOCH + datetime.timedelta(days=int(text))
    for style, shape in DATE_FORMATS:
        if shape.fullmatch(text):
            return _day(re.sub(r"[/. ]", "-", text), style)
    words = text.replace("-", " ").split()
    if len(words) == 3 and (month := _month(words[1])):
        return _day(f"{words[0]}-{month}-{words[2]}", "%d-%m-%Y")
    return None


def _day(text, style):
    try:
        day = datetime.datetime.strptime(text, style).date()  # noqa: DTZ007 - a day has no zone
    except ValueError:
        return None
    return day if day >= EARLIEST else None


def _month(word):
    """1 for januari, jan or jan., up to 12; None for any other word."""
    word = word.removesuffix(".")
    return next((n for n, name in enumerate(MONTHS, start=1) if len(word) >= 3 and name.startswith(word)), None)


def _stage(path):
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL work_mem = '256MB'")
        cursor.execute("DROP TABLE IF EXISTS pg_temp.legacy_line, pg_temp.legacy_verdict")
        cursor.execute(
            "CREATE TEMP TABLE legacy_line (line integer, kk text, card text, day date, state text, reason text) ON COMMIT DROP"
        )
    rows = ((line, *clean(row)) for line, row in read_table(path, required=COLUMNS))
    copy_rows("legacy_line", ["line", "kk", "card", "day", "state", "reason"], rows)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE legacy_line")


# In the order in which a person would like to hear of it; repeats count only lines that stand so far.
_JUDGE = """
CREATE TEMP TABLE legacy_verdict ON COMMIT DROP AS
WITH
readable AS (
    SELECT *, CASE WHEN reason IS NULL AND day > %(on)s THEN 'DATE_FUTURE' ELSE reason END AS first_fault
      FROM legacy_line),
counted AS (
    SELECT *, row_number() OVER (PARTITION BY kk, first_fault IS NULL ORDER BY line) AS place FROM readable),
known AS (
    SELECT l.line, l.card, l.day, l.state, h.id AS household,
           CASE WHEN first_fault IS NOT NULL THEN first_fault
                WHEN place > 1 THEN 'KK_REPEATED'
                WHEN h.id IS NULL THEN 'KK_UNKNOWN'
                WHEN legacy.registered_on = l.day AND legacy.checklist ->> 'status' = l.state
                     AND legacy.checklist ->> 'card' = coalesce(l.card, '') THEN 'UNCHANGED'
                WHEN legacy.household_id IS NOT NULL OR present.household_id IS NOT NULL THEN 'KK_ENROLLED'
           END AS verdict
      FROM counted l
      LEFT JOIN participants_household h ON h.kk_number = l.kk
      LEFT JOIN (SELECT DISTINCT ON (household_id) household_id, registered_on, checklist
                   FROM participants_enrolment WHERE channel = 'LEGACY' ORDER BY household_id, id DESC
                ) AS legacy ON legacy.household_id = h.id
      LEFT JOIN participants_enrolment present ON present.household_id = h.id AND present.state = ANY (%(open)s))
SELECT k.line, k.card, k.day, k.state, k.household,
       CASE WHEN verdict IS NOT NULL OR k.card IS NULL THEN verdict
            WHEN row_number() OVER (PARTITION BY k.card, verdict IS NULL ORDER BY k.line) > 1 THEN 'CARD_REPEATED'
            WHEN c.id IS NOT NULL THEN 'CARD_TAKEN'
       END AS verdict
  FROM known k LEFT JOIN participants_card c ON c.number = k.card
"""


def _judge(on):
    with connection.cursor() as cursor:
        cursor.execute(_JUDGE, {"on": on, "open": [state.value for state in OPEN_STATES]})
        cursor.execute("ANALYZE legacy_verdict")


# A family that applied at a counter while this ran keeps its application: its line is left out by ON CONFLICT.
_INSERT = """
WITH enrolled AS (
    INSERT INTO participants_enrolment (public_id, household_id, state, channel, number, phone, registered_on, reason_code,
                                        reason, checklist, created_at, created_by_id)
    SELECT gen_random_uuid(), household, state, 'LEGACY', '', '', day, '', '',
           jsonb_build_object('status', state, 'card', coalesce(card, '')), %(at)s, %(actor)s
      FROM legacy_verdict WHERE verdict IS NULL ORDER BY line
        ON CONFLICT DO NOTHING
    RETURNING id, household_id),
recorded AS (
    INSERT INTO participants_card (public_id, household_id, enrolment_id, number, token, state, issued_on, handed_to,
                                   created_at, created_by_id)
    SELECT gen_random_uuid(), e.household_id, e.id, v.card, {token}, CASE v.state WHEN 'ENDED' THEN 'REVOKED' ELSE 'ACTIVE' END,
           v.day, '', %(at)s, %(actor)s
      FROM enrolled e JOIN legacy_verdict v ON v.household = e.household_id AND v.verdict IS NULL
     WHERE v.card IS NOT NULL
    RETURNING 1)
SELECT (SELECT count(*) FROM enrolled), (SELECT count(*) FROM recorded)
"""
# 122 random bits from the operating system, written like secrets.token_urlsafe.
_TOKEN = "rtrim(translate(encode(uuid_send(gen_random_uuid()), 'base64'), '+/', '-_'), '=')"  # noqa: S105


def _insert(actor, at):
    """Returns the numbers of families enrolled and cards recorded."""
    with connection.cursor() as cursor:
        cursor.execute(_INSERT.format(token=_TOKEN), {"actor": actor.pk, "at": at})
        enrolled, cards = cursor.fetchone()
        cursor.execute(
            """UPDATE legacy_verdict v SET verdict = 'KK_ENROLLED' WHERE verdict IS NULL AND NOT EXISTS (
                   SELECT FROM participants_enrolment e WHERE e.household_id = v.household AND e.channel = 'LEGACY')"""
        )
    return enrolled, cards


def _result(enrolled, cards, dry_run):
    result = ImportResult(added=enrolled, cards=cards, dry_run=dry_run)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM legacy_verdict WHERE verdict = 'UNCHANGED'")
        result.unchanged = cursor.fetchone()[0]
        cursor.execute("SELECT line, verdict FROM legacy_verdict WHERE verdict <> 'UNCHANGED' ORDER BY line")
        result.lines = [(line, LineReason(verdict)) for line, verdict in cursor]
    result.refused = len(result.lines)
    result.reasons = dict(sorted(Counter(reason.value for _line, reason in result.lines).items()))
    return result
