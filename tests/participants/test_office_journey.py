"""A registry's mistake from the desk to its end, walked in the browser: accessible, quiet, nowhere too wide."""

from django.urls import reverse
from django.utils import timezone

from facilities.enums import Role
from participants.enums import OverrideState, ResidentStatus
from participants.models import OnlineCheck, Override, Ticket
from tests.factories import fresh_sources, make_family, make_user
from tests.participants.online import bpjs, dukcapil, dukcapil_row

__all__ = ["bpjs", "dukcapil"]
NIK = "3275015705900001"


def press(page, address):
    page.locator(f"form[action='{address}'] button, button[formaction='{address}']").first.click()


def test_from_an_unknown_nik_to_the_override_of_a_mistake(transactional_db, page, audit, sign_in, dukcapil, bpjs):
    fresh_sources(on=timezone.localdate(), at=timezone.now())
    household = make_family(3)
    wife = household.residents.get(relation=3)
    wife.status, wife.status_on = ResidentStatus.DECEASED, timezone.localdate()
    wife.save()
    dukcapil.register |= {NIK: dukcapil_row(NIK), wife.nik: "11"}

    sign_in(page, make_user(Role.REGISTRATION_CLERK))
    page.goto(reverse("participants:families"))
    page.locator("[name=number]").fill(NIK)
    page.locator("main form button").first.click()
    audit(page)
    press(page, reverse("participants:ask_online"))
    audit(page)
    check = OnlineCheck.objects.get()
    page.locator(f"a[href='{reverse('participants:ticket_of_answer', args=[check.public_id])}']").click()
    audit(page)

    sign_in(page, make_user(Role.DINKES_MEMBERSHIP))
    family = reverse("participants:family", args=[household.public_id])
    page.goto(family)
    audit(page)
    page.locator(f"[name=resident][value='{wife.pk}']").check()
    press(page, reverse("participants:compare_family", args=[household.public_id]))
    audit(page)
    page.goto(family)
    page.locator(f"a[href='{reverse('participants:ticket_of_family', args=[household.public_id])}']").click()
    page.locator(f"[name=resident][value='{wife.pk}']").check()
    page.locator("[name=kind][value=LIFE]").check()
    page.locator("[name=text]").fill("Warga hidup dan datang sendiri.")
    page.locator("main form button").last.click()
    audit(page)
    ticket = Ticket.objects.get()
    page.locator(f"a[href='{reverse('participants:propose_override', args=[ticket.public_id])}']").click()
    page.locator("main form button").last.click()
    audit(page)
    page.locator("[name=rules][value=C03]").check()
    page.locator("[name=reason]").fill("Data kematian keliru")
    page.locator("[name=evidence]").fill("Surat Disdukcapil 470/12")
    page.locator("[name=valid_until]").fill(f"{timezone.localdate():%d-%m-%Y}")
    page.locator("main form button").last.click()
    audit(page)

    sign_in(page, make_user(Role.DINKES_SERVICES))
    page.goto(reverse("participants:overrides"))
    audit(page)
    lifted = Override.objects.get()
    page.locator(f"a[href='{reverse('participants:override', args=[lifted.public_id])}']").click()
    audit(page)
    press(page, reverse("participants:approve_override", args=[lifted.public_id]))
    audit(page)
    lifted.refresh_from_db()
    assert lifted.state == OverrideState.ACTIVE

    sign_in(page, make_user(Role.REGISTRY_OPERATOR))
    page.goto(reverse("participants:tickets"))
    audit(page)
    press(page, reverse("participants:send_tickets"))
    page.locator(f"a[href='{reverse('participants:ticket', args=[ticket.public_id])}']").click()
    audit(page)
    page.goto(reverse("participants:online_services"))
    audit(page)
