"""Families in the administration: found by whole numbers or how a name begins, read-only, every opened row on record."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from facilities.enums import Role
from ksb.core.models import JournalEntry
from tests.factories import KELURAHAN, enrol, make_family, make_resident, make_user
from tests.participants.factories import make_card

pytestmark = pytest.mark.django_db

MODELS = ("resident", "household", "enrolment", "card")


def listing(model):
    return f"/admin/participants/{model}/"


def search(client, model, term):
    return client.post(listing(model), {"q": term}, follow=True)


@pytest.fixture
def officer(client):
    user = make_user(Role.DINKES_MEMBERSHIP)
    client.force_login(user)
    return user


def found(response):
    return {row.pk for row in response.context["cl"].result_list}


def test_people_are_found_by_nik_by_kk_and_by_how_the_name_begins(client, officer):
    person = make_resident(name="RATNA KUSUMA")
    make_resident(name="RAHMAT")
    for term in (person.nik, f"{person.nik[:6]} {person.nik[6:]}", person.household.kk_number, "ratna k", "RATNA"):
        assert found(search(client, "resident", term)) == {person.pk}
    assert found(search(client, "resident", "atna")) == set()


def test_families_memberships_and_cards_are_found_by_whole_numbers(client, officer):
    make_family()
    card = make_card()
    household = card.household
    assert found(search(client, "household", household.kk_number)) == {household.pk}
    assert found(search(client, "household", household.head.nik)) == {household.pk}
    for term in (household.kk_number, card.enrolment.number):
        assert found(search(client, "enrolment", term)) == {card.enrolment_id}
    for term in (household.kk_number, card.number):
        assert found(search(client, "card", term)) == {card.pk}


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("term", ["\0", "a\0b", "%", "'; --", "9" * 400, "٣٢٧٥"])
def test_nonsense_finds_nothing_and_breaks_nothing(client, officer, model, term):
    make_card()
    response = search(client, model, term)
    assert response.status_code == 200


def test_no_number_gets_into_an_address(client, officer):
    person = make_resident()
    chain = [address for address, _status in search(client, "resident", person.nik).redirect_chain]
    assert chain
    assert not any(person.nik in address for address in chain)


def test_people_are_filtered_by_kelurahan(client, officer):
    here = make_resident()
    assert here.kelurahan_id == KELURAHAN
    assert here.pk in found(client.get(listing("resident"), {"kelurahan": KELURAHAN}))
    assert here.pk not in found(client.get(listing("resident"), {"kelurahan": "32.75.02.1001"}))


@pytest.mark.parametrize("model", MODELS)
def test_a_row_is_read_and_never_changed_and_reading_is_on_record(client, officer, model):
    card = make_card()
    pk = {
        "resident": card.household.head_id,
        "household": card.household_id,
        "enrolment": card.enrolment_id,
        "card": card.pk,
    }[model]
    response = client.get(f"{listing(model)}{pk}/change/")
    assert response.status_code == 200
    assert b'name="_save"' not in response.content
    assert str(card.household.public_id) in response.content.decode()
    assert JournalEntry.objects.filter(verb=f"{model}.view", object_id=pk, actor=officer).count() == 1
    assert client.post(f"{listing(model)}{pk}/change/", {"state": "ACTIVE"}).status_code == 403
    assert client.get(f"{listing(model)}add/").status_code == 403
    assert client.get(f"{listing(model)}{pk}/delete/").status_code == 403


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("role", [Role.DINKES_SERVICES, Role.DINKES_CLAIMS, Role.SYSTEM_ADMIN])
def test_other_offices_see_no_people_here(client, model, role):
    client.force_login(make_user(role))
    assert client.get(listing(model)).status_code == 403


@pytest.mark.parametrize("model", MODELS)
def test_a_list_counts_nothing_and_asks_as_much_for_ten_rows_as_for_one(client, officer, model):
    enrol(make_family(1))
    make_card()
    with CaptureQueriesContext(connection) as first:
        client.get(listing(model))
    for _ in range(4):
        make_card()
    with CaptureQueriesContext(connection) as second:
        client.get(listing(model))
    assert len(second) == len(first)
