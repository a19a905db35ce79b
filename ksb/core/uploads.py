"""Files that people hand in: judged by their content, made harmless, kept under names that say nothing, given out with care.

What a file calls itself is not believed. Photos are drawn anew, which leaves behind what a camera or an attacker wrote beside
the picture; a PDF is kept as it came, unless it could act. Nothing here knows whom a file belongs to.
"""

import hashlib
import io
import re
import secrets
import zlib
from contextlib import contextmanager
from dataclasses import dataclass

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.http import HttpResponse
from django.utils.translation import gettext as _
from PIL import Image, ImageFile, ImageOps, UnidentifiedImageError

from ksb.core import scanning
from ksb.core.errors import Refused

JPEG, PNG, PDF = "image/jpeg", "image/png", "application/pdf"
ACCEPTED = f"{JPEG},{PNG},{PDF}"
MEGABYTE = 1024 * 1024
LARGEST = 10 * MEGABYTE
MOST_PIXELS = 50_000_000
MOST_PAGES = 20
LONGEST_SIDE = 2200  # a whole family card stays legible
LEAST_SIDE = 200
QUALITY = 82
EXTENSIONS = {JPEG: "jpg", PDF: "pdf"}
_MAGIC = ((b"\xff\xd8\xff", JPEG), (b"\x89PNG\r\n\x1a\n", PNG), (b"%PDF-1.", PDF), (b"%PDF-2.", PDF))
_PAGE = re.compile(rb"/Type\s*/Page(?![A-Za-z])")
_OBJECTS = re.compile(rb"/ObjStm\b.{0,400}?stream\r?\n(.*?)endstream", re.DOTALL)
_ACTIVE = re.compile(rb"/(JavaScript|JS|Launch|EmbeddedFile|RichMedia|XFA|Encrypt)(?![A-Za-z])")
_MOST_INFLATED = 4 * MEGABYTE


@dataclass(frozen=True)
class Upload:
    """A file that was judged: ``content`` is what may be kept. ``scan`` is one of ``ksb.core.scanning.Scan``."""

    content: bytes
    media_type: str
    pages: int
    scan: str

    @property
    def sha256(self):
        return hashlib.sha256(self.content).hexdigest()


def judge(file):
    """The Upload made of an uploaded ``file``. Raises Refused with a sentence that says what to hand in instead."""
    if file.size > LARGEST:
        raise Refused(
            _("The file is larger than %(limit)d MB. Take the photo at a lower resolution.")
            % {"limit": LARGEST // MEGABYTE},
            code="too_large",
        )
    content = file.read()
    media_type = sniff(content)
    if media_type is None:
        raise Refused(
            _("This is neither a photo (JPEG or PNG) nor a PDF. Take a photo of the document."), code="unknown_type"
        )
    scan = scanning.scan(content)
    if media_type == PDF:
        return Upload(content, PDF, _pages(content), scan)
    return Upload(_drawn_anew(content, media_type), JPEG, 1, scan)


def sniff(content):
    """What the first bytes say the content is, or None for anything we do not take."""
    return next((kind for magic, kind in _MAGIC if content.startswith(magic)), None)


def keep(upload, folder):
    """Store the content below MEDIA_ROOT in ``folder`` under an opaque name, which is returned."""
    name = secrets.token_hex(16)
    return default_storage.save(
        f"{folder}/{name[:2]}/{name}.{EXTENSIONS[upload.media_type]}", ContentFile(upload.content)
    )


def forget(path):
    """Remove a stored file; one that is gone already is no mistake."""
    default_storage.delete(path)


@dataclass(frozen=True)
class Kept:
    """A judged file in the store."""

    upload: Upload
    path: str

    @property
    def sha256(self):
        return self.upload.sha256

    def columns(self, *, at, actor):
        """What a row about the file says of it, by column."""
        return {
            "media_type": self.upload.media_type,
            "pages": self.upload.pages,
            "size": len(self.upload.content),
            "sha256": self.sha256,
            "path": self.path,
            "scan": self.upload.scan,
            "uploaded_at": at,
            "uploaded_by": actor,
        }


@contextmanager
def kept(*files, folder):
    """``files`` judged, then stored in ``folder``, as a list of Kept; forgotten again when the row about them is not written.

    Raises Refused like ``judge``, before anything is stored.
    """
    judged = [judge(file) for file in files]
    stored = [Kept(upload, keep(upload, folder)) for upload in judged]
    try:
        yield stored
    except Exception:
        for one in stored:
            forget(one.path)
        raise


def hand_out(path, *, media_type, name):
    """The stored file as an answer that cannot act: its type is ours, it runs nothing, no cache keeps it.

    Raises Refused when the store has lost it.
    """
    try:
        with default_storage.open(path, "rb") as file:
            response = HttpResponse(file.read(), content_type=media_type)
    except FileNotFoundError as lost:
        raise Refused(_("This file is missing in the store. Tell the system administrator."), code="lost") from lost
    how = "attachment" if media_type == PDF else "inline"
    response.headers["Content-Disposition"] = f'{how}; filename="{name}.{EXTENSIONS[media_type]}"'
    response.sandboxed = True
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _drawn_anew(content, media_type):
    """A photo as JPEG of a reasonable size, upright, without the place and the device it was taken with."""
    # WeasyPrint switches this on for the whole process; half a family card is no family card.
    ImageFile.LOAD_TRUNCATED_IMAGES = False
    try:
        with Image.open(io.BytesIO(content), formats=[media_type.rpartition("/")[2].upper()]) as image:
            if image.width * image.height > MOST_PIXELS:
                raise Refused(_("The photo is too large. Take it at a lower resolution."), code="too_many_pixels")
            if min(image.size) < LEAST_SIDE:
                raise Refused(_("The photo is too small to be read. Take it again, closer."), code="too_small")
            image.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
            upright = ImageOps.exif_transpose(image).convert("RGB")
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as bomb:
        raise Refused(_("The photo is too large. Take it at a lower resolution."), code="too_many_pixels") from bomb
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, EOFError, MemoryError) as damage:
        raise Refused(_("The photo is damaged. Take it again."), code="damaged") from damage
    upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    drawn = io.BytesIO()
    Image.frombytes("RGB", upright.size, upright.tobytes()).save(drawn, "JPEG", quality=QUALITY)
    return drawn.getvalue()


def _pages(content):
    """Number of pages of a PDF that only shows something. Raises Refused for one that acts, is locked or too long."""
    pieces = [content, *(_inflated(found) for found in _OBJECTS.findall(content))]
    if any(_ACTIVE.search(piece) for piece in pieces):
        raise Refused(
            _("This PDF is locked or holds more than pages. Hand in a plain scan or a photo."), code="active_pdf"
        )
    pages = sum(len(_PAGE.findall(piece)) for piece in pieces)
    if not pages or b"%%EOF" not in content[-2048:]:
        raise Refused(_("The PDF is damaged. Scan the document again, or take a photo."), code="damaged")
    if pages > MOST_PAGES:
        raise Refused(
            _("The PDF has more than %(limit)d pages. Hand in the document alone.") % {"limit": MOST_PAGES},
            code="too_many_pages",
        )
    return pages


def _inflated(stream):
    try:
        return zlib.decompressobj().decompress(stream, _MOST_INFLATED)
    except zlib.error:
        return b""
