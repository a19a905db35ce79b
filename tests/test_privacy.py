"""Personal data stay in: no NIK or KK in an address, a log, a cookie, an error page, the journal or a message to a worker."""

import inspect
import logging
import re

import pytest
from django.conf import settings
from django.contrib import admin
from django.db import connection
from django.test import Client
from django.urls import reverse

from facilities.enums import Role
from ksb.celery import app as celery
from ksb.core import outbox
from ksb.core.models import OutboxEvent
from ksb.logs import MaskingFormatter
from participants.models import Household, Resident
from tests import factories as f
from tests.support import access

NUMBERS_OF_PEOPLE = re.compile(r"nik|kk|identity|number|nomor|name|birth", re.IGNORECASE)
MASK = MaskingFormatter("{name} {message}", style="{")


@pytest.fixture
def numbers(undone):
    """Every NIK and KK number of the world."""
    people = set(Resident.objects.values_list("nik", flat=True))
    return people | set(Household.objects.values_list("kk_number", flat=True))


@pytest.fixture
def log():
    """Everything anybody writes to a log, as it would stand in the file, and as it came."""
    written, raw = [], []

    class Keeper(logging.Handler):
        def emit(self, record):
            written.append(MASK.format(record))
            raw.append(record.getMessage())

    keeper = Keeper(logging.DEBUG)
    loggers = [logging.getLogger(name) for name in (None, *settings.LOGGING["loggers"])]
    levels = [logger.level for logger in loggers]
    for logger in loggers:
        logger.addHandler(keeper)
        logger.setLevel(logging.DEBUG)
    yield written, raw
    for logger, level in zip(loggers, levels, strict=True):
        logger.removeHandler(keeper)
        logger.setLevel(level)


def held(numbers, text):
    """Numbers of people that stand in ``text``, in groups or not."""
    plain = re.sub(r"[ .\u00a0-]", "", text)
    return {number for number in numbers if number in plain}


def details(person):
    return {
        "kk_number": person.household.kk_number,
        "nik": person.nik,
        "birth_date": f"{person.birth_date:%d-%m-%Y}",
    }


def journeys(world, visitors):
    """Requests that carry numbers of people, right and wrong, and every answer they lead to."""
    person, other = world.own("letter", Role.PUSKESMAS_CLERK).resident, world.own("family", Role.AUDITOR).head
    clerk, counter = visitors[Role.PUSKESMAS_CLERK], visitors[Role.REGISTRATION_CLERK]
    auditor, resident = visitors[Role.AUDITOR], Client(raise_request_exception=False)
    search, families, portal = reverse("referrals:search"), reverse("participants:families"), reverse("resident:check")
    asked = reverse("api:eligibility-list")
    people, nobody = "/admin/participants/resident/", "3275990101909999"
    sent = [
        *((clerk, search, {"nik": number}) for number in (person.nik, nobody, person.nik[:-1], f"{person.nik} x")),
        *((counter, families, {"number": n}) for n in (other.nik, other.household.kk_number, nobody, f"{other.nik}1")),
        *((resident, portal, {**details(other), "nik": nik}) for nik in (person.nik, other.nik[:-1], "")),
        (resident, portal, details(other)),
        (auditor, people, {"q": other.nik}),
        (auditor, people, {"q": other.household.kk_number}),
        (clerk, f"/no-such-page/?nik={nobody}", {"nik": person.nik}),
        (counter, search, {"nik": person.nik}),
        (resident, search, {"nik": person.nik}),
        (resident, reverse("login"), {"username": person.nik, "password": other.nik}),
        (visitors[Role.HOSPITAL_DESK], reverse("referrals:inbox"), {"number": person.nik}),
        (visitors[Role.HOSPITAL_BILLER], reverse("claims:hand_in"), {"file": person.nik}),
    ]
    for client, address, data in sent:
        answer = client.post(address, data)
        yield client, answer
        if answer.status_code == 302:
            yield client, client.get(answer.url)
    for nik in (person.nik, nobody, person.nik[:-1]):
        yield clerk, clerk.post(asked, {"nik": nik}, "application/json")


# Addresses


def test_no_address_takes_a_number_of_a_person():
    parts = {part for route in access.routes() for part in route.parts}
    assert not [part for part in parts if NUMBERS_OF_PEOPLE.search(part)]
    keys = [model._meta.pk for model in admin.site._registry]
    assert keys
    assert not [
        str(key) for key in keys if NUMBERS_OF_PEOPLE.search(key.name) and key.get_internal_type() == "CharField"
    ]


def test_no_form_that_asks_for_a_number_sends_it_in_the_address(undone, visitors):
    """A form without ``method="post"`` writes its fields into the address."""
    found = []
    for route in access.routes():
        if not route.in_admin or route.name.endswith("_changelist"):
            role = min(route.door or [Role.AUDITOR])
            page = visitors[role].get(undone.address(route, role)).getvalue().decode(errors="replace")
            for form in re.findall(r"<form\b(?:(?!method=\"post\")[^>])*>.*?</form>", page, re.DOTALL | re.IGNORECASE):
                names = re.findall(r'name="([^"]+)"', form)
                found += [f"{route.template}: {name}" for name in names if re.search(r"nik|kk|number|^q$", name)]
    assert not found


# Logs, addresses, cookies, error pages


def test_numbers_of_people_get_into_no_log_no_redirect_and_no_cookie(undone, visitors, numbers, log):
    written, raw = log
    seen = 0
    for client, answer in journeys(undone, visitors):
        seen += 1
        assert answer.status_code < 500
        assert not held(numbers, answer.get("Location", ""))
        for cookie in answer.cookies.values():
            assert not held(numbers, cookie.value)
        if answer.status_code >= 400:
            assert not held(numbers, answer.content.decode(errors="replace"))
        client.cookies.pop("messages", None)
    assert seen > 25
    assert raw
    assert not held(numbers, "\n".join(raw))
    assert not held(numbers, "\n".join(written))


def test_an_error_of_the_program_tells_no_number(undone, visitors, numbers, log, monkeypatch):
    """Neither the page nor the traceback: a database names the offending value in its complaint."""
    person = undone.own("letter", Role.PUSKESMAS_CLERK).resident

    def broken(**asked):
        raise RuntimeError(f"Key (nik)=({asked['nik']}) and {person.household.kk_number[:8]} {person.nik[8:]}")

    monkeypatch.setattr("referrals.finding.look_up", broken)
    answer = visitors[Role.PUSKESMAS_CLERK].post(reverse("referrals:search"), {"nik": person.nik})
    written, _raw = log
    assert answer.status_code == 500
    assert not held(numbers, answer.content.decode())
    assert "Key (nik)=([16 digits])" in "".join(written)
    assert not held(numbers, "".join(written))


def test_what_an_outbox_handler_trips_over_is_kept_without_the_number(undone, monkeypatch):
    person = undone.own("letter", Role.PUSKESMAS_CLERK).resident

    def broken(event):
        raise ValueError(f"nobody has the NIK {person.nik}")

    monkeypatch.setitem(outbox._handlers, "test.broken", broken)
    event = outbox.emit("test.broken", person)
    OutboxEvent.objects.exclude(pk=event.pk).filter(handled__isnull=True).update(handled=f.NOW)
    outbox.drain()
    event.refresh_from_db()
    assert event.error == "ValueError: nobody has the NIK [16 digits]"


# What is kept


def test_the_journal_and_the_outbox_hold_no_number(undone, visitors, numbers):
    for _client, _answer in journeys(undone, visitors):
        pass
    with connection.cursor() as cursor:
        cursor.execute("SELECT data::text FROM core_journalentry UNION ALL SELECT payload::text FROM core_outboxevent")
        kept = [text for (text,) in cursor.fetchall()]
        cursor.execute("SELECT key FROM core_ratebucket")
        keys = [key for (key,) in cursor.fetchall()]
    assert len(kept) > 50
    assert not held(numbers, "\n".join(kept))
    assert keys
    assert not held(numbers, "\n".join(keys))


def test_messages_to_workers_carry_keys_only():
    ours = [task for name, task in celery.tasks.items() if not name.startswith("celery.")]
    parameters = {name for task in ours for name in inspect.signature(task.run).parameters}
    assert ours
    assert not [name for name in parameters if NUMBERS_OF_PEOPLE.search(name)]
    assert celery.conf.task_serializer == "json"


# Residents


def test_the_familys_own_page_shows_no_whole_number_and_no_whole_name(undone, numbers):
    household = undone.own("member family", Role.REGISTRATION_CLERK)
    browser = Client()
    page = browser.post(reverse("resident:check"), details(household.head), follow=True)
    assert page.redirect_chain[0][0] == reverse("resident:family")
    text = page.content.decode()
    assert not held(numbers, text)
    for person in household.residents.all():
        assert person.name not in text
        assert f"{person.birth_date:%d-%m-%Y}" not in text


@pytest.mark.parametrize("kind", ["letter", "card", "BAHV"])
def test_what_a_scanned_code_says_holds_nobody(undone, numbers, kind):
    thing = undone.own(kind, Role.PUSKESMAS_CLERK)
    name = {"letter": "validity:letter", "card": "resident:card", "BAHV": "verification:bahv_validity"}[kind]
    page = Client().get(reverse(name, args=[thing.token]))
    assert page.status_code == 200
    assert not held(numbers, page.content.decode())
    assert not [person for person in Resident.objects.all() if person.name in page.content.decode()]
