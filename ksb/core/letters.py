"""Letters on paper: one template, its frozen facts, a PDF. Nothing is loaded from outside while one is drawn.

A letter prints only its ``facts``; ``Letter.fingerprint`` is their SHA-256, so the paper can be held against the database.
Letters are always in Indonesian, whatever language the screens speak (domain.md part E: one letter for every reader).
"""

import functools
import hashlib
import io
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import segno
from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.serializers.json import DjangoJSONEncoder
from django.http import HttpResponse
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.safestring import mark_safe
from django.utils.text import slugify
from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import FatalURLFetchingError, URLFetcher

PAGES = {"F4": "215mm 330mm", "A4": "210mm 297mm"}
# One mask for all codes: trying eight and choosing the best costs more than drawing the letter's text.
QR_MASK = 4
PAPER_LANGUAGE = "id"


@dataclass(frozen=True, kw_only=True)
class Unit:
    """Who writes: the lines of the letterhead under the city and its health office."""

    name: str = ""
    address: str = ""
    phone: str = ""


@dataclass(frozen=True, kw_only=True)
class Signatory:
    """Who signs, as what. ``capacity`` is the line above the signature."""

    capacity: str
    name: str
    nip: str = ""


@dataclass(frozen=True, kw_only=True)
class Letter:
    """One letter, ready to be drawn.

    ``template`` extends ``letters/base.html`` and sees ``letter`` and ``facts``. ``facts`` must be plain data (texts,
    numbers, dates, lists, mappings). ``validity_path`` is the address of the public validity page below PUBLIC_ADDRESS.
    ``prints`` counts this print: from the second on the paper says SALINAN.
    """

    template: str
    title: str
    number: str
    dated: date
    facts: Mapping
    signatories: tuple[Signatory, ...]
    unit: Unit = field(default_factory=Unit)
    validity_path: str = ""
    prints: int = 1

    @property
    def fingerprint(self):
        """SHA-256 of everything the letter says, in hex. Prints and the look of the paper do not change it."""
        said = [self.title, self.number, self.dated, [vars(s) for s in self.signatories], self.facts]
        text = json.dumps(said, cls=DjangoJSONEncoder, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()

    @property
    def validity_address(self):
        return absolute(self.validity_path) if self.validity_path else ""


def letter_html(letter, *, screen=False):
    """The letter as a page: for the browser (``screen``, with its stylesheet) or for ``letter_pdf``."""
    context = {
        "letter": letter,
        "facts": letter.facts,
        "qr": qr_svg(letter.validity_address) if letter.validity_address else "",
        "fingerprint": letter.fingerprint,
        "place": settings.LETTER_PLACE,
        "screen": screen,
    }
    with translation.override(PAPER_LANGUAGE):
        return render_to_string(letter.template, context)


def letter_pdf(letter):
    """The letter as PDF bytes; the same letter gives the same bytes."""
    return _pdf(letter_html(letter), "ksb/letter.css", _page_rule(settings.LETTER_PAGE, settings.LETTER_FONT))


def pdf_response(content, name):
    """An answer that shows the PDF and leaves no copy in caches. ``name`` becomes the file's name."""
    response = HttpResponse(content, content_type="application/pdf")
    response.headers["Content-Disposition"] = f'inline; filename="{slugify(name)}.pdf"'
    response.headers["Cache-Control"] = "private, no-store"
    return response


def absolute(path):
    """An address of this installation as it is printed on paper."""
    return settings.PUBLIC_ADDRESS.rstrip("/") + path


def qr_svg(text):
    """A QR code as inline SVG of one path, sized by the stylesheet."""
    code = segno.make_qr(text, error="m", mask=QR_MASK)
    out = io.BytesIO()
    code.save(
        out, kind="svg", xmldecl=False, svgns=True, omitsize=True, border=2, nl=False, svgclass=None, lineclass=None
    )
    return mark_safe(out.getvalue().decode())  # noqa: S308 (drawn by segno, holds no text)


class _NoFetcher(URLFetcher):
    """A letter that asks for anything from outside is a mistake or an attack: drawing stops."""

    def fetch(self, url, headers=None):
        raise FatalURLFetchingError(f"Letters load nothing from outside: {url[:80]}")


@functools.cache
def _fonts():
    return FontConfiguration()


@functools.cache
def _stylesheets(path, page_rule):
    """Parsed once for a process. The font is set on the page as well, or its margin boxes fall back to a serif."""
    text = Path(finders.find(path)).read_text()
    return [CSS(string=text + page_rule, font_config=_fonts(), url_fetcher=_NoFetcher())]


def _page_rule(page, font):
    return (
        f'@page {{ size: {PAGES[page]}; margin: 12mm 20mm 20mm 25mm; font-family: "{font}" }}'
        f'body {{ font-family: "{font}" }}'
    )


def _pdf(html, stylesheet, page_rule):
    return HTML(string=html, url_fetcher=_NoFetcher()).write_pdf(
        stylesheets=_stylesheets(stylesheet, page_rule), font_config=_fonts()
    )
