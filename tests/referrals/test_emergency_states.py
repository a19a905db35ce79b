"""Each step of the emergency's table, tried by every role and from every state."""

import pytest

from facilities.enums import Role
from ksb.core.errors import NotAllowed, WrongState
from referrals.models import EmergencyNotice
from referrals.workflow import EMERGENCY
from tests import factories as f
from tests.referrals import emergencies as e
from tests.referrals import factories as r

pytestmark = pytest.mark.django_db

STEPS = [move.name for move in EMERGENCY.transitions]
# Who answers for a hospital without an account only: tried in test_emergency_elsewhere.
FOR_ANOTHER = {"answer": (Role.PUSKESMAS_CLERK, Role.DINKES_SERVICES)}


def a_notice():
    """A late notice with its letter at hand, so that the database allows each state."""
    return e.late(), r.issue()


def put(notice, state, letter):
    sjp = letter if state == "APPROVED" else None
    EmergencyNotice.objects.filter(pk=notice.pk).update(state=state, sjp=sjp, decided_at=None, decided_by=None)
    notice.refresh_from_db()


def somebody(role, notice):
    place = notice.puskesmas if role.startswith("PUSKESMAS") else None
    return f.make_user(role, facility=notice.hospital if role.startswith("HOSPITAL") else place)


@pytest.mark.parametrize("step", STEPS)
def test_a_step_is_for_the_roles_of_the_table_and_nobody_else(step):
    notice, letter = a_notice()
    move = EMERGENCY[step]
    update = {"sjp": letter} if move.target == "APPROVED" else None
    for role in [*Role.values, None]:
        put(notice, move.sources[0], letter)
        actor = somebody(role, notice) if role else None
        if role in move.roles and role not in FOR_ANOTHER.get(step, ()):
            done = EMERGENCY.apply(notice, step, actor=actor, at=f.NOW, update=update)
            assert done.state == move.target
        else:
            with pytest.raises(NotAllowed):
                EMERGENCY.apply(notice, step, actor=actor, at=f.NOW, update=update)
            notice.refresh_from_db()
            assert notice.state == move.sources[0]


@pytest.mark.parametrize("step", STEPS)
def test_a_step_is_taken_from_its_states_only(step):
    notice, letter = a_notice()
    move = EMERGENCY[step]
    actor = somebody(move.roles[0], notice)
    for state in EMERGENCY.states.values:
        if state not in move.sources:
            put(notice, state, letter)
            with pytest.raises(WrongState):
                EMERGENCY.apply(notice, step, actor=actor, at=f.NOW)


def test_every_state_is_reached_by_the_table_or_begins_it():
    reached = {move.target for move in EMERGENCY.transitions} | set(EMERGENCY.beginnings)
    assert reached == set(EmergencyNotice.STATES.values)
