"""Rows of JKN lists without an exact NIK: the reviewer's answer, the interval it opens, and what the next list does with it."""

import datetime
from threading import Thread

import pytest
from django.db import connection, transaction
from django.urls import reverse

from facilities.enums import Role
from ksb.core.errors import NotAllowed, Refused, WrongState
from ksb.core.locks import advisory_lock
from ksb.core.models import JournalEntry
from participants.enums import JknAnswer
from participants.jkn import comparison, review, sync
from participants.models import JknCandidate, Lookup, OtherCoverage
from tests import factories as f
from tests.participants.snapshots import state
from tests.participants.test_sync_jkn import BPJS, PBI, bpjs, intervals, pbi

pytestmark = pytest.mark.django_db
WRONG = "3275011705908888"
MONTH = datetime.timedelta(days=31)


@pytest.fixture
def take(tmp_path):
    def write_and_take(name, rows, *, at=f.NOW):
        path = tmp_path / name
        path.write_text("\n".join([PBI if name.startswith("pbi") else BPJS, *rows]) + "\n", encoding="utf-8")
        return sync.run(paths=[path], actor=None, at=at)[0]

    return write_and_take


@pytest.fixture
def reviewer():
    return f.make_user(Role.DINKES_MEMBERSHIP)


def same(row, person, actor, at=f.NOW):
    return review.decide(row=row, answer=JknAnswer.SAME, resident=person, actor=actor, at=at)


def mistyped(person, month):
    return f"{person.pk:013};{WRONG};{person.name};PBI APBN;{month};2026"


# The answer


def test_a_row_excludes_nobody_until_a_person_says_who_it_is(take, reviewer):
    person = f.covered_person()
    take("bpjs-202611.csv", [bpjs(person, nik=WRONG)])
    assert intervals(person) == []
    row = JknCandidate.objects.get()
    assert (row.name, row.nik, row.segment, row.seen_on) == (person.name, WRONG, 13, datetime.date(2026, 11, 30))
    same(row, person, reviewer)
    assert intervals(person) == [(13, 0, "2020-01-01", "", True)]
    interval = OtherCoverage.objects.get()
    assert (interval.review.decided_by, interval.known_from) == (reviewer, f.NOW)


@pytest.mark.parametrize("answer", [JknAnswer.OTHER, JknAnswer.UNSURE])
def test_the_other_answers_open_nothing(reviewer, answer):
    person = f.make_resident()
    row = review.decide(row=f.make_jkn_row(person), answer=answer, actor=reviewer, at=f.NOW)
    assert (row.answer, intervals(person)) == (answer, [])


def test_unsure_leaves_the_row_to_somebody_else(reviewer):
    person = f.make_resident()
    row = review.decide(row=f.make_jkn_row(person), answer=JknAnswer.UNSURE, actor=reviewer, at=f.NOW)
    other = f.make_user(Role.MEMBERSHIP_VERIFIER)
    assert same(row, person, other).decided_by == other


def test_of_two_reviewers_one_decides(reviewer):
    person = f.make_resident()
    row = f.make_jkn_row(person)
    review.decide(row=row, answer=JknAnswer.OTHER, actor=f.make_user(Role.MEMBERSHIP_VERIFIER), at=f.NOW)
    with pytest.raises(WrongState):
        same(row, person, reviewer)
    assert intervals(person) == []
    assert JournalEntry.objects.filter(verb="jkn.review").count() == 1


def test_the_same_person_is_named(reviewer):
    row = f.make_jkn_row(f.make_resident())
    with pytest.raises(Refused):
        same(row, None, reviewer)
    with pytest.raises(Refused):
        review.decide(row=row, answer="", actor=reviewer, at=f.NOW)


def test_only_reviewers_decide():
    person = f.make_resident()
    with pytest.raises(NotAllowed):
        same(f.make_jkn_row(person), person, f.make_user(Role.REGISTRY_OPERATOR))


@pytest.mark.django_db(transaction=True)
def test_nobody_decides_while_a_list_is_taken_in(reviewer):
    person = f.make_resident()
    row = f.make_jkn_row(person)
    refused = []

    def decide():
        try:
            same(row, person, reviewer)
        except Refused as no:
            refused.append(no.code)
        connection.close()

    with advisory_lock(sync.LOCK):
        thread = Thread(target=decide)
        thread.start()
        thread.join()
    assert refused == ["busy"]


def test_a_person_the_list_knows_by_an_exact_row_gets_no_second_interval(take, reviewer):
    person = f.make_resident()
    take("bpjs-202611.csv", [bpjs(person), bpjs(person, nik=WRONG, card=77)])
    same(JknCandidate.objects.get(), person, reviewer)
    assert len(intervals(person)) == 1


# Next month


def test_an_accepted_row_is_followed_by_its_card_number(take, reviewer):
    person, *others = [f.make_resident() for _ in range(4)]
    take("pbi-202611.csv", [mistyped(person, 11), *(pbi(o, 11) for o in others)])
    same(JknCandidate.objects.get(), person, reviewer)
    run = take("pbi-202612.csv", [mistyped(person, 12), *(pbi(o, 12) for o in others)], at=f.NOW + MONTH)
    assert (run.counters["to_review"], run.counters["unchanged"]) == (0, 4)
    assert intervals(person) == [(21, 0, "2026-11-01", "", True)]
    run = take("pbi-202701.csv", [pbi(o, 1, year=2027) for o in others], at=f.NOW + 2 * MONTH)
    assert run.counters["closed"] == 1
    assert intervals(person) == [(21, 0, "2026-11-01", "2026-12-31", False)]


def test_a_row_accepted_after_it_left_the_list_is_closed_at_once(take, reviewer):
    person, other = f.make_resident(), f.make_resident()
    take("pbi-202610.csv", [mistyped(person, 10), pbi(other, 10)])
    take("pbi-202611.csv", [pbi(other, 11)])
    same(JknCandidate.objects.get(), person, reviewer)
    assert intervals(person) == [(21, 0, "2026-10-01", "2026-10-31", False)]


def test_a_waiting_row_says_what_the_newest_list_says(take):
    person = f.make_resident()
    take("bpjs-202610.csv", [bpjs(person, nik=WRONG)])
    take("bpjs-202611.csv", [bpjs(person, nik=WRONG, status=9)])
    row = JknCandidate.objects.get()
    assert (row.status, row.seen_on) == (9, datetime.date(2026, 11, 30))


@pytest.mark.parametrize("kind", ["pbi", "bpjs"])
def test_with_accepted_rows_comparing_and_loading_give_the_same_result(take, reviewer, monkeypatch, kind):
    household = f.make_household()
    people = [f.make_resident(household) for _ in range(12)]
    stays, changes, leaves, *others = people

    def row(person, month, wrong, **values):
        if kind == "pbi":
            text = pbi(person, month, **values)
            return text.replace(person.nik, f"32750117059{wrong:05}") if wrong else text
        return bpjs(person, nik=f"32750117059{wrong:05}" if wrong else None, **values)

    changed = {"segment": "APBD"} if kind == "pbi" else {"segment": 14, "first": "2026-11-05"}

    def months():
        with transaction.atomic():
            mine = [(stays, 1), (changes, 2), (leaves, 3)]
            take(f"{kind}-202609.csv", [*(row(p, 9, n) for p, n in mine), *(row(o, 9, 0) for o in others)])
            for found in JknCandidate.objects.order_by("pk"):
                same(found, {p.name: p for p in people}[found.name], reviewer)
            take(f"{kind}-202610.csv", [*(row(p, 10, n) for p, n in mine), *(row(o, 10, 0) for o in others[1:])])
            rows = [row(stays, 11, 1), row(changes, 11, 2, **changed), *(row(o, 11, 0) for o in others[1:])]
            run = take(f"{kind}-202611.csv", rows)
            counters = {name: value for name, value in run.counters.items() if name != "proof"}
            found = state(), counters
            transaction.set_rollback(True)
        return found

    used = []
    load = comparison.load
    monkeypatch.setattr(comparison, "load", lambda *args: used.append(load(*args)) or used[-1])
    compared = months()
    assert used == [True, True]
    monkeypatch.setattr(comparison, "load", lambda *args: False)
    assert months() == compared


# Who it may be


def test_candidates_have_the_name_or_a_nik_of_the_same_day_and_place(reviewer):
    person = f.make_resident(name="SITI AMINAH")
    near = f.make_resident(name="SITI AMINAH BINTI UMAR", nik=f"{person.nik[:12]}7777")
    namesake = f.make_resident(name="SITI AMINAH", birth_date=datetime.date(1970, 1, 1))
    f.make_resident(name="BUDI")
    row = f.make_jkn_row(person, resident=None)
    found = review.candidates(row)
    assert [p for p, _differs in found] == [person, near, namesake] or {p for p, _d in found} == {
        person,
        near,
        namesake,
    }
    assert dict(found)[person] == {"nik"}
    assert dict(found)[namesake] == {"nik", "birth"}


def test_looking_for_candidates_takes_two_questions_whatever_the_city(django_assert_num_queries):
    row = f.make_jkn_row(f.make_resident())
    with django_assert_num_queries(2):
        review.candidates(row)


# The pages


def test_the_worklist_shows_what_is_open_and_filters_by_list_and_age(client, reviewer):
    rows = [f.make_jkn_row(f.make_resident()) for _ in range(2)]
    review.decide(row=rows[0], answer=JknAnswer.UNSURE, actor=reviewer, at=f.NOW)
    client.force_login(reviewer)
    address = reverse("participants:jkn_rows")

    def shown(**query):
        return [row.pk for row in client.get(address, query).context["page"]]

    assert shown() == [rows[1].pk]
    assert shown(answer="UNSURE") == [rows[0].pk]
    assert shown(source="PBI_LIST") == []
    assert shown(age="older") == []
    assert rows[1].nik not in client.get(address).content.decode().replace(" ", "")


def test_the_reviewer_presses_the_button_of_a_candidate(client, reviewer):
    person = f.make_resident()
    row = f.make_jkn_row(person)
    client.force_login(reviewer)
    address = reverse("participants:jkn_row", args=[row.pk])
    assert person.name in client.get(address).content.decode()
    client.post(address, {"answer": "SAME", "resident": person.pk})
    assert len(intervals(person)) == 1


def test_a_person_who_is_no_candidate_is_named_by_nik_and_looked_up(client, reviewer):
    person, other = f.make_resident(), f.make_resident(birth_date=datetime.date(1960, 2, 2))
    row = f.make_jkn_row(person)
    client.force_login(reviewer)
    address = reverse("participants:jkn_row", args=[row.pk])
    page = client.post(address, {"answer": "SAME", "resident": other.pk})
    assert page.context["form"].non_field_errors()
    client.post(address, {"answer": "SAME", "nik": other.nik})
    assert len(intervals(other)) == 1
    assert Lookup.objects.get().resident == other


def test_who_only_reads_gets_no_buttons_and_no_answer_in(client):
    row = f.make_jkn_row(f.make_resident())
    client.force_login(f.make_user(Role.AUDITOR))
    address = reverse("participants:jkn_row", args=[row.pk])
    assert not client.get(address).context["may_decide"]
    assert client.post(address, {"answer": "OTHER"}).status_code == 403
