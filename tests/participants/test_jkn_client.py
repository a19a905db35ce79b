"""Asking BPJS on line: sealed exchanges with a real server on loopback, and what their answers change for the rules."""

import contextlib
import datetime
import json
import threading

import pytest
from django.db import connections
from hypothesis import given
from hypothesis import strategies as st

from facilities.enums import Role
from ksb.core.models import JournalEntry
from ksb.demo.bpjs import CONS_ID, SECRET, compress, member, sealed
from participants.eligibility import evaluate
from participants.enums import CoverageSource, Decision, SyncKind
from participants.enums import OnlineOutcome as O
from participants.jkn import envelope, sync
from participants.jkn.client import ask_membership
from participants.jkn.lzstring import decompress
from participants.models import CoverageStatus, OnlineCheck, OtherCoverage
from tests.factories import (
    NOW,
    TODAY,
    cover_elsewhere,
    covered_person,
    enrol,
    fresh_sources,
    make_resident,
    make_run,
    make_user,
)
from tests.participants.online import bpjs

__all__ = ["bpjs"]
DAY = datetime.timedelta(days=1)
BPJS = "PSNOKA,NIK,NAMA,TGLLHR,JENISPESERTA,KDSTATUSPST,TMT,TAT"
OLD = TODAY - 60 * DAY


@pytest.fixture
def clerk(db):
    return make_user(Role.PUSKESMAS_CLERK)


def ask(clerk, person, *, at=NOW):
    return ask_membership(resident=person, purpose="SJP", actor=clerk, at=at)


def stale_jkn_person(**values):
    """A member of an enrolled family, with a fresh registry and JKN lists that are too old."""
    person = make_resident(**values)
    enrol(person.household)
    make_run(SyncKind.REGISTRY)
    make_run(SyncKind.JKN, snapshot_date=OLD, at=NOW - 60 * DAY)
    return person


def judge(person, *, on=TODAY, at=NOW, **how):
    return evaluate(person, on=on, at=at, **how)


# The seal


@pytest.mark.parametrize(
    ("packed", "text"),
    [
        ("BIUwNmD2A0AEDukBOYAmQ", "Hello, world"),
        ("IJA", "A"),
        ("II1-EA", "A" * 16),
        (
            "N4IgDgpgzhBOAuBDEAuUA7RBbZKQGUBJAFUIAIBBAWUIDkKAJEAGhBgA9UQAFEAXz5A",
            '{"peserta":{"nama":"SITI AMINAH","sex":"P"}}',
        ),
        ("CoUwtgRg9g1gBIZAI6GpnOBDC7MaA", "Tembok \u2013 \u732b ab ab ab"),
    ],
)
def test_what_another_implementation_packed_is_unpacked_and_packed_alike(packed, text):
    assert decompress(packed) == text
    assert compress(text) == packed


@given(st.text(st.characters(max_codepoint=0xFFFF, exclude_categories=["Cs"]), max_size=300))
def test_whatever_was_packed_comes_out_again(text):
    assert decompress(compress(text)) == text


@given(st.text("ABCabc0129+-$ \n=", max_size=60))
def test_what_was_never_packed_is_refused_or_text_and_nothing_else(noise):
    with contextlib.suppress(ValueError):
        assert isinstance(decompress(noise), str)


def test_the_signature_is_the_one_openssl_makes():
    headers = envelope.headers(cons_id="testtesttest", secret="secretkey", user_key="k", timestamp=433223232)
    assert headers["X-signature"] == "qB5qkUE6X7mAoN619kAQ4tM+FOcJQphlLwvdoQgKSQc="
    assert (headers["X-cons-id"], headers["X-timestamp"], headers["user_key"]) == ("testtesttest", "433223232", "k")


def test_only_who_has_the_secret_and_the_moment_opens_an_answer():
    text = sealed({"a": 1}, "1000")
    assert envelope.opened(text, cons_id=CONS_ID, secret=SECRET, timestamp=1000) == {"a": 1}
    for wrong in ({"secret": "x"}, {"timestamp": 1001}, {"cons_id": "1"}):
        with pytest.raises(ValueError):
            envelope.opened(text, **{"cons_id": CONS_ID, "secret": SECRET, "timestamp": 1000} | wrong)


# The exchange


def test_an_active_member(bpjs, clerk):
    person = covered_person()
    bpjs.register[person.nik] = member(person.nik)
    check = ask(clerk, person)
    assert (check.outcome, check.answer["segment"], check.answer["until"]) == (O.FOUND, 13, "2054-01-01")
    assert "SITI" not in json.dumps(check.answer)
    assert judge(person).headline_rule == "C14"


@pytest.mark.parametrize(("segment", "rule"), [("21", "C12"), ("22", "C13"), ("14", "C14")])
def test_each_kind_of_member_meets_its_rule(bpjs, clerk, segment, rule):
    person = covered_person()
    bpjs.register[person.nik] = member(person.nik, jenisPeserta={"kode": segment, "keterangan": "X"}, tglTAT=None)
    ask(clerk, person)
    assert judge(person).headline_rule == rule


@pytest.mark.parametrize("status", ["2", "6", "7", "9", "15"])
def test_an_inactive_member_is_covered_and_advised(bpjs, clerk, status):
    person = covered_person()
    bpjs.register[person.nik] = member(person.nik, statusPeserta={"kode": status, "keterangan": "NON AKTIF"})
    assert ask(clerk, person).outcome == O.INACTIVE
    decided = judge(person)
    assert decided.decision == Decision.COVERED
    assert "C15" in [reason.rule for reason in decided.applying]


def test_nobody_with_this_nik_is_no_lapsed_member(bpjs, clerk):
    person = covered_person()
    assert ask(clerk, person).outcome == O.NOT_FOUND
    decided = judge(person)
    assert decided.decision == Decision.COVERED
    assert "C15" not in [reason.rule for reason in decided.applying]


def test_the_question_is_signed_and_the_number_stands_in_no_journal(bpjs, clerk):
    person = covered_person()
    ask(clerk, person)
    assert bpjs.requests[0][1].endswith(f"/tglSEP/{TODAY}")
    assert bpjs.requests[0][2]["X-cons-id"] == CONS_ID
    for entry in JournalEntry.objects.filter(verb__in=["online.ask", "jkn.told_online"]):
        assert person.nik not in json.dumps(entry.data)


def test_a_wrong_secret_is_refused_access_and_stops_the_asking(bpjs, clerk, settings):
    settings.ONLINE = settings.ONLINE | {"JKN": settings.ONLINE["JKN"] | {"SECRET": "salah"}}
    person = covered_person()
    assert [ask(clerk, person).outcome for _ in range(5)] == [*[O.DENIED] * 4, O.UNREACHABLE]
    assert len(bpjs.requests) == 4


@pytest.mark.parametrize(
    ("said", "outcome"),
    [
        (("201", "Peserta Tidak Terdaftar"), O.NOT_FOUND),
        (("201", "NIK Tidak Valid"), O.BAD_NUMBER),
        (("500", "Internal error"), O.UNREACHABLE),
        (("429", "Limit akses terlampaui"), O.QUOTA),
        (("201", "sesuatu yang baru"), O.UNCLEAR),
        (("200", "OK"), O.UNCLEAR),
    ],
)
def test_codes_and_texts_of_bpjs_are_brought_to_few_outcomes(bpjs, clerk, said, outcome):
    bpjs.said = said
    assert ask(clerk, covered_person()).outcome == outcome


@pytest.mark.parametrize("fault", ["slow", "drop", "status", "html", "malformed", "huge", "empty", "null"])
def test_every_fault_of_the_server_changes_nothing(bpjs, clerk, fault):
    person = covered_person()
    bpjs.register[person.nik] = member(person.nik)
    bpjs.fault = fault
    check = ask(clerk, person)
    assert check.outcome in (O.UNREACHABLE, O.UNCLEAR)
    assert check.fault
    assert not OtherCoverage.objects.exists()
    assert judge(person).decision == Decision.COVERED


@pytest.mark.parametrize(
    "wrong",
    [
        {"nik": "3275015705900009"},
        {"jenisPeserta": None},
        {"statusPeserta": {"kode": "x"}},
        {"jenisPeserta": {"kode": "99"}},
        {"statusPeserta": {"kode": "99"}},
    ],
)
def test_an_answer_that_cannot_be_right_is_not_taken(bpjs, clerk, wrong):
    person = covered_person()
    bpjs.register[person.nik] = member(person.nik) | wrong
    assert ask(clerk, person).outcome == O.UNCLEAR
    assert not OtherCoverage.objects.exists()


@pytest.mark.parametrize("days", [{"tglTMT": None, "tglTAT": None}, {"tglTMT": "0000-00-00"}, {"tglTMT": "2030-01-01"}])
def test_days_that_are_missing_or_nonsense_still_make_an_active_member_of_today(bpjs, clerk, days):
    person = covered_person()
    bpjs.register[person.nik] = member(person.nik, **days)
    ask(clerk, person)
    assert judge(person).headline_rule == "C14"


# What it is worth


def test_with_old_lists_the_answer_of_today_decides_today_and_no_longer(bpjs, clerk):
    person = stale_jkn_person()
    assert judge(person).headline_rule == "C32"
    ask(clerk, person)
    decided = judge(person)
    assert (decided.decision, decided.next_change_on) == (Decision.COVERED, TODAY + DAY)
    assert decided.facts["jkn_date"] == TODAY
    make_run(SyncKind.REGISTRY, snapshot_date=TODAY + DAY, at=NOW + DAY)
    assert judge(person, on=TODAY + DAY, at=NOW + DAY).headline_rule == "C32"


def test_an_answer_about_one_person_says_nothing_of_another(bpjs, clerk):
    person = stale_jkn_person()
    sibling = make_resident(person.household)
    ask(clerk, person)
    assert judge(sibling).headline_rule == "C32"


def test_the_list_of_the_city_turns_with_the_answer(bpjs, clerk):
    person = stale_jkn_person()
    bpjs.register[person.nik] = member(person.nik)
    ask(clerk, person)
    assert CoverageStatus.objects.get(resident=person).headline_rule == "C14"


def test_what_was_known_before_can_be_replayed(bpjs, clerk):
    person = covered_person()
    bpjs.register[person.nik] = member(person.nik)
    ask(clerk, person)
    fresh_sources(at=NOW - DAY / 12)
    assert judge(person, known_at=NOW - DAY / 24).decision == Decision.COVERED


def test_an_interval_of_a_list_is_never_touched(bpjs, clerk):
    person = covered_person()
    told = cover_elsewhere(person, segment=13, until=TODAY + 300 * DAY)
    before = OtherCoverage.objects.filter(pk=told.pk).values().get()
    bpjs.register[person.nik] = member(person.nik, jenisPeserta={"kode": "21", "keterangan": "PBI (APBN)"})
    ask(clerk, person)
    assert OtherCoverage.objects.filter(pk=told.pk).values().get() == before
    assert OtherCoverage.objects.filter(resident=person).count() == 2


def test_asked_again_the_newer_answer_replaces_the_older_and_nothing_is_deleted(bpjs, clerk):
    person = covered_person()
    bpjs.register[person.nik] = member(person.nik)
    first, second = ask(clerk, person), ask(clerk, person, at=NOW + DAY / 24)
    rows = OtherCoverage.objects.filter(resident=person, source=CoverageSource.ONLINE).order_by("pk")
    assert [(row.open, row.known_to) for row in rows] == [(False, NOW + DAY / 24), (True, None)]
    assert first.outcome == second.outcome == O.FOUND


def test_a_membership_that_ended_stays_true_for_its_days(bpjs, clerk):
    person = covered_person()
    bpjs.register[person.nik] = member(person.nik, tglTAT=None)
    ask(clerk, person)
    later = NOW + 10 * DAY
    fresh_sources(on=TODAY + 10 * DAY, at=later)
    bpjs.register[person.nik] = member(person.nik, statusPeserta={"kode": "6", "keterangan": "BERAKHIR"})
    ask(clerk, person, at=later)
    assert judge(person, on=TODAY + 10 * DAY, at=later).decision == Decision.COVERED
    assert judge(person, on=TODAY + 5 * DAY, at=later).headline_rule == "C14"


def test_the_next_list_of_bpjs_closes_what_was_told_on_line(bpjs, clerk, tmp_path):
    person = covered_person()
    bpjs.register[person.nik] = member(person.nik, tglTAT=None)
    ask(clerk, person)
    on = TODAY + 5 * DAY
    other = make_resident()
    path = tmp_path / f"bpjs-{on:%Y%m%d}.csv"
    path.write_text(f"{BPJS}\n{1:013},{other.nik},{other.name},{other.birth_date},13,0,2020-01-01,\n")
    sync.run(paths=[path], actor=None, at=NOW + 5 * DAY)
    told = OtherCoverage.objects.get(resident=person, source=CoverageSource.ONLINE)
    assert (told.open, told.valid_to, told.known_to) == (False, on - DAY, None)
    make_run(SyncKind.REGISTRY, snapshot_date=on, at=NOW + 5 * DAY)
    assert judge(person, on=on, at=NOW + 5 * DAY).decision == Decision.COVERED


def test_the_check_names_who_asked_and_for_what(bpjs, clerk):
    check = ask(clerk, covered_person())
    assert OnlineCheck.objects.get() == check
    assert (check.actor, check.purpose, check.service) == (clerk, "SJP", "JKN")


@pytest.mark.django_db(transaction=True)
def test_two_desks_that_ask_at_once_leave_one_open_interval(bpjs):
    person = covered_person()
    bpjs.register[person.nik] = member(person.nik)
    clerks = [make_user(Role.PUSKESMAS_CLERK) for _ in range(4)]
    outcomes = []

    def work(clerk):
        try:
            outcomes.append(ask(clerk, person).outcome)
        finally:
            connections["default"].close()

    threads = [threading.Thread(target=work, args=[clerk]) for clerk in clerks]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert outcomes == [O.FOUND] * 4
    assert OtherCoverage.objects.filter(resident=person, open=True).count() == 1
