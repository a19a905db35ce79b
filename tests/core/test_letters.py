"""Letters and cards: what they say, that they say it the same way twice, and that drawing them loads nothing."""

import datetime
import io
from dataclasses import replace

import pytest
from django.template import engines
from django.utils import translation
from pypdf import PdfReader
from weasyprint.urls import FatalURLFetchingError

from ksb.core import letters
from ksb.core.cards import Card, render_cards, write_sheets
from ksb.core.letters import (
    Letter,
    Signatory,
    Unit,
    letter_html,
    letter_pdf,
    pdf_response,
)

F4 = (215, 330)
A4 = (210, 297)
ID1 = (85.6, 54)

LETTER = Letter(
    template="letters/base.html",
    title="Surat Jaminan Pelayanan",
    number="440/000123/SJP/PKM-MRG/XI/2026",
    dated=datetime.date(2026, 11, 22),
    facts={"name": "RATNA KUSUMA", "until": datetime.date(2026, 12, 21), "rows": [1, 2]},
    signatories=(
        Signatory(capacity="Petugas penerbit,", name="Rina Wijaya"),
        Signatory(capacity="Kepala Puskesmas,", name="dr. Bambang Santoso", nip="197801012005011001"),
    ),
    unit=Unit(name="Puskesmas Margahayu", address="Jl. Kartini 12", phone="021-88000"),
    validity_path="/cek/abc/",
)
CARD = Card(
    kk_number="3275100000000333",
    head_name="BUDI MAULANA",
    area="Padurenan – Mustikajaya",
    card_number="KS-2026-000333",
    issued_on=datetime.date(2026, 11, 22),
    validity_path="/cek/kartu/abc/",
    members=(("BUDI MAULANA", 1992), ("RATNA KUSUMA", 1994)),
)


def read(pdf):
    return PdfReader(io.BytesIO(pdf))


def words(page):
    return " ".join(page.extract_text().split())


def millimetres(page):
    return tuple(round(float(side) / 72 * 25.4, 1) for side in (page.mediabox.width, page.mediabox.height))


def test_a_letter_bears_letterhead_number_place_date_and_signatures():
    text = words(read(letter_pdf(LETTER)).pages[0])
    for expected in (
        "PEMERINTAH KOTA BEKASI",
        "DINAS KESEHATAN",
        "PUSKESMAS MARGAHAYU",
        "SURAT JAMINAN PELAYANAN",
        "Nomor: 440/000123/SJP/PKM-MRG/XI/2026",
        "Bekasi, 22 November 2026",
        "dr. Bambang Santoso",
        "NIP 197801012005011001",
        "Dicetak 1x",
        LETTER.fingerprint[:32],
    ):
        assert expected in text


def test_a_letter_is_indonesian_whatever_the_screen_speaks():
    letter = replace(LETTER, dated=datetime.date(2026, 5, 2))
    with translation.override("en"):
        assert "2 Mei 2026" in letter_html(letter)
        assert translation.get_language() == "en"


def test_only_a_second_print_is_a_copy():
    assert "SALINAN" not in words(read(letter_pdf(LETTER)).pages[0])
    again = words(read(letter_pdf(replace(LETTER, prints=2))).pages[0])
    assert "SALINAN" in again
    assert "Dicetak 2x" in again


@pytest.mark.parametrize("count", [1, 2, 3, 4])
def test_every_signature_stands_within_the_margins(count):
    signatories = tuple(Signatory(capacity="Direktur RSUD dr. Chasbullah,", name=f"Penanda {n}") for n in range(count))
    page = read(letter_pdf(replace(LETTER, signatories=signatories))).pages[0]
    assert all(signatory.name in words(page) for signatory in signatories)
    starts = []  # of each piece of text, in CSS pixels from the left

    def collect(operator, operands, _cm, _tm):
        if operator == b"Tm":
            starts.append(float(operands[4]))

    page.extract_text(visitor_operand_before=collect)
    assert max(starts) / 96 * 25.4 < F4[0] - 35


def test_pages_after_the_first_are_numbered():
    pages = read(letters._pdf("<p>x</p>" * 200, "ksb/letter.css", letters._page_rule("F4", "Liberation Sans"))).pages
    assert "halaman" not in words(pages[0])
    assert "halaman 2" in words(pages[1])


@pytest.mark.parametrize(("page", "size"), [("F4", F4), ("A4", A4)])
def test_the_page_is_the_one_of_the_settings(settings, page, size):
    settings.LETTER_PAGE = page
    assert millimetres(read(letter_pdf(LETTER)).pages[0]) == pytest.approx(size, abs=0.1)


def test_the_document_has_title_and_language():
    document = read(letter_pdf(LETTER))
    assert document.metadata.title == f"{LETTER.title} {LETTER.number}"
    assert document.trailer["/Root"]["/Lang"] == "id"


def test_the_fonts_are_those_of_the_settings_and_embedded():
    fonts = read(letter_pdf(LETTER)).pages[0]["/Resources"]["/Font"]
    names = {font.get_object()["/BaseFont"] for font in fonts.values()}
    assert {name.split("+")[-1] for name in names} == {"Liberation-Sans", "Liberation-Sans-Bold"}


def test_the_same_letter_is_the_same_file():
    assert letter_pdf(LETTER) == letter_pdf(replace(LETTER))


def test_the_fingerprint_follows_what_is_said_and_nothing_else(settings):
    assert replace(LETTER, prints=7).fingerprint == LETTER.fingerprint
    assert replace(LETTER, facts={**LETTER.facts, "name": "RATNA KUSUMO"}).fingerprint != LETTER.fingerprint
    assert replace(LETTER, dated=datetime.date(2026, 11, 23)).fingerprint != LETTER.fingerprint
    frozen = {"rows": [1, 2], "until": "2026-12-21", "name": "RATNA KUSUMA"}
    assert replace(LETTER, facts=frozen).fingerprint == LETTER.fingerprint


def test_the_code_points_to_the_public_validity_page(settings):
    settings.PUBLIC_ADDRESS = "https://ksb.example/"
    assert LETTER.validity_address == "https://ksb.example/cek/abc/"
    assert letters.qr_svg(LETTER.validity_address) in letter_html(LETTER)


def test_facts_are_escaped(monkeypatch):
    template = engines["django"].from_string("{{ facts.name }}")
    monkeypatch.setattr(letters, "render_to_string", lambda name, context: template.render(context))
    assert "<img" not in letter_html(replace(LETTER, facts={"name": "<img src=x>"}))


@pytest.mark.parametrize("address", ["http://127.0.0.1:9/x.png", "file:///etc/hostname", "data:image/png;base64,AAAA"])
def test_drawing_loads_nothing_from_anywhere(address):
    with pytest.raises(FatalURLFetchingError):
        letters._pdf(f'<img src="{address}">', "ksb/letter.css", "")


def test_the_screen_shows_the_letter_with_a_linked_stylesheet():
    page = letter_html(LETTER, screen=True)
    assert 'rel="stylesheet"' in page
    assert 'rel="stylesheet"' not in letter_html(LETTER)


def test_a_pdf_is_kept_in_no_cache_and_named_without_signs():
    response = pdf_response(b"%PDF", "SJP 440/000123/XI/2026")
    assert response.headers["Content-Type"] == "application/pdf"
    assert response.headers["Cache-Control"] == "private, no-store"
    assert response.headers["Content-Disposition"] == 'inline; filename="sjp-440000123xi2026.pdf"'


def test_a_card_has_a_front_and_a_back_of_id1_size(settings):
    settings.HELP_PHONE = "021-119"
    front, back = read(render_cards([CARD])).pages
    assert millimetres(front) == millimetres(back) == ID1
    for expected in (
        "KARTU SEHAT BERBASIS NIK",
        "3275 1000 0000 0333",
        "BUDI MAULANA",
        "Padurenan",
        "KS-2026-000333",
        "22-11-2026",
    ):
        assert expected in words(front)
    for expected in ("1. BUDI MAULANA, 1992", "2. RATNA KUSUMA, 1994", "Pengaduan: 021-119", "Puskesmas"):
        assert expected in words(back)


def test_the_card_names_ten_members_and_points_to_the_family_card_for_the_rest():
    card = replace(CARD, members=tuple((f"ANGGOTA {n}", 1980 + n) for n in range(12)))
    _front, back = read(render_cards([card])).pages
    assert "10. ANGGOTA 9, 1989" in words(back)
    assert "ANGGOTA 10" not in words(back)
    assert "dan 2 anggota lain, lihat Kartu Keluarga" in words(back)


def test_the_longest_names_still_fit_on_two_pages():
    name = "MUHAMMAD WARDANA KUSUMANEGARA SASTRODIHARJO WIRYOATMOJO"
    card = replace(
        CARD, head_name=name, area="Kranji Kota Baru Selatan – Bekasi Barat Daya", members=((name, 1990),) * 14
    )
    assert len(read(render_cards([card])).pages) == 2


def test_many_cards_are_one_file():
    assert len(read(render_cards([CARD] * 5)).pages) == 10


def sheets(cards):
    file = io.BytesIO()
    assert write_sheets(cards, file, label="0001/CTK/XI/2026") == len(cards)
    return read(file.getvalue()).pages


def test_the_print_shop_gets_ten_cards_on_a_sheet_with_the_backs_behind_their_fronts():
    family = [replace(CARD, card_number=f"KS26{n:08d}", members=((f"KEPALA {n}", 1990),)) for n in range(11)]
    pages = sheets(family)
    assert [millimetres(page) for page in pages] == [A4] * 4
    fronts, backs = words(pages[0]), words(pages[1])
    assert all(f"KS26{n:08d}" in fronts for n in range(10))
    assert "KS2600000010" in words(pages[2])
    # The sheet is turned on its long side: what is left in front lies right at the back.
    assert backs.index("KEPALA 1,") > backs.index("KEPALA 0,")
    assert place_of("KS2600000000", pages[0]) < 297 / 2 < place_of("KS2600000001", pages[0])
    assert place_of("1. KEPALA 0, 1990", pages[1]) > 297 / 2 > place_of("1. KEPALA 1, 1990", pages[1])
    assert "0001/CTK/XI/2026 · lembar 2 · belakang" in words(pages[3])


def place_of(text, page):
    """Where on the page, in points from the left, the text begins."""
    found = []

    def visit(piece, current, matrix, *_):
        if text in piece:
            found.append(matrix[4] * current[0] + current[4])

    page.extract_text(visitor_text=visit)
    return found[0]


def test_the_same_cards_give_the_same_sheets():
    one, two = io.BytesIO(), io.BytesIO()
    for file in (one, two):
        write_sheets([CARD] * 3, file, label="x")
    assert one.getvalue() == two.getvalue()


def test_letters_the_card_font_does_not_know_and_signs_of_the_format_do_no_harm():
    card = replace(CARD, head_name="S(I)T\\I \u4f60 >> endobj", members=((") Tj ET", 1990),))
    front, back = read(render_cards([card])).pages
    assert "S(I)T\\I ? >> endobj" in words(front)
    assert ") Tj ET" in words(back)
