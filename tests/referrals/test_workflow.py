"""Each step of each table, tried by every role: done by those the table names, refused to all others."""

import pytest

from facilities.enums import Role
from ksb.core.errors import NotAllowed, WrongState
from referrals.models import BackReferral, ControlLetter, Episode, Referral, Sjp
from referrals.workflow import BACK_REFERRAL, CONTROL, EPISODE, REFERRAL, SJP
from tests import factories as f
from tests.referrals import factories as r

pytestmark = pytest.mark.django_db

TABLES = {
    "referral": REFERRAL,
    "sjp": SJP,
    "episode": EPISODE,
    "control": CONTROL,
    "back_referral": BACK_REFERRAL,
}
STEPS = [(name, move.name) for name, table in TABLES.items() for move in table.transitions]
UPDATES = {"discharge": {"discharge_status": 1}}


TABLES_OF_MODELS = (SJP, REFERRAL, EPISODE, CONTROL, BACK_REFERRAL)


def a_thing(name):
    """An object of the table's model, at a Puskesmas and a hospital that everybody below works at."""
    sjp = r.issue()
    if name == "sjp":
        return sjp
    if name == "referral":
        return sjp.referral
    if name == "episode":
        return r.admit(sjp)
    desk = r.desk(sjp.hospital)
    episode = r.left(sjp, desk)
    return r.call_back(episode, desk) if name == "control" else r.send_back(episode, desk)


# What the database asks of a state beside its name.
FILLED = {
    ControlLetter: {"USED": lambda thing: {"visit": thing.episode}},
    BackReferral: {
        "VISITED": lambda thing: {"visited_on": f.TODAY, "accepted_at": r.AT, "accepted_by": f.system()},
    },
}


def put(thing, state):
    """The thing in ``state``, as if it had just got there."""
    empty = {"visit": None} if isinstance(thing, ControlLetter) else {}
    filled = FILLED.get(type(thing), {}).get(state, lambda thing: empty)(thing)
    type(thing).objects.filter(pk=thing.pk).update(state=state, **(empty | filled))


def somebody(role, thing):
    sjp = thing.sjp if isinstance(thing, Episode) else thing
    if role.startswith("PUSKESMAS"):
        return f.make_user(role, facility=sjp.puskesmas)
    return f.make_user(role, facility=sjp.hospital if role.startswith("HOSPITAL") else None)


@pytest.mark.parametrize(("name", "step"), STEPS)
def test_a_step_is_for_the_roles_of_the_table_and_nobody_else(name, step):
    table, thing = TABLES[name], a_thing(name)
    move = table[step]
    for role in [*Role.values, None]:
        put(thing, move.sources[0])
        actor = somebody(role, thing) if role else None
        if (role or "SYSTEM") in move.roles:
            update = UPDATES.get(step) or FILLED.get(type(thing), {}).get(move.target, lambda thing: {})(thing)
            done = table.apply(thing, step, actor=actor, at=r.AT + 3 * r.LATER, update=update)
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
    table, thing = TABLES[name], a_thing(name)
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
    models = (Sjp, Referral, Episode, ControlLetter, BackReferral)
    for model, table in zip(models, TABLES_OF_MODELS, strict=True):
        reached = {move.target for move in table.transitions} | {model._meta.get_field("state").default}
        assert reached == set(model.STATES.values)
