"""A family's way in: the registry's check, the second person, the card; and the database behind the service."""

import datetime
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from facilities.enums import Role
from ksb.core.errors import NotAllowed, Refused, WrongState
from ksb.core.models import JournalEntry, SchemeVersion
from participants import enrolment as service
from participants.eligibility import evaluate
from participants.enums import CardState, Channel, Decision, EnrolmentReason, EnrolmentState, ResidentStatus
from participants.models import Card, Enrolment
from tests.factories import (
    NOW,
    TODAY,
    cover_elsewhere,
    enrol,
    fresh_sources,
    make_family,
    make_household,
    make_resident,
    make_run,
    make_user,
)
from tests.participants.factories import (
    DOCUMENTS,
    clerk,
    keeper,
    make_application,
    make_compared,
    make_member,
    verifier,
    visit,
)

pytestmark = pytest.mark.django_db


def register(household, actor=None, at=NOW):
    return service.register(household=household, documents=DOCUMENTS, phone="0812345678", actor=actor or clerk(), at=at)


# The application and the registry's check


def test_a_family_of_residents_passes_the_check_and_waits_for_a_second_person():
    fresh_sources()
    officer = clerk()
    enrolment = register(make_family(), officer)
    assert (enrolment.state, enrolment.channel) == (EnrolmentState.CHECKING, Channel.COUNTER)
    assert (enrolment.created_by, enrolment.submitted_by, enrolment.submitted_at) == (officer, officer, NOW)
    assert {**DOCUMENTS, "registry": enrolment.checklist["registry"]} == enrolment.checklist
    assert set(enrolment.checklist["registry"]["members"]) == {
        str(pk) for pk in enrolment.household.residents.values_list("pk", flat=True)
    }
    assert enrolment.registered_on is None


def test_applications_are_numbered_without_a_gap_even_when_one_is_refused():
    first = make_application()
    with pytest.raises(Refused):
        register(first.household)
    second = make_application()
    assert first.number == "000001/DFT/XI/2026"
    assert second.number == "000002/DFT/XI/2026"


def test_a_family_that_moved_in_lately_waits_until_six_months_are_over():
    fresh_sources()
    household = make_household()
    make_resident(household, resident_since=datetime.date(2026, 9, 1))
    enrolment = register(household)
    assert enrolment.state == EnrolmentState.WAITING
    assert enrolment.waiting_until == datetime.date(2027, 3, 1)


def test_one_member_past_the_waiting_period_is_enough_for_the_family():
    fresh_sources()
    household = make_household()
    make_resident(household, resident_since=datetime.date(2026, 9, 1))
    make_resident(household, resident_since=datetime.date(2020, 9, 1))
    assert register(household).state == EnrolmentState.CHECKING


def test_while_the_registry_is_too_old_the_application_is_taken_in_and_checked_later():
    household = make_family()
    make_run(snapshot_date=TODAY - timedelta(days=5), at=NOW - timedelta(days=5))
    enrolment = register(household)
    assert enrolment.state == EnrolmentState.SUBMITTED
    fresh_sources()
    assert service.recheck(at=NOW) == 1
    enrolment.refresh_from_db()
    assert enrolment.state == EnrolmentState.CHECKING


def test_the_night_ends_a_waiting_period_on_its_day_and_not_before():
    fresh_sources()
    household = make_household()
    make_resident(household, resident_since=datetime.date(2026, 6, 1))
    enrolment = register(household)
    assert enrolment.waiting_until == datetime.date(2026, 12, 1)
    assert service.recheck(at=NOW) == 0
    later = NOW.replace(month=12, day=1)
    fresh_sources(on=later.date(), at=later)
    assert service.recheck(at=later) == 1
    enrolment.refresh_from_db()
    assert enrolment.state == EnrolmentState.CHECKING


def test_a_family_that_left_while_it_waited_goes_back_to_the_counter():
    fresh_sources()
    household = make_household()
    person = make_resident(household, resident_since=datetime.date(2026, 6, 1))
    enrolment = register(household)
    type(person).objects.filter(pk=person.pk).update(
        status=ResidentStatus.MOVED_OUT, city_code="32.16", status_on=datetime.date(2026, 11, 25)
    )
    later = NOW.replace(month=12, day=1)
    fresh_sources(on=later.date(), at=later)
    assert service.recheck(at=later) == 1
    enrolment.refresh_from_db()
    assert (enrolment.state, enrolment.reason_code) == (EnrolmentState.NEEDS_CORRECTION, EnrolmentReason.REGISTRY_FAULT)


def test_a_family_whose_members_all_have_jkn_may_register():
    fresh_sources()
    household = make_family(2)
    for person in household.residents.order_by("pk"):
        cover_elsewhere(person)
    assert register(household).state == EnrolmentState.CHECKING


@pytest.mark.parametrize(
    "gone",
    [
        {"status": ResidentStatus.DECEASED, "status_on": datetime.date(2025, 1, 1)},
        {"status": ResidentStatus.DEACTIVATED, "status_on": datetime.date(2025, 1, 1)},
        {"status": ResidentStatus.MOVED_OUT, "status_on": datetime.date(2025, 1, 1), "city_code": "32.16"},
        {"status": ResidentStatus.GONE, "status_on": datetime.date(2025, 1, 1)},
    ],
)
def test_a_family_card_without_a_living_resident_is_refused_and_nothing_is_kept(gone):
    fresh_sources()
    household = make_household()
    make_resident(household, **gone)
    with pytest.raises(Refused):
        register(household)
    assert not Enrolment.objects.exists()


def test_a_dissolved_family_card_is_refused():
    fresh_sources()
    household = make_family()
    household.dissolved_on = datetime.date(2026, 5, 1)
    household.save()
    with pytest.raises(Refused):
        register(household)


def test_nobody_is_registered_while_the_scheme_takes_in_nobody():
    fresh_sources()
    version = SchemeVersion.objects.on(TODAY)
    version.parameters = {**version.parameters, "registration_open": False}
    version.save()
    with pytest.raises(Refused):
        register(make_family())


@pytest.mark.parametrize("state", [EnrolmentState.ACTIVE, EnrolmentState.SUSPENDED])
def test_a_registered_family_is_not_registered_again(state):
    fresh_sources()
    household = make_family()
    enrol(household, state=state)
    with pytest.raises(Refused) as refusal:
        register(household)
    assert refusal.value.code == "one_open_enrolment_per_family"
    assert household.enrolments.count() == 1


def test_a_second_application_names_the_first():
    first = make_application()
    with pytest.raises(Refused, match=first.number):
        register(first.household)


def test_a_rejected_or_ended_family_may_apply_anew():
    household = make_family()
    enrol(household, state=EnrolmentState.ENDED)
    enrolment = make_application(household)
    service.reject(enrolment=enrolment, reason_code="FALSE_STATEMENT", reason="Palsu.", actor=verifier(), at=NOW)
    assert make_application(household).state == EnrolmentState.CHECKING


@pytest.mark.parametrize("role", [role for role in Role if role != Role.REGISTRATION_CLERK])
def test_only_the_registration_officer_enters_an_application(role):
    fresh_sources()
    with pytest.raises(NotAllowed):
        register(make_family(), make_user(role))
    assert not Enrolment.objects.exists()
    assert not JournalEntry.objects.filter(verb="enrolment.create").exists()


# The second person


def test_dinkes_makes_the_family_a_member_from_today_and_its_card_is_ordered():
    actor = keeper()
    member = service.approve(enrolment=make_compared(), actor=actor, at=NOW)
    assert (member.state, member.registered_on) == (EnrolmentState.ACTIVE, TODAY)
    assert (member.approved_by, member.approved_at) == (actor, NOW)
    card = member.cards.get()
    assert (card.state, card.household) == (CardState.ORDERED, member.household)
    assert card.number == "KS2600000001"
    assert evaluate(member.household.head, on=TODAY, at=NOW).decision == Decision.COVERED


def test_who_submitted_does_not_approve_even_with_the_role():
    enrolment = make_compared()
    actor = make_user(Role.DINKES_MEMBERSHIP)
    Enrolment.objects.filter(pk=enrolment.pk).update(submitted_by=actor)
    with pytest.raises(NotAllowed):
        service.approve(enrolment=enrolment, actor=actor, at=NOW)
    enrolment.refresh_from_db()
    assert enrolment.state == EnrolmentState.CHECKING


def test_the_database_refuses_an_approver_who_entered_the_application_and_the_screen_says_so():
    enrolment = make_compared()
    actor = make_user(Role.DINKES_MEMBERSHIP)
    Enrolment.objects.filter(pk=enrolment.pk).update(created_by=actor)
    with pytest.raises(NotAllowed) as refusal:
        service.approve(enrolment=enrolment, actor=actor, at=NOW)
    assert refusal.value.code == "enrolment_created_by_is_not_approved_by"
    enrolment.refresh_from_db()
    assert (enrolment.state, enrolment.approved_by) == (EnrolmentState.CHECKING, None)
    assert not Card.objects.exists()


def test_who_asked_for_the_field_check_does_not_approve():
    enrolment = make_application()
    first, second = keeper(), keeper()
    service.order_field_check(enrolment=enrolment, actor=first, at=NOW)
    visit(enrolment)
    with pytest.raises(NotAllowed):
        service.approve(enrolment=enrolment, actor=first, at=NOW)
    assert service.approve(enrolment=enrolment, actor=second, at=NOW).state == EnrolmentState.ACTIVE


def test_nobody_approves_what_nobody_has_compared():
    with pytest.raises(Refused) as refusal:
        service.approve(enrolment=make_application(), actor=keeper(), at=NOW)
    assert refusal.value.code == "not_compared"


def test_a_verifier_compares_and_dinkes_approves():
    with pytest.raises(NotAllowed):
        service.approve(enrolment=make_compared(), actor=verifier(), at=NOW)


def test_who_compared_does_not_approve():
    officer = keeper()
    with pytest.raises(NotAllowed):
        service.approve(enrolment=make_compared(by=officer), actor=officer, at=NOW)


@pytest.mark.parametrize(
    "values",
    [
        {"state": "ACTIVE", "approved": "same"},
        {"state": "ACTIVE", "registered_on": TODAY},
        {"state": "WAITING"},
        {"state": "REJECTED"},
        {"state": "ACTIVE", "approved": "other"},
        {"approved_at": NOW},
    ],
)
def test_the_database_holds_each_sentence_of_procedure_by_itself(values):
    enrolment = make_application()
    who = values.pop("approved", None)
    if who:
        values |= {"approved_at": NOW, "approved_by": enrolment.submitted_by if who == "same" else verifier()}
        if who == "same":
            values["registered_on"] = TODAY
    with pytest.raises(IntegrityError), transaction.atomic():
        Enrolment.objects.filter(pk=enrolment.pk).update(**values)


def test_an_approval_looks_at_the_registry_again():
    enrolment = make_compared(make_family(1))
    type(enrolment.household.head).objects.filter(household=enrolment.household).update(
        status=ResidentStatus.DECEASED, status_on=TODAY - timedelta(days=1)
    )
    with pytest.raises(Refused):
        service.approve(enrolment=enrolment, actor=keeper(), at=NOW)
    assert not Card.objects.exists()


def test_nobody_approves_on_data_that_are_too_old():
    enrolment = make_compared()
    with pytest.raises(Refused):
        service.approve(enrolment=enrolment, actor=keeper(), at=NOW + timedelta(days=5))


def test_a_family_is_approved_once():
    enrolment = make_compared()
    service.approve(enrolment=enrolment, actor=keeper(), at=NOW)
    with pytest.raises(WrongState):
        service.approve(enrolment=enrolment, actor=keeper(), at=NOW)
    assert Card.objects.count() == 1


def test_an_application_sent_back_is_corrected_and_submitted_again_with_a_clean_slate():
    enrolment = make_application()
    officer = verifier()
    service.order_field_check(enrolment=enrolment, actor=officer, at=NOW)
    service.send_back(enrolment=enrolment, reason_code="DOCUMENTS_MISSING", reason="KTP-el.", actor=officer, at=NOW)
    enrolment.refresh_from_db()
    assert (enrolment.state, enrolment.reason_code) == (EnrolmentState.NEEDS_CORRECTION, "DOCUMENTS_MISSING")
    second = clerk()
    service.resubmit(enrolment=enrolment, documents=DOCUMENTS, phone="0819", actor=second, at=NOW)
    enrolment.refresh_from_db()
    assert (enrolment.state, enrolment.reason_code, enrolment.phone) == (EnrolmentState.CHECKING, "", "0819")
    assert (enrolment.submitted_by, enrolment.verified_by) == (second, None)


# The life of a membership


def test_a_suspended_family_is_not_covered_and_is_again_after_the_suspension():
    member = make_member()
    officer = keeper()
    person = member.household.head
    service.suspend(enrolment=member, reason_code="SANCTION", reason="Kartu dipinjamkan.", actor=officer, at=NOW)
    assert evaluate(person, on=TODAY, at=NOW).decision == Decision.EXCLUDED_SANKSI
    service.resume(enrolment=member, actor=officer, at=NOW)
    member.refresh_from_db()
    assert (member.suspended_at, member.reason_code) == (None, "")
    assert evaluate(person, on=TODAY, at=NOW).decision == Decision.COVERED


def test_the_end_of_a_membership_revokes_the_card():
    member = make_member()
    service.end(enrolment=member, reason_code="MOVED_OUT", reason="Pindah ke Bogor.", actor=None, at=NOW)
    member.refresh_from_db()
    assert (member.state, member.ended_on) == (EnrolmentState.ENDED, TODAY)
    assert member.cards.get().state == CardState.REVOKED


def test_the_journal_tells_the_way_of_an_application_without_any_number_of_a_person():
    member = make_member()
    verbs = list(JournalEntry.objects.about(member).values_list("verb", flat=True))
    assert verbs == [
        "enrolment.create",
        "enrolment.submit",
        "enrolment.confirm",
        "enrolment.verify",
        "enrolment.approve",
    ]
    text = str(list(JournalEntry.objects.order_by("pk").values_list("data", flat=True)))
    for person in member.household.residents.order_by("pk"):
        assert person.nik not in text
    assert member.household.kk_number not in text
