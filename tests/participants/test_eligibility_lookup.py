"""Looking people up: who may, how often, what is left behind, and what programs and operators are told."""

import datetime
import json
import logging

import pytest
from django.core.management import call_command
from django.utils import translation
from rest_framework.authtoken.models import Token

from facilities.enums import Role
from ksb.core import ratelimit
from ksb.core.errors import NotAllowed, Refused
from ksb.core.models import JournalEntry, RateBucket
from ksb.logs import MaskingFormatter
from participants import lookups
from participants.eligibility import evaluate, family_view, thaw
from participants.enums import Decision, SyncKind
from participants.lookups import LOOK_UP_ROLES, look_up
from participants.models import Lookup
from tests.factories import (
    NOW,
    TODAY,
    cover_elsewhere,
    covered_person,
    enrol,
    fresh_sources,
    make_family,
    make_resident,
    make_run,
    make_user,
)

pytestmark = pytest.mark.django_db

DAY = datetime.timedelta(days=1)
URL = "/api/v1/eligibility/"
UNKNOWN = "3275019999999999"


@pytest.fixture
def clerk():
    return make_user(Role.PUSKESMAS_CLERK)


@pytest.fixture
def ask(client, clerk, time_machine):
    """Put a question to the API as a program of the clerk's Puskesmas."""
    time_machine.move_to(NOW, tick=False)
    token = Token.objects.create(user=clerk)

    def post(headers=None, **question):
        headers = headers or {"Authorization": f"Token {token.key}"}
        return client.post(URL, question, content_type="application/json", headers=headers)

    return post


# The service


def test_a_look_up_leaves_an_audit_row_and_a_journal_entry(clerk):
    person = covered_person()
    lookup = look_up(nik=person.nik, actor=clerk, purpose="SJP", at=NOW)
    row = Lookup.objects.visible_to(clerk).get(pk=lookup.pk)
    assert (row.resident, row.actor, row.purpose, row.at, row.decision) == (person, clerk, "SJP", NOW, "COVERED")
    assert lookup.evaluation.covered
    entry = JournalEntry.objects.about(person).get(verb="lookup.made")
    assert entry.actor == clerk
    assert entry.data == {"purpose": "SJP", "lookup": str(lookup.pk)}


def test_an_unknown_nik_is_refused_with_what_to_do_and_journalled_without_it(clerk):
    with pytest.raises(Refused) as refusal:
        look_up(nik=UNKNOWN, actor=clerk, purpose="SJP", at=NOW)
    assert refusal.value.code == "C02"
    assert "Disdukcapil" in refusal.value.message
    entry = JournalEntry.objects.get(verb="lookup.unknown")
    assert UNKNOWN not in json.dumps(entry.data)
    assert not Lookup.objects.exists()


@pytest.mark.parametrize(
    "nik", ["", "327501", "32750199999999999", "327501999999999x", "３２７５０１９９９９９９９９９９"]
)
def test_a_nik_without_16_digits_is_refused_before_anybody_is_looked_at(clerk, nik):
    with pytest.raises(Refused, match="16") as refusal:
        look_up(nik=nik, actor=clerk, purpose="SJP", at=NOW)
    assert refusal.value.code == "nik"
    assert not JournalEntry.objects.filter(verb__startswith="lookup").exists()


@pytest.mark.parametrize("role", [role for role in Role if role not in LOOK_UP_ROLES])
def test_roles_without_a_desk_look_nobody_up(role):
    person = covered_person()
    with pytest.raises(NotAllowed):
        look_up(nik=person.nik, actor=make_user(role), purpose="SJP", at=NOW)
    assert not Lookup.objects.exists()


def test_beyond_the_hourly_limit_nobody_is_looked_at(clerk, monkeypatch):
    monkeypatch.setattr(lookups, "PER_HOUR", 2)
    person = covered_person()
    for _ in range(2):
        look_up(nik=person.nik, actor=clerk, purpose="SJP", at=NOW)
    with pytest.raises(ratelimit.TooMany) as refusal:
        look_up(nik=person.nik, actor=clerk, purpose="SJP", at=NOW)
    assert refusal.value.retry_after == 1800
    assert Lookup.objects.count() == 2
    assert JournalEntry.objects.filter(verb__startswith="lookup").count() == 2
    assert look_up(nik=person.nik, actor=clerk, purpose="SJP", at=NOW + datetime.timedelta(hours=1))
    assert look_up(nik=person.nik, actor=make_user(Role.AUDITOR), purpose="AUDIT", at=NOW)


def test_the_limit_is_that_of_the_brick(clerk):
    person = covered_person()
    look_up(nik=person.nik, actor=clerk, purpose="SJP", at=NOW)
    assert RateBucket.objects.get(key__startswith="lookup:").hits == 1
    with pytest.raises(ratelimit.TooMany):
        ratelimit.hit("lookup", clerk.pk, limit=1, seconds=3600, now=NOW)


def test_one_statement_a_look_up(clerk, query_count):
    person = covered_person()
    look_up(nik=person.nik, actor=clerk, purpose="SJP", at=NOW)  # prepares the statement
    with query_count("participants.look_up"):
        look_up(nik=person.nik, actor=clerk, purpose="SJP", at=NOW)


def test_one_statement_an_evaluation_and_a_family_of_any_size(query_count):
    household, large = make_family(2), make_family(7)
    person = household.residents.first()
    evaluate(person, on=TODAY, at=NOW)
    family_view(person, on=TODAY, at=NOW)
    with query_count("participants.evaluate"):
        evaluate(person.nik, on=TODAY, at=NOW)
    resident = large.residents.select_related("household").first()
    with query_count("participants.family_view"):
        family = family_view(resident, on=TODAY, at=NOW)
    assert len(family.members) == 7


# The evaluation


def test_the_family_head_first_each_with_a_decision():
    household = make_family(4)
    enrol(household)
    fresh_sources()
    children = household.residents.order_by("birth_date")[2:]
    cover_elsewhere(children[0], segment=21)
    family = family_view(children[1], on=TODAY, at=NOW)
    assert family.household == household
    assert family.members[0].resident == household.head
    assert [m.evaluation.decision for m in family.members].count(Decision.COVERED) == 3
    assert family.member(children[0]).evaluation.headline_rule == "C12"
    assert len(family.covered) == 3
    assert family.members[0].resident.name == household.head.name


def test_what_was_known_at_a_moment_can_be_replayed():
    person = covered_person()
    row = cover_elsewhere(person, segment=21, known_from=NOW)
    assert evaluate(person, on=TODAY, at=NOW).headline_rule == "C12"
    make_run(SyncKind.REGISTRY, snapshot_date=TODAY - DAY, at=NOW - DAY)
    make_run(SyncKind.JKN, snapshot_date=TODAY - DAY, at=NOW - DAY)
    before = NOW - datetime.timedelta(hours=1)
    assert evaluate(person, on=TODAY, at=NOW, known_at=before).covered
    type(row).objects.filter(pk=row.pk).update(open=False, known_to=NOW + DAY)
    assert evaluate(person, on=TODAY, at=NOW + DAY, known_at=NOW).headline_rule == "C12"
    assert evaluate(person, on=TODAY, at=NOW + DAY).covered


def test_next_change_is_the_first_of_the_persons_dates_and_the_age_of_the_sources():
    person = covered_person(birth_date=TODAY.replace(year=2009) + 2 * DAY, ektp_recorded=False)
    at = NOW.replace(hour=0, minute=5)
    assert evaluate(person, on=TODAY, at=at, known_at=NOW).next_change_on == TODAY + DAY  # registry: 36 hours
    assert evaluate(person, on=TODAY - 40 * DAY, at=NOW).next_change_on == TODAY + DAY
    old = TODAY - 400 * DAY
    assert evaluate(person, on=old, at=NOW).next_change_on is not None


def test_reasons_speak_both_languages_and_the_active_one_on_screen():
    person = covered_person(resident_since=TODAY - 30 * DAY)
    headline = evaluate(person, on=TODAY, at=NOW).headline
    assert "23 Oktober 2026" in headline.message_id
    assert "23 October 2026" in headline.message_en
    with translation.override("en"):
        assert headline.message == headline.message_en
    with translation.override("id"):
        assert headline.message == headline.message_id


def test_a_frozen_decision_names_nobody_and_can_be_shown_again():
    person = covered_person()
    cover_elsewhere(person, segment=14, status=9)
    evaluation = evaluate(person, on=TODAY, at=NOW)
    frozen = json.loads(json.dumps(evaluation.as_json()))
    assert person.nik not in json.dumps(frozen)
    assert person.name not in json.dumps(frozen)
    assert thaw(frozen) == list(evaluation.reasons)
    assert frozen["facts"]["registry_date"] == TODAY.isoformat()


# The interface for programs


def test_a_program_is_told_the_decision_with_every_reason(ask, clerk):
    person = covered_person()
    cover_elsewhere(person, segment=21)
    answer = ask(nik=person.nik, on="2026-11-22", service="INPATIENT")
    assert answer.status_code == 200
    data = answer.json()
    assert (data["nik"], data["on"], data["service"], data["scheme"]) == (person.nik, "2026-11-22", "INPATIENT", "P6")
    assert (data["decision"], data["headline_rule"]) == ("EXCLUDED_PBI_APBN", "C12")
    [reason] = data["reasons"]
    assert set(reason) >= {"rule", "blocking", "message_id", "message_en", "law", "source", "source_date"}
    assert reason["blocking"] is True
    assert Lookup.objects.get(pk=data["lookup"]).purpose == "API"


def test_one_statement_a_request_of_a_program(ask, query_count):
    person = covered_person()
    ask(nik=person.nik)
    with query_count("api.eligibility"):
        assert ask(nik=person.nik).status_code == 200


def test_a_programs_mistakes_are_named(ask):
    answer = ask(nik="327501", on="22-11-2026", service="DENTAL")
    assert answer.status_code == 400
    assert set(answer.json()) == {"nik", "on", "service"}
    assert "16" in answer.json()["nik"][0]
    unknown = ask(nik=UNKNOWN)
    assert unknown.status_code == 404
    assert unknown.json()["code"] == "C02"
    assert UNKNOWN not in unknown.content.decode()


def test_a_body_that_is_no_object_is_a_mistake_and_no_crash(client, clerk):
    client.force_login(clerk)
    for body in ("[]", '"text"', "3", "{"):
        answer = client.post(URL, body, content_type="application/json")
        assert answer.status_code == 400


def test_without_a_valid_token_nothing_is_told(ask, client, clerk):
    person = covered_person()
    assert client.post(URL, {"nik": person.nik}, content_type="application/json").status_code == 401
    assert ask(headers={"Authorization": "Token wrong"}, nik=person.nik).status_code == 401
    assert ask(nik=person.nik).status_code == 200
    clerk.is_active = False
    clerk.save()
    assert ask(nik=person.nik).status_code == 401


def test_the_roles_of_a_token_are_those_of_its_user_today(ask, clerk):
    person = covered_person()
    clerk.memberships.update(valid_to=TODAY - DAY)
    answer = ask(nik=person.nik)
    assert answer.status_code == 403
    assert answer.headers["Content-Type"] == "application/json"


def test_a_program_that_asks_too_often_is_told_when_to_come_again(ask, monkeypatch):
    monkeypatch.setattr(lookups, "PER_HOUR", 1)
    person = covered_person()
    ask(nik=person.nik)
    answer = ask(nik=person.nik)
    assert answer.status_code == 429
    assert answer.headers["Retry-After"] == "1800"


def test_own_pages_ask_with_the_session_and_its_csrf_token(clerk):
    from django.test import Client

    person = covered_person()
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(clerk)
    assert browser.post(URL, {"nik": person.nik}, content_type="application/json").status_code == 403
    trusting = Client()
    trusting.force_login(clerk)
    assert trusting.post(URL, {"nik": person.nik}, content_type="application/json").status_code == 200


def test_no_nik_in_an_address(client, clerk):
    client.force_login(clerk)
    assert client.get(URL, {"nik": UNKNOWN}).status_code == 405
    assert client.get(f"{URL}{UNKNOWN}/").status_code == 404


def test_the_description_for_programmers_names_the_question_and_the_answer(client, clerk):
    client.force_login(clerk)
    schema = client.get("/api/v1/schema/")
    assert schema.status_code == 200
    assert b"/api/v1/eligibility/" in schema.content
    assert b"headline_rule" in schema.content


# The command


def run(*arguments):
    """Output and exit code of ``manage.py coverage``."""
    from io import StringIO

    out = StringIO()
    try:
        call_command("coverage", *arguments, stdout=out)
    except SystemExit as end:
        return out.getvalue(), end.code
    return out.getvalue(), 0


def test_the_command_prints_the_decision_for_programs(time_machine):
    time_machine.move_to(NOW, tick=False)
    person = covered_person()
    out, code = run(person.nik, "--json")
    data = json.loads(out)
    assert code == 0
    assert data["nik"] == person.nik
    assert (data["decision"], data["headline_rule"], data["scheme"]) == ("COVERED", "C34", "P6")
    assert set(data) >= {"nik", "on", "service", "scheme", "decision", "headline_rule", "reasons"}


def test_the_command_prints_every_reason_for_people_and_exits_1_when_not_covered(time_machine):
    time_machine.move_to(NOW, tick=False)
    person = covered_person()
    cover_elsewhere(person, segment=21)
    out, code = run(person.nik, "--on", "2026-11-20", "--service", "INPATIENT")
    assert code == 1
    assert "C12" in out
    assert "Perpres 82/2018" in out
    assert run(UNKNOWN, "--json")[1] == 1


def test_the_command_replays_what_was_known(time_machine):
    time_machine.move_to(NOW + DAY, tick=False)
    person = covered_person()
    make_run(SyncKind.REGISTRY, snapshot_date=TODAY - DAY, at=NOW - DAY)
    make_run(SyncKind.JKN, snapshot_date=TODAY - DAY, at=NOW - DAY)
    cover_elsewhere(person, segment=21, known_from=NOW)
    assert run(person.nik, "--on", "2026-11-22")[1] == 1
    assert run(person.nik, "--on", "2026-11-22", "--known-at", "2026-11-22T09:00")[1] == 0
    assert run(person.nik, "--on", "2026-11-21", "--known-at", "2026-11-21")[1] == 0


@pytest.mark.parametrize("wrong", [["--on", "22-11-2026"], ["--on", "2026-02-30"], ["--known-at", "yesterday"]])
def test_the_command_exits_2_on_wrong_use(wrong):
    from django.core.management import ManagementUtility

    with pytest.raises(SystemExit) as end:
        ManagementUtility(["manage.py", "coverage", UNKNOWN, *wrong]).execute()
    assert end.value.code == 2


def test_a_nik_in_a_message_does_not_reach_the_log():
    record = logging.LogRecord("ksb", logging.ERROR, "", 0, f"look-up of {UNKNOWN} failed", None, None)
    assert UNKNOWN not in MaskingFormatter("{message}", style="{").format(record)


def test_everybody_on_the_list_of_look_up_roles_may(clerk):
    person = make_resident()
    for role in LOOK_UP_ROLES:
        assert look_up(nik=person.nik, actor=make_user(role), purpose="TEST", at=NOW).resident_id == person.pk
