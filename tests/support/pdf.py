"""What a PDF says, and where."""

import io
import itertools

from django.conf import settings
from pypdf import PdfReader
from weasyprint import HTML
from weasyprint.formatting_structure.boxes import TextBox

from ksb.core import letters


def text_of(content):
    """The text of every page, with spaces and line breaks folded."""
    return " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages).split())


def boxes_of(letter):
    """Where each text stands: ``(width, height, [(left, top, right, bottom, text)])`` a page, in CSS pixels."""
    rule = letters._page_rule(settings.LETTER_PAGE, settings.LETTER_FONT)
    document = HTML(string=letters.letter_html(letter)).render(
        stylesheets=letters._stylesheets("ksb/letter.css", rule), font_config=letters._fonts()
    )
    return [(page.width, page.height, [*_texts(page._page_box)]) for page in document.pages]


def _texts(box):
    for inner in box.descendants():
        if isinstance(inner, TextBox) and inner.text.strip():
            left, top = inner.position_x, inner.position_y
            yield left, top, left + inner.width, top + inner.height, inner.text


def overlapping(texts, slack=2):
    """Pairs of texts of one page that lie over each other by more than ``slack`` pixels both ways."""
    return [
        (one[4], other[4])
        for one, other in itertools.combinations(texts, 2)
        if min(one[2], other[2]) - max(one[0], other[0]) > slack
        and min(one[3], other[3]) - max(one[1], other[1]) > slack
    ]
