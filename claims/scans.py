"""A month's scans at once: files named by their claim and kind, one by one or in ZIP archives."""

import datetime
import re
import zipfile
from dataclasses import dataclass
from pathlib import PurePath

from django.core.files.base import ContentFile
from django.utils.translation import gettext as _

from claims import documents
from claims.enums import ClaimState, DocumentKind, Stage
from ksb.core import uploads
from ksb.core.errors import NotAllowed, Refused

MOST_FILES = 5000
_DAY = re.compile(r"20\d{6}")


@dataclass(frozen=True)
class Taken:
    """What became of one file: the sentence of its refusal, empty when it was taken."""

    name: str
    refusal: str


def take_files(*, batch, files, actor, at, tell=None):
    """Attach uploaded ``files`` (scans, or ZIP archives of scans) to the claims their names say. Returns a list of Taken."""
    found = []
    for file in files:
        if zipfile.is_zipfile(file):
            found += take_archive(batch=batch, file=file, actor=actor, at=at, tell=tell)
        else:
            file.seek(0)
            found.append(_take(_Claims(batch), file.name, file, actor, at))
    return found


def take_archive(*, batch, file, actor, at, tell=None):
    """Attach every scan of the ZIP archive ``file``. Returns a list of Taken; raises Refused when it is no sound archive."""
    try:
        archive = zipfile.ZipFile(file)
        members = [member for member in archive.infolist() if not member.is_dir()]
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as damage:
        raise Refused(_("This is no ZIP archive, or it is damaged. Pack the scans again.")) from damage
    if len(members) > MOST_FILES:
        raise Refused(_("The archive holds more than %(most)d files. Split it.") % {"most": MOST_FILES})
    claims = _Claims(batch)
    found = []
    for n, member in enumerate(members, start=1):
        found.append(_take_member(archive, member, claims, actor, at))
        if tell:
            tell(Stage.SCANS, n, len(members))
    return found


def _take_member(archive, member, claims, actor, at):
    name = PurePath(member.filename).name
    if member.file_size > uploads.LARGEST:
        return Taken(name, _("The file is larger than %(most)d MB.") % {"most": uploads.LARGEST // uploads.MEGABYTE})
    try:
        with archive.open(member) as packed:
            # One byte more than it says: what unpacks to more than it promised is refused as too large.
            content = packed.read(uploads.LARGEST + 1)
    except (zipfile.BadZipFile, OSError, EOFError, RuntimeError, NotImplementedError, ValueError):
        return Taken(name, _("The file is damaged or locked inside the archive. Pack it again."))
    return _take(claims, name, ContentFile(content), actor, at)


def _take(claims, name, file, actor, at):
    try:
        claim, kind = claims.meant_by(name)
        documents.attach(claim=claim, kind=kind, file=file, actor=actor, at=at)
    except NotAllowed:
        raise
    except Refused as no:
        return Taken(name[:120], str(no.message))
    return Taken(name[:120], "")


class _Claims:
    """The claims of a batch by the numbers that stand in names of files."""

    def __init__(self, batch):
        self._by_number = {}
        rows = batch.claims.exclude(state=ClaimState.WITHDRAWN).select_related("sjp").order_by("pk")
        for claim in rows:
            for number in {_plain(claim.reference), _plain(claim.sjp.number if claim.sjp else "")} - {""}:
                self._by_number.setdefault(number, []).append(claim)

    def meant_by(self, name):
        """Claim and DocumentKind of a file name ``<number>[_<day>]_<kind>[_<n>].pdf``. Raises Refused saying how to name it."""
        first, *rest = PurePath(name).stem.split("_")
        words = [word.upper() for word in rest]
        kind = next((DocumentKind.WORDS[word] for word in words if word in DocumentKind.WORDS), None)
        if kind is None:
            raise Refused(
                _("The name does not say what it is. Name it <number>_<kind>.pdf, with one of %(kinds)s.")
                % {"kinds": ", ".join(DocumentKind.WORDS)}
            )
        claims = self._by_number.get(_plain(first), [])
        days = [datetime.datetime.strptime(w, "%Y%m%d").date() for w in words if _is_day(w)]  # noqa: DTZ007
        if days:
            claims = [claim for claim in claims if claim.admitted_on in days]
        if not claims:
            raise Refused(_("No claim of this batch bears the number in its name."))
        if len(claims) > 1:
            raise Refused(
                _("Several claims bear this number. Add the day of admission: <number>_<YYYYMMDD>_<kind>.pdf.")
            )
        return claims[0], DocumentKind(kind)


def _is_day(word):
    if not _DAY.fullmatch(word):
        return False
    try:
        datetime.datetime.strptime(word, "%Y%m%d")  # noqa: DTZ007 (a day, no moment)
    except ValueError:
        return False
    return True


def _plain(number):
    """A number as it may stand in the name of a file: letters and digits only, without zeros in front."""
    return re.sub(r"[^A-Z0-9]", "", number.upper()).lstrip("0")
