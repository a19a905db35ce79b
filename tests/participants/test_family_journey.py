"""From the counter to the card in the family's hand, walked in the browser: accessible, quiet, nowhere too wide."""

from django.urls import reverse
from django.utils import timezone

from ksb.core import outbox
from participants.enums import CardState, EnrolmentState
from participants.models import BlankStock, Card, Enrolment, PrintBatch
from tests.factories import cover_elsewhere, fresh_sources, make_family, make_resident
from tests.participants.factories import clerk, keeper, make_batch, make_card, verifier


def test_a_family_gets_its_card(transactional_db, page, audit, sign_in):
    fresh_sources(on=timezone.localdate(), at=timezone.now())
    household = make_family(4)
    cover_elsewhere(household.residents.order_by("pk").last(), known_from=timezone.now())
    make_resident(household, name="ANAK TANPA KTP-EL", ektp_recorded=False, birth_date=household.head.birth_date)

    sign_in(page, clerk())
    page.goto(reverse("participants:families"))
    audit(page)
    page.locator("[name=number]").fill(household.kk_number)
    page.locator("main form button").first.click()
    audit(page)
    page.locator(f"a[href='{reverse('participants:apply', args=[household.public_id])}']").click()
    page.locator("main form button").last.click()
    audit(page)
    for name in ("kk", "ktp", "identity", "consent"):
        page.locator(f"[name={name}]").check()
    page.locator("[name=phone]").fill("0812 3456 7890")
    page.locator("main form button").last.click()
    audit(page)
    enrolment = Enrolment.objects.get()

    sign_in(page, verifier())
    page.goto(reverse("participants:applications"))
    audit(page)
    page.locator(f"a[href='{reverse('participants:application', args=[enrolment.public_id])}']").click()
    audit(page)
    page.locator(f"a[href='{reverse('participants:send_back', args=[enrolment.public_id])}']").click()
    audit(page)
    page.go_back()
    page.locator(f"a[href='{reverse('participants:compare', args=[enrolment.public_id])}']").click()
    audit(page)
    page.locator("[name=pass]").click()
    audit(page)

    sign_in(page, keeper())
    page.goto(reverse("participants:application", args=[enrolment.public_id]))
    audit(page)
    page.locator("[name=checked]").check()
    page.locator(f"form[action='{reverse('participants:approve', args=[enrolment.public_id])}'] button").first.click()
    audit(page)
    enrolment.refresh_from_db()
    assert enrolment.state == EnrolmentState.ACTIVE

    card = Card.objects.get()
    make_batch(card, state="DELIVERED", at=timezone.now())
    sign_in(page, keeper())
    page.goto(f"{reverse('participants:cards')}?state=READY")
    audit(page)
    page.locator(f"a[href='{reverse('participants:family', args=[household.public_id])}']").click()
    audit(page)
    page.locator(f"a[href='{reverse('participants:hand_over', args=[card.public_id])}']").click()
    audit(page)
    page.locator("[name=receiver]").first.check()
    page.locator("[name=nik]").fill(household.head.nik)
    page.locator("main form button").last.click()
    audit(page)
    card.refresh_from_db()
    assert (card.state, card.handed_to) == (CardState.ACTIVE, household.head.name)
    page.locator(f"a[href='{reverse('participants:block', args=[card.public_id])}']").click()
    audit(page)


def test_a_batch_of_cards_is_printed_and_delivered(transactional_db, page, audit, sign_in):
    card = make_card(at=timezone.now())
    place = card.household.kelurahan.parent
    operator, approver, desk = keeper(), keeper(), clerk()

    sign_in(page, operator)
    page.goto(reverse("participants:blanks"))
    audit(page)
    page.select_option("[name=place]", place.pk)
    page.check("[name=act][value=RECEIVED]")
    page.locator("main form button").last.click()
    audit(page)  # the serial numbers are missing
    page.locator("[name=serial_first]").fill("101")
    page.locator("[name=serial_last]").fill("110")
    page.locator("main form button").last.click()
    audit(page)
    page.goto(reverse("participants:print_batches"))
    audit(page)
    preparing = f"form[action='{reverse('participants:prepare_batch')}']"
    page.select_option(f"{preparing} [name=place]", place.pk)
    page.locator(f"{preparing} button").click()
    audit(page)
    batch = PrintBatch.objects.get()
    here = reverse("participants:print_batch", args=[batch.public_id])

    sign_in(page, approver)
    page.goto(here)
    page.locator(f"form[action='{reverse('participants:approve_batch', args=[batch.public_id])}'] button").click()
    audit(page)
    outbox.drain()

    sign_in(page, operator)
    page.goto(here)
    audit(page)
    page.locator(f"form[action='{reverse('participants:send_batch', args=[batch.public_id])}'] button").click()
    page.locator(f"a[href='{reverse('participants:batch_printed', args=[batch.public_id])}']").click()
    audit(page)
    page.locator("[name=serial_first]").fill("101")
    page.locator("[name=serial_last]").fill("102")
    page.locator("[name=spoilt]").fill("1")
    page.locator("[name=reason]").fill("Tinta luntur")
    page.locator("main form button").last.click()
    audit(page)

    sign_in(page, desk)
    page.goto(reverse("participants:print_batches"))
    audit(page)
    page.goto(here)
    assert card.number not in page.inner_text("main")
    page.locator(f"form[action='{reverse('participants:deliver_batch', args=[batch.public_id])}'] button").click()
    audit(page)
    card.refresh_from_db()
    assert card.state == CardState.READY
    stock = BlankStock.objects.get(place=place)
    assert (stock.on_hand, stock.reserved) == (8, 0)
