"""By name, for who may: narrow questions only, masked answers, everybody shown on record, nothing typed in an address."""

import datetime

import pytest
from django.urls import reverse

from facilities.enums import Role
from ksb.core.errors import NotAllowed, Refused
from ksb.core.models import JournalEntry
from participants import search
from participants.models import Resident
from tests.factories import KELURAHAN, NOW, make_household, make_resident, make_user
from tests.participants.factories import clerk, keeper, verifier
from tests.participants.test_resident_portal import text_of

pytestmark = pytest.mark.django_db
ADDRESS = reverse("participants:find_people")
BORN = datetime.date(1985, 8, 17)


def find(name, *, birth_date=None, kelurahan=None, actor=None, after=None):
    return search.find_people(
        name=name, birth_date=birth_date, kelurahan=kelurahan, actor=actor or verifier(), at=NOW, after=after
    )[0]


def test_a_person_is_found_by_how_the_name_begins_and_the_day_of_birth():
    person = make_resident(name="SITI AMINAH", birth_date=BORN)
    make_resident(name="SITI AMINAH", birth_date=datetime.date(1985, 8, 18))
    make_resident(name="SUTI AMINAH", birth_date=BORN)
    assert find(" siti  am ", birth_date=BORN) == [person]


def test_a_person_is_found_by_name_and_kelurahan():
    person = make_resident(name="BUDI SANTOSO")
    make_resident(make_household(kelurahan_id="32.75.02.1001"), name="BUDI SANTOSO")
    assert find("BUDI", kelurahan=KELURAHAN) == [person]


@pytest.mark.parametrize(
    ("name", "birth_date", "code"), [("SI", BORN, "name"), ("  S  I ", BORN, ""), ("SITI", None, "narrow")]
)
def test_a_question_that_would_browse_is_refused(name, birth_date, code):
    if code:
        with pytest.raises(Refused) as refusal:
            find(name, birth_date=birth_date)
        assert refusal.value.code == code
    else:
        assert find(name, birth_date=birth_date) == []


@pytest.mark.parametrize("role", [role for role in Role if role not in ("MEMBERSHIP_VERIFIER", "DINKES_MEMBERSHIP")])
def test_nobody_else_searches_by_name(client, role):
    user = make_user(role)
    with pytest.raises(NotAllowed):
        find("SITI", birth_date=BORN, actor=user)
    client.force_login(user)
    assert client.get(ADDRESS).status_code == 403


def test_pages_follow_each_other_without_a_gap_among_people_of_the_same_name():
    household = make_household()
    people = [make_resident(household, name="SITI AMINAH", birth_date=BORN) for _ in range(search.PAGE + 3)]
    people.append(make_resident(household, name="SITI ZUBAEDAH", birth_date=BORN))
    first = find("SITI", birth_date=BORN)
    second = find("SITI", birth_date=BORN, after=first[-1])
    assert first + second == people


def test_the_screen_masks_records_who_was_shown_and_leads_to_the_family(client):
    officer = keeper()
    client.force_login(officer)
    person = make_resident(name="SITI AMINAH", birth_date=BORN)
    response = client.post(ADDRESS, {"name": "Siti", "birth_date": "17-08-1985"})
    said = text_of(response)
    assert person.name in said
    assert person.nik not in said.replace(" ", "")
    assert str(person.household.public_id) in response.content.decode()
    entry = JournalEntry.objects.get(verb="people.search", actor=officer)
    assert entry.data == {"by": ["birth_date"], "shown": [person.pk]}


def test_the_next_page_is_asked_for_in_the_body(client):
    client.force_login(verifier())
    household = make_household()
    for _ in range(search.PAGE + 1):
        make_resident(household, name="SITI AMINAH", birth_date=BORN)
    asked = {"name": "SITI", "birth_date": "17-08-1985"}
    first = client.post(ADDRESS, asked)
    assert first.context["more"]
    last = first.context["last"]
    second = client.post(ADDRESS, {**asked, "after": last.pk})
    assert second.context["people"] == list(Resident.objects.order_by("name", "pk"))[-1:]
    assert not second.context["more"]


def test_the_way_to_the_search_is_shown_to_who_may_use_it(client):
    for user, shown in ((verifier(), True), (clerk(), False)):
        client.force_login(user)
        assert (ADDRESS in client.get(reverse("participants:families")).content.decode()) is shown
