"""P5: drawing an SJP letter, against WeasyPrint drawing the same words without any style or QR code."""

import datetime
import re

from django.utils.html import strip_tags
from weasyprint import HTML

from benchmarks.frame import Row
from ksb.core.letters import Letter, Signatory, Unit, letter_html, letter_pdf

LETTERS = 20
FACTS = {
    "to": "RSUD dr. Chasbullah Abdulmadjid",
    "patient": {
        "name": "RATNA KUSUMA",
        "nik": "3275 •••• •••• 0012",
        "kk": "3275 1000 0000 0333",
        "card": "KS-2026-000333",
        "birth": "Bekasi, 18 November 1984",
        "age": "42 tahun",
        "sex": "perempuan",
        "address": "Jl. Mawar No. 134, RT 010 RW 001, Kel. Padurenan, Kec. Mustikajaya",
    },
    "puskesmas": {"name": "Puskesmas Margahayu", "code": "32750200001"},
    "referral": "000123/RUJ/32750200001/XI/2026",
    "service": "rawat jalan tingkat lanjut",
    "class": "III",
    "place": "Penyakit dalam",
    "specialty": "Penyakit dalam",
    "diagnosis": "E11.9 Diabetes melitus tipe 2 tanpa komplikasi",
    "from": "22 November 2026",
    "until": "21 Desember 2026",
    "basis": "Dijamin KSB sampai data berubah; berlaku hari ini.",
    "law": "Perda 9/2018",
    "scheme": "Layanan Kesehatan Masyarakat berbasis NIK",
    "notes": [],
    "due_day": "10",
    "copies": ["Dinas Kesehatan Kota Bekasi", "Puskesmas Margahayu", "Pasien"],
}
LETTER = Letter(
    template="letters/sjp.html",
    title="Surat Jaminan Pelayanan",
    number="000123/SJP/32750200001/XI/2026",
    dated=datetime.date(2026, 11, 22),
    facts=FACTS,
    signatories=(
        Signatory(capacity="Petugas penerbit", name="Rina Wijaya"),
        Signatory(capacity="Kepala Puskesmas Margahayu", name="dr. Bambang Santoso", nip="197801012005011001"),
    ),
    unit=Unit(name="Puskesmas Margahayu", address="Jl. Kartini No. 12, Bekasi Timur"),
    validity_path="/cek/2f1b6c0e9b2c4f8e9d7a5b6c/",
)


def run(context):
    plain = _plain(letter_html(LETTER))
    ratio = context.ratio(
        lambda: [letter_pdf(LETTER) for _ in range(LETTERS)],
        lambda: [HTML(string=plain).write_pdf() for _ in range(LETTERS)],
    )
    return [Row("P5", "SJP letter as PDF", "WeasyPrint, the same words without style", ratio, at_most=2.6)]


def _plain(page):
    """The words of ``page``, each block of them a paragraph."""
    body = re.sub(r"<svg.*?</svg>", "", page.partition("<body>")[2], flags=re.DOTALL)
    blocks = re.split(r"</(?:p|tr|li|h1|h2|div)>", body)
    words = (" ".join(strip_tags(block).split()) for block in blocks)
    return "".join(f"<p>{text}</p>" for text in words if text)
