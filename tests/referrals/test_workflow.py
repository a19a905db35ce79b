"""Each step of each table, tried by every role: done by those the table names, refused to all others."""

import pytest

from facilities.enums import Role
from ksb.core.errors import NotAllowed, WrongState
from referrals.enums import MoveDirection
from referrals.models import BackReferral, ControlLetter, Episode, Escalation, Referral, Sjp
from referrals.workflow import BACK_REFERRAL, CONTROL, EPISODE, ESCALATION, REFERRAL, SJP
from tests import factories as f
from tests.referrals import factories as r

pytestmark = pytest.mark.django_db

TABLES = {
    "referral": REFERRAL,
    "sjp": SJP,
    "episode": EPISODE,
    "escalation": ESCALATION,
    "control": CONTROL,
    "back_referral": BACK_REFERRAL,
}
STEPS = [(name, move.name) for name, table in TABLES.items() for move in table.transitions]
UPDATES = {
    "discharge": {"discharge_status": 1},
    "settle": {"hospital": f.hospital},
    "answered": {"hospital": f.hospital},
    "give_up": {"unmet_reason": "OTHER"},
}


MODELS = (Referral, Sjp, Episode, Escalation, ControlLetter, BackReferral)


def a_thing(name, step=""):
    """An object of the table's model, at a Puskesmas and a hospital that everybody below works at."""
    sjp = r.issue()
    if name in ("control", "back_referral"):
        desk = r.desk(sjp.hospital)
        episode = r.left(sjp, desk)
        return r.call_back(episode, desk) if name == "control" else r.send_back(episode, desk)
    if name == "episode":
        return r.admit(sjp)
    if name == "escalation":
        return Escalation.objects.create(
            **{"cause": "UNANSWERED", "referral": sjp.referral, "first": sjp.referral, "resident": sjp.resident},
            **{"puskesmas": sjp.puskesmas, "specialty": sjp.specialty, "service": sjp.service},
            **{"diagnosis": sjp.diagnosis, "complaint": "Sesak", "findings": "SpO2 82"},
            **{"opened_at": r.AT, "opened_by": f.system()},
        )
    thing = sjp if name == "sjp" else sjp.referral
    if step == "withdraw":  # what a hospital has written
        thing.issuing_hospital = r.contracted(1)
        if name == "referral":
            thing.direction = MoveDirection.LEVEL
        thing.save()
    return thing


def put(thing, state, by=None):
    facts = {"state": state}
    if isinstance(thing, Escalation):
        facts |= _as_escalated(thing, state, by or f.system())
    facts |= _filled(thing, state)
    type(thing).objects.filter(pk=thing.pk).update(**facts)


def _as_escalated(case, state, by):
    """What the database wants to know of a case in ``state``, handled by ``by``."""
    running = state in Escalation.RUNNING
    return {
        **({"taken_at": None, "taken_by": None} if state == "OPEN" else {"taken_at": r.AT, "taken_by": by}),
        **({"ended_at": None, "ended_by": None} if running else {"ended_at": r.AT, "ended_by": by}),
        "hospital": case.referral.hospital if state == "SETTLED" else None,
        "unmet_reason": "OTHER" if state == "UNMET" else "",
    }


def _filled(thing, state):
    """What the database asks of a control letter or a back-referral in ``state``."""
    if isinstance(thing, ControlLetter):
        return {"visit": thing.episode if state == "USED" else None}
    if isinstance(thing, BackReferral) and state == "VISITED":
        return {"visited_on": f.TODAY, "accepted_at": r.AT, "accepted_by": f.system()}
    return {}


def somebody(role, thing):
    sjp = getattr(thing, {Episode: "sjp", Escalation: "referral"}.get(type(thing), ""), thing)
    if role.startswith("PUSKESMAS"):
        return f.make_user(role, facility=sjp.puskesmas)
    place = getattr(sjp, "issuing_hospital", None) or sjp.hospital
    return f.make_user(role, facility=place if role.startswith("HOSPITAL") else None)


# Dinkes ends the stay at a hospital without an account only: tried in test_emergency_elsewhere.
FOR_ANOTHER = {("sjp", "finish"): (Role.DINKES_SERVICES,), ("episode", "discharge"): (Role.DINKES_SERVICES,)}


@pytest.mark.parametrize(("name", "step"), STEPS)
def test_a_step_is_for_the_roles_of_the_table_and_nobody_else(name, step):
    table, thing = TABLES[name], a_thing(name, step)
    move = table[step]
    for role in [*Role.values, None]:
        actor = somebody(role, thing) if role else None
        put(thing, move.sources[0], actor)
        if (role or "SYSTEM") in move.roles and role not in FOR_ANOTHER.get((name, step), ()):
            update = _update(step) or _filled(thing, move.target)
            done = table.apply(thing, step, actor=actor, at=r.AT + 3 * r.LATER, update=update)
            assert done.state == move.target
            type(thing).objects.filter(pk=thing.pk).update(**_unfilled(move, thing))
        else:
            with pytest.raises(NotAllowed):
                table.apply(thing, step, actor=actor, at=r.AT)
            thing.refresh_from_db()
            assert thing.state == move.sources[0]


def _update(step):
    return {name: value() if callable(value) else value for name, value in UPDATES.get(step, {}).items()}


def _unfilled(move, thing):
    """The thing before the move."""
    if isinstance(thing, Escalation):
        return {"state": move.sources[0], **_as_escalated(thing, move.sources[0], f.system())}
    back = {f"{move.act}_at": None, f"{move.act}_by": None} if move.act else {}
    return {"state": move.sources[0], **back, **_filled(thing, move.sources[0])}


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
    for model, table in zip(MODELS, TABLES.values(), strict=True):
        reached = {move.target for move in table.transitions} | set(table.beginnings)
        assert reached == set(model.STATES.values)
