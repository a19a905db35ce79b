"""The family's card on plastic: one by one in ID-1 size, or ten on an A4 sheet for the print shop.

The front shows the KK number, the head of the family and the area, the back names and birth years: never a NIK.
"""

import io
import itertools
import re
from dataclasses import dataclass
from datetime import date

import segno
from django.conf import settings

from ksb.core import formats
from ksb.core.letters import QR_MASK, absolute
from ksb.core.pdf import Document, Pen, font

WIDTH, HEIGHT = 85.6, 54
MARGIN = 4
ROWS = 10
GREEN, WHITE, BLACK, GREY = "#064e3b", "#ffffff", "#000000", "#333333"
RULES = (
    "Tunjukkan kartu ini bersama KTP atau KK. Tanpa kartu, KTP dan KK tetap berlaku. Datang dahulu ke Puskesmas; gawat "
    "darurat langsung ke IGD rumah sakit. Perawatan kelas III tanpa biaya; naik kelas menggugurkan jaminan."
)
QR_SIDE, QR_QUIET = 24, 2
QR_LEFT, QR_TOP = WIDTH - MARGIN - QR_SIDE, 14

# The sheet: two by five cards edge to edge, cut along the marks. The back is the front's mirror image: turn on the long side.
SHEET_WIDTH, SHEET_HEIGHT = 210, 297
COLUMNS, LINES = 2, 5
PER_SHEET = COLUMNS * LINES
LEFT, TOP = (SHEET_WIDTH - COLUMNS * WIDTH) / 2, (SHEET_HEIGHT - LINES * HEIGHT) / 2
MARK, MARK_GAP, HAIRLINE = 5, 2, 0.1


@dataclass(frozen=True, kw_only=True)
class Card:
    """One family's card. ``members`` are (name, birth year), the head first."""

    kk_number: str
    head_name: str
    area: str
    card_number: str
    issued_on: date
    validity_path: str
    members: tuple[tuple[str, int], ...]


def render_cards(cards):
    """Cards as one PDF for a card printer, two pages each of ID-1 size (85.6 x 54 mm)."""
    file = io.BytesIO()
    document = _document(file, "Kartu Sehat berbasis NIK")
    for card in cards:
        for side in (_front(card), _back(card)):
            document.page(WIDTH, HEIGHT, side)
    document.close()
    return file.getvalue()


def write_sheets(cards, file, *, label):
    """Write ``cards`` (any iterable, read ten at a time) as A4 sheets into ``file``. Returns how many there were.

    Two pages a sheet: fronts, then backs mirrored. ``label`` stands in the margin with the number of the sheet.
    """
    document, done = _document(file, label), 0
    source = iter(cards)
    for sheet in itertools.count(1):
        ten = list(itertools.islice(source, PER_SHEET))
        if not ten:
            break
        done += len(ten)
        document.page(SHEET_WIDTH, SHEET_HEIGHT, _sheet(map(_front, ten), f"{label} · lembar {sheet} · depan"))
        document.page(SHEET_WIDTH, SHEET_HEIGHT, _sheet(map(_back, ten), f"{label} · lembar {sheet} · belakang", True))
    document.close()
    return done


def _document(file, title):
    return Document(file, title=title, forms={"Front": _front_art(), "Back": _back_art()}, size=(WIDTH, HEIGHT))


def _sheet(sides, label, mirrored=False):
    pen = Pen()
    for place, side in enumerate(sides):
        line, column = divmod(place, COLUMNS)
        column = COLUMNS - 1 - column if mirrored else column
        pen.at(LEFT + column * WIDTH, TOP + line * HEIGHT, side)
    pen.colour(BLACK)
    pen.boxes(_crop_marks())
    pen.text(LEFT + MARGIN, SHEET_HEIGHT - 4, label, 7)
    return pen


def _crop_marks():
    """Hairlines beside every cut, outside of the cards."""
    across = (TOP - MARK_GAP - MARK, TOP + LINES * HEIGHT + MARK_GAP)
    along = (LEFT - MARK_GAP - MARK, LEFT + COLUMNS * WIDTH + MARK_GAP)
    upright = [(LEFT + n * WIDTH - HAIRLINE / 2, y, HAIRLINE, MARK) for n in range(COLUMNS + 1) for y in across]
    return upright + [(x, TOP + n * HEIGHT - HAIRLINE / 2, MARK, HAIRLINE) for n in range(LINES + 1) for x in along]


# One side each: what is the same on all cards is a form of the document, drawn once.


def _front_art():
    pen = Pen()
    pen.colour(GREEN)
    pen.boxes([(0, 0, WIDTH, 12)])
    pen.at(MARGIN, 2.2, _emblem(), scale=7.5 / 32)
    pen.colour(WHITE)
    pen.text(13.5, 5.6, "KARTU SEHAT BERBASIS NIK", 9.4, bold=True)
    pen.text(13.5, 8.9, "Pemerintah Kota Bekasi · Dinas Kesehatan", 6.6)
    pen.colour(GREY)
    for y, words in ((17, "Nomor Kartu Keluarga"), (27, "Kepala keluarga"), (35.4, "Kelurahan – kecamatan")):
        pen.text(MARGIN, y, words, 5.6)
    pen.text(MARGIN, 43.8, "Nomor kartu · tanggal terbit", 5.6)
    caption = "Pindai untuk memeriksa keabsahan"
    pen.text(WIDTH - MARGIN - (QR_SIDE + font().width(caption, 4.4)) / 2, QR_TOP + QR_SIDE + 1.6, caption, 4.4)
    return pen


def _emblem():
    """``templates/letters/emblem.html`` in rectangles, on a ground of 32 x 32."""
    pen = Pen()
    for colour, boxes in (
        ("#0b6b4f", [(0, 0, 32, 32)]),
        (WHITE, [(5, 8, 22, 16)]),
        ("#0b6b4f", [(10.5, 11.5, 3, 9), (7.5, 14.5, 9, 3)]),
        ("#7fb9a2", [(19, 13, 5.5, 2), (19, 17, 4, 2)]),
    ):
        pen.colour(colour)
        pen.boxes(boxes)
    return pen


def _back_art():
    pen = Pen()
    pen.colour(GREEN)
    pen.boxes([(0, 51.5, WIDTH, 2.5)])
    pen.colour(GREY)
    pen.text(MARGIN, 4.4, "Anggota keluarga dan tahun lahir", 5.6)
    pen.colour(BLACK)
    lines = font().lines(RULES, 5.6, WIDTH - 2 * MARGIN)
    for number, line in enumerate(lines):
        pen.text(MARGIN, 40.6 + 2.4 * number, line, 5.6)
    pen.text(MARGIN, 50, f"Pengaduan: {settings.HELP_PHONE}", 6.6, bold=True)
    return pen


def _front(card):
    pen = Pen()
    pen.form("Front")
    pen.colour(BLACK)
    room = QR_LEFT - MARGIN - 1
    bold = font(True)
    pen.text(MARGIN, 21.6, formats.identity(card.kk_number), 11.5, bold=True)
    pen.text(MARGIN, 30.4, bold.fitted(card.head_name, 8, room), 8, bold=True)
    pen.text(MARGIN, 38.8, bold.fitted(card.area, 8, room), 8, bold=True)
    pen.text(MARGIN, 47.2, f"{card.card_number} · {formats.day_short(card.issued_on)}", 8, bold=True)
    _qr(pen, absolute(card.validity_path))
    return pen


def _back(card):
    pen = Pen()
    pen.form("Back")
    pen.colour(BLACK)
    room = WIDTH - 2 * MARGIN - 8
    for number, (name, year) in enumerate(card.members[:ROWS], start=1):
        shown = font().fitted(name, 6.6, room)
        pen.text(MARGIN, 4.6 + 2.9 * number, f"{number}. {shown}, {year}", 6.6)
    if len(card.members) > ROWS:
        others = f"dan {len(card.members) - ROWS} anggota lain, lihat Kartu Keluarga"
        pen.text(MARGIN, 4.6 + 2.9 * (ROWS + 1), others, 6.6)
    return pen


_DARK = re.compile(b"\x01+")


def _qr(pen, text):
    """The code as one path of rectangles, the dark modules of a row joined."""
    rows = segno.make_qr(text, error="m", mask=QR_MASK).matrix
    dark = [(run.start(), y, run.end() - run.start(), 1) for y, row in enumerate(rows) for run in _DARK.finditer(row)]
    module = QR_SIDE / (len(rows) + 2 * QR_QUIET)
    code = Pen()
    code.boxes(dark)
    pen.at(QR_LEFT + QR_QUIET * module, QR_TOP + QR_QUIET * module, code, scale=module)
