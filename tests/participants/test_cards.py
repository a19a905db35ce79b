"""The card: one live card a family, two people for a replacement, and what stands on the plastic."""

import datetime
import io
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from pypdf import PdfReader

from ksb.core.cards import render_cards
from ksb.core.errors import NotAllowed, Refused, WrongState
from ksb.core.models import JournalEntry
from participants import cards, printing
from participants.enums import CardState, EnrolmentState, ResidentStatus
from participants.letters import cards_to_print
from participants.models import Card
from tests.factories import NOW, TODAY, enrol, make_family, make_household, make_resident, system
from tests.participants.factories import clerk, keeper, make_batch, make_blanks, make_card, make_member, verifier

pytestmark = pytest.mark.django_db


def only(card):
    return Card.objects.filter(pk=card.pk)


def pages(card):
    reader = PdfReader(io.BytesIO(render_cards(cards_to_print(only(card)))))
    return [page.extract_text() for page in reader.pages], reader


# From the order to the family's hand


def test_the_way_of_a_card():
    card = make_card(state="READY")
    counter = clerk()
    done = cards.hand_over(card=card, receiver=card.household.head, actor=counter, at=NOW)
    assert (done.state, done.handed_to, done.handed_by) == (CardState.ACTIVE, card.household.head.name, counter)
    assert (done.receiver, done.issued_on) == (card.household.head, TODAY)
    assert done.approved_by != done.printed_by == done.batch.created_by


def test_card_numbers_follow_each_other_and_pass_over_those_of_the_legacy_list():
    Card.objects.create(household=make_household(), number="KS2600000002", state="REVOKED", created_by=system())
    assert [make_card().number for _ in range(3)] == ["KS2600000001", "KS2600000003", "KS2600000004"]


def test_a_card_goes_to_an_adult_of_the_family_and_to_nobody_else():
    card = make_card(state="READY")
    child = card.household.residents.order_by("birth_date").last()
    stranger = make_resident()
    for person in (child, stranger):
        with pytest.raises(Refused):
            cards.hand_over(card=card, receiver=person, actor=keeper(), at=NOW)
    assert cards.receivers(card, on=TODAY)[0] == card.household.head


def test_a_person_may_receive_the_card_from_the_seventeenth_birthday_on():
    card = make_card(make_family(1), state="READY")
    young = make_resident(card.household, birth_date=datetime.date(2009, 11, 22))
    assert young in cards.receivers(card, on=TODAY)
    assert young not in cards.receivers(card, on=TODAY - timedelta(days=1))


# One live card


def test_a_family_has_one_live_card():
    member = make_member()
    with pytest.raises(Refused) as refusal:
        cards.order(enrolment=member, actor=keeper(), at=NOW)
    assert refusal.value.code == "one_live_card_per_family"
    with pytest.raises(IntegrityError), transaction.atomic():
        Card.objects.create(household=member.household, number="KS1", created_by=system())


@pytest.mark.parametrize("state", [EnrolmentState.SUSPENDED, EnrolmentState.ENDED])
def test_only_an_active_membership_gets_a_card(state):
    enrolment = enrol(make_family(), state=state)
    with pytest.raises(Refused):
        cards.order(enrolment=enrolment, actor=keeper(), at=NOW)


def test_a_verifier_orders_no_cards():
    enrolment = enrol(make_family())
    with pytest.raises(NotAllowed):
        cards.order(enrolment=enrolment, actor=verifier(), at=NOW)


@pytest.mark.parametrize(
    ("cause", "state"),
    [("report_lost", CardState.LOST), ("report_damaged", CardState.DAMAGED), ("replace", CardState.REPLACED)],
)
def test_a_blocked_card_is_dead_at_once_and_its_successor_has_a_new_number(cause, state):
    old = make_card(state="ACTIVE")
    assert cards.is_valid(old.token)
    new = cards.block(card=old, cause=cause, actor=clerk(), at=NOW, order_new=True)
    assert only(old).get().state == state
    assert not cards.is_valid(old.token)
    assert (new.state, new.number != old.number, new.token != old.token) == (CardState.ORDERED, True, True)


def test_who_ordered_a_replacement_does_not_approve_its_printing():
    officer = keeper()
    new = cards.block(card=make_card(state="ACTIVE"), cause="report_lost", actor=officer, at=NOW, order_new=True)
    with pytest.raises(IntegrityError), transaction.atomic():
        only(new).update(approved_at=NOW, approved_by=officer)
    batch = make_batch(new)
    make_blanks(batch.place)
    with pytest.raises(Refused):
        printing.approve(batch=batch, actor=officer, at=NOW)
    printing.approve(batch=batch, actor=keeper(), at=NOW)
    assert only(new).get().state == CardState.APPROVED


def test_blocking_without_a_cause_or_twice_changes_nothing():
    card = make_card(state="ACTIVE")
    with pytest.raises(Refused):
        cards.block(card=card, cause="approve", actor=keeper(), at=NOW)
    cards.block(card=card, cause="report_lost", actor=keeper(), at=NOW)
    with pytest.raises(WrongState):
        cards.block(card=card, cause="report_lost", actor=keeper(), at=NOW, order_new=True)
    assert Card.objects.count() == 1


def test_a_new_card_for_a_family_that_is_no_member_is_refused_and_the_old_one_is_not_blocked():
    card = make_card(state="ACTIVE")
    card.household.enrolments.update(state="ENDED")
    with pytest.raises(Refused):
        cards.block(card=card, cause="report_lost", actor=keeper(), at=NOW, order_new=True)
    assert only(card).get().state == CardState.ACTIVE


# Lost, as the family says itself


def test_a_family_reports_its_card_lost_and_the_number_is_dead_at_once():
    old = make_card(state="ACTIVE")
    new = cards.report_lost(household=old.household, at=NOW, note="Hilang di pasar", police_letter="STPL/12/XI/2026")
    lost = only(old).get()
    assert (lost.state, lost.blocked_by, lost.police_letter) == (CardState.LOST, system(), "STPL/12/XI/2026")
    assert not cards.is_valid(old.token)
    assert (new.state, new.replaces, new.created_by) == (CardState.ORDERED, old, system())


def test_a_family_reports_a_loss_by_itself_once_in_ninety_days_and_a_desk_any_time():
    old = make_card(state="ACTIVE")
    new = cards.report_lost(household=old.household, at=NOW)
    with pytest.raises(Refused):
        cards.report_lost(household=old.household, at=NOW)
    only(new).update(state="ACTIVE")
    with pytest.raises(Refused):
        cards.report_lost(household=old.household, at=NOW + timedelta(days=89))
    cards.report_lost(household=old.household, at=NOW, actor=clerk())
    assert only(new).get().state == CardState.LOST


def test_a_card_has_one_successor():
    old = make_card(state="ACTIVE")
    new = cards.block(card=old, cause="report_lost", actor=clerk(), at=NOW, order_new=True)
    assert new.replaces == old
    with pytest.raises(IntegrityError), transaction.atomic():
        Card.objects.create(household=make_household(), number="KS1", replaces=old, created_by=system())


# What the registry changed


@pytest.mark.parametrize("as_table", [False, True])
def test_cards_whose_words_changed_are_marked_in_one_statement_and_stay_valid(django_assert_num_queries, as_table):
    printed, ordered, other = make_card(state="ACTIVE"), make_card(), make_card(state="ACTIVE")
    households = [printed.household_id, ordered.household_id]
    if as_table:
        with connection.cursor() as cursor:
            cursor.execute("CREATE TEMP TABLE touched (household_id bigint) ON COMMIT DROP")
            cursor.execute("INSERT INTO touched SELECT unnest(%s)", [households])
    with django_assert_num_queries(1):
        assert cards.mark_for_reprint(households="touched" if as_table else households, reason="HEAD", at=NOW) == 1
    assert list(Card.objects.exclude(reprint="").values_list("pk", "reprint", "reprint_on")) == [
        (printed.pk, "HEAD", TODAY)
    ]
    assert cards.is_valid(printed.token)
    assert other.reprint == ""
    assert JournalEntry.objects.filter(verb="card.mark_for_reprint", object_id=printed.pk, actor=None).count() == 1
    assert cards.mark_for_reprint(households=households, reason="NAME", at=NOW) == 0


def test_the_mark_goes_with_the_card_that_is_replaced():
    card = make_card(state="ACTIVE")
    cards.mark_for_reprint(households=[card.household_id], reason="HEAD", at=NOW)
    new = cards.block(card=card, cause="replace", actor=clerk(), at=NOW, order_new=True)
    assert (only(card).get().reprint, new.reprint) == ("", "")


# What the QR code says


@pytest.mark.parametrize("state", ["ORDERED", "APPROVED", "PRINTED", "READY"])
def test_a_card_is_not_valid_before_it_is_handed_over(state):
    assert not cards.is_valid(make_card(state=state).token)


def test_a_card_is_valid_only_while_membership_and_family_last():
    card = make_card(state="ACTIVE")
    assert cards.is_valid(card.token)
    card.household.enrolments.update(state="SUSPENDED")
    assert not cards.is_valid(card.token)
    card.household.enrolments.update(state="ACTIVE")
    type(card.household).objects.filter(pk=card.household_id).update(dissolved_on=TODAY)
    assert not cards.is_valid(card.token)


# The plastic


def test_front_and_back_say_what_the_technical_guide_asks():
    card = make_card(make_family(3), state="APPROVED")
    (front, back), reader = pages(card)
    household = card.household
    kk = household.kk_number
    assert " ".join(kk[i : i + 4] for i in range(0, 16, 4)) in front
    assert household.head.name in front
    assert household.kelurahan.name in front
    assert household.kelurahan.parent.name in front
    assert card.number in front
    assert "22-11-2026" in front
    for person in household.residents.order_by("pk"):
        assert f"{person.name}" in back
        assert str(person.birth_date.year) in back
        assert person.nik not in front + back
    box = reader.pages[0].mediabox
    assert (round(float(box.width) / 72 * 25.4, 1), round(float(box.height) / 72 * 25.4, 1)) == (85.6, 54.0)


def test_the_back_names_ten_members_and_counts_the_others_and_leaves_out_the_dead():
    household = make_family(12)
    dead = household.residents.order_by("-pk").first()
    type(dead).objects.filter(pk=dead.pk).update(status=ResidentStatus.DECEASED, status_on=TODAY)
    (_front, back), _reader = pages(make_card(household, state="APPROVED"))
    names = [person.name for person in household.residents.order_by("relation", "birth_date", "pk")]
    assert all(name in back for name in names[:10])
    assert dead.name not in back
    assert "1 anggota lain" in back


def test_a_batch_of_cards_takes_as_many_queries_as_one(django_assert_num_queries):
    for _ in range(3):
        make_card(state="APPROVED")
    with django_assert_num_queries(2):
        assert len(cards_to_print(Card.objects.filter(state="APPROVED").order_by("pk"))) == 3
