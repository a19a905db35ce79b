"""Scans beside the registry, visits, terms, and the families that are not registered: what verifier and approver meet with."""

import datetime
import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pypdf import PdfReader

from facilities.calendar import add_working_days
from facilities.enums import Role
from facilities.models import Holiday
from ksb.core.errors import NotAllowed, Refused, WrongState
from ksb.core.models import JournalEntry
from participants import enrolment, field_checks, signals
from participants.eligibility import evaluate
from participants.enums import Decision, EnrolmentState
from participants.families import find_family
from tests.factories import NOW, TODAY, cover_elsewhere, fresh_sources, make_family, make_resident, make_user
from tests.participants.factories import (
    clerk,
    keeper,
    make_application,
    make_compared,
    make_rejected,
    verifier,
    visit,
)
from tests.support.scans import upload

pytestmark = pytest.mark.django_db


def page(name, application):
    return reverse(f"participants:{name}", args=[application.public_id])


# The comparison


def test_a_difference_passes_only_with_a_note_and_is_kept_by_person_not_by_number(client):
    application = make_application()
    head = application.household.head
    client.force_login(verifier())
    ticked = {f"member_{head.pk}": ["NAME", "BIRTH"], "family": ["ADDRESS"], "pass": "1"}
    response = client.post(page("compare", application), ticked)
    assert response.context["form"].non_field_errors()
    client.post(page("compare", application), {**ticked, "note": "Ejaan lama."})
    application.refresh_from_db()
    findings = application.checklist["comparison"]
    assert findings == {"members": {str(head.pk): ["NAME", "BIRTH"]}, "family": ["ADDRESS"], "note": "Ejaan lama."}
    assert application.verified_by is not None


def test_what_differs_stands_in_the_letter_that_sends_the_application_back(client):
    application = make_application()
    head = application.household.head
    client.force_login(verifier())
    answer = client.post(page("compare", application), {f"member_{head.pk}": ["NAME"], "back": "1"})
    assert answer.url == page("send_back", application)
    form = client.get(answer.url).context["form"]
    assert head.name in form.initial["reason"]
    application.refresh_from_db()
    assert application.verified_by is None
    assert JournalEntry.objects.about(application).filter(verb="enrolment.compare").exists()


def test_a_comparison_is_made_once_and_not_by_who_entered(client):
    officer = make_user(Role.DINKES_MEMBERSHIP)
    application = make_application()
    type(application).objects.filter(pk=application.pk).update(submitted_by=officer)
    with pytest.raises(NotAllowed):
        enrolment.compare(enrolment=application, findings={}, actor=officer, at=NOW)
    client.force_login(verifier())
    member = enrolment.approve(enrolment=make_compared(), actor=keeper(), at=NOW)
    assert client.get(page("compare", member)).status_code == 409


def test_each_member_shows_jkn_with_its_date_and_how_long_they_live_here(client):
    household = make_family(2)
    cover_elsewhere(household.head)
    newcomer = make_resident(household, resident_since=datetime.date(2026, 10, 1))
    application = make_application(household)
    client.force_login(verifier())
    members = {
        member.resident.pk: member for member in client.get(page("compare", application)).context["check"].members
    }
    assert members[household.head.pk].has_pbi
    assert members[household.head.pk].jkn.source_at == TODAY
    assert members[newcomer.pk].waiting_until == datetime.date(2027, 4, 1)


# Families that are not registered, and one that is


def test_a_family_of_pbi_is_not_approved_and_the_reason_is_proposed(client):
    household = make_family(2)
    for person in household.residents.order_by("pk"):
        cover_elsewhere(person)
    application = make_compared(household)
    with pytest.raises(Refused) as refusal:
        enrolment.approve(enrolment=application, actor=keeper(), at=NOW)
    assert refusal.value.code == "covered_by_jkn"
    officer = keeper()
    client.force_login(officer)
    form = client.get(page("reject", application)).context["form"]
    assert form.initial["reason_code"] == "COVERED_BY_JKN"
    client.post(page("reject", application), form.initial)
    letter = PdfReader(io.BytesIO(client.get(page("rejection", application)).content)).pages[0].extract_text()
    assert "JKN/PBIper22-11-2026" in "".join(letter.split())


def test_an_adult_without_ktp_does_not_hold_the_family_up_and_is_not_covered_yet():
    household = make_family(2)
    adult = make_resident(household, ektp_recorded=False)
    member = enrolment.approve(enrolment=make_compared(household), actor=keeper(), at=NOW)
    assert member.state == EnrolmentState.ACTIVE
    assert evaluate(household.head, on=TODAY, at=NOW).decision == Decision.COVERED
    assert evaluate(adult, on=TODAY, at=NOW).decision == Decision.EXCLUDED_BELUM_EKTP


# The visit


def test_the_score_counts_what_could_be_answered():
    assert field_checks.score({}) == 0
    assert field_checks.score(dict.fromkeys(field_checks.QUESTIONS, "unknown")) == 0
    assert field_checks.score(dict.fromkeys(field_checks.QUESTIONS, "yes")) == 100
    assert field_checks.score({"found": "yes", "met": "no"}) == 40


def test_nobody_approves_before_the_visit_nor_after_having_visited():
    application = make_application()
    enrolment.order_field_check(enrolment=application, actor=verifier(), at=NOW)
    with pytest.raises(Refused) as refusal:
        enrolment.approve(enrolment=application, actor=keeper(), at=NOW)
    assert refusal.value.code == "not_surveyed"
    both = make_user(Role.REGISTRY_OPERATOR, Role.DINKES_MEMBERSHIP)
    visit(application, actor=both)
    with pytest.raises(NotAllowed):
        enrolment.approve(enrolment=application, actor=both, at=NOW)


def test_a_visit_is_recorded_once():
    application = make_application()
    enrolment.order_field_check(enrolment=application, actor=verifier(), at=NOW)
    visit(application)
    with pytest.raises(WrongState):
        visit(application)
    assert application.field_checks.count() == 1


def test_a_visit_is_recorded_with_its_photo_place_and_score(client):
    application = make_application()
    enrolment.order_field_check(enrolment=application, actor=verifier(), at=NOW)
    client.force_login(make_user(Role.REGISTRY_OPERATOR))
    assert application.number in client.get(reverse("participants:field_checks")).content.decode()
    answers = dict.fromkeys(field_checks.QUESTIONS, "yes") | {
        **{"lives_here": "no", "visited_on": "21-11-2026", "note": "Rumah kosong."},
        **{"latitude": "-6.23489", "longitude": ""},
    }
    response = client.post(page("field_check", application), answers)
    assert response.context["form"].non_field_errors()
    client.post(page("field_check", application), {**answers, "longitude": "106.99234", "photo": upload()})
    done = application.field_checks.get()
    assert (done.score, done.lives_here, str(done.longitude)) == (100, False, "106.99234")
    assert application.documents.get().kind == "FIELD_PHOTO"
    assert application.number not in client.get(reverse("participants:field_checks")).content.decode()


def test_a_photo_that_is_none_records_no_visit(client):
    application = make_application()
    enrolment.order_field_check(enrolment=application, actor=verifier(), at=NOW)
    client.force_login(make_user(Role.REGISTRY_OPERATOR))
    answers = dict.fromkeys(field_checks.QUESTIONS, "yes") | {
        "lives_here": "yes",
        "visited_on": "21-11-2026",
        "note": "x",
    }
    response = client.post(page("field_check", application), {**answers, "photo": upload(b"MZ")})
    assert response.context["form"].non_field_errors()
    assert not application.field_checks.exists()


# Terms


@pytest.mark.parametrize(
    ("day", "count", "due"),
    [
        ((2026, 11, 18), 3, (2026, 11, 23)),
        ((2026, 11, 20), 1, (2026, 11, 23)),
        ((2026, 11, 21), 1, (2026, 11, 23)),
        ((2026, 11, 20), 0, (2026, 11, 20)),
    ],
)
def test_terms_count_working_days(day, count, due):
    Holiday.objects.all().delete()
    assert add_working_days(datetime.date(*day), count) == datetime.date(*due)
    Holiday.objects.create(day=datetime.date(*due), name="Hari uji")
    if count:
        assert add_working_days(datetime.date(*day), count) > datetime.date(*due)


def test_an_application_is_due_after_three_working_days_and_a_visit_after_five():
    application = make_application()
    assert application.due_on == add_working_days(TODAY, 3)
    enrolment.order_field_check(enrolment=application, actor=verifier(), at=NOW)
    assert application.due_on == add_working_days(TODAY, 5)
    visit(application)
    application.refresh_from_db()
    assert application.due_on == add_working_days(TODAY, 3)
    assert enrolment.approve(enrolment=application, actor=keeper(), at=NOW).due_on is None


def test_the_worklist_is_narrowed_to_a_step_and_to_what_is_overdue(client):
    first, second = make_application(), make_compared()
    late = make_application()
    type(late).objects.filter(pk=late.pk).update(due_on=TODAY - datetime.timedelta(days=1))
    client.force_login(keeper())

    def listed(step):
        rows = client.get(reverse("participants:applications"), {"step": step}).context["page"].items
        return {row.pk for row in rows}

    assert listed("COMPARE") == {first.pk, late.pk}
    assert listed("APPROVE") == {second.pk}
    assert listed("OVERDUE") == {late.pk}


@pytest.mark.parametrize("name", ["applications", "field_checks", "signals"])
def test_a_list_asks_the_database_as_often_for_one_row_as_for_many(client, name):
    roles = {"field_checks": Role.REGISTRY_OPERATOR}
    client.force_login(make_user(roles.get(name, Role.MEMBERSHIP_VERIFIER)))
    counts = []
    for number in (1, 6):
        for _ in range(number):
            application = make_application()
            signals.report(household=application.household, text="x", actor=clerk(), at=NOW)
            if name == "field_checks":
                enrolment.order_field_check(enrolment=application, actor=verifier(), at=NOW)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(reverse(f"participants:{name}")).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]


# The appeal at the counter


def test_the_counter_takes_in_an_appeal_that_the_first_judge_does_not_decide(client):
    judge, officer = verifier(), clerk()
    rejected = make_rejected(by=judge)
    find_family(number=rejected.household.kk_number, actor=officer, at=NOW)
    client.force_login(officer)
    assert page("appeal", rejected) in client.get(page("application", rejected)).content.decode()
    typed = {"kk": "on", "ktp": "on", "identity": "on", "consent": "on", "phone": "0812 3456 7890"}
    assert client.post(page("appeal", rejected), typed).context["form"].errors["statement"]
    client.post(page("appeal", rejected), {**typed, "statement": "Kami ada di rumah belakang."})
    appeal = rejected.appeals.get()
    assert "statement" not in appeal.checklist
    assert page("appeal", rejected) not in client.get(page("application", rejected)).content.decode()
    client.force_login(judge)
    assert client.post(page("compare", appeal), {"pass": "1"}).status_code == 200
    appeal.refresh_from_db()
    assert appeal.verified_by is None
    assert (
        client.post(page("send_back", appeal), {"reason_code": "DOCUMENTS_MISSING", "reason": "x"}).status_code == 200
    )
    appeal.refresh_from_db()
    assert appeal.state == EnrolmentState.CHECKING


def test_the_letter_of_rejection_names_the_way_to_object_and_the_data_of_its_day(client):
    rejected = make_rejected()
    later = NOW + datetime.timedelta(days=5)
    fresh_sources(on=later.date(), at=later)
    client.force_login(verifier())
    text = PdfReader(io.BytesIO(client.get(page("rejection", rejected)).content)).pages[0].extract_text()
    text = " ".join(text.split())
    assert "per 22-11-2026" in text
    assert reverse("resident:check") in text.replace(" ", "")
    assert "14 hari" in text
