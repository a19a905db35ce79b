"""Who turns out to be covered by JKN: unused letters are flagged, used ones honoured, the family is told (domain.md B7.5, B9)."""

import datetime

import pytest
from django.urls import reverse

from facilities.enums import Role
from ksb.core import outbox
from ksb.core.models import JournalEntry
from participants.enums import JknAnswer
from participants.jkn import review
from referrals import jkn_effects
from tests import factories as f
from tests.referrals import factories as r

pytestmark = pytest.mark.django_db
HOUR = datetime.timedelta(hours=1)
DAY = datetime.timedelta(days=1)


def flag(at=f.NOW + 2 * HOUR):
    return jkn_effects.flag_letters(at=at)


def learn(letter, **values):
    return f.cover_elsewhere(letter.resident, **{"known_from": f.NOW + HOUR, **values})


def test_an_unused_letter_of_somebody_newly_covered_is_flagged_once():
    sjp, other = r.issue(), r.issue()
    learn(sjp)
    assert flag() == {"flagged": 1, "cleared": 0}
    assert flag() == {"flagged": 0, "cleared": 0}
    sjp.refresh_from_db()
    other.refresh_from_db()
    assert (sjp.flagged_at, other.flagged_at) == (f.NOW + 2 * HOUR, None)
    assert sjp.flagged_by == f.system()
    assert JournalEntry.objects.filter(verb="sjp.flag").count() == 1


@pytest.mark.parametrize(
    "values",
    [
        {"status": 9},
        {"since": f.TODAY + DAY},
        {"until": f.TODAY - DAY},
        {"source": "DECLARED"},
        {"known_from": f.NOW - DAY},
    ],
    ids=["inactive", "later", "ended", "declared", "known at issue"],
)
def test_what_does_not_cover_anew_flags_nothing(values):
    learn(r.issue(), **values)
    assert flag()["flagged"] == 0


def test_a_letter_in_use_is_honoured():
    sjp = r.issue()
    r.admit(sjp, at=f.NOW + HOUR)
    learn(sjp)
    assert flag()["flagged"] == 0


def test_the_letter_of_a_child_does_not_follow_its_mothers_membership():
    desk, clerk = r.desk(r.contracted()), r.clerk(f.puskesmas())
    desk.facility.specialties.add("ANA")
    mother = f.covered_person(sex=2)
    sjp = r.newborns.issue(asked=r.ask_for(r.birth(desk, mother), desk), actor=clerk, at=f.NOW)
    learn(sjp)
    assert flag()["flagged"] == 0


def test_when_the_list_is_corrected_the_flag_goes():
    sjp = r.issue()
    interval = learn(sjp)
    flag()
    interval.known_to, interval.open = f.NOW + 3 * HOUR, False
    interval.save()
    assert flag(f.NOW + 4 * HOUR) == {"flagged": 0, "cleared": 1}


def test_flagging_takes_the_same_statements_for_every_number_of_letters(django_assert_num_queries):
    for number in (1, 5):
        for _letter in range(number):
            learn(r.issue())
        with django_assert_num_queries(7, exact=False):
            assert flag()["flagged"] == number


def test_a_reviewers_answer_flags_the_letters_of_the_person():
    sjp = r.issue()
    row = f.make_jkn_row(sjp.resident)
    review.decide(
        row=row,
        answer=JknAnswer.SAME,
        resident=sjp.resident,
        actor=f.make_user(Role.DINKES_MEMBERSHIP),
        at=f.NOW + HOUR,
    )
    outbox.drain()
    sjp.refresh_from_db()
    assert sjp.flagged_at is not None


def test_the_desks_see_the_flag(client):
    clerk = r.clerk()
    sjp = r.issue(clerk)
    learn(sjp)
    flag()
    for user, name in ((clerk, "referrals:letters"), (r.desk(sjp.hospital), "referrals:inbox")):
        client.force_login(user)
        assert "JKN" in client.get(reverse(name)).content.decode()
        assert "JKN" in client.get(reverse("referrals:letter", args=[sjp.public_id])).content.decode()


def test_the_family_page_says_since_when(client):
    person = f.covered_person()
    f.cover_elsewhere(person, known_from=f.NOW - DAY, since=datetime.date(2026, 11, 1))
    client.force_login(f.make_user(Role.DINKES_MEMBERSHIP))
    page = client.get(reverse("participants:family", args=[person.household.public_id]))
    assert [found.resident for found in page.context["newly_insured"]] == [person]
    assert person.name in page.content.decode()


def test_old_news_is_no_news(client):
    person = f.covered_person()
    f.cover_elsewhere(person, known_from=f.NOW - 60 * DAY)
    client.force_login(f.make_user(Role.DINKES_MEMBERSHIP))
    page = client.get(reverse("participants:family", args=[person.household.public_id]))
    assert page.context["newly_insured"] == []
