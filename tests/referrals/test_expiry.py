"""The night: what nobody used ends, what somebody uses stays."""

import datetime

import pytest

from ksb.core.models import JournalEntry, OutboxEvent
from referrals import expiry
from referrals.models import Draft
from tests import factories as f
from tests.referrals import factories as r

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)


def test_letters_expire_the_day_after_their_last():
    sjp = r.issue()
    assert expiry.expire(on=sjp.valid_until, at=r.AT) == {"sjp": 0, "referrals": 0}
    assert expiry.expire(on=sjp.valid_until + DAY, at=r.AT)["sjp"] == 1
    sjp.refresh_from_db()
    assert sjp.state == "EXPIRED"


def test_each_expired_letter_frees_its_reservation_once():
    to = r.contracted()
    letters = [r.issue(to=to) for _ in range(3)]
    on = letters[0].valid_until + DAY
    assert expiry.expire(on=on, at=r.AT)["sjp"] == 3
    assert expiry.expire(on=on, at=r.AT)["sjp"] == 0
    released = OutboxEvent.objects.filter(kind="sjp.released").order_by("object_id")
    assert [event.object_id for event in released] == sorted(sjp.pk for sjp in letters)
    assert JournalEntry.objects.filter(verb="sjp.expire", actor=None).count() == 3


def test_a_letter_in_use_does_not_expire():
    sjp = r.issue()
    r.admit(sjp)
    assert expiry.expire(on=sjp.valid_until + DAY, at=r.AT)["sjp"] == 0


def test_the_referral_outlives_its_letter():
    sjp = r.issue()
    expiry.expire(on=sjp.valid_until + DAY, at=r.AT)
    sjp.referral.refresh_from_db()
    assert sjp.referral.state == "ISSUED"
    assert expiry.expire(on=sjp.referral.valid_until + DAY, at=r.AT)["referrals"] == 1


def test_statements_do_not_grow_with_the_number_of_letters(django_assert_max_num_queries):
    clerk, to = r.clerk(), r.contracted()
    on = max(r.issue(clerk, to=to).valid_until for _ in range(12)) + DAY
    with django_assert_max_num_queries(20):
        assert expiry.expire(on=on, at=r.AT)["sjp"] == 12


def test_forgotten_drafts_go_after_thirty_days_and_letters_keep_theirs():
    clerk, to = r.clerk(), r.contracted()
    left, resident = f.covered_person(), f.covered_person()
    r.draft_for(clerk, left, complaint="Demam")
    r.issue(clerk, resident=resident, to=to, draft=r.draft_for(clerk, resident))
    assert expiry.forget_drafts(on=f.TODAY + 30 * DAY) == 0
    assert expiry.forget_drafts(on=f.TODAY + 31 * DAY) == 1
    assert Draft.objects.get().sjp is not None
