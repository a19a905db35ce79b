"""Each step of each table, tried by every role: done by those the table names, refused to all others."""

import pytest

from facilities.enums import Role
from ksb.core.errors import NotAllowed, WrongState
from referrals.enums import MoveDirection
from referrals.models import Episode, Referral, Sjp
from referrals.workflow import EPISODE, REFERRAL, SJP
from tests import factories as f
from tests.referrals import factories as r

pytestmark = pytest.mark.django_db

TABLES = {"referral": REFERRAL, "sjp": SJP, "episode": EPISODE}
STEPS = [(name, move.name) for name, table in TABLES.items() for move in table.transitions]
UPDATES = {"discharge": {"discharge_status": 1}}


def a_thing(name, step=""):
    """An object of the table's model, at a Puskesmas and a hospital that everybody below works at."""
    sjp = r.issue()
    if name == "episode":
        return r.admit(sjp)
    thing = sjp if name == "sjp" else sjp.referral
    if step == "withdraw":  # what a hospital has written
        thing.issuing_hospital = r.contracted(1)
        if name == "referral":
            thing.direction = MoveDirection.LEVEL
        thing.save()
    return thing


def put(thing, state):
    type(thing).objects.filter(pk=thing.pk).update(state=state)


def somebody(role, thing):
    sjp = thing.sjp if isinstance(thing, Episode) else thing
    if role.startswith("PUSKESMAS"):
        return f.make_user(role, facility=sjp.puskesmas)
    place = sjp.issuing_hospital or sjp.hospital
    return f.make_user(role, facility=place if role.startswith("HOSPITAL") else None)


@pytest.mark.parametrize(("name", "step"), STEPS)
def test_a_step_is_for_the_roles_of_the_table_and_nobody_else(name, step):
    table, thing = TABLES[name], a_thing(name, step)
    move = table[step]
    for role in [*Role.values, None]:
        put(thing, move.sources[0])
        actor = somebody(role, thing) if role else None
        if (role or "SYSTEM") in move.roles:
            done = table.apply(thing, step, actor=actor, at=r.AT + 3 * r.LATER, update=UPDATES.get(step))
            assert done.state == move.target
            put(thing, move.sources[0])
            type(thing).objects.filter(pk=thing.pk).update(**_unfilled(move))
        else:
            with pytest.raises(NotAllowed):
                table.apply(thing, step, actor=actor, at=r.AT)
            thing.refresh_from_db()
            assert thing.state == move.sources[0]


def _unfilled(move):
    return {f"{move.act}_at": None, f"{move.act}_by": None} if move.act else {}


@pytest.mark.parametrize(("name", "step"), STEPS)
def test_a_step_is_taken_from_its_states_only(name, step):
    table, thing = TABLES[name], a_thing(name, step)
    move = table[step]
    role = next(role for role in move.roles)
    actor = None if role == "SYSTEM" else somebody(role, thing)
    for state in table.states.values:
        if state in move.sources:
            continue
        put(thing, state)
        with pytest.raises(WrongState):
            table.apply(thing, step, actor=actor, at=r.AT)


@pytest.mark.parametrize("step", ["use", "finish", "turn_away"])
def test_another_hospitals_desk_is_refused(step):
    sjp = r.issue()
    put(sjp, SJP[step].sources[0])
    with pytest.raises(NotAllowed):
        SJP.apply(sjp, step, actor=r.desk(f.hospital(5)), at=r.AT)


def test_every_state_of_a_letter_is_reached_by_the_tables():
    for model, table in ((Sjp, SJP), (Referral, REFERRAL), (Episode, EPISODE)):
        reached = {move.target for move in table.transitions} | set(table.beginnings)
        assert reached == set(model.STATES.values)
