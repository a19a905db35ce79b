"""Letters beyond the limits of the scheme: requested by a desk, decided by Dinkes, issued that day or never."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from budget.models import LedgerEntry
from facilities.enums import Service
from ksb.core import outbox
from ksb.core.errors import NotAllowed, Refused, WrongState
from ksb.core.models import OutboxEvent
from referrals import approval, expiry, issuing, letters, today
from referrals.coverage import NotCovered
from referrals.models import Sjp
from tests import factories as f
from tests.budget import factories as b
from tests.referrals import factories as r
from tests.referrals.test_at_once import at_once

pytestmark = pytest.mark.django_db
NEXT_DAY = timedelta(days=1)


def wait(actor=None, **values):
    return r.issue(actor, to=values.pop("to", None) or r.outside(), **values)


def test_a_letter_to_a_hospital_outside_the_city_waits_for_dinkes():
    sjp = wait()
    assert (sjp.state, sjp.approval_grounds) == ("WAITING", ["OUT_OF_CITY"])
    assert "/PSJP/" in sjp.number
    assert sjp.letter == {}
    assert not OutboxEvent.objects.filter(kind="sjp.issued").exists()
    answer, *_rest = today.of_hospital(r.desk(sjp.hospital), at=r.AT)
    assert answer.rows == []  # the hospital does not know of it yet


def test_an_emergency_waits_for_nobody():
    assert wait(service=Service.EMERGENCY).state == "ISSUED"


@pytest.mark.parametrize(
    ("changes", "ground"),
    [({"high_cost": 1000}, "HIGH_COST"), ({"approval_after_letters": 0}, "MANY_LETTERS")],
)
def test_the_parameters_of_the_scheme_say_what_is_approved(changes, ground):
    r.rule(**changes)
    assert r.issue().approval_grounds == [ground]


def test_where_the_scheme_asks_for_nothing_the_clerk_issues():
    r.rule(approval_out_of_city=False, approval_after_letters=None)
    assert wait().state == "ISSUED"


def test_the_number_is_given_on_approval_and_stays_gapless():
    clerk = r.clerk()
    waiting = [wait(clerk) for _ in range(3)]
    approval.decline(sjp=waiting[1], actor=r.officer(), at=r.AT, reason="Dapat dilayani di RSUD")
    issued = r.issue(clerk)
    approved = [approval.approve(sjp=sjp, actor=r.officer(), at=r.AT) for sjp in (waiting[2], waiting[0])]
    assert [sjp.number[:6] for sjp in (issued, *approved)] == ["000001", "000002", "000003"]
    assert all("/SJP/" in sjp.number for sjp in approved)


def test_approved_it_is_a_letter_of_that_day_with_the_decision_of_that_day():
    sjp = wait()
    later = r.AT + 2 * NEXT_DAY
    f.fresh_sources(on=later.date(), at=later)
    sjp = approval.approve(sjp=sjp, actor=r.officer(), at=later)
    assert (sjp.state, sjp.valid_from) == ("ISSUED", later.date())
    assert sjp.valid_until == later.date() + timedelta(days=29)
    assert sjp.decision["on"] == later.date().isoformat()
    assert sjp.letter["until"]
    assert letters.print_sjp(sjp=sjp, actor=r.clerk(), at=later)


def test_money_is_reserved_on_approval_and_not_before():
    b.make_line()
    sjp = wait()
    outbox.drain()
    assert not LedgerEntry.objects.filter(sjp=sjp).exists()
    approval.approve(sjp=sjp, actor=r.officer(), at=r.AT)
    outbox.drain()
    assert LedgerEntry.objects.get(sjp=sjp).amount == sjp.estimate


def test_a_request_cannot_be_used_nor_printed():
    sjp = wait()
    with pytest.raises(WrongState):
        r.admit(sjp)
    with pytest.raises(WrongState):
        letters.print_sjp(sjp=sjp, actor=r.clerk(), at=r.AT)


def test_a_patient_who_lost_the_cover_meanwhile_gets_no_letter():
    sjp = wait()
    f.cover_elsewhere(sjp.resident)
    with pytest.raises(NotCovered):
        approval.approve(sjp=sjp, actor=r.officer(), at=r.AT)
    sjp.refresh_from_db()
    assert sjp.state == "WAITING"


def test_nobody_approves_what_they_asked_for_not_even_in_the_database():
    clerk = r.clerk()
    sjp = wait(clerk)
    both = f.make_user("DINKES_SERVICES")
    Sjp.objects.filter(pk=sjp.pk).update(issued_by=both, requested_by=both)
    with pytest.raises(NotAllowed):
        approval.approve(sjp=sjp, actor=both, at=r.AT)
    with pytest.raises(IntegrityError), transaction.atomic():
        Sjp.objects.filter(pk=sjp.pk).update(state="ISSUED", approved_at=r.AT, approved_by=both)


def test_the_database_knows_no_letter_beyond_the_limits_without_approval():
    sjp = wait()
    with pytest.raises(IntegrityError), transaction.atomic():
        Sjp.objects.filter(pk=sjp.pk).update(state="ISSUED")


def test_a_second_request_for_the_same_patient_and_specialty_is_refused():
    resident = f.covered_person()
    first = wait(resident=resident)
    with pytest.raises(Refused) as no:
        wait(resident=resident)
    assert first.number in no.value.message


def test_declined_needs_a_reason_and_ends_the_referral():
    sjp = wait()
    with pytest.raises(Refused):
        approval.decline(sjp=sjp, actor=r.officer(), at=r.AT, reason=" ")
    approval.decline(sjp=sjp, actor=r.officer(), at=r.AT, reason="Dapat dilayani di RSUD")
    sjp.refresh_from_db()
    assert (sjp.state, sjp.referral.state, sjp.reason) == ("DECLINED", "CANCELLED", "Dapat dilayani di RSUD")


def test_unanswered_it_expires_after_the_working_days_of_the_scheme():
    sjp = wait()  # on a Sunday: two working days are Monday and Tuesday
    assert sjp.valid_until == f.TODAY + timedelta(days=2)
    assert expiry.expire(on=sjp.valid_until, at=r.AT)["sjp"] == 0
    assert expiry.expire(on=sjp.valid_until + NEXT_DAY, at=r.AT)["sjp"] == 1
    sjp.refresh_from_db()
    assert sjp.state == "EXPIRED"
    assert issuing.renew(referral=sjp.referral, actor=sjp.issued_by, at=r.AT).state == "WAITING"


def test_the_hospital_knows_of_it_once_it_is_issued_and_its_clock_begins_then():
    sjp = wait()
    sjp.referral.refresh_from_db()
    assert sjp.referral.answer_due is None
    desk = r.desk(sjp.hospital)
    assert not Sjp.objects.visible_to(desk).filter(pk=sjp.pk).exists()
    approval.approve(sjp=sjp, actor=r.officer(), at=r.AT)
    assert Sjp.objects.visible_to(desk).get(pk=sjp.pk).referral.answer_due > r.AT


@pytest.mark.django_db(transaction=True)
def test_of_two_officers_one_decides():
    sjp = wait()
    officers = [r.officer() for _ in range(3)]
    acts = [lambda who=who: approval.approve(sjp=sjp, actor=who, at=r.AT) for who in officers[:2]]
    acts.append(lambda: approval.decline(sjp=sjp, actor=officers[2], at=r.AT, reason="Tidak perlu"))
    results = at_once(*acts)
    assert sum(isinstance(result, Sjp) for result in results) == 1
    assert sum(isinstance(result, WrongState) for result in results) == 2
    assert OutboxEvent.objects.filter(kind="sjp.issued").count() <= 1


# Screens


@pytest.fixture
def dinkes(client):
    user = r.officer()
    client.force_login(user)
    return user


def test_the_queue_shows_the_most_urgent_first_and_costs_the_same_for_many(
    client, dinkes, django_assert_max_num_queries
):
    sjp = wait()
    Sjp.objects.filter(pk=sjp.pk).update(valid_until=f.TODAY + 9 * NEXT_DAY)
    urgent = wait()
    with django_assert_max_num_queries(12) as few:
        page = client.get(reverse("referrals:approvals"))
    assert [letter.pk for letter in page.context["page"]] == [urgent.pk, sjp.pk]
    for _ in range(3):
        wait()
    with django_assert_max_num_queries(len(few)):
        client.get(reverse("referrals:approvals"))


def test_an_officer_approves_with_one_button(client, dinkes):
    sjp = wait()
    address = reverse("referrals:decide", args=[sjp.public_id])
    assert sjp.number in client.get(address).content.decode()
    assert client.post(address, {"answer": "approve"}).status_code == 302
    sjp.refresh_from_db()
    assert sjp.state == "ISSUED"


def test_declining_without_a_reason_changes_nothing(client, dinkes):
    sjp = wait()
    page = client.post(reverse("referrals:decide", args=[sjp.public_id]), {"answer": "decline"})
    assert page.context["form"].errors["reason"]
    sjp.refresh_from_db()
    assert sjp.state == "WAITING"


def test_the_second_officer_reads_that_it_is_answered(client, dinkes):
    sjp = wait()
    approval.approve(sjp=sjp, actor=r.officer(), at=r.AT)
    page = client.post(reverse("referrals:decide", args=[sjp.public_id]), {"answer": "approve"})
    assert page.status_code == 409


def test_the_clerk_reads_the_answer_on_the_start_page(client):
    clerk = r.clerk()
    sjp = wait(clerk)
    approval.decline(sjp=sjp, actor=r.officer(), at=r.AT, reason="Dapat dilayani di RSUD")
    client.force_login(clerk)
    assert "Dapat dilayani di RSUD" in client.get(reverse("referrals:search")).content.decode()
    assert client.get(reverse("referrals:letter", args=[sjp.public_id])).status_code == 200
    assert client.get(reverse("referrals:issued", args=[wait(clerk).public_id])).status_code == 200
