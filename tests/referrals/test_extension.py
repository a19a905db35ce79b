"""More days under a letter in use: asked for in time, decided by Dinkes, counted."""

from datetime import timedelta

import pytest
from django.urls import reverse

from facilities.enums import Role, Service
from ksb.core import outbox
from ksb.core.errors import NotAllowed, Refused, WrongState
from ksb.core.models import Notice
from referrals import extension, hospital
from referrals.enums import ExtensionState
from referrals.models import Extension, Sjp
from referrals.workflow import EXTENSION
from tests import factories as f
from tests.referrals import factories as r
from tests.referrals.test_at_once import at_once
from tests.support.workflows import roles_that_may

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
WHY = {"doctor_name": "dr. Rahma, Sp.PD", "reason": "Infus antibiotik belum selesai."}


@pytest.fixture
def sjp():
    """A letter for inpatient care in use, the patient in care since the first day."""
    sjp = r.issue(service=Service.INPATIENT)
    r.admit(sjp)
    sjp.refresh_from_db()
    return sjp


def ask(sjp, *, at=r.AT + 10 * DAY, actor=None):
    return r.ask_for_days(sjp, actor, at=at)


def test_granted_the_letter_holds_another_fourteen_days_on_paper_too(sjp):
    before = sjp.valid_until
    asked = ask(sjp)
    assert Sjp.objects.get(pk=sjp.pk).valid_until == before
    extension.grant(extension=asked, actor=r.officer(), at=r.AT + 11 * DAY)
    sjp.refresh_from_db()
    assert sjp.valid_until == before + 14 * DAY
    assert "Diperpanjang" in sjp.letter["notes"][-1]
    assert sjp.letter["until"] in sjp.letter["notes"][-1]
    assert sjp.state == "USED"


@pytest.mark.parametrize(("base", "days"), [("admission", 16), ("issue", 14)])
def test_the_scheme_says_whether_days_count_from_admission_or_issue(base, days):
    r.rule(sjp_extend_base=base)
    sjp = r.issue(service=Service.INPATIENT)
    r.admit(sjp, at=r.AT + 2 * DAY)
    asked = ask(Sjp.objects.get(pk=sjp.pk))
    # Counted from an admission two days after the issue, the period from it ends two days after the letter.
    assert asked.until in (sjp.valid_until + days * DAY, sjp.valid_until + (days - 14) * DAY)
    assert asked.until > sjp.valid_until


def test_after_the_last_day_it_is_too_late(sjp):
    with pytest.raises(Refused):
        ask(sjp, at=r.AT + 15 * DAY)


def test_the_scheme_says_how_often(sjp):
    r.rule(max_extension=1)
    extension.grant(extension=ask(sjp), actor=r.officer(), at=r.AT + 10 * DAY)
    with pytest.raises(Refused):
        ask(sjp, at=r.AT + 20 * DAY)


def test_only_while_the_patient_lies_there():
    unused = r.issue(service=Service.INPATIENT)
    with pytest.raises(WrongState):
        ask(unused)
    visit = r.issue()
    r.admit(visit)
    with pytest.raises(WrongState):
        ask(visit)


def test_a_patient_who_went_home_needs_no_more_days(sjp):
    asked = ask(sjp)
    hospital.discharge(episode=sjp.episodes.get(), actor=r.desk(sjp.hospital), at=r.AT + 11 * DAY, status=1)
    with pytest.raises(WrongState):
        extension.grant(extension=asked, actor=r.officer(), at=r.AT + 11 * DAY)


def test_one_request_at_a_time_and_another_hospital_asks_for_nothing(sjp):
    with pytest.raises(NotAllowed):
        ask(sjp, actor=r.desk(f.hospital(5)))
    ask(sjp)
    with pytest.raises(Refused):
        ask(sjp)


def test_declined_needs_a_reason_and_leaves_the_letter(sjp):
    asked = ask(sjp)
    with pytest.raises(Refused):
        extension.decline(extension=asked, actor=r.officer(), at=r.AT, reason="")
    extension.decline(extension=asked, actor=r.officer(), at=r.AT, reason="Dapat rawat jalan")
    assert ask(sjp).state == ExtensionState.WAITING


@pytest.mark.parametrize("move", EXTENSION.transitions, ids=lambda move: move.name)
def test_an_extension_is_answered_by_dinkes_services_only(sjp, move):
    assert roles_that_may(EXTENSION, move, ask(sjp)) == {Role.DINKES_SERVICES}


@pytest.mark.django_db(transaction=True)
def test_of_two_officers_one_answers():
    sjp = r.issue(service=Service.INPATIENT)
    r.admit(sjp)
    asked = ask(Sjp.objects.get(pk=sjp.pk))
    officers = [r.officer() for _ in range(2)]
    at_once(
        lambda: extension.grant(extension=asked, actor=officers[0], at=r.AT),
        lambda: extension.decline(extension=asked, actor=officers[1], at=r.AT, reason="Tidak perlu"),
    )
    asked.refresh_from_db()
    assert (asked.granted_at is None) != (asked.declined_at is None)


def test_the_desk_asks_and_dinkes_answers_on_their_pages(client, sjp):
    desk, officer = r.desk(sjp.hospital), r.officer()
    client.force_login(desk)
    assert "perpanjang" in client.get(reverse("referrals:letter", args=[sjp.public_id])).content.decode()
    address = reverse("referrals:extend", args=[sjp.public_id])
    assert client.get(address).status_code == 200
    assert client.post(address, {}).context["form"].errors
    assert client.post(address, WHY).status_code == 302
    asked = Extension.objects.get()
    client.force_login(officer)
    assert sjp.number in client.get(reverse("referrals:approvals")).content.decode()
    address = reverse("referrals:decide_extension", args=[asked.public_id])
    assert WHY["reason"] in client.get(address).content.decode()
    assert client.post(address, {"answer": "approve"}).status_code == 302
    assert client.post(address, {"answer": "approve"}).status_code == 409
    assert client.get(reverse("referrals:letter", args=[sjp.public_id])).status_code == 200


def test_a_stay_that_nears_the_end_of_its_letter_is_told_once_before_and_once_after(sjp):
    def night(days):
        extension.warn(on=sjp.valid_until + days * DAY)
        outbox.drain()
        told = Notice.objects.visible_to(desk).unread().exclude(kind="sjp.issued")
        return list(told.order_by("pk").values_list("kind", flat=True))

    desk = r.desk(sjp.hospital)
    assert night(-3) == []
    assert night(-2) == night(-1) == night(0) == ["sjp.ending"]
    assert night(1) == night(5) == ["sjp.ending", "sjp.overstayed"]
    stay = sjp.episodes.get()
    hospital.discharge(episode=stay, actor=desk, at=r.AT + 20 * DAY, status=1, condition="IMPROVED")
    assert night(6) == []


def test_a_hospital_that_has_asked_for_more_days_is_not_reminded(sjp):
    ask(sjp)
    assert extension.warn(on=sjp.valid_until) == 0
