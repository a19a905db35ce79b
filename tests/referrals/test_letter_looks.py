"""Each kind of letter as it is drawn: as somebody has looked at it, nothing cut or over something else, all also on its page."""

import html
import io
import re
from dataclasses import replace
from pathlib import Path

import pytest
from django.utils.html import strip_tags
from PIL import ImageChops, ImageFilter
from pypdf import PdfReader

from facilities.enums import Service
from ksb.core.letters import letter_html, letter_pdf
from referrals import approval, hospital_letters, letters, newborns
from referrals.emergency import letter as emergency_letter
from tests import factories as f
from tests.referrals import emergencies as e
from tests.referrals import factories as r
from tests.support import pictures
from tests.support.pdf import boxes_of, overlapping

pytestmark = pytest.mark.django_db
FIVE_TIMES = 5
PICTURES = Path(__file__).parent / "pictures"


def series():
    sjp = r.issue(service=Service.HAEMODIALYSIS, diagnosis=r.diagnosis("N18.5"))
    r.series(sjp)
    sjp.refresh_from_db()
    return letters.sjp_letter(sjp)


def newborn():
    desk = r.desk(r.contracted())
    child = r.birth(desk, mother=f.covered_person(sex=2))
    asked = r.ask_for(child, desk)
    return letters.sjp_letter(newborns.issue(asked=asked, actor=r.clerk(child.puskesmas), at=r.AT))


def complement():
    f.fresh_sources()
    person = f.covered_person()
    f.cover_elsewhere(person, segment=13)
    sjp = r.complement(person)
    return letters.sjp_letter(approval.approve(sjp=sjp, actor=r.officer(), at=r.AT))


def trip():
    r.ambulance_tariff()
    return letters.sjp_letter(r.trip(r.issue()).sjp)


def visit():
    desk = r.desk(r.contracted())
    return r.left(r.issue(to=desk.facility), desk), desk


KINDS = {
    "L1 outpatient": lambda: letters.sjp_letter(r.issue()),
    "L1 inpatient": lambda: letters.sjp_letter(r.issue(service=Service.INPATIENT)),
    "L1 series": series,
    "L1 newborn": newborn,
    "L1 complement": complement,
    "L1 ambulance": trip,
    "L1 emergency": lambda: letters.sjp_letter(e.approved().sjp),
    "L2 referral": lambda: letters.referral_letter(r.issue().referral),
    "L3 back-referral": lambda: hospital_letters.back_referral_letter(r.send_back(*visit())),
    "L4 control": lambda: hospital_letters.control_letter(r.call_back(*visit())),
    "L9 emergency": lambda: emergency_letter.letter_of(e.report()),
    "L9 unknown patient": lambda: emergency_letter.letter_of(e.report(**e.UNKNOWN)),
}


def test_the_letter_of_an_emergency_does_not_ask_for_a_referral():
    notes = " ".join(KINDS["L1 emergency"]().facts["notes"])
    assert "tanpa rujukan" in notes
    assert "Perlu rujukan" not in notes


def talkative(facts):
    """The same facts where everybody had much to say: texts with spaces in them five times over."""
    if isinstance(facts, dict):
        return {name: talkative(value) for name, value in facts.items()}
    if isinstance(facts, (list, tuple)):
        return [talkative(value) for value in facts]
    return " ".join([facts] * FIVE_TIMES) if isinstance(facts, str) and " " in facts else facts


def bare(text):
    return re.sub(r"\s+", "", text).upper()


@pytest.mark.parametrize("kind", KINDS)
def test_the_letter_looks_as_it_did_nothing_is_cut_and_the_page_says_the_same(kind):
    letter = KINDS[kind]()
    pictures.hold_against(PICTURES / f"{kind.replace(' ', '-')}.png", letter_pdf(pictures.stilled(letter)))
    for drawn in (letter, replace(letter, facts=talkative(letter.facts), prints=2)):
        for width, height, texts in boxes_of(drawn):
            beyond = [text for left, top, right, bottom, text in texts if left < 0 or top < 0 or right > width + 1]
            assert beyond == []
            assert all(bottom <= height for *_place, bottom, _text in texts)
            # The mark of a copy lies across the page, faint, on purpose.
            assert overlapping([place for place in texts if place[4] != "SALINAN"]) == []
    assert len(PdfReader(io.BytesIO(letter_pdf(letter))).pages) == 1
    paper = bare(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(letter_pdf(letter))).pages))
    body = re.search(r"<body.*</body>", letter_html(letter, screen=True), re.DOTALL)[0]
    unsaid = [word for word in strip_tags(body.replace("<", " <")).split() if bare(html.unescape(word)) not in paper]
    assert unsaid == []


def test_a_picture_sees_a_line_that_moved_and_not_another_smoothing_of_the_type():
    letter = pictures.stilled(KINDS["L2 referral"]())
    whole = pictures.drawn(letter_pdf(letter))
    assert pictures.difference(whole, whole.filter(ImageFilter.GaussianBlur(0.5))) <= pictures.SHARE
    assert pictures.difference(whole, ImageChops.offset(whole, 0, pictures.CELL // 2)) > pictures.SHARE
    longer = replace(letter, facts={**letter.facts, "findings": letter.facts["findings"] * 3})
    assert pictures.difference(whole, pictures.drawn(letter_pdf(longer))) > pictures.SHARE
