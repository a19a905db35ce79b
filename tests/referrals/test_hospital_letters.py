"""Papers a hospital writes (L3, L4, the medical summary): every field, the same words on screen, and where they stand."""

import io
import re

import pytest
from django.utils.html import strip_tags
from pypdf import PdfReader

from ksb.core import letters as brick
from ksb.core.errors import WrongState
from ksb.core.models import JournalEntry
from participants.models import Resident
from referrals import control, hospital_letters, letters
from referrals.models import BackReferral, ControlLetter, Resume
from tests import factories as f
from tests.referrals import factories as r

pytestmark = pytest.mark.django_db
MILLIMETRE = 72 / 25.4
KINDS = ("sjp", "referral", "control", "back", "resume")


class Papers:
    """One visit with all its papers. ``letter(kind)`` composes, ``pdf(kind)`` draws."""

    def __init__(self, **to):
        self.sjp = r.issue(**to)
        self.desk = r.desk(self.sjp.hospital)
        self.episode = r.left(self.sjp, self.desk)
        self.control = r.call_back(self.episode, self.desk)
        self.resume = r.complete(self.episode, self.desk, other_diagnoses=["I10"], procedures=["88.72"]).resume
        self.back = r.send_back(self.episode, self.desk, due_on=f.TODAY.replace(month=12), procedures=["88.72"])

    def letter(self, kind):
        compose, paper = {
            "sjp": (letters.sjp_letter, self.sjp),
            "referral": (letters.referral_letter, self.sjp.referral),
            "control": (hospital_letters.control_letter, self.control),
            "back": (hospital_letters.back_referral_letter, self.back),
            "resume": (hospital_letters.resume_letter, self.resume),
        }[kind]
        return compose(type(paper).objects.get(pk=paper.pk))

    def pdf(self, kind):
        return PdfReader(io.BytesIO(brick.letter_pdf(self.letter(kind))))


@pytest.fixture
def papers():
    return Papers()


def words(text):
    return re.sub(r"\s+", "", str(text))


def text_of(pdf):
    return words(" ".join(page.extract_text() for page in pdf.pages))


def missing(text, said):
    return [one for one in said if words(one) not in text]


def test_the_control_letter_holds_every_field_of_l4(papers):
    said = (papers.control.number, papers.sjp.number, papers.sjp.referral.number, "Minggu, 29 November 2026")
    said += ("Penyakit Dalam", "dr. Ayu Lestari, Sp.PD", "Dosis obat belum tetap.", "19 Februari 2027", "Dicetak 1x")
    assert not missing(text_of(papers.pdf("control")), said)


def test_the_back_referral_holds_every_field_of_l3(papers):
    said = (papers.back.number, papers.sjp.hospital.name, papers.sjp.puskesmas.name, "I10", "88.72")
    said += (*(r.WAY_BACK[name] for name in ("condition", "therapy", "warning_signs", "doctor_name")),)
    said += ("Amlodipin 5 mg", "1 x 1", "30 hari", "22 Desember 2026", "Program rujuk balik", "Anjuran")
    assert not missing(text_of(papers.pdf("back")), said)


def test_the_medical_summary_holds_what_was_found_and_done(papers):
    said = (*r.SUMMARY.values(), "J18.9", "I10", "88.72", papers.episode.medical_record, papers.sjp.number)
    assert not missing(text_of(papers.pdf("resume")), said)


@pytest.mark.parametrize("kind", KINDS)
def test_the_page_says_what_the_paper_says(papers, kind):
    html = letters.page(papers.letter(kind))
    said = strip_tags(html[html.index("<body") :].replace("<", " <")).split()
    on_paper = text_of(papers.pdf(kind))
    assert [word for word in said if word not in on_paper] == []


@pytest.mark.parametrize("page", ["F4", "A4"])
@pytest.mark.parametrize("kind", KINDS)
def test_every_word_stands_within_the_margins_of_one_page_and_above_its_foot(papers, settings, kind, page):
    settings.LETTER_PAGE = page
    (drawn,) = papers.pdf(kind).pages
    width, places = float(drawn.mediabox.width), []

    def collect(text, cm, tm, _font, size):
        if text.strip():
            x = tm[4] * cm[0] + tm[5] * cm[2] + cm[4]
            y = tm[4] * cm[1] + tm[5] * cm[3] + cm[5]
            places.append((x, y, text.strip()))

    drawn.extract_text(visitor_text=collect)
    left, right = 25 * MILLIMETRE, width - 20 * MILLIMETRE
    assert all(left - 1 <= x <= right for x, _y, _text in places)
    foot = next(y for _x, y, text in places if "Sidik dokumen" in text or text.startswith(papers.letter(kind).number))
    tops = {text: y for _x, y, text in places}
    title = next(y for text, y in tops.items() if papers.letter(kind).title.upper() in text)
    signed = min(y for text, y in tops.items() if papers.letter(kind).signatories[-1].name in text)
    assert title > signed > 20 * MILLIMETRE
    assert foot != title


@pytest.mark.parametrize("kind", KINDS)
def test_the_nik_is_masked(papers, kind):
    nik = papers.sjp.resident.nik
    text = text_of(papers.pdf(kind))
    assert nik not in text
    assert f"{nik[:4]}••••••••{nik[-4:]}" in text


def test_a_private_hospital_writes_under_its_own_name():
    private = Papers(to=r.contracted(public=False), pass_over_reason="RSUD_CANNOT")
    text = text_of(private.pdf("control"))
    assert words(private.sjp.hospital.name).upper() in text
    assert "PEMERINTAHKOTABEKASI" not in text
    assert "PEMERINTAHKOTABEKASI" in text_of(Papers().pdf("control"))


def test_a_second_print_is_counted_and_says_salinan(papers):
    papers.control = r.call_back(r.left(r.issue(to=papers.sjp.hospital), papers.desk), papers.desk)
    prints = {
        hospital_letters.print_control: {"control": papers.control},
        hospital_letters.print_back_referral: {"letter": papers.back},
        hospital_letters.print_resume: {"resume": papers.resume},
    }
    for print_one, what in prints.items():
        for _ in range(2):
            pdf = PdfReader(io.BytesIO(print_one(actor=papers.desk, at=r.AT, **what)))
        assert "Dicetak2x" in text_of(pdf)
        assert set("SALINAN") <= set(text_of(pdf))
    assert {model.objects.get(pk=paper.pk).prints for model, paper in _kept(papers)} == {2}
    assert JournalEntry.objects.filter(verb__endswith=".print").count() == 6


def _kept(papers):
    return (ControlLetter, papers.control), (BackReferral, papers.back), (Resume, papers.resume)


def test_a_cancelled_control_letter_is_not_printed():
    sjp = r.issue()
    desk = r.desk(sjp.hospital)
    letter = r.call_back(r.left(sjp, desk), desk)
    control.cancel(letter=letter, actor=desk, at=r.AT)
    with pytest.raises(WrongState):
        hospital_letters.print_control(control=letter, actor=desk, at=r.AT)


def test_a_copy_says_what_the_first_print_said(papers):
    before = {kind: papers.letter(kind).fingerprint for kind in KINDS}
    Resident.objects.filter(pk=papers.sjp.resident_id).update(name="NAMA BARU")
    assert {kind: papers.letter(kind).fingerprint for kind in KINDS} == before


def test_the_code_on_paper_leads_to_the_public_page(client, papers):
    for kind, said in (("control", papers.control.number), ("back", papers.back.number)):
        page = client.get(papers.letter(kind).validity_path)
        assert page.status_code == 200
        assert said in page.content.decode()
        assert papers.sjp.resident.name not in page.content.decode()
