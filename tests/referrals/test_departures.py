"""Letters of people whom the registry's night takes away (domain.md B5)."""

import datetime

import pytest

from ksb.core import outbox
from ksb.core.models import JournalEntry, OutboxEvent
from participants.dukcapil.effects import LEFT
from participants.enums import EventKind, ResidentStatus
from participants.models import RegistryEvent
from referrals.departures import close_letters
from tests import factories as f
from tests.referrals import factories as r

pytestmark = pytest.mark.django_db
DAY = datetime.date(2026, 11, 20)


def leaves(resident, run, *, kind=EventKind.DEATH, status=ResidentStatus.DECEASED):
    resident.status, resident.status_on = status, DAY
    resident.save()
    RegistryEvent.objects.create(run=run, resident=resident, kind=kind, effective_on=DAY)


@pytest.fixture
def run():
    return f.make_run()


@pytest.mark.parametrize(
    ("kind", "status"),
    [(EventKind.DEATH, ResidentStatus.DECEASED), (EventKind.MOVE_OUT, ResidentStatus.MOVED_OUT)],
)
def test_unused_letters_of_who_died_or_moved_out_are_closed_and_their_money_is_freed(run, kind, status):
    sjp = r.issue()
    leaves(sjp.resident, run, kind=kind, status=status)
    assert close_letters(run_id=run.pk, at=r.AT) == {"sjp": 1, "referrals": 1}
    sjp.refresh_from_db()
    sjp.referral.refresh_from_db()
    assert (sjp.state, sjp.cancelled_at, sjp.referral.state) == ("CANCELLED", r.AT, "CANCELLED")
    assert sjp.reason
    assert OutboxEvent.objects.filter(kind="sjp.released", object_id=sjp.pk).count() == 1
    assert JournalEntry.objects.get(verb="sjp.close_by_registry").actor is None


def test_a_letter_in_use_and_letters_of_others_stay(run):
    to = r.contracted()
    used, other = r.issue(to=to), r.issue(to=to)
    r.admit(used)
    leaves(used.resident, run)
    assert close_letters(run_id=run.pk, at=r.AT) == {"sjp": 0, "referrals": 0}
    used.refresh_from_db()
    other.refresh_from_db()
    assert (used.state, other.state) == ("USED", "ISSUED")


def test_who_has_come_back_since_keeps_the_letters(run):
    sjp = r.issue()
    leaves(sjp.resident, run, kind=EventKind.MOVE_OUT, status=ResidentStatus.ACTIVE)
    assert close_letters(run_id=run.pk, at=r.AT) == {"sjp": 0, "referrals": 0}


def test_the_outbox_closes_them_once(run):
    sjp = r.issue()
    outbox.drain()
    leaves(sjp.resident, run)
    outbox.emit(LEFT, run)
    assert outbox.drain() == 2
    assert outbox.drain() == 0
    sjp.refresh_from_db()
    assert sjp.state == "CANCELLED"


def test_statements_do_not_grow_with_the_number_of_letters(run, django_assert_max_num_queries):
    clerk, to = r.clerk(), r.contracted()
    for _ in range(12):
        leaves(r.issue(clerk, to=to).resident, run)
    with django_assert_max_num_queries(40):
        assert close_letters(run_id=run.pk, at=r.AT) == {"sjp": 12, "referrals": 12}
