"""A mistake of the registry is bridged for a person: by two people, for the rules of the registry, for thirty days."""

import datetime

import pytest
from django.db import IntegrityError, transaction
from django.utils import translation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from facilities.enums import Role
from ksb.core.errors import NotAllowed, Refused, WrongState
from ksb.core.models import JournalEntry
from participants import overrides
from participants.eligibility import evaluate
from participants.eligibility.city import reevaluate
from participants.enums import Decision, OverrideState, ResidentStatus
from participants.models import CoverageStatus, Override
from participants.models.office import LIFTABLE
from participants.workflow import OVERRIDE
from tests.factories import NOW, TODAY, cover_elsewhere, covered_person, fresh_sources, make_user
from tests.participants.office import lift, make_ticket, propose
from tests.support.workflows import roles_that_may

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)
DEAD = {"status": ResidentStatus.DECEASED, "status_on": TODAY - 3 * DAY}


def judge(person, *, on=TODAY, at=NOW, **how):
    return evaluate(person, on=on, at=at, **how)


def on_the_list(person):
    reevaluate(on=TODAY, at=NOW)
    return CoverageStatus.objects.get(resident=person)


def test_a_lifted_rule_is_a_warning_with_its_last_day_and_excludes_no_more():
    person = covered_person(**DEAD)
    assert judge(person).headline_rule == "C03"
    lift(person, "C03")
    decided = judge(person)
    assert (decided.decision, decided.headline_rule) == (Decision.COVERED, "C34")
    warning = next(reason for reason in decided.reasons if reason.rule == "C03")
    assert (warning.effect, warning.blocking) == ("WARNS", False)
    with translation.override("en"):
        assert "Lifted until 6 December 2026 by decision of Dinkes" in warning.message


def test_the_list_of_the_city_says_the_same_as_the_desk():
    person = covered_person(**DEAD)
    lift(person, "C03")
    status = on_the_list(person)
    assert (status.decision, status.headline_rule) == (Decision.COVERED, "C34")
    assert "C03" in status.rules


def test_other_rules_go_on_excluding():
    person = covered_person(**DEAD)
    cover_elsewhere(person, segment=21)
    lift(person, "C03")
    assert judge(person).headline_rule == "C12"


def test_a_proposal_lifts_nothing_before_the_second_person():
    person = covered_person(**DEAD)
    propose(person, "C03")
    assert judge(person).headline_rule == "C03"


def test_it_ends_by_itself_after_its_last_day():
    person = covered_person(**DEAD)
    lift(person, "C03", days=5)
    later = NOW + 6 * DAY
    fresh_sources(on=TODAY + 6 * DAY, at=later)
    assert judge(person, on=TODAY + 5 * DAY, at=later).headline_rule == "C34"
    assert judge(person, on=TODAY + 6 * DAY, at=later).headline_rule == "C03"


def test_the_answer_says_on_which_day_it_turns():
    person = covered_person(**DEAD)
    lift(person, "C03", days=0)
    assert judge(person).next_change_on == TODAY + DAY


def test_revoked_it_excludes_from_the_day_of_the_revocation_and_the_days_before_stay_covered():
    person = covered_person(**DEAD)
    lifted = lift(person, "C03")
    tomorrow = NOW + DAY
    overrides.revoke(
        override=lifted, reason="Kematian dikonfirmasi", actor=make_user(Role.DINKES_SERVICES), at=tomorrow
    )
    assert judge(person, on=TODAY + DAY, at=tomorrow).headline_rule == "C03"
    assert judge(person, on=TODAY, at=tomorrow).headline_rule == "C34"


def test_what_was_known_earlier_can_be_replayed():
    person = covered_person(**DEAD)
    lift(person, "C03")
    assert judge(person, known_at=NOW - DAY / 24).headline_rule == "C03"


@pytest.mark.parametrize("rules", [["C12"], ["C01", "C03"], [], ["C08"]])
def test_only_rules_that_rest_on_the_registry_can_be_lifted(rules):
    with pytest.raises(Refused):
        propose(covered_person(), *rules)


@pytest.mark.parametrize("days", [-1, 31])
def test_it_lasts_from_today_to_thirty_days_at_most(days):
    with pytest.raises(Refused):
        propose(covered_person(), "C03", days=days)


def test_thirty_days_are_allowed():
    assert propose(covered_person(), "C03", days=30).valid_until == TODAY + 30 * DAY


def test_the_database_itself_refuses_a_longer_one_and_another_rule():
    proposed = propose(covered_person(), "C03")
    this = Override.objects.filter(pk=proposed.pk)
    for wrong in ({"valid_until": TODAY + 31 * DAY}, {"rules": ["C12"]}, {"rules": []}):
        with pytest.raises(IntegrityError), transaction.atomic():
            this.update(**wrong)


def test_who_proposed_does_not_approve_whatever_the_roles():
    both = make_user(Role.DINKES_MEMBERSHIP, Role.DINKES_SERVICES)
    proposed = propose(covered_person(), "C03", actor=both)
    with pytest.raises(NotAllowed):
        overrides.approve(override=proposed, actor=both, at=NOW)
    with pytest.raises(IntegrityError), transaction.atomic():
        Override.objects.filter(pk=proposed.pk).update(approved_at=NOW, approved_by=both, state="ACTIVE")


@pytest.mark.parametrize("role", [Role.DINKES_SERVICES, Role.REGISTRATION_CLERK, Role.REGISTRY_OPERATOR, Role.AUDITOR])
def test_only_the_membership_office_proposes(role):
    with pytest.raises(NotAllowed):
        propose(covered_person(), "C03", actor=make_user(role))


def test_only_the_services_office_approves_and_refuses():
    proposed = propose(covered_person(), "C03")
    for name in ("approve", "refuse"):
        assert roles_that_may(OVERRIDE, OVERRIDE[name], proposed) == {Role.DINKES_SERVICES}


def test_either_office_revokes():
    lifted = lift(covered_person(), "C03")
    assert roles_that_may(OVERRIDE, OVERRIDE["revoke"], lifted) == {Role.DINKES_MEMBERSHIP, Role.DINKES_SERVICES}


def test_a_refused_one_lifts_nothing_and_says_why():
    person = covered_person(**DEAD)
    refused = overrides.refuse(
        override=propose(person, "C03"), reason="Bukti kurang", actor=make_user(Role.DINKES_SERVICES), at=NOW
    )
    assert (refused.state, refused.refusal) == (OverrideState.REFUSED, "Bukti kurang")
    assert judge(person).headline_rule == "C03"
    with pytest.raises(Refused):
        overrides.refuse(override=refused, reason=" ", actor=make_user(Role.DINKES_SERVICES), at=NOW)


def test_a_person_has_one_open_override():
    person = covered_person()
    ticket = make_ticket(person)
    propose(person, "C03", ticket=ticket)
    with pytest.raises(Refused) as refusal:
        propose(person, "C04", ticket=ticket)
    assert refusal.value.code == "one_open_override_per_person"


def test_one_that_is_over_stands_in_nobodys_way():
    person = covered_person()
    ticket = make_ticket(person)
    propose(person, "C03", ticket=ticket, days=1)
    again = propose(person, "C04", ticket=ticket, days=20, at=NOW + 3 * DAY)
    assert again.state == OverrideState.PROPOSED


def test_the_night_tidies_what_is_over():
    over, running = lift(covered_person(), "C03", days=1), lift(covered_person(), "C03", days=2)
    assert overrides.expire(on=TODAY + 2 * DAY, at=NOW + 2 * DAY) == 1
    over.refresh_from_db()
    running.refresh_from_db()
    assert (over.state, running.state) == (OverrideState.EXPIRED, OverrideState.ACTIVE)


def test_a_proposal_that_waited_too_long_cannot_be_approved():
    proposed = propose(covered_person(), "C03", days=1)
    with pytest.raises(Refused):
        overrides.approve(override=proposed, actor=make_user(Role.DINKES_SERVICES), at=NOW + 3 * DAY)


def test_a_decided_one_is_not_decided_again():
    lifted = lift(covered_person(), "C03")
    with pytest.raises(WrongState):
        overrides.approve(override=lifted, actor=make_user(Role.DINKES_SERVICES), at=NOW)


def test_every_step_is_in_the_journal_with_the_rules():
    lifted = lift(covered_person(), "C03", "C05")
    entries = list(JournalEntry.objects.about(lifted))
    assert [entry.verb for entry in entries] == ["override.propose", "override.approve"]
    assert entries[0].data["rules"] == entries[1].data["rules"] == ["C03", "C05"]


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    status=st.sampled_from([0, 1, 2, 3, 9]),
    lifted=st.sets(st.sampled_from(LIFTABLE), min_size=1),
    ektp=st.booleans(),
    in_city=st.booleans(),
)
def test_desk_and_city_agree_with_plain_words_for_any_set_of_rules(status, lifted, ektp, in_city):
    with transaction.atomic():
        person = covered_person(
            status=status,
            status_on=TODAY if status else None,
            ektp_recorded=ektp,
            city_code="32.75" if in_city else "31.71",
        )
        before = {reason.rule for reason in judge(person).applying if reason.blocking}
        lift(person, *lifted)
        after = judge(person)
        assert {reason.rule for reason in after.applying if reason.blocking} == before - lifted
        assert before & lifted <= {reason.rule for reason in after.applying if reason.effect == "WARNS"}
        listed = on_the_list(person)
        assert (listed.decision, listed.headline_rule) == (after.decision, after.headline_rule)
        transaction.set_rollback(True)
