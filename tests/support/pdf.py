"""What a PDF says."""

import io

from pypdf import PdfReader


def text_of(content):
    """The text of every page, with spaces and line breaks folded."""
    return " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages).split())
