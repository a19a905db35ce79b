"""Print batches and blank cards: two people, the policy of the day, stock that never falls below what is promised."""

import datetime
import io
import threading

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import Sum
from django.urls import reverse
from pypdf import PdfReader

from facilities.enums import Role
from facilities.models import Region
from ksb.core import outbox
from ksb.core.errors import NotAllowed, Refused, WrongState
from ksb.core.models import JournalEntry, SchemeVersion
from participants import blanks, cards, printing
from participants.enums import CardState, PrintPolicy, PrintState
from participants.models import BlankMovement, BlankStock, Card, Lookup, PrintBatch
from tests.factories import NOW, TODAY, fresh_sources, hospital, make_family, make_user, system
from tests.participants.factories import clerk, keeper, make_batch, make_blanks, make_card, make_member, next_serials
from tests.referrals.factories import admit, contracted, issue

pytestmark = pytest.mark.django_db
LETTER = "445/123/RSUD/XI/2026"


def office():
    return Region.objects.get(level="CITY")


def policy(value):
    version = SchemeVersion.objects.on(TODAY)
    version.parameters = {**version.parameters, "print_policy": value}
    version.save()


def stock(place):
    found = BlankStock.objects.get(place=place)
    return found.on_hand, found.reserved


def emergency(card_or_household, **values):
    household = getattr(card_or_household, "household", card_or_household)
    told = {"in_care": True, "hospital": hospital(), "hospital_letter": LETTER, "actor": keeper(), "at": NOW}
    return printing.prepare_emergency(household=household, **{**told, **values})


# What is printed at all


@pytest.mark.parametrize(
    ("policy_of_the_day", "normal", "urgent"),
    [("NORMAL", True, True), ("EMERGENCY_ONLY", False, True), ("CLOSED", False, False)],
)
def test_the_policy_of_the_day_says_which_batches_are_prepared_approved_and_sent(policy_of_the_day, normal, urgent):
    ordinary, hasty = make_batch(make_card(), state="APPROVED"), emergency(make_card())
    waiting = make_batch(make_card())
    card = make_card()
    make_blanks(office())
    make_blanks(ordinary.place)
    policy(policy_of_the_day)
    assert printing.policy_on(TODAY) == policy_of_the_day
    acts = {
        "prepare": (normal, lambda: printing.prepare(place=ordinary.place, actor=keeper(), at=NOW)),
        "send": (normal, lambda: printing.send(batch=ordinary, actor=keeper(), at=NOW)),
        "approve": (normal, lambda: printing.approve(batch=waiting, actor=keeper(), at=NOW)),
        "approve emergency": (urgent, lambda: printing.approve(batch=hasty, actor=keeper(), at=NOW)),
        "prepare emergency": (urgent, lambda: emergency(make_card())),
    }
    for name, (allowed, act) in acts.items():
        if allowed:
            act()
        else:
            with pytest.raises(Refused) as refusal:
                act()
            assert refusal.value.code == "policy", name
    assert card.state == CardState.ORDERED


def test_what_is_at_the_printer_already_is_finished_and_handed_over_whatever_the_policy_says():
    card = make_card()
    batch = make_batch(card, state="AT_PRINTER")
    policy(PrintPolicy.CLOSED)
    printing.mark_printed(batch=batch, **next_serials(1), spoilt=0, reason="", actor=keeper(), at=NOW)
    printing.deliver(batch=batch, actor=clerk(), at=NOW)
    done = cards.hand_over(card=Card.objects.get(pk=card.pk), receiver=card.household.head, actor=clerk(), at=NOW)
    assert done.state == CardState.ACTIVE


def test_nothing_is_printed_before_there_is_a_programme():
    assert printing.policy_on(datetime.date(2010, 1, 1)) == PrintPolicy.CLOSED


# Batches


def test_a_batch_takes_the_ordered_cards_of_its_service_point_once():
    here, other = make_card(), make_card(make_family())
    elsewhere = Region.objects.filter(level="KELURAHAN").exclude(parent=here.household.kelurahan.parent).first()
    type(other.household).objects.filter(pk=other.household_id).update(kelurahan=elsewhere)
    officer = keeper()
    batch = printing.prepare(place=here.household.kelurahan.parent, actor=officer, at=NOW)
    assert (batch.number, batch.state, list(batch.cards.all())) == ("0001/CTK/XI/2026", PrintState.PREPARED, [here])
    with pytest.raises(Refused):
        printing.prepare(place=batch.place, actor=officer, at=NOW)


def test_families_without_a_kelurahan_are_printed_for_the_citys_office():
    card = make_card()
    type(card.household).objects.filter(pk=card.household_id).update(kelurahan=None)
    assert printing.prepare(place=office(), actor=keeper(), at=NOW).cards.get() == card


def test_who_prepares_a_batch_does_not_approve_it():
    batch = make_batch(make_card())
    make_blanks(batch.place)
    with pytest.raises(NotAllowed):
        printing.approve(batch=batch, actor=batch.created_by, at=NOW)
    with pytest.raises(IntegrityError), transaction.atomic():
        PrintBatch.objects.update(approved_at=NOW, approved_by=batch.created_by, size=1)
    with pytest.raises(NotAllowed):
        printing.prepare(place=batch.place, actor=clerk(), at=NOW)


def test_cards_the_approver_ordered_are_left_for_the_next_batch():
    approver = keeper()
    mine = cards.block(card=make_card(state="ACTIVE"), cause="replace", actor=approver, at=NOW, order_new=True)
    other = make_card()
    batch = printing.prepare(place=other.household.kelurahan.parent, actor=keeper(), at=NOW)
    make_blanks(batch.place)
    assert printing.approve(batch=batch, actor=approver, at=NOW).size == 1
    mine.refresh_from_db()
    assert (mine.state, mine.batch) == (CardState.ORDERED, None)


def test_a_batch_goes_from_two_officers_to_the_service_point():
    card = make_card()
    batch = make_batch(card, state="DELIVERED")
    assert batch.delivered_by is not None
    ready = Card.objects.get(pk=card.pk)
    assert (ready.state, ready.issued_on, ready.approved_by) == (CardState.READY, TODAY, batch.approved_by)
    with pytest.raises(Refused):
        printing.close(batch=batch, actor=keeper(), at=NOW)
    file = printing.file_of(batch)
    assert file.exists()
    cards.hand_over(card=ready, receiver=card.household.head, actor=clerk(), at=NOW)


def test_closing_a_batch_removes_the_file_with_the_names(django_capture_on_commit_callbacks):
    card = make_card(state="ACTIVE")
    batch = PrintBatch.objects.get(pk=Card.objects.get(pk=card.pk).batch_id)
    with django_capture_on_commit_callbacks(execute=True):
        printing.close(batch=batch, actor=keeper(), at=NOW)
    assert not printing.file_of(batch).exists()
    assert PrintBatch.objects.get().file == ""


def test_a_cancelled_batch_gives_back_cards_and_blanks():
    card = make_card()
    batch = make_batch(card, state="APPROVED")
    assert stock(batch.place) == (1, 1)
    printing.cancel(batch=batch, actor=keeper(), at=NOW)
    card.refresh_from_db()
    assert (card.state, card.batch, card.approved_by, card.issued_on) == (CardState.ORDERED, None, None, None)
    assert stock(batch.place) == (1, 0)
    assert make_batch(card, state="APPROVED").number == "0002/CTK/XI/2026"


def test_a_batch_at_the_printer_is_not_cancelled_and_moves_only_forward():
    batch = make_batch(make_card(), state="AT_PRINTER")
    for act in (printing.cancel, printing.approve, printing.send, printing.deliver):
        with pytest.raises((WrongState, NotAllowed)):
            act(batch=batch, actor=keeper(), at=NOW)


def test_a_card_revoked_meanwhile_is_not_printed_and_its_blank_is_free_again():
    card, gone = make_card(), make_card()
    batch = printing.prepare(place=card.household.kelurahan.parent, actor=keeper(), at=NOW)
    make_blanks(batch.place, 5)
    batch = printing.approve(batch=batch, actor=keeper(), at=NOW)
    printing.draw(batch)
    batch.refresh_from_db()
    printing.send(batch=batch, actor=keeper(), at=NOW)
    cards.block(card=gone, cause="revoke", actor=keeper(), at=NOW)
    with pytest.raises(Refused):
        printing.mark_printed(batch=batch, **next_serials(2), spoilt=0, reason="", actor=keeper(), at=NOW)
    printing.mark_printed(batch=batch, **next_serials(1), spoilt=0, reason="", actor=keeper(), at=NOW)
    assert stock(batch.place) == (4, 0)
    assert Card.objects.get(pk=gone.pk).state == CardState.REVOKED


# The print file


def test_while_the_file_is_drawn_the_page_says_how_much_is_done(client, monkeypatch):
    first, _second = make_card(), make_card()
    place = first.household.kelurahan.parent
    make_blanks(place, 2)
    batch = printing.approve(batch=printing.prepare(place=place, actor=keeper(), at=NOW), actor=keeper(), at=NOW)
    assert printing.drawn_percent(batch) is None
    monkeypatch.setattr(printing, "READ_AT_ONCE", 1)
    printing.file_of(batch).parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    sheets = printing._in_order(batch.cards.all(), batch)
    next(sheets)
    assert printing.drawn_percent(batch) == 0
    next(sheets)
    client.force_login(keeper())
    assert client.get(reverse("participants:print_batch", args=[batch.public_id])).context["drawn"] == 50
    printing.draw(batch)
    assert printing.drawn_percent(batch) is None


def test_the_file_is_drawn_in_the_background_once_and_only_then_sent():
    card = make_card()
    make_blanks(card.household.kelurahan.parent)
    batch = printing.prepare(place=card.household.kelurahan.parent, actor=keeper(), at=NOW)
    batch = printing.approve(batch=batch, actor=keeper(), at=NOW)
    with pytest.raises(Refused):
        printing.send(batch=batch, actor=keeper(), at=NOW)
    cards.mark_for_reprint(households=[card.household_id], reason="HEAD", at=NOW)
    assert outbox.drain()
    batch.refresh_from_db()
    file = printing.file_of(batch)
    assert file.stat().st_mode & 0o777 == 0o600
    front, back = PdfReader(io.BytesIO(file.read_bytes())).pages
    assert card.number in front.extract_text()
    assert card.household.head.name in back.extract_text()
    assert Card.objects.get(pk=card.pk).reprint == ""  # drawn after the registry's change
    printing.send(batch=batch, actor=keeper(), at=NOW)


def test_the_file_is_downloaded_by_the_card_office_and_every_download_is_on_record(client):
    batch = make_batch(make_card(), state="APPROVED")
    address = reverse("participants:batch_file", args=[batch.public_id])
    client.force_login(clerk())
    assert client.get(address).status_code == 403
    client.force_login(keeper())
    response = client.get(address)
    assert response.content.startswith(b"%PDF")
    assert "no-store" in response.headers["Cache-Control"]
    assert JournalEntry.objects.filter(verb="print_batch.file", object_id=batch.pk).count() == 1
    printing.file_of(batch).unlink()
    assert client.get(address).status_code == 409


def test_the_list_for_signatures_travels_with_the_printed_cards(client):
    card = make_card()
    batch = make_batch(card, state="PRINTED")
    client.force_login(keeper())
    response = client.get(reverse("participants:batch_list", args=[batch.public_id]))
    said = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(response.content)).pages)
    assert card.number in said
    assert card.household.kk_number not in said.replace(" ", "")


# Emergency cards


def test_an_emergency_card_needs_somebody_in_care_and_the_hospitals_letter():
    card = make_card()
    with pytest.raises(Refused):
        emergency(card, in_care=False)
    with pytest.raises(Refused):
        emergency(card, hospital_letter=" ")
    batch = emergency(card)
    with pytest.raises(IntegrityError), transaction.atomic():
        PrintBatch.objects.update(hospital_letter="")
    assert (batch.kind, batch.place, batch.hospital_letter) == ("EMERGENCY", office(), LETTER)
    assert batch.cards.get() == card


def test_an_emergency_card_is_ordered_where_there_is_none_and_taken_out_of_an_ordinary_batch():
    lost = make_card(state="ACTIVE")
    cards.block(card=lost, cause="report_lost", actor=clerk(), at=NOW)
    assert emergency(lost).cards.get().state == CardState.ORDERED
    waiting = make_card()
    ordinary = make_batch(waiting)
    assert emergency(waiting).cards.get() == waiting
    make_blanks(ordinary.place)
    with pytest.raises(Refused):
        printing.approve(batch=ordinary, actor=keeper(), at=NOW)


@pytest.mark.parametrize("state", ["APPROVED", "READY", "ACTIVE"])
def test_a_card_on_its_way_is_not_printed_again_as_an_emergency(state):
    with pytest.raises(Refused):
        emergency(make_card(state=state))


def test_an_emergency_card_is_approved_by_somebody_else_and_takes_a_blank_of_the_citys_office():
    operator = keeper()
    batch = emergency(make_card(), actor=operator)
    make_blanks(office(), 2)
    with pytest.raises(NotAllowed):
        printing.approve(batch=batch, actor=operator, at=NOW)
    printing.approve(batch=batch, actor=keeper(), at=NOW)
    assert stock(office()) == (2, 1)
    assert PrintBatch.objects.filter(kind="EMERGENCY").count() == 1


def test_the_page_of_the_emergency_card_asks_the_hospitals_floor_who_is_in_care(client):
    desk = make_user(Role.HOSPITAL_DESK, facility=contracted())
    letter = issue(make_user(Role.PUSKESMAS_CLERK), to=desk.facility, service="INPATIENT")
    household = letter.resident.household
    card = cards.order(enrolment=household.enrolments.get(), actor=clerk(), at=NOW)
    address = reverse("referrals:emergency_card", args=[household.public_id])
    client.force_login(keeper())
    assert LETTER not in client.get(address).content.decode()
    assert client.post(address, {"hospital_letter": LETTER}).status_code == 200
    assert not PrintBatch.objects.exists()
    admit(letter, desk)
    assert desk.facility.name in client.get(address).content.decode()
    assert client.post(address, {"hospital_letter": LETTER}).status_code == 302
    batch = PrintBatch.objects.get()
    assert (batch.kind, batch.hospital, batch.cards.get()) == ("EMERGENCY", desk.facility, card)


# The QR


def test_a_scanned_card_opens_the_family_to_staff_and_leaves_a_look_up(client):
    fresh_sources()
    card = make_card(state="ACTIVE")
    public = reverse("resident:card", args=[card.token])
    scan = reverse("participants:scan")
    assert scan not in client.get(public).content.decode()
    for role, name in ((Role.HOSPITAL_DESK, "scanned"), (Role.REGISTRATION_CLERK, "family")):
        user = make_user(role)
        client.force_login(user)
        page = client.get(public).content.decode()
        assert scan in page
        assert card.household.head.name not in page
        answer = client.post(scan, {"token": card.token})
        assert answer.url == reverse(f"participants:{name}", args=[card.household.public_id])
        assert card.household.head.name in client.get(answer.url).content.decode()
        assert Lookup.objects.filter(actor=user).count() == card.household.residents.count()


@pytest.mark.parametrize("token", ["", "x" * 22, "' OR 1=1"])
def test_a_code_that_is_no_valid_card_opens_nothing(client, token):
    client.force_login(make_user(Role.HOSPITAL_DESK))
    assert client.post(reverse("participants:scan"), {"token": token}).url == reverse("home")
    assert not Lookup.objects.exists()


# Blank cards


def test_a_batch_is_not_approved_without_blanks():
    batch = make_batch(make_card())
    with pytest.raises(Refused) as refusal:
        printing.approve(batch=batch, actor=keeper(), at=NOW)
    assert refusal.value.code == "blanks"
    assert PrintBatch.objects.get().state == PrintState.PREPARED


def test_blanks_are_received_promised_used_and_spoilt_and_the_books_add_up():
    card = make_card()
    place = card.household.kelurahan.parent
    batch = make_batch(card)
    make_blanks(place, 10)
    batch = printing.approve(batch=batch, actor=keeper(), at=NOW)
    assert stock(place) == (10, 1)
    printing.draw(batch)
    batch.refresh_from_db()
    printing.send(batch=batch, actor=keeper(), at=NOW)
    used = {"serial_first": 1, "serial_last": 3, "spoilt": 2, "actor": keeper(), "at": NOW}
    with pytest.raises(Refused):
        printing.mark_printed(batch=batch, reason=" ", **used)
    printing.mark_printed(batch=batch, reason="Tinta luntur", **used)
    blanks.spoil(place=place, quantity=1, reason="Patah", actor=keeper(), at=NOW)
    blanks.count(place=place, counted=5, reason="Dihitung Siti dan Agus", actor=keeper(), at=NOW)
    assert stock(place) == (5, 0)
    sums = BlankMovement.objects.aggregate(on_hand=Sum("change"), reserved=Sum("reserved_change"))
    assert (sums["on_hand"], sums["reserved"]) == stock(place)
    counted = BlankMovement.objects.get(kind="COUNTED")
    assert (counted.change, counted.reason) == (-1, "Dihitung Siti dan Agus")


def test_no_more_blanks_go_than_are_free():
    batch = make_batch(make_card(), state="APPROVED")
    for act in (
        lambda: blanks.spoil(place=batch.place, quantity=1, reason="Patah", actor=keeper(), at=NOW),
        lambda: blanks.count(place=batch.place, counted=0, reason="Hilang", actor=keeper(), at=NOW),
        lambda: blanks.spoil(place=office(), quantity=1, reason="Patah", actor=keeper(), at=NOW),
    ):
        with pytest.raises(Refused):
            act()
    with pytest.raises(IntegrityError), transaction.atomic():
        BlankStock.objects.update(on_hand=0)


def test_a_serial_number_is_received_once_and_used_once():
    make_blanks(office(), 10)
    with pytest.raises(Refused):
        blanks.receive(place=office(), serial_first=10, serial_last=12, actor=keeper(), at=NOW)
    assert stock(office()) == (10, 0)
    first = make_batch(make_card(), state="PRINTED")
    second = make_batch(make_card(), state="AT_PRINTER")
    again = BlankMovement.objects.get(batch=first, kind="USED")
    with pytest.raises(Refused):
        printing.mark_printed(
            batch=second,
            serial_first=again.serial_first,
            serial_last=again.serial_last,
            spoilt=0,
            reason="",
            actor=keeper(),
            at=NOW,
        )


def test_the_books_of_blank_cards_are_only_added_to():
    movement = make_blanks(office())
    for statement in ("UPDATE participants_blankmovement SET change = 0", "DELETE FROM participants_blankmovement"):
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    assert movement.change == 100


def test_a_clerk_books_no_blanks():
    with pytest.raises(NotAllowed):
        blanks.receive(place=office(), serial_first=1, serial_last=2, actor=clerk(), at=NOW)


@pytest.mark.parametrize(
    "wrong",
    [
        {"act": "RECEIVED"},
        {"act": "RECEIVED", "serial_first": "9", "serial_last": "1"},
        {"act": "SPOILT", "quantity": "1"},
        {"act": "COUNTED", "reason": "Siti"},
        {"act": "RESERVED", "quantity": "1", "reason": "x"},
        {"act": "SPOILT", "quantity": "1", "reason": "Patah"},
    ],
)
def test_the_form_of_blanks_says_what_to_change_and_books_nothing(client, wrong):
    client.force_login(keeper())
    answer = client.post(reverse("participants:blanks"), {"place": office().pk, **wrong})
    assert answer.status_code == 200
    assert 'role="alert"' in answer.content.decode()
    assert not BlankMovement.objects.exists()


# Two desks at once


def race(*acts):
    """Run ``acts`` at the same moment in threads of their own. Returns what each gave or raised."""
    outcomes, start = [], threading.Barrier(len(acts))

    def run(act):
        start.wait()
        try:
            outcomes.append(act())
        except Refused as no:
            outcomes.append(no)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[act]) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes


@pytest.mark.django_db(transaction=True)
def test_two_desks_that_order_at_once_get_one_card():
    card = make_card(state="ACTIVE")
    cards.block(card=card, cause="report_lost", actor=clerk(), at=NOW)
    desks = [clerk() for _ in range(4)]
    enrolment = card.household.enrolments.get()
    outcomes = race(*(lambda desk=desk: cards.order(enrolment=enrolment, actor=desk, at=NOW) for desk in desks))
    assert sum(isinstance(outcome, Card) for outcome in outcomes) == 1
    assert [no.code for no in outcomes if isinstance(no, Refused)] == ["one_live_card_per_family"] * 3
    assert card.household.cards.filter(state="ORDERED").count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_batches_that_want_the_last_blank_get_it_once():
    batches = [make_batch(make_card()) for _ in range(2)]
    make_blanks(batches[0].place, 1)
    officers = [keeper(), keeper()]
    outcomes = race(
        *(
            lambda batch=batch, officer=officer: printing.approve(batch=batch, actor=officer, at=NOW)
            for batch, officer in zip(batches, officers, strict=True)
        )
    )
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["PrintBatch", "Refused"]
    assert stock(batches[0].place) == (1, 1)


def test_the_citys_card_office_sees_the_books_and_a_clerk_does_not(client):
    make_blanks(office())
    member = make_member()
    assert member.cards.get().created_by == system()
    client.force_login(clerk())
    assert client.get(reverse("participants:blanks")).status_code == 403
    client.force_login(keeper())
    assert office().name in client.get(reverse("participants:blanks")).content.decode()
