"""The data-quality report of a legacy list: what was refused and why, and what of the good lines deserves a look."""

import csv
import hashlib
import io

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection, models
from django.utils.translation import gettext_lazy as _

from ksb.core.workflow import system_user
from participants.models import MembersImport

FOLDER = "imports"
SAMPLES = 20
BLOCK = 1024 * 1024


class LineReason(models.TextChoices):
    """Why a line was not taken in. The label says what to do about it."""

    KK_FORMAT = "KK_FORMAT", _("NO_KK is not 16 digits. Correct it from the family card.")
    KK_ROUNDED = "KK_ROUNDED", _("The spreadsheet rounded NO_KK. Format the column as text and enter the number again.")
    KK_REPEATED = "KK_REPEATED", _("The same NO_KK stands on an earlier line. Keep one line a family.")
    KK_UNKNOWN = (
        "KK_UNKNOWN",
        _("NO_KK is not in the population registry. Ask Disdukcapil for the family's present number."),
    )
    KK_ENROLLED = "KK_ENROLLED", _("The family is already registered with other data. Change it on the family's page.")
    DATE_FORMAT = "DATE_FORMAT", _("TGL_DAFTAR is not a date. Write it as 2018-07-26 or 26-07-2018.")
    DATE_FUTURE = "DATE_FUTURE", _("TGL_DAFTAR lies in the future.")
    STATUS_UNKNOWN = "STATUS_UNKNOWN", _("STATUS is none of AKTIF, DITANGGUHKAN, NONAKTIF.")
    CARD_FORMAT = (
        "CARD_FORMAT",
        _("NO_KARTU is not a card number: at most 20 letters, digits, dots, dashes and strokes."),
    )
    CARD_REPEATED = "CARD_REPEATED", _("The same NO_KARTU stands on an earlier line. Each family has its own card.")
    CARD_TAKEN = "CARD_TAKEN", _("NO_KARTU belongs to another family.")


class Remark(models.TextChoices):
    """What a good line is remarkable for. The label says what to do about it."""

    NO_CARD = "NO_CARD", _("The family has no card number. It gets a card at its next visit; treatment needs none.")
    DISSOLVED = (
        "DISSOLVED",
        _("The family card was dissolved. The night ends such memberships; ask the family for its new KK."),
    )
    NOBODY_HERE = (
        "NOBODY_HERE",
        _("Nobody on this family card is an active resident. The night ends such memberships."),
    )


# Refused lines by reason, and remarks on lines that were taken: code, how many, the first line numbers.
_FINDINGS = """
    WITH taken AS (SELECT * FROM legacy_verdict WHERE verdict IS NULL OR verdict = 'UNCHANGED'),
    found AS (
        SELECT verdict AS code, line FROM legacy_verdict WHERE verdict <> 'UNCHANGED'
        UNION ALL
        SELECT 'NO_CARD', line FROM taken WHERE card IS NULL AND state <> 'ENDED'
        UNION ALL
        SELECT 'DISSOLVED', t.line FROM taken t JOIN participants_household h ON h.id = t.household
         WHERE h.dissolved_on IS NOT NULL AND t.state <> 'ENDED'
        UNION ALL
        SELECT 'NOBODY_HERE', t.line FROM taken t
         WHERE t.state <> 'ENDED' AND NOT EXISTS (
               SELECT FROM participants_resident r WHERE r.household_id = t.household AND r.status = 0))
    SELECT code, count(*), (array_agg(line ORDER BY line))[1:%(samples)s] FROM found GROUP BY code ORDER BY 2 DESC, 1"""


def findings():
    """``[{code, count, lines}]`` of the list that ``members_import`` has just judged, the commonest first. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(_FINDINGS, {"samples": SAMPLES})
        return [{"code": code, "count": count, "lines": lines} for code, count, lines in cursor]


def keep(*, path, result, actor, at):
    """Keep the report of one run with the list of all refused lines; returns the MembersImport."""
    return MembersImport.objects.create(
        file_name=path.name[:255],
        sha256=_checksum(path),
        dry_run=result.dry_run,
        added=result.added,
        unchanged=result.unchanged,
        refused=result.refused,
        cards=result.cards,
        findings=result.findings,
        path=_keep_lines(result.lines) if result.lines else "",
        imported_at=at,
        imported_by=actor or system_user(),
    )


def label_of(code):
    """What a finding means and what to do, whether it refuses a line or only remarks on it."""
    return (LineReason(code) if code in LineReason.values else Remark(code)).label


def _keep_lines(lines):
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";")
    writer.writerow(["line", "reason", "message"])
    writer.writerows((line, reason.value, str(reason.label)) for line, reason in lines)
    return default_storage.save(f"{FOLDER}/refused.csv", ContentFile(text.getvalue().encode("utf-8-sig")))


def _checksum(path):
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            digest.update(block)
    return digest.hexdigest()
