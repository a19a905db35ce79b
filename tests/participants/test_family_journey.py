"""From the counter to the card in the family's hand, walked in the browser: accessible, quiet, nowhere too wide."""

from django.urls import reverse
from django.utils import timezone

from participants.enums import CardState, EnrolmentState
from participants.models import Card, Enrolment
from tests.factories import cover_elsewhere, fresh_sources, make_family, make_resident
from tests.participants.factories import clerk, keeper, verifier


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

    page.goto(reverse("participants:cards"))
    audit(page)
    page.locator(f"[formaction='{reverse('participants:approve_cards')}']").click()
    page.locator(f"[formaction='{reverse('participants:mark_printed_cards')}']").click()
    page.locator(f"[formaction='{reverse('participants:make_ready_cards')}']").click()
    audit(page)
    page.locator(f"a[href='{reverse('participants:family', args=[household.public_id])}']").click()
    audit(page)
    card = Card.objects.get()
    page.locator(f"a[href='{reverse('participants:hand_over', args=[card.public_id])}']").click()
    audit(page)
    page.locator("[name=receiver]").first.check()
    page.locator("[name=identity]").check()
    page.locator("main form button").last.click()
    audit(page)
    card.refresh_from_db()
    assert (card.state, card.handed_to) == (CardState.ACTIVE, household.head.name)
    page.locator(f"a[href='{reverse('participants:block', args=[card.public_id])}']").click()
    audit(page)
