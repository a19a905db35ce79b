"""Files as a telephone or a scanner makes them."""

import io

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image


def photo(kind="JPEG", *, size=(640, 480), colour="white"):
    """Bytes of a photo."""
    out = io.BytesIO()
    Image.new("RGB", size, colour).save(out, kind)
    return out.getvalue()


def pdf(*, pages=1, extra=b""):
    """Bytes of a PDF of empty pages, with one more object in it."""
    kids = b" ".join(b"%d 0 R" % (n + 3) for n in range(pages))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [%s] /Count %d >>" % (kids, pages),
        *[b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 200] >>"] * pages,
        *([extra] if extra else []),
    ]
    body = b"".join(b"%d 0 obj\n%s\nendobj\n" % (n, text) for n, text in enumerate(objects, start=1))
    return b"%PDF-1.4\n" + body + b"trailer << /Root 1 0 R >>\n%%EOF\n"


def upload(content=None, name="foto.jpg"):
    """The same as a browser sends it."""
    return SimpleUploadedFile(name, photo() if content is None else content)
