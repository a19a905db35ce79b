"""One field for whatever lies on the counter: each kind of number ends in the same limited, journalled look-up."""

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from ksb.core.models import JournalEntry
from participants.models import Lookup
from referrals.finding import CARD, CODE, NEWBORN, NIK, Typed, understand
from tests import factories as f
from tests.participants import factories as p
from tests.referrals import factories as r

pytestmark = pytest.mark.django_db


@pytest.fixture
def clerk(client):
    clerk = r.clerk()
    client.force_login(clerk)
    return clerk


@pytest.fixture
def card():
    card = p.make_card(state="ACTIVE")
    f.fresh_sources()
    return card


def find(client, typed):
    return client.post(reverse("referrals:search"), {"nik": typed}, follow=True)


@pytest.mark.parametrize(
    ("text", "typed"),
    [
        ("3275 0101 0190 0001", Typed(NIK, "3275010101900001")),
        ("3275-0101.0190/0001", None),
        ("ks 26 00000123", Typed(CARD, "KS2600000123")),
        ("https://ks.example.go.id/kartu/AbCdEfGhIjKlMnOpQrStUv/", Typed(CODE, "AbCdEfGhIjKlMnOpQrStUv")),
        ("Bayi", Typed(NEWBORN)),
        ("by. ny.", Typed(NEWBORN)),
        ("3275", None),
        ("Siti Aminah", None),
        ("KS26", None),
        ("\u0661" * 16, None),
    ],
)
def test_what_was_typed_is_understood_or_told_how_to_write_it(text, typed):
    if typed is None:
        with pytest.raises(ValidationError) as refused:
            understand(text)
        assert text not in str(refused.value)
    else:
        assert understand(text) == typed


def test_the_number_or_the_code_of_a_card_leads_to_the_family(client, clerk, card, settings):
    head = card.household.head
    scanned = f"{settings.PUBLIC_ADDRESS}{reverse('resident:card', args=[card.token])}"
    for typed in (card.number, card.number.lower(), scanned):
        page = find(client, typed)
        assert page.context["resident"] == head
        assert page.context["messages"]
    looked_up = Lookup.objects.filter(actor=clerk, purpose="SJP", resident=head)
    assert looked_up.count() == 3
    assert JournalEntry.objects.filter(verb="family.look_up", actor=clerk).count() == 3


def test_a_kk_number_leads_to_the_family_too(client, clerk, card):
    assert find(client, card.household.kk_number).context["resident"] == card.household.head


@pytest.mark.parametrize("typed", ["KS9900000001", "https://ks.example.go.id/kartu/AAAAAAAAAAAAAAAAAAAAAA/"])
def test_a_card_nobody_holds_is_told_beside_the_field(client, clerk, typed):
    f.fresh_sources()
    assert find(client, typed).context["form"].errors["nik"]
    assert JournalEntry.objects.filter(verb="family.not_found", actor=clerk).exists()
    assert not Lookup.objects.exists()


def test_a_lost_card_opens_nothing(client, clerk, card):
    type(card).objects.filter(pk=card.pk).update(state="LOST")
    address = f"https://ks.example.go.id{reverse('resident:card', args=[card.token])}"
    assert find(client, address).context["form"].errors["nik"]


def test_a_newborn_without_nik_leads_to_the_births(client, clerk):
    response = client.post(reverse("referrals:search"), {"nik": "bayi"})
    assert response.url == reverse("referrals:newborns")
    assert not Lookup.objects.exists()
