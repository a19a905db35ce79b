"""What a family asks for on its own page: a lost card blocked, a wrong name corrected, its letters for the hospital."""

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from facilities.enums import Role
from ksb.core.ratelimit import hit
from participants import portal
from participants.enums import CardState, Relation
from participants.models import Card, Resident, Ticket
from tests.factories import covered_person, enrol, fresh_sources, make_family, make_resident, make_user
from tests.participants.factories import make_card
from tests.participants.test_resident_portal import enter, fresh_today, text_of
from tests.referrals import factories as r

pytestmark = pytest.mark.django_db
FAMILY = reverse("resident:family")
LOST, CORRECTION, LETTERS = (
    reverse("resident:lost_card"),
    reverse("resident:correction"),
    reverse("validity:own_letters"),
)


def test_a_lost_card_is_blocked_at_once_and_its_successor_waits_for_approval(client):
    fresh_today()
    card = make_card(state="ACTIVE", at=timezone.now())
    enter(client, card.household.head)
    assert LOST in client.get(FAMILY).content.decode()
    assert client.post(LOST, {"police_letter": ""}).context["form"].errors["lost"]
    assert client.post(LOST, {"lost": "on"}).url == FAMILY
    card.refresh_from_db()
    assert card.state == CardState.LOST
    assert Card.objects.get(replaces=card).state == CardState.ORDERED
    assert client.get(reverse("resident:card", args=[card.token])).context["valid"] is False
    assert LOST not in client.get(FAMILY).content.decode()
    assert client.post(LOST, {"lost": "on"}).context["form"].non_field_errors()


def test_a_family_without_a_card_has_none_to_lose(client):
    household = make_family()
    enrol(household)
    enter(client, household.head)
    assert client.post(LOST, {"lost": "on"}).context["form"].non_field_errors()


def test_a_wrong_name_becomes_a_ticket_and_the_page_shows_how_far_it_is(client):
    household = make_family()
    wife = household.residents.get(relation=Relation.WIFE)
    enter(client, household.head)
    answers = {"member": wife.pk, "kind": "NAME", "text": f"Tertulis SITTI, seharusnya SITI. NIK {wife.nik}"}
    assert client.post(CORRECTION, answers).url == FAMILY
    ticket = Ticket.objects.get()
    assert (ticket.resident, ticket.household, ticket.kind) == (wife, household, "NAME")
    assert wife.nik not in ticket.text
    assert ticket.number in text_of(client.get(FAMILY))
    assert client.post(CORRECTION, answers).context["form"].non_field_errors()


def test_only_members_of_the_own_family_can_be_named(client):
    household, stranger = make_family(), make_resident()
    enter(client, household.head)
    response = client.post(CORRECTION, {"member": stranger.pk, "kind": "NAME", "text": "x"})
    assert response.context["form"].errors["member"]
    assert not Ticket.objects.exists()


def test_corrections_are_limited(client):
    household = make_family()
    enter(client, household.head)
    for _ in range(portal.CORRECTIONS_PER_DAY):
        hit(
            "portal.correction",
            household.pk,
            limit=portal.CORRECTIONS_PER_DAY,
            seconds=portal.DAY,
            now=timezone.now(),
        )
    answers = {"member": household.head.pk, "kind": "NAME", "text": "x"}
    assert client.post(CORRECTION, answers).status_code == 429


# Letters


@pytest.fixture
def letters():
    """A family whose father, wife, small child and grown child each have a letter for the hospital."""
    head = covered_person()
    household = head.household
    born = {"small": 5, "grown": 14}
    people = {"head": head, "wife": make_resident(household, sex=2, relation=Relation.WIFE)}
    today = timezone.localdate()
    for name, age in born.items():
        people[name] = make_resident(
            household, ektp_recorded=False, birth_date=today - datetime.timedelta(days=366 * age)
        )
    fresh_sources(on=today, at=timezone.now())
    clerk = make_user(Role.PUSKESMAS_CLERK)
    hospital = r.contracted(0)
    return people, {name: r.issue(clerk, resident=person, to=hospital) for name, person in people.items()}


@pytest.mark.parametrize(
    ("who", "seen"), [("head", {"head", "small"}), ("wife", {"wife", "small"}), ("grown", {"grown"})]
)
def test_each_sees_the_own_letters_a_parent_the_small_childrens_nobody_a_diagnosis(client, letters, who, seen):
    people, issued = letters
    enter(client, Resident.objects.select_related("household").get(pk=people[who].pk))
    said = text_of(client.get(LETTERS))
    assert {name for name, sjp in issued.items() if sjp.number in said} == seen
    for sjp in issued.values():
        assert sjp.diagnosis_id not in said
        assert str(sjp.specialty) not in said


def test_without_the_three_details_no_letter_is_shown(client, letters):
    assert client.get(LETTERS).url == reverse("resident:check")
