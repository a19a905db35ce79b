"""What stands on the paper, and on its copies."""

import io
import re

import pytest
from django.utils import timezone
from django.utils.html import strip_tags
from pypdf import PdfReader

from facilities.enums import Service
from ksb.core.errors import WrongState
from ksb.core.models import JournalEntry
from participants.models import Resident
from referrals import issuing, letters
from tests import factories as f
from tests.referrals import factories as r

pytestmark = pytest.mark.django_db


def words(text):
    """Without white space: the paper breaks lines where it likes."""
    return re.sub(r"\s+", "", str(text))


def text_of(pdf):
    return words(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages))


def printed(sjp):
    return text_of(letters.print_sjp(sjp=sjp, actor=sjp.issued_by, at=r.AT))


def printed_referral(sjp):
    return text_of(letters.print_referral(referral=sjp.referral, actor=sjp.issued_by, at=r.AT))


def test_the_sjp_holds_every_field_of_l1():
    resident = f.covered_person(name="RATNA KUSUMA", sex=2)
    sjp = r.issue(resident=resident, service=Service.INPATIENT)
    text = printed(sjp)
    household = resident.household
    for said in (
        sjp.number,
        "Lampiran",
        "Surat Jaminan Pelayanan",
        f"Direktur {sjp.hospital.name}",
        "RATNA KUSUMA",
        household.kk_number[-4:],
        "17 Mei 1990 (36 tahun)",
        household.address,
        "Kel. Bekasijaya, Kec. Bekasi Timur",
        sjp.puskesmas.name,
        sjp.referral.number,
        "kelas III",
        "Penyakit Dalam",
        "J18.9",
        "22 November 2026 s.d. 5 Desember 2026",
        sjp.scheme.legal_source,
        "tidak dipungut biaya",
        "menggugurkan jaminan",
        "sebelum tanggal 10 bulan berikutnya",
        str(sjp.issued_by),
        sjp.issued_by.nip,
        "Tembusan",
        "Dicetak 1x",
    ):
        assert words(said) in text, said


def test_the_referral_holds_every_field_of_l2():
    sjp = r.issue()
    text = printed_referral(sjp)
    for said in (
        sjp.referral.number,
        sjp.puskesmas.code,
        sjp.hospital.code,
        "Penyakit Dalam",
        r.EXAMINATION["complaint"],
        r.EXAMINATION["findings"],
        r.EXAMINATION["therapy"],
        "J18.9",
        "Penuh",
        "Tidak gawat darurat",
        "19 Februari 2027",
        "dr. Sari Wulandari",
        "Diterima / ditolak",
        "Transportasi",
    ):
        assert words(said) in text, said


def test_the_nik_is_masked_on_paper():
    sjp = r.issue()
    nik = sjp.resident.nik
    for text in (printed(sjp), printed_referral(sjp)):
        assert nik not in text
        assert f"{nik[:4]}••••••••{nik[-4:]}" in text


def test_the_page_says_what_the_paper_says():
    sjp = r.issue()
    for compose, paper in ((letters.sjp_letter, sjp), (letters.referral_letter, sjp.referral)):
        html = letters.page(compose(paper))
        said = strip_tags(html[html.index("<body") :].replace("<", " <")).split()
        on_paper = text_of(letters.letter_pdf(compose(paper)))
        assert [word for word in said if word not in on_paper] == []


def test_the_letter_fits_one_page():
    sjp = r.issue()
    assert len(PdfReader(io.BytesIO(letters.print_sjp(sjp=sjp, actor=sjp.issued_by, at=r.AT))).pages) == 1
    content = letters.print_referral(referral=sjp.referral, actor=sjp.issued_by, at=r.AT)
    assert len(PdfReader(io.BytesIO(content)).pages) == 1


def test_a_second_print_is_a_copy_and_says_so():
    sjp = r.issue()
    assert "SALINAN" not in printed(sjp)
    second = printed(sjp)
    assert "Dicetak2x" in second
    assert set("SALINAN") <= set(second)
    sjp.refresh_from_db()
    assert (sjp.prints, sjp.referral.prints) == (2, 0)
    assert JournalEntry.objects.filter(verb="sjp.print").count() == 2


def test_a_copy_says_what_the_first_print_said():
    sjp = r.issue()
    before = letters.sjp_letter(sjp).fingerprint
    Resident.objects.filter(pk=sjp.resident_id).update(name="NAMA BARU")
    type(sjp.hospital).objects.filter(pk=sjp.hospital_id).update(name="RS BERGANTI NAMA")
    fresh = type(sjp).objects.get(pk=sjp.pk)
    assert letters.sjp_letter(fresh).fingerprint == before
    assert "NAMABARU" not in printed(fresh)


def test_the_head_of_the_puskesmas_signs_when_known():
    clerk = r.clerk()
    head = f.make_user("PUSKESMAS_DOCTOR", facility=clerk.facility)
    type(head).objects.filter(pk=head.pk).update(position="Kepala Puskesmas", first_name="dr. Lina")
    text = printed(r.issue(clerk))
    assert words(f"Kepala {clerk.facility.name}") in text
    assert "dr.Lina" in text


def test_an_ended_letter_is_not_printed():
    sjp = r.issue()
    issuing.cancel(sjp=sjp, actor=sjp.issued_by, at=r.AT, reason="salah")
    with pytest.raises(WrongState):
        letters.print_sjp(sjp=sjp, actor=sjp.issued_by, at=timezone.now())
    with pytest.raises(WrongState):
        letters.print_referral(referral=sjp.referral, actor=sjp.issued_by, at=timezone.now())
