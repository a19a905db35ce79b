"""The counter, the approver and the card desk at their screens: perimeters, journeys, sentences."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from facilities.enums import Role
from ksb.core.models import JournalEntry
from ksb.core.ratelimit import hit
from participants import cards as service
from participants.enums import CardState, EnrolmentState
from participants.lookups import HOUR, PER_HOUR
from participants.models import Card, Enrolment, Lookup, PrintBatch
from tests.factories import NOW, enrol, fresh_sources, make_family, make_user
from tests.participants.factories import clerk, keeper, make_application, make_batch, make_card, make_compared, verifier
from tests.support.pdf import text_of

pytestmark = pytest.mark.django_db

SEARCH = reverse("participants:families")
TICKED = {"kk": "on", "ktp": "on", "identity": "on", "consent": "on", "phone": "0812 3456 7890"}


def page(name, obj):
    return reverse(f"participants:{name}", args=[obj.public_id])


def signed_in(client, user):
    client.force_login(user)
    return client


def find(client, number):
    return client.post(SEARCH, {"number": number})


# Finding a family


@pytest.mark.parametrize(
    "role", [Role.REGISTRATION_CLERK, Role.MEMBERSHIP_VERIFIER, Role.DINKES_MEMBERSHIP, Role.AUDITOR]
)
def test_a_family_is_found_by_kk_by_nik_and_by_card_and_the_address_holds_none_of_them(client, role):
    signed_in(client, make_user(role))
    household = make_family()
    card = Card.objects.create(household=household, number="KS-2017/0001", state="ACTIVE", created_by=make_user())
    kk = household.kk_number
    for number in (kk, f"{kk[:4]} {kk[4:8]} {kk[8:12]} {kk[12:]}", household.head.nik, "ks-2017/0001"):
        response = find(client, number)
        assert response.status_code == 302
        assert response.url == page("family", household)
    body = client.get(page("family", household)).content.decode()
    assert household.head.name in body
    assert card.number in body


def test_every_search_leaves_a_look_up_of_every_member_and_a_journal_entry_without_the_number(client):
    officer = clerk()
    signed_in(client, officer)
    household = make_family(3)
    find(client, household.kk_number)
    assert Lookup.objects.filter(actor=officer, resident__household=household, purpose="FAMILY").count() == 3
    entry = JournalEntry.objects.get(verb="family.look_up")
    assert (entry.actor, entry.object_id, entry.data) == (officer, household.pk, {"by": "KK"})
    client.get(page("family", household))
    assert JournalEntry.objects.filter(verb="family.view", actor=officer, object_id=household.pk).count() == 1


@pytest.mark.parametrize(
    ("number", "words"),
    [
        ("327501010100001", "15"),
        ("", ""),
        ("3275 9901 0100 0001", "Disdukcapil"),
        ("KS9999999999", "No. KK"),
        ("KS 26!", "KS2600000001"),
    ],
)
def test_what_finds_nobody_says_why_beside_the_field(client, number, words):
    signed_in(client, clerk())
    response = find(client, number)
    assert response.status_code == 200
    assert response.context["form"].errors["number"]
    assert words in response.content.decode()
    assert not Lookup.objects.exists()


def test_numbers_cannot_be_tried_out(client):
    officer = clerk()
    signed_in(client, officer)
    for _ in range(PER_HOUR - 1):
        hit("lookup", officer.pk, limit=PER_HOUR, seconds=HOUR, now=timezone.now())
    assert find(client, "3275990101000001").status_code == 200
    blocked = find(client, "3275990101000001")
    assert blocked.status_code == 429
    assert int(blocked.headers["Retry-After"]) > 0


def test_a_registration_officer_sees_only_families_looked_up_today(client):
    household, other = make_family(), make_family()
    signed_in(client, clerk())
    assert client.get(page("family", household)).status_code == 404
    find(client, household.kk_number)
    assert client.get(page("family", household)).status_code == 200
    assert client.get(page("family", other)).status_code == 404
    assert signed_in(client, clerk()).get(page("family", household)).status_code == 404


def test_yesterdays_look_up_opens_nothing_today(client):
    household = make_family()
    signed_in(client, clerk())
    find(client, household.kk_number)
    Lookup.objects.update(at="2026-01-01T08:00+07:00")
    assert client.get(page("family", household)).status_code == 404


def test_own_applications_stay_visible_to_the_officer_who_entered_them(client):
    officer = clerk()
    enrolment = make_application(actor=officer)
    Lookup.objects.all().delete()
    signed_in(client, officer)
    assert client.get(page("application", enrolment)).status_code == 200
    assert client.get(page("family", enrolment.household)).status_code == 200
    signed_in(client, clerk())
    assert client.get(page("application", enrolment)).status_code == 404


@pytest.mark.parametrize(
    "role", [role for role in Role if role.startswith(("HOSPITAL", "PUSKESMAS", "VERIFIER", "TREASURER"))]
)
def test_other_roles_have_no_business_here(client, role):
    household = make_family()
    enrolment = enrol(household)
    card = make_card()
    signed_in(client, make_user(role))
    for address in (SEARCH, reverse("participants:applications"), reverse("participants:cards")):
        assert client.get(address).status_code == 403
    assert client.get(page("family", household)).status_code == 403
    assert client.get(page("application", enrolment)).status_code == 403
    assert client.get(page("card_pdf", card)).status_code == 403


# At the counter


def test_the_journey_of_a_family_from_the_counter_to_the_second_person(client):
    fresh_sources()
    household = make_family(3)
    officer = clerk()
    signed_in(client, officer)
    find(client, household.kk_number)
    form = client.get(page("apply", household)).content.decode()
    for person in household.residents.order_by("pk"):
        assert person.name in form
    response = client.post(page("apply", household), TICKED)
    enrolment = Enrolment.objects.get(household=household)
    assert response.url == page("application", enrolment)
    body = client.get(response.url).content.decode()
    assert enrolment.number in body
    assert 'name="checked"' not in body
    assert enrolment.phone == "081234567890"

    signed_in(client, verifier())
    assert household.head.name in client.get(reverse("participants:applications")).content.decode()
    assert page("compare", enrolment) in client.get(page("application", enrolment)).content.decode()
    assert client.post(page("compare", enrolment), {"pass": "1"}).url == page("application", enrolment)
    assert 'name="checked"' not in client.get(page("application", enrolment)).content.decode()

    signed_in(client, keeper())
    assert 'name="checked"' in client.get(page("application", enrolment)).content.decode()
    assert client.post(page("approve", enrolment), {"checked": "on"}).status_code == 302
    enrolment.refresh_from_db()
    assert enrolment.state == EnrolmentState.ACTIVE
    assert household.cards.get().state == CardState.ORDERED


@pytest.mark.parametrize("missing", ["kk", "ktp", "identity", "consent", "phone"])
def test_without_documents_consent_or_telephone_nothing_is_entered(client, missing):
    fresh_sources()
    household = make_family()
    signed_in(client, clerk())
    find(client, household.kk_number)
    response = client.post(page("apply", household), {k: v for k, v in TICKED.items() if k != missing})
    assert response.status_code == 200
    assert missing in response.context["form"].errors
    assert not Enrolment.objects.exists()


@pytest.mark.parametrize("phone", ["12345", "0812abc", "+1 555 123456789"])
def test_a_telephone_number_is_an_indonesian_one(client, phone):
    household = make_family()
    signed_in(client, clerk())
    find(client, household.kk_number)
    assert "phone" in client.post(page("apply", household), {**TICKED, "phone": phone}).context["form"].errors


def test_a_second_registration_says_so_on_the_form_and_changes_nothing(client):
    enrolment = make_application()
    signed_in(client, clerk())
    find(client, enrolment.household.kk_number)
    response = client.post(page("apply", enrolment.household), TICKED)
    assert response.status_code == 200
    assert enrolment.number in response.content.decode()
    assert Enrolment.objects.count() == 1


def test_an_application_without_the_comparison_is_not_approved(client):
    enrolment = make_application()
    signed_in(client, keeper())
    response = client.post(page("approve", enrolment), {})
    assert response.status_code == 200
    assert "checked" in response.context["form"].errors
    enrolment.refresh_from_db()
    assert enrolment.state == EnrolmentState.CHECKING


def test_an_application_that_goes_back_comes_again_and_can_be_rejected_with_a_letter(client):
    officer = clerk()
    enrolment = make_application(actor=officer)
    judge = verifier()
    signed_in(client, judge)
    assert client.get(page("send_back", enrolment)).status_code == 200
    assert client.post(page("send_back", enrolment), {"reason_code": "MOVED_OUT", "reason": "x"}).status_code == 200
    client.post(page("send_back", enrolment), {"reason_code": "DOCUMENTS_MISSING", "reason": "KTP-el istri belum ada."})
    signed_in(client, officer)
    assert "KTP-el istri belum ada." in client.get(page("application", enrolment)).content.decode()
    assert client.get(page("correct", enrolment)).status_code == 200
    assert client.post(page("correct", enrolment), TICKED).status_code == 302
    signed_in(client, judge)
    client.post(page("reject", enrolment), {"reason_code": "NOT_LIVING_HERE", "reason": "Rumah kosong."})
    enrolment.refresh_from_db()
    assert enrolment.state == EnrolmentState.REJECTED
    letter = client.get(page("rejection", enrolment))
    text = text_of(letter.content)
    assert "Rumah kosong." in text
    assert enrolment.number.replace("DFT", "DFT-T") in text
    assert "14 hari" in text
    assert enrolment.household.kk_number not in text.replace(" ", "")


def test_the_receipt_names_the_application_and_the_documents(client):
    officer = clerk()
    enrolment = make_application(actor=officer)
    signed_in(client, officer)
    text = text_of(client.get(page("receipt", enrolment)).content)
    assert enrolment.number in text
    assert "Kartu Keluarga" in text
    assert enrolment.household.kk_number not in text.replace(" ", "")
    assert client.get(page("rejection", enrolment)).status_code == 404


def test_a_wrong_state_is_a_409_and_a_wrong_role_a_403(client):
    enrolment = make_compared()
    signed_in(client, verifier())
    assert client.post(page("approve", enrolment), {"checked": "on"}).status_code == 403
    signed_in(client, keeper())
    client.post(page("approve", enrolment), {"checked": "on"})
    assert client.get(page("approve", enrolment)).status_code == 405
    signed_in(client, verifier())
    assert client.post(page("order_field_check", enrolment)).status_code == 409
    assert client.post(page("suspend", enrolment), {}).status_code == 403


def test_dinkes_suspends_lifts_and_ends_a_membership(client):
    enrolment = make_compared()
    boss = keeper()
    signed_in(client, boss)
    client.post(page("approve", enrolment), {"checked": "on"})
    family = page("family", enrolment.household)
    reason = {"reason_code": "SANCTION", "reason": "Kartu dipinjamkan."}
    assert client.post(page("suspend", enrolment), reason).url == family
    assert "Kartu dipinjamkan." in client.get(family).content.decode()
    assert client.post(page("resume", enrolment)).url == family
    assert client.post(page("end", enrolment), {"reason_code": "MOVED_OUT", "reason": "Pindah."}).url == family
    enrolment.refresh_from_db()
    assert enrolment.state == EnrolmentState.ENDED
    assert client.get(family).status_code == 200


# The card desk


def test_every_step_of_a_card_has_its_list(client):
    card = make_card(state="READY")
    signed_in(client, keeper())
    assert card.number in client.get(reverse("participants:cards"), {"state": "READY"}).content.decode()
    assert card.number not in client.get(reverse("participants:cards")).content.decode()


def test_a_card_is_handed_to_who_shows_the_ktp_that_belongs_to_the_name(client):
    card = make_card(state="READY")
    head, wife = card.household.residents.order_by("pk")[:2]
    signed_in(client, keeper())
    assert client.get(page("hand_over", card)).status_code == 200
    wrong = client.post(page("hand_over", card), {"receiver": head.pk, "nik": wife.nik})
    assert wrong.status_code == 200
    assert Card.objects.get(pk=card.pk).state == CardState.READY
    client.post(page("hand_over", card), {"receiver": head.pk, "nik": head.nik})
    handed = Card.objects.get(pk=card.pk)
    assert (handed.handed_to, handed.receiver) == (head.name, head)
    receipt = client.get(page("card_receipt", card))
    said = text_of(receipt.content)
    assert head.name in said
    assert head.nik not in said.replace(" ", "")
    assert JournalEntry.objects.filter(verb="card.receipt", object_id=card.pk).count() == 1


def test_one_card_as_a_file_for_the_card_printer(client):
    first, ordered = make_card(state="APPROVED"), make_card()
    signed_in(client, keeper())
    assert client.get(page("card_pdf", ordered)).status_code == 404
    assert first.number in text_of(client.get(page("card_pdf", first)).content)


def test_cards_to_be_reprinted_are_ticked_and_replaced(client):
    card, other = make_card(state="ACTIVE"), make_card(state="ACTIVE")
    service.mark_for_reprint(households=[card.household_id, other.household_id], reason="HEAD", at=NOW)
    officer = keeper()
    signed_in(client, officer)
    listing = reverse("participants:cards")
    assert f'value="{card.pk}"' in client.get(listing, {"state": "REPRINT"}).content.decode()
    client.post(reverse("participants:reprint_cards"), {"card": [card.pk, "x", "9" * 30]})
    assert Card.objects.get(pk=card.pk).state == CardState.REPLACED
    new = Card.objects.get(replaces=card)
    assert (new.state, new.created_by) == (CardState.ORDERED, officer)
    assert Card.objects.get(pk=other.pk).state == CardState.ACTIVE
    assert client.post(reverse("participants:reprint_cards"), {}).status_code == 302


def test_cards_nobody_collects_stand_on_a_list_of_their_own(client):
    card = make_card(state="READY", at=NOW)
    PrintBatch.objects.update(delivered_at=timezone.now() - timedelta(days=29))
    signed_in(client, keeper())
    listing = reverse("participants:cards")
    assert card.number not in client.get(listing, {"state": "UNCOLLECTED"}).content.decode()
    PrintBatch.objects.update(delivered_at=timezone.now() - timedelta(days=31))
    assert card.number in client.get(listing, {"state": "UNCOLLECTED"}).content.decode()


def test_a_card_is_blocked_and_replaced_on_one_page(client):
    card = make_card(state="ACTIVE")
    officer = clerk()
    signed_in(client, officer)
    find(client, card.number)
    assert client.get(page("block", card)).status_code == 200
    assert client.post(page("block", card), {"cause": "revoke"}).status_code == 200
    client.post(page("block", card), {"cause": "report_lost", "order_new": "on"})
    assert Card.objects.get(pk=card.pk).state == CardState.LOST
    new = Card.objects.get(household=card.household, state="ORDERED")
    assert new.created_by == officer
    assert new.number in client.get(page("family", card.household)).content.decode()


def test_a_family_without_a_card_gets_one_ordered(client):
    card = make_card(state="ACTIVE")
    signed_in(client, keeper())
    client.post(page("block", card), {"cause": "report_lost"})
    family = page("family", card.household)
    order = page("order_card", card.household)
    assert order in client.get(family).content.decode()
    assert client.post(order).url == family
    assert order not in client.get(family).content.decode()
    assert client.post(order).status_code == 409


# Lists of the city's size


@pytest.mark.parametrize("name", ["applications", "cards", "print_batches"])
def test_a_worklist_asks_the_same_number_of_questions_however_long_it_is(client, name, django_assert_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    signed_in(client, keeper())
    make = {"applications": make_application, "cards": make_card, "print_batches": lambda: make_batch(make_card())}[
        name
    ]
    make()
    with CaptureQueriesContext(
        connection,
    ) as first:
        client.get(reverse(f"participants:{name}"))
    for _ in range(3):
        make = {"applications": make_application, "cards": make_card, "print_batches": lambda: make_batch(make_card())}[
            name
        ]
    make()
    with django_assert_num_queries(len(first)):
        client.get(reverse(f"participants:{name}"))


def test_a_familys_page_asks_the_same_number_of_questions_however_many_members_it_has(
    client, django_assert_num_queries
):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    fresh_sources()
    signed_in(client, keeper())
    small, big = make_family(1), make_family(9)
    with CaptureQueriesContext(connection) as first:
        client.get(page("family", small))
    with django_assert_num_queries(len(first)):
        client.get(page("family", big))


def test_filters_of_the_worklists(client):
    enrolment = make_application()
    signed_in(client, keeper())
    kecamatan = enrolment.household.kelurahan.parent_id
    found = client.get(reverse("participants:applications"), {"kecamatan": kecamatan}).content.decode()
    assert enrolment.number in found
    other = client.get(reverse("participants:applications"), {"state": "REJECTED"}).content.decode()
    assert enrolment.number not in other
    assert client.get(reverse("participants:applications"), {"state": "NONSENSE", "kecamatan": "x"}).status_code == 200
    assert client.get(reverse("participants:cards"), {"state": "NONSENSE"}).status_code == 200


def test_cards_are_narrowed_to_where_the_family_lives_and_later_to_where_they_are_handed_out(client):
    ordered, ready = make_card(), make_card(state="READY")
    kecamatan = ready.household.kelurahan.parent_id
    signed_in(client, keeper())
    for card, state in ((ordered, "ORDERED"), (ready, "READY")):
        for place, shown in ((kecamatan, True), ("32.75.12", False)):
            page = client.get(reverse("participants:cards"), {"state": state, "kecamatan": place}).content.decode()
            assert (card.number in page) is shown
    PrintBatch.objects.update(delivered_at=timezone.now() - timedelta(days=31))
    overdue = {"state": "UNCOLLECTED", "kecamatan": kecamatan}
    assert ready.number in client.get(reverse("participants:cards"), overdue).content.decode()
