"""Asking Dukcapil on line, against a real server on loopback that speaks the protocol with all its faults."""

import datetime
import json
import threading

import pytest
from django.db import connections

from facilities.enums import Role
from ksb.core.errors import NotAllowed, Refused
from ksb.core.models import JournalEntry
from ksb.core.ratelimit import TooMany
from participants import online
from participants.dukcapil.client import ask_family, ask_person, ask_whether_agrees
from participants.enums import OnlineOutcome as O
from participants.models import OnlineCheck, OnlineSource
from tests.factories import NOW, TODAY, make_resident, make_user
from tests.participants.online import dukcapil, dukcapil_row

__all__ = ["dukcapil"]
pytestmark = pytest.mark.django_db
NIK = "3275015705900001"
SECOND = datetime.timedelta(seconds=1)


@pytest.fixture
def clerk():
    return make_user(Role.PUSKESMAS_CLERK)


def ask(clerk, *, nik=NIK, at=NOW):
    return ask_person(nik=nik, purpose="SJP", actor=clerk, at=at)


def source():
    return OnlineSource.objects.get(name="DUKCAPIL")


def test_a_person_is_found_and_only_what_a_desk_needs_is_kept(dukcapil, clerk):
    dukcapil.register[NIK] = dukcapil_row(NIK)
    check = ask(clerk)
    assert check.outcome == O.FOUND
    assert (check.answer["name"], check.answer["city"], check.answer["birth_date"]) == (
        "SITI AMINAH",
        "75",
        "1990-05-17",
    )
    assert "RAHASIA" not in json.dumps(check.answer)
    assert "ISLAM" not in json.dumps(check.answer)
    assert (check.actor, check.at, check.purpose, check.attempts) == (clerk, NOW, "SJP", 1)


def test_the_number_travels_in_the_body_never_in_the_address_and_stands_in_no_journal(dukcapil, clerk):
    ask(clerk)
    _method, path, _headers, body = dukcapil.requests[0]
    assert NIK not in path
    assert json.loads(body)["NIK"] == NIK
    entry = JournalEntry.objects.get(verb="online.ask")
    assert NIK not in json.dumps(entry.data)
    assert entry.data["outcome"] == "NOT_FOUND"


@pytest.mark.parametrize(
    ("code", "outcome"),
    [
        ("11", O.DECEASED),
        ("12", O.DOUBLE),
        ("13", O.NOT_FOUND),
        ("14", O.INACTIVE),
        ("15", O.BAD_NUMBER),
        ("08", O.UNCLEAR),
    ],
)
def test_each_code_is_one_outcome(dukcapil, clerk, code, outcome):
    dukcapil.register[NIK] = code
    assert ask(clerk).outcome == outcome


@pytest.mark.parametrize(
    ("said", "outcome"),
    [
        ({"RESPON": "IP Address Tidak Sesuai"}, O.DENIED),
        ({"RESPONSE": "Login Gagal"}, O.DENIED),
        ({"RESPON": "Data Tidak Ditemukan"}, O.NOT_FOUND),
        ({"RESPONSE_DESC": "Kuota Akses Hari ini telah Habis"}, O.QUOTA),
        ({"RESPON": "NIK TIDAK TERDAPAT DI DATABASE", "RESPONSE_CODE": 13}, O.NOT_FOUND),
        ({"RESPON": "Data Ditemukan", "RESPONSE_CODE": "11"}, O.DECEASED),
        ({"RESPON": "Data  Ganda", "RESPONSE_CODE": "99"}, O.DOUBLE),
        ({"RESPON": "Meninggal Dunia"}, O.DECEASED),
        ({"RESPON": "sesuatu yang baru"}, O.UNCLEAR),
        ({"RESPON": None, "RESPONSE_CODE": None}, O.UNCLEAR),
        ({"RESPONSE_CODE": [], "RESPON": {}}, O.UNCLEAR),
    ],
)
def test_texts_without_codes_and_codes_that_disagree_with_their_text_are_understood(dukcapil, clerk, said, outcome):
    dukcapil.said = said
    assert ask(clerk).outcome == outcome


def test_a_person_with_a_friendly_text_beside_is_still_found(dukcapil, clerk):
    dukcapil.register[NIK] = dukcapil_row(NIK, RESPON="Sukses")
    assert ask(clerk).outcome == O.FOUND


def test_an_answer_about_somebody_else_is_not_taken(dukcapil, clerk):
    dukcapil.register[NIK] = dukcapil_row("3275015705900002")
    check = ask(clerk)
    assert (check.outcome, check.answer) == (O.UNCLEAR, {})


@pytest.mark.parametrize(
    ("fault", "outcome", "attempts"),
    [
        ("slow", O.UNREACHABLE, 1),
        ("drip", O.UNREACHABLE, 1),
        ("drop", O.UNREACHABLE, 2),
        ("refuse", O.UNREACHABLE, 2),
        ("status", O.UNREACHABLE, 2),
        ("html", O.UNREACHABLE, 1),
        ("malformed", O.UNREACHABLE, 1),
        ("huge", O.UNREACHABLE, 1),
        ("empty", O.UNREACHABLE, 1),
        ("null", O.UNCLEAR, 1),
    ],
)
def test_every_fault_of_the_server_ends_in_an_outcome_and_only_the_harmless_ones_are_repeated(
    dukcapil, clerk, fault, outcome, attempts
):
    dukcapil.register[NIK] = dukcapil_row(NIK)
    dukcapil.fault = fault
    check = ask(clerk)
    assert (check.outcome, check.attempts, len(dukcapil.requests)) == (outcome, attempts, attempts)
    assert check.fault
    assert NIK not in check.fault


def test_nobody_waits_longer_than_the_time_allowed(dukcapil, clerk):
    dukcapil.register[NIK] = dukcapil_row(NIK)
    for dukcapil.fault in ("slow", "drip"):
        assert ask(clerk).milliseconds < 3_000


def test_a_server_that_is_gone_is_an_outcome(dukcapil, clerk, settings):
    settings.ONLINE = settings.ONLINE | {"DUKCAPIL": settings.ONLINE["DUKCAPIL"] | {"URL": "http://127.0.0.1:1"}}
    assert ask(clerk).outcome == O.UNREACHABLE


def test_a_stumble_is_repeated_and_the_second_answer_counts(dukcapil, clerk):
    dukcapil.register[NIK] = dukcapil_row(NIK)
    dukcapil.fault, dukcapil.stumbles = "drop", 1
    check = ask(clerk)
    assert (check.outcome, check.attempts, source().used) == (O.FOUND, 2, 2)
    assert source().failures == 0


def test_after_four_failures_in_a_row_nobody_asks_for_a_minute(dukcapil, clerk):
    dukcapil.fault = "html"
    for _ in range(online.FAILURES_ALLOWED):
        ask(clerk)
    dukcapil.fault = ""
    asked = len(dukcapil.requests)
    resting = ask(clerk, at=NOW + 30 * SECOND)
    assert (resting.outcome, resting.attempts, len(dukcapil.requests)) == (O.UNREACHABLE, 0, asked)
    assert ask(clerk, at=NOW + 65 * SECOND).outcome == O.NOT_FOUND
    assert (source().failures, source().rests_until) == (0, None)


def test_after_the_rest_one_tries_and_the_others_wait_for_what_it_meets(dukcapil, clerk):
    dukcapil.fault = "html"
    for _ in range(online.FAILURES_ALLOWED):
        ask(clerk)
    later = NOW + 65 * SECOND
    assert online._take_turn("DUKCAPIL", later) is None
    assert online._take_turn("DUKCAPIL", later) is not None
    source_row = source()
    assert source_row.rests_until == later + online.TRIAL


def test_each_further_failure_doubles_the_rest_up_to_a_quarter_of_an_hour(dukcapil, clerk):
    dukcapil.fault = "html"
    at, rests = NOW, []
    for _ in range(10):
        ask(clerk, at=at)
        if source().rests_until:
            rests.append(round((source().rests_until - at).total_seconds() / 60))
            at = source().rests_until + SECOND
    assert rests[:4] == [1, 2, 4, 8]
    assert max(rests) == 15


def test_an_answer_however_sad_is_no_failure(dukcapil, clerk):
    for dukcapil.register[NIK] in ("11", "12", "13", "14", "15"):
        ask(clerk)
    assert source().failures == 0


def test_the_quota_of_the_day_is_counted_for_all_and_begins_anew_tomorrow(dukcapil, clerk, settings):
    settings.ONLINE = settings.ONLINE | {"DUKCAPIL": settings.ONLINE["DUKCAPIL"] | {"DAILY_QUOTA": 2}}
    other = make_user(Role.REGISTRATION_CLERK)
    assert [ask(person).outcome for person in (clerk, other, clerk)] == [O.NOT_FOUND, O.NOT_FOUND, O.QUOTA]
    assert len(dukcapil.requests) == 2
    assert ask(clerk, at=NOW + datetime.timedelta(days=1)).outcome == O.NOT_FOUND
    assert source().used == 1


def test_when_the_service_says_that_the_quota_is_gone_nobody_asks_again_today(dukcapil, clerk):
    dukcapil.said = {"RESPON": "Kuota habis"}
    ask(clerk)
    dukcapil.said = None
    assert ask(clerk).outcome == O.QUOTA
    assert len(dukcapil.requests) == 1


def test_the_family_of_a_person(dukcapil, clerk):
    dukcapil.register[NIK] = dukcapil_row(NIK)
    dukcapil.family = lambda nik: [
        dukcapil_row(nik),
        dukcapil_row("3275010101200002", NAMA_LGKP="ANAK", STAT_HBKEL="ANAK"),
    ]
    check = ask_family(nik=NIK, purpose="REGISTRATION", actor=clerk, at=NOW)
    assert [member["name"] for member in check.answer["members"]] == ["SITI AMINAH", "ANAK"]


def test_a_family_without_the_person_asked_for_is_not_taken(dukcapil, clerk):
    dukcapil.register[NIK] = dukcapil_row(NIK)
    dukcapil.family = lambda nik: [dukcapil_row("3275010101200002")]
    assert ask_family(nik=NIK, purpose="REGISTRATION", actor=clerk, at=NOW).outcome == O.UNCLEAR


def test_whether_our_data_agree_is_answered_element_by_element(dukcapil, clerk):
    person = make_resident(name="SITI AMINAH BINTI UMAR", sex=2, birth_date=datetime.date(1990, 5, 17))
    dukcapil.register[person.nik] = dukcapil_row(person.nik, NO_KK=person.household.kk_number, TMPT_LHR="JAKARTA")
    check = ask_whether_agrees(resident=person, purpose="FAMILY", actor=clerk, at=NOW)
    elements = check.answer["elements"]
    assert elements["TGL_LHR"] == elements["JENIS_KLMIN"] == elements["NO_KK"] == [True, None]
    assert elements["TMPT_LHR"] == [False, None]
    assert elements["NAMA_LGKP"][0] is False
    assert 50 < elements["NAMA_LGKP"][1] < 90
    assert json.loads(dukcapil.requests[0][3])["TGL_LHR"] == "17-05-1990"


def test_without_a_server_in_the_settings_nobody_is_asked(clerk):
    with pytest.raises(Refused) as no:
        ask(clerk)
    assert no.value.code == "not_set_up"
    assert not OnlineCheck.objects.exists()


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.HOSPITAL_BILLER, Role.VERIFIER_ADMIN, Role.SYSTEM_ADMIN])
def test_only_desks_and_the_offices_behind_them_ask(dukcapil, role):
    with pytest.raises(NotAllowed):
        ask(make_user(role))
    assert not dukcapil.requests


def test_who_asks_too_often_is_stopped(dukcapil, clerk):
    for _ in range(online.PER_HOUR):
        ask(clerk)
    with pytest.raises(TooMany):
        ask(clerk)


def test_what_was_answered_belongs_to_the_desk_that_asked_and_to_the_offices_that_read_the_registry(dukcapil, clerk):
    check = ask(clerk)
    visible = OnlineCheck.objects.visible_to
    assert visible(clerk).get() == check
    assert not visible(make_user(Role.PUSKESMAS_CLERK)).exists()
    assert not visible(make_user(Role.SYSTEM_ADMIN)).exists()
    for reader_of_the_registry in (Role.DINKES_MEMBERSHIP, Role.REGISTRY_OPERATOR, Role.AUDITOR):
        assert visible(make_user(reader_of_the_registry)).exists()


def test_after_ninety_days_the_answer_is_emptied_and_the_record_stays(dukcapil, clerk):
    dukcapil.register[NIK] = dukcapil_row(NIK)
    check = ask(clerk)
    assert online.forget(on=TODAY + datetime.timedelta(days=90)) == 0
    assert online.forget(on=TODAY + datetime.timedelta(days=91)) == 1
    check.refresh_from_db()
    assert (check.outcome, check.answer) == (O.FOUND, {})


@pytest.mark.django_db(transaction=True)
def test_two_workers_never_ask_more_than_the_quota_together(dukcapil, settings):
    settings.ONLINE = settings.ONLINE | {"DUKCAPIL": settings.ONLINE["DUKCAPIL"] | {"DAILY_QUOTA": 5}}
    clerks = [make_user(Role.PUSKESMAS_CLERK) for _ in range(4)]

    def work(clerk):
        try:
            for _ in range(5):
                ask(clerk)
        finally:
            connections["default"].close()

    threads = [threading.Thread(target=work, args=[clerk]) for clerk in clerks]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(dukcapil.requests) == 5
    assert OnlineCheck.objects.filter(outcome=O.QUOTA).count() == 15
