"""Scans of the demonstration's claims: small PDF files, nearly all of a claim's papers, so that most claims lack nothing."""

import io
import zlib

from django.core.files.uploadedfile import SimpleUploadedFile

from claims import documents

LACKS_EVERY = 8  # one claim in so many was handed in without its receipt


def scan_claims(batch, *, actor, at):
    """Hand in what the claims of ``batch`` lack. One in ``LACKS_EVERY`` keeps lacking one paper."""
    claims = list(batch.claims.exclude(state="WITHDRAWN").order_by("line_number"))
    for claim_id, kinds in documents.missing(claims).items():
        claim = next(one for one in claims if one.pk == claim_id)
        wanted = kinds[:-1] if claim_id % LACKS_EVERY == 0 else kinds
        for kind in wanted:
            file = SimpleUploadedFile("scan.pdf", pdf(f"{kind.value} {claim.reference} {claim.line_number}"))
            documents.attach(claim=claim, kind=kind, file=file, actor=actor, at=at)


def pdf(text):
    """One A4 page with one line of ``text`` (ASCII)."""
    page = zlib.compress(f"BT /F1 14 Tf 60 760 Td ({text}) Tj ET".encode("ascii"))
    objects = (
        b"<</Type /Catalog /Pages 2 0 R>>",
        b"<</Type /Pages /Kids [3 0 R] /Count 1>>",
        b"<</Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R "
        b"/Resources <</Font <</F1 <</Type /Font /Subtype /Type1 /BaseFont /Helvetica>>>>>>>>",
        b"<</Length %d /Filter /FlateDecode>>\nstream\n%s\nendstream" % (len(page), page),
    )
    out, places = io.BytesIO(b"%PDF-1.4\n"), []
    out.seek(0, io.SEEK_END)
    for number, body in enumerate(objects, 1):
        places.append(out.tell())
        out.write(b"%d 0 obj\n%s\nendobj\n" % (number, body))
    start = out.tell()
    rows = b"".join(b"%010d 00000 n \n" % place for place in places)
    out.write(
        b"xref\n0 5\n0000000000 65535 f \n%strailer\n<</Size 5 /Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (rows, start)
    )
    return out.getvalue()
