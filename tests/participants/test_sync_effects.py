"""What births, deaths and moves do to a family's membership and card (domain.md B5)."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from facilities.enums import Role
from ksb.core.models import JournalEntry, OutboxEvent
from participants.dukcapil import effects
from participants.enums import CardState, EnrolmentReason, EnrolmentState, ReprintReason
from participants.families import find_family
from participants.models import Card, Enrolment, Household
from tests import factories as f
from tests.factories import NOW
from tests.participants.factories import make_application
from tests.participants.snapshots import DAY, family, of, people, person, take

pytestmark = pytest.mark.django_db
NEXT = DAY + datetime.timedelta(days=1)
DIED = {"FLAG_STATUS": "1", "TGL_STATUS": "2026-11-20"}
LEFT = {"FLAG_STATUS": "2", "TGL_STATUS": "2026-11-20", "NO_KAB": "16"}
DOUBLE = {"FLAG_STATUS": "3", "TGL_STATUS": "2026-11-20"}
NEW_KK = "3275010101206666"


def member(row, **values):
    """The family of this person becomes a member with a card in its hands. Returns both."""
    household = of(row).household
    enrolment = f.enrol(household, **values)
    card = Card.objects.create(
        household=household,
        enrolment=enrolment,
        number=f"KS{household.pk:010d}",
        state=CardState.ACTIVE,
        created_by=f.system(),
    )
    return enrolment, card


@pytest.fixture
def night(tmp_path):
    """``night(before, after, *heads)``: the families of ``heads`` are members; returns run, memberships and cards."""

    def between(before, after, *heads):
        others = people(3)
        take(tmp_path, [*others, *before])
        members = [member(head) for head in heads]
        run = take(tmp_path, [*others, *after], day=NEXT)
        for enrolment, card in members:
            enrolment.refresh_from_db()
            card.refresh_from_db()
        return run, *[thing for pair in members for thing in pair]

    return between


@pytest.mark.parametrize(
    ("fate", "reason"),
    [
        (DIED, EnrolmentReason.ALL_DECEASED),
        (LEFT, EnrolmentReason.MOVED_OUT),
        (DOUBLE, EnrolmentReason.KK_DELETED),
    ],
)
def test_a_family_nobody_is_left_of_is_no_member_any_more_and_its_card_is_revoked(night, fate, reason):
    home = family(3)
    run, enrolment, card = night(home, [row | fate for row in home], home[0])
    assert (enrolment.state, enrolment.reason_code, enrolment.ended_on) == (EnrolmentState.ENDED, reason, NEXT)
    assert (card.state, card.blocked_at) == (CardState.REVOKED, NOW)
    assert run.counters["effects"] == {"ended": {reason: 1}, "renewed": 0, "reprint": 0, "to_register": 0}
    entry = JournalEntry.objects.get(verb="enrolment.end_by_registry")
    assert (entry.actor, entry.object_id, entry.data["reason_code"]) == (None, enrolment.pk, reason)
    assert JournalEntry.objects.get(verb="card.revoke").object_id == card.pk


def test_a_death_that_is_withdrawn_revives_the_membership_it_ended_and_not_the_card(night, tmp_path):
    home = family(2)
    _run, enrolment, card = night(home, [row | DIED for row in home], home[0])
    others = people(3)
    take(tmp_path, [*others, *home], day=NEXT + datetime.timedelta(days=1))
    enrolment.refresh_from_db()
    card.refresh_from_db()
    assert (enrolment.state, enrolment.ended_on, enrolment.reason_code) == (EnrolmentState.ACTIVE, None, "")
    assert card.state == CardState.REVOKED
    assert JournalEntry.objects.filter(verb="enrolment.revive_by_registry", object_id=enrolment.pk).exists()


def test_who_dies_or_moves_out_leaves_the_others_their_membership(night):
    home = family(4)
    run, enrolment, card = night(home, [home[0], home[1] | DIED, home[2] | LEFT, home[3]], home[0])
    assert (enrolment.state, card.state) == (EnrolmentState.ACTIVE, CardState.ACTIVE)
    assert run.counters["effects"]["ended"] == {}


def test_some_died_and_the_rest_moved_out_counts_as_moved_out(night):
    home = family(3)
    _run, enrolment, _card = night(home, [home[0] | DIED, home[1] | LEFT, home[2] | LEFT], home[0])
    assert enrolment.reason_code == EnrolmentReason.MOVED_OUT


def test_a_family_merged_into_another_loses_its_own_membership_only(night):
    home, alone = family(2), person()
    joined = alone | {"NO_KK": home[0]["NO_KK"], "STAT_HBKEL": "7"}
    _run, kept, kept_card, merged, card = night([*home, alone], [*home, joined], home[0], alone)
    assert (merged.state, merged.reason_code, card.state) == ("ENDED", EnrolmentReason.KK_MERGED, CardState.REVOKED)
    assert (kept.state, kept_card.state) == (EnrolmentState.ACTIVE, CardState.ACTIVE)
    assert Household.objects.get(kk_number=alone["NO_KK"]).successor is None


def test_an_application_of_a_family_nobody_is_left_of_is_dropped_with_the_reason(tmp_path):
    home = family(2)
    take(tmp_path, home)
    application = make_application(of(home[0]).household)
    take(tmp_path, [row | LEFT for row in home], day=NEXT)
    application.refresh_from_db()
    assert (application.state, application.reason_code) == (EnrolmentState.REJECTED, EnrolmentReason.MOVED_OUT)
    assert (application.rejected_at, application.rejected_by) == (NOW, f.system())
    assert JournalEntry.objects.filter(verb="enrolment.drop_by_registry", object_id=application.pk).exists()


def test_a_suspended_membership_ends_as_well(tmp_path):
    home = family(2)
    take(tmp_path, home)
    enrolment, _card = member(home[0], state="SUSPENDED", suspended_at=NOW, suspended_by=f.system())
    take(tmp_path, [row | LEFT for row in home], day=NEXT)
    enrolment.refresh_from_db()
    assert enrolment.state == EnrolmentState.ENDED


def test_a_membership_registered_after_the_day_of_the_file_ends_on_its_own_first_day(tmp_path):
    home = family(2)
    take(tmp_path, home)
    later = NEXT + datetime.timedelta(days=5)
    enrolment, _card = member(home[0], registered_on=later)
    take(tmp_path, [row | LEFT for row in home], day=NEXT)
    enrolment.refresh_from_db()
    assert enrolment.ended_on == later


def test_a_whole_family_under_a_new_kk_keeps_membership_card_and_the_old_number_as_an_alias(night):
    home = family(3)
    run, enrolment, card = night(
        home, [row | {"NO_KK": NEW_KK, "ALAMAT": "JL. LAIN", "NO_KEC": "2"} for row in home], home[0]
    )
    new, old = Household.objects.get(kk_number=NEW_KK), Household.objects.get(kk_number=home[0]["NO_KK"])
    assert (enrolment.state, enrolment.household, card.household, card.state) == ("ACTIVE", new, new, "ACTIVE")
    assert (old.successor, new.kelurahan_id) == (new, "32.75.02.1001")
    assert run.counters["effects"]["renewed"] == 1
    verbs = JournalEntry.objects.filter(verb__endswith=".follow_kk").values_list("verb", flat=True)
    assert sorted(verbs) == ["card.follow_kk", "enrolment.follow_kk"]
    assert (card.reprint, run.counters["effects"]["reprint"]) == (ReprintReason.KK_NUMBER, 1)


def test_a_family_is_still_found_by_its_former_kk_number(night):
    home = family(2)
    night(home, [row | {"NO_KK": NEW_KK} for row in home], home[0])
    found = find_family(number=home[0]["NO_KK"], actor=f.make_user(Role.REGISTRATION_CLERK), at=NOW)
    assert found.kk_number == NEW_KK


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({0: DIED, 1: {"STAT_HBKEL": "1", "STAT_KWN": "4"}}, ReprintReason.HEAD),
        ({0: {"NAMA_LGKP": "NAMA BARU"}}, ReprintReason.NAME),
        ({n: {"NO_KEL": "1002"} for n in range(3)}, ReprintReason.AREA),
        ({1: {"NAMA_LGKP": "NAMA BARU"}}, ""),
        ({2: DIED}, ""),
        ({n: {"ALAMAT": "JL. LAIN"} for n in range(3)}, ""),
    ],
)
def test_a_card_is_marked_for_reprint_when_what_stands_on_it_changed_and_stays_valid(night, change, reason):
    home = family(3)
    run, _enrolment, card = night(home, [row | change.get(n, {}) for n, row in enumerate(home)], home[0])
    assert (card.reprint, card.state, run.counters["effects"]["reprint"]) == (reason, CardState.ACTIVE, bool(reason))


def test_a_new_kk_after_the_head_died_goes_on_with_the_membership(night):
    home = family(3)
    widow = home[1] | {"NO_KK": NEW_KK, "STAT_HBKEL": "1", "STAT_KWN": "4"}
    _run, enrolment, _card = night(home, [home[0] | DIED, widow, home[2] | {"NO_KK": NEW_KK}], home[0])
    assert (enrolment.state, enrolment.household) == (EnrolmentState.ACTIVE, of(widow).household)


def test_of_two_new_cards_the_one_with_more_people_goes_on_then_the_heads(night):
    home, other = family(4), "3275010101207777"
    mother = home[1] | {"NO_KK": NEW_KK, "STAT_HBKEL": "1"}
    children = [row | {"NO_KK": NEW_KK} for row in home[2:]]
    _run, enrolment, _card = night(home, [home[0] | {"NO_KK": other}, mother, *children], home[0])
    assert enrolment.household.kk_number == NEW_KK


def test_divorced_halves_go_by_the_old_head(night):
    home, other = family(2), "3275010101207777"
    wife = home[1] | {"NO_KK": NEW_KK, "STAT_HBKEL": "1"}
    _run, enrolment, _card = night(home, [home[0] | {"NO_KK": other}, wife], home[0])
    assert enrolment.household.kk_number == other


def test_two_families_under_one_new_kk_keep_one_membership(night):
    one, two = family(3), family(2)
    joined = [row | {"NO_KK": NEW_KK, "STAT_HBKEL": "9"} for row in two]
    run, first, _card, second, card = night(
        [*one, *two], [*[row | {"NO_KK": NEW_KK} for row in one], *joined], one[0], two[0]
    )
    assert (first.state, first.household.kk_number) == (EnrolmentState.ACTIVE, NEW_KK)
    assert (second.reason_code, card.state) == (EnrolmentReason.KK_MERGED, CardState.REVOKED)
    assert run.counters["effects"]["renewed"] == 1


def test_an_application_under_way_follows_to_the_new_kk(tmp_path):
    home = family(2)
    take(tmp_path, home)
    waiting = f.enrol(
        of(home[0]).household, state="WAITING", registered_on=None, waiting_until=NEXT + datetime.timedelta(days=90)
    )
    take(tmp_path, [row | {"NO_KK": NEW_KK} for row in home], day=NEXT)
    waiting.refresh_from_db()
    assert (waiting.state, waiting.household.kk_number) == (EnrolmentState.WAITING, NEW_KK)


def test_a_family_that_comes_back_to_its_old_kk_is_no_alias_any_more(tmp_path):
    home = family(2)
    take(tmp_path, home)
    take(tmp_path, [row | {"NO_KK": NEW_KK} for row in home], day=NEXT)
    take(tmp_path, home, day=NEXT + datetime.timedelta(days=1))
    assert of(home[0]).household.successor is None


def test_a_split_is_counted_as_a_family_to_register(night):
    home = family(4)
    founder = home[2] | {"NO_KK": NEW_KK, "STAT_HBKEL": "1", "ALAMAT": "JL. BARU"}
    run, enrolment, _card = night(home, [*home[:2], founder, home[3]], home[0])
    assert run.counters["effects"]["to_register"] == 1
    assert (enrolment.state, Enrolment.objects.count()) == (EnrolmentState.ACTIVE, 1)


def test_a_family_merely_missing_from_the_file_stays_a_member_for_thirty_days(night):
    home = family(2)
    _run, enrolment, card = night(home, [], home[0])
    assert (enrolment.state, card.state) == (EnrolmentState.ACTIVE, CardState.ACTIVE)
    assert effects.end_missing(on=NEXT + datetime.timedelta(days=29), at=NOW) == 0
    assert effects.end_missing(on=NEXT + datetime.timedelta(days=30), at=NOW) == 1
    enrolment.refresh_from_db()
    card.refresh_from_db()
    assert (enrolment.reason_code, card.state) == (EnrolmentReason.KK_DELETED, CardState.REVOKED)


def test_letters_are_asked_to_follow_once_and_only_when_somebody_left(night):
    home = family(3)
    run, *_rest = night(home, [home[0], home[1] | DIED, home[2] | LEFT])
    assert list(OutboxEvent.objects.filter(kind=effects.LEFT).values_list("object_id", flat=True)) == [run.pk]


def test_a_first_load_and_a_quiet_night_touch_nobody(night):
    home = family(3)
    run, enrolment, _card = night(home, home, home[0])
    assert run.counters["effects"] == {"ended": {}, "renewed": 0, "reprint": 0, "to_register": 0}
    assert (enrolment.state, OutboxEvent.objects.count()) == (EnrolmentState.ACTIVE, 0)


def test_many_families_that_leave_cost_as_many_statements_as_one(tmp_path):
    rows = people(40)
    take(tmp_path, rows)
    for row in rows:
        member(row)

    def statements(gone, day):
        with CaptureQueriesContext(connection) as found:
            take(tmp_path, [row | LEFT if n < gone else row for n, row in enumerate(rows)], day=day)
        return len(found)

    assert statements(1, NEXT) == statements(19, NEXT + datetime.timedelta(days=1))
    assert Enrolment.objects.filter(state=EnrolmentState.ENDED).count() == 19
