"""The family's own page: three details that belong together, one answer for every mismatch, nothing in the open."""

import datetime
import html
import re
from datetime import timedelta

import pytest
from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from ksb.core.models import JournalEntry
from participants import portal
from participants.enums import Decision, EnrolmentState, ResidentStatus
from participants.guidance import NEXT_STEP
from participants.models import Household, Resident
from tests.factories import cover_elsewhere, enrol, fresh_sources, make_family, make_household, make_resident
from tests.participants.factories import make_card

CHECK, FAMILY, LEAVE = (reverse(f"resident:{name}") for name in ("check", "family", "leave"))

pytestmark = pytest.mark.django_db


def details(person, **other):
    return {
        "kk_number": person.household.kk_number,
        "nik": person.nik,
        "birth_date": f"{person.birth_date:%d-%m-%Y}",
        **other,
    }


def fresh_today():
    fresh_sources(on=timezone.localdate(), at=timezone.now())


def enter(client, person, **other):
    return client.post(CHECK, details(person, **other))


def text_of(response):
    """What a page says, without its tags and without the form's token."""
    body = re.sub(r'name="csrfmiddlewaretoken" value="[^"]*"', "", response.content.decode())
    return html.unescape(re.sub(r"<[^>]+>", " ", body))


# Who is let in


def test_kk_nik_and_birth_date_that_belong_together_open_the_page(client):
    household = make_family()
    response = enter(client, household.head)
    assert (response.status_code, response.url) == (302, FAMILY)
    assert client.get(FAMILY).status_code == 200
    assert JournalEntry.objects.filter(verb="portal.enter", object_id=household.pk, actor=None).exists()


def test_any_member_opens_it_in_any_spacing(client):
    household = make_family(3)
    child = household.residents.order_by("pk").last()
    typed = details(child)
    typed["kk_number"] = " ".join(re.findall("....", typed["kk_number"]))
    typed["birth_date"] = f"{child.birth_date:%d/%m/%Y}"
    assert client.post(CHECK, typed).status_code == 302


def test_each_wrong_detail_gets_the_same_answer_in_the_same_number_of_queries(client):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    person, stranger = make_family().head, make_resident()
    wrong = [
        {"kk_number": stranger.household.kk_number},
        {"kk_number": "3275990101000001"},
        {"nik": stranger.nik},
        {"nik": "3275990101000001"},
        {"birth_date": "01-01-1991"},
    ]
    answers, counts = set(), set()
    for other in wrong:
        with CaptureQueriesContext(connection) as queries:
            response = enter(client, person, **other)
        assert response.status_code == 200
        answers.add(text_of(response))
        counts.add(len(queries))
    assert len(answers) == 1
    assert len(counts) == 1
    assert settings.SESSION_COOKIE_NAME not in client.cookies


def test_a_malformed_number_is_told_at_its_field_and_costs_no_attempt(client):
    person = make_family().head
    for _ in range(portal.ATTEMPTS_PER_FAMILY + 1):
        response = enter(client, person, nik="327501")
        assert "nik" in response.context["form"].errors
    assert enter(client, person).status_code == 302


@pytest.mark.parametrize("fixed", ["kk_number", "nik"])
def test_a_number_cannot_be_completed_by_trying(client, fixed):
    person = make_family().head
    for n in range(portal.ATTEMPTS_PER_FAMILY):
        other = {"kk_number": f"32759901010{n:05d}", "nik": f"32759901010{n:05d}"}
        other.pop(fixed)
        assert enter(client, person, **other).status_code == 200
    blocked = enter(client, person)
    assert blocked.status_code == 429
    assert 0 < int(blocked.headers["Retry-After"]) <= portal.WINDOW


def test_an_address_that_tries_many_families_is_stopped_and_others_are_not(client):
    people = [make_resident() for _ in range(portal.ATTEMPTS_PER_ADDRESS + 1)]
    codes = [enter(client, person, birth_date="01-01-1991").status_code for person in people]
    assert codes == [200] * portal.ATTEMPTS_PER_ADDRESS + [429]
    assert client.post(CHECK, details(people[0]), REMOTE_ADDR="203.0.113.9").status_code == 302


# The page stays with whoever opened it


def test_without_the_three_details_there_is_no_page(client):
    assert client.get(FAMILY).url == CHECK


def test_the_page_closes_after_fifteen_minutes(client):
    enter(client, make_family().head)
    session = client.session
    session["own_family"] = {**session["own_family"], "until": (timezone.now() - timedelta(seconds=1)).isoformat()}
    session.save()
    assert client.get(FAMILY).url == CHECK
    assert "own_family" not in client.session


def test_the_page_closes_on_demand_and_the_session_is_gone(client):
    enter(client, make_family().head)
    before = client.cookies[settings.SESSION_COOKIE_NAME].value
    assert client.get(LEAVE).status_code == 405
    assert client.post(LEAVE).url == CHECK
    assert client.get(FAMILY).url == CHECK
    client.cookies[settings.SESSION_COOKIE_NAME] = before
    assert client.get(FAMILY).url == CHECK


def test_a_session_that_somebody_planted_is_not_the_one_that_is_opened(client):
    client.get(CHECK)
    session = client.session
    session["planted"] = True
    session.save()
    planted = session.session_key
    client.cookies[settings.SESSION_COOKIE_NAME] = planted
    enter(client, make_family().head)
    assert client.session.session_key != planted


def test_closing_the_page_does_not_log_an_officer_out(client):
    from tests.participants.factories import clerk

    client.force_login(clerk())
    enter(client, make_family().head)
    client.post(LEAVE)
    assert client.get(reverse("participants:families")).status_code == 200


def test_nothing_personal_stands_in_an_address_a_cookie_or_a_cache(client):
    person = make_family().head
    response = enter(client, person)
    numbers = (person.nik, person.household.kk_number)
    spoken = response.url + str(client.cookies) + str(response.headers)
    assert not any(number in spoken for number in numbers)
    assert "no-store" in client.get(FAMILY).headers["Cache-Control"]


# What the page says


def test_names_and_numbers_are_half_hidden(client):
    household = make_household()
    person = make_resident(household, name="RATNA KUSUMA DEWI")
    enrol(household)
    enter(client, person)
    body = client.get(FAMILY).content.decode()
    assert "RA*** K*** D***" in body
    assert "1990" in body
    for secret in ("RATNA", "KUSUMA", person.nik, household.kk_number, "17-05-1990", "17 Mei 1990", household.address):
        assert secret not in body
    assert person.nik[4:12] not in body.replace(" ", "")


def test_each_member_is_told_whether_covered_why_and_what_to_do(client):
    fresh_today()
    household = make_family(2)
    enrol(household)
    head, wife = household.residents.order_by("relation")
    cover_elsewhere(wife, known_from=timezone.now() - timedelta(days=1))
    enter(client, head)
    members = {m["nik"]: m for m in client.get(FAMILY).context["members"]}
    assert members[head.nik]["evaluation"].decision == Decision.COVERED
    assert members[wife.nik]["evaluation"].decision == Decision.EXCLUDED_PBI_APBN
    said = text_of(client.get(FAMILY))
    for member in members.values():
        assert str(member["next_step"]) in said
        assert member["evaluation"].headline.message in said


def test_every_decision_has_a_next_step():
    assert set(NEXT_STEP) == set(Decision)


@pytest.mark.parametrize(
    ("state", "values"),
    [
        (EnrolmentState.SUSPENDED, {"reason": "Kartu dipinjamkan."}),
        (EnrolmentState.CHECKING, {"number": "000001/DFT/XI/2026"}),
        (EnrolmentState.WAITING, {"waiting_until": datetime.date(2027, 3, 1)}),
        (EnrolmentState.NEEDS_CORRECTION, {"reason": "KTP-el belum ada."}),
    ],
)
def test_the_state_of_the_membership_is_told(client, state, values):
    household = make_family(1)
    enrolment = enrol(household, state=state, **values)
    enter(client, household.head)
    said = text_of(client.get(FAMILY))
    assert enrolment.get_state_display() in said
    if isinstance(found := next(iter(values.values())), str):
        assert found in said


def test_an_unregistered_family_and_one_with_a_card_on_its_way_are_told(client):
    fresh_today()
    household = make_family(1)
    enter(client, household.head)
    assert client.get(FAMILY).context["registered"] is False
    card = make_card(make_family(1), at=timezone.now())
    enter(client, card.household.head)
    response = client.get(FAMILY)
    assert response.context["registered"] is True
    assert card.number in text_of(response)


def test_the_puskesmas_of_the_own_kecamatan_are_named_and_the_age_of_the_data(client):
    fresh_today()
    household = make_family(1)
    enter(client, household.head)
    response = client.get(FAMILY)
    assert response.context["puskesmas"]
    assert all(name in text_of(response) for name in response.context["puskesmas"])
    assert [source.stale for source in response.context["sources"]] == [False, False]


def test_a_family_without_head_kelurahan_or_data_still_has_a_page(client):
    household = make_household(kelurahan_id=None)
    person = make_resident(household, status=ResidentStatus.DECEASED, status_on=datetime.date(2025, 1, 1))
    Household.objects.filter(pk=household.pk).update(head=None)
    enter(client, Resident.objects.select_related("household").get(pk=person.pk))
    assert client.get(FAMILY).status_code == 200


@pytest.mark.parametrize(
    ("name", "masked"),
    [("RATNA KUSUMA", "RA*** K***"), ("Siti", "Si***"), ("I", "I***"), ("", "***"), ("M.  Ali", "M.*** A***")],
)
def test_how_a_name_is_hidden(name, masked):
    assert portal.mask_name(name) == masked


# The QR code of a card


@pytest.mark.parametrize("signed", [True, False])
def test_a_scanned_card_says_valid_or_not_and_nothing_else(client, signed):
    card = make_card(state="ACTIVE")
    if signed:
        from tests.participants.factories import clerk

        client.force_login(clerk())
    response = client.get(reverse("resident:card", args=[card.token]))
    assert response.context["valid"] is True
    said = text_of(response)
    household = card.household
    for secret in (household.kk_number, card.number, household.head.name, household.head.nik, household.address):
        assert secret not in said


def test_an_unknown_code_and_a_blocked_card_look_the_same(client):
    card = make_card(state="ACTIVE")
    type(card).objects.filter(pk=card.pk).update(state="LOST")
    answers = {
        re.sub(r"\d\d\.\d\d", "", text_of(client.get(reverse("resident:card", args=[token]))))
        for token in (card.token, "A" * 22, "x" * 300, "\0")
    }
    assert len(answers) == 1


def test_codes_cannot_be_tried_out(client):
    for _ in range(portal.CARD_CHECKS_PER_ADDRESS):
        response = client.get(reverse("resident:card", args=["A" * 22]))
    assert response.status_code == 200
    assert client.get(reverse("resident:card", args=["A" * 22])).status_code == 429


def test_the_public_pages_are_light_and_carry_no_script(client):
    fresh_today()
    household = make_family(5)
    enrol(household)
    enter(client, household.head)
    for address in (CHECK, FAMILY, reverse("resident:card", args=["A" * 22])):
        body = client.get(address).content
        assert b"<script" not in body
        assert len(body) < 12_000


# In the browser


@pytest.mark.parametrize("width", [390, 1280])
def test_a_family_at_home_without_javascript(transactional_db, page_without_javascript, audit, live_server, width):
    fresh_today()
    household = make_family(4)
    enrol(household)
    cover_elsewhere(household.residents.order_by("pk").last(), known_from=timezone.now() - timedelta(days=1))
    page = page_without_javascript
    page.set_viewport_size({"width": width, "height": 844})
    page.goto(f"{live_server.url}{CHECK}")
    audit(page)
    page.get_by_role("button", name=re.compile("keluarga|family", re.IGNORECASE)).click()
    assert page.locator("#ringkasan-kesalahan").is_visible()
    audit(page)
    head = household.head
    for name, value in details(head).items():
        page.locator(f"[name={name}]").fill(value)
    page.locator("main form button").click()
    assert page.url == f"{live_server.url}{FAMILY}"
    audit(page)
    assert page.locator(".k-idcard").is_visible()
    assert page.locator(".k-list > li").count() == 4
    page.locator("main form button").last.click()
    assert page.url == f"{live_server.url}{CHECK}"
    page.go_back()
    assert page.url == f"{live_server.url}{CHECK}"
