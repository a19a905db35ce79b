"""The families' letters look as somebody has looked at them, and stand on one page."""

import io
from pathlib import Path

import pytest
from pypdf import PdfReader

from ksb.core.letters import letter_pdf
from participants import letters, newborn_letters
from tests import factories as f
from tests.participants.factories import keeper, make_application, make_batch, make_card, make_rejected
from tests.referrals import factories as r
from tests.support import pictures

pytestmark = pytest.mark.django_db
PICTURES = Path(__file__).parent / "pictures"
KINDS = {
    "receipt": lambda: letters.receipt(make_application()),
    "rejection": lambda: letters.rejection(make_rejected()),
    "card-receipt": lambda: letters.card_receipt(make_card(state="ACTIVE")),
    "hand-over-list": lambda: letters.hand_over_list(make_batch(make_card(), state="PRINTED")),
    "newborn-reminder": lambda: newborn_letters.reminder(
        r.birth(r.desk(r.contracted()), mother=f.covered_person(sex=2)), actor=keeper(), at=f.NOW
    ),
}


@pytest.mark.parametrize("kind", KINDS)
def test_a_letter_to_a_family_looks_as_it_did(kind):
    letter = KINDS[kind]()
    assert len(PdfReader(io.BytesIO(letter_pdf(letter))).pages) == 1
    pictures.hold_against(PICTURES / f"{kind}.png", letter_pdf(pictures.stilled(letter)))
