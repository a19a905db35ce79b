"""Every state of a membership and of a card, every move, every role: what is allowed, and that the rest is refused."""

import itertools

import pytest

from facilities.enums import Role
from ksb.core.errors import NotAllowed, Refused, WrongState
from ksb.core.models import JournalEntry
from participants.enums import CardState, EnrolmentState
from participants.models import Card, Enrolment
from participants.workflow import CARD, ENROLMENT
from tests.factories import NOW, TODAY, make_household, make_user, system

pytestmark = pytest.mark.django_db

REASON = {"reason_code": "OWN_REQUEST"}
COUNTER, APPROVERS, KEEPER = {"REGISTRATION_CLERK"}, {"MEMBERSHIP_VERIFIER", "DINKES_MEMBERSHIP"}, {"DINKES_MEMBERSHIP"}
DESKS, NIGHT = {"REGISTRATION_CLERK", "DINKES_MEMBERSHIP"}, {"SYSTEM"}

# move -> from, to, who: written again here, so that a change of the table is a decision and not an accident
ENROLMENT_TABLE = {
    "submit": ({"DRAFT", "NEEDS_CORRECTION"}, "SUBMITTED", COUNTER | NIGHT),
    "confirm": ({"SUBMITTED", "WAITING"}, "CHECKING", NIGHT),
    "wait": ({"SUBMITTED"}, "WAITING", NIGHT),
    "question": ({"SUBMITTED", "WAITING"}, "NEEDS_CORRECTION", NIGHT),
    "verify": ({"CHECKING"}, "CHECKING", APPROVERS),
    "survey": ({"FIELD_CHECK"}, "FIELD_CHECK", {"REGISTRATION_CLERK", "REGISTRY_OPERATOR"}),
    "order_field_check": ({"CHECKING"}, "FIELD_CHECK", APPROVERS),
    "approve": ({"CHECKING", "FIELD_CHECK"}, "ACTIVE", KEEPER),
    "send_back": ({"CHECKING", "FIELD_CHECK"}, "NEEDS_CORRECTION", APPROVERS),
    "reject": ({"CHECKING", "FIELD_CHECK", "WAITING", "NEEDS_CORRECTION"}, "REJECTED", APPROVERS),
    "suspend": ({"ACTIVE"}, "SUSPENDED", KEEPER),
    "resume": ({"SUSPENDED"}, "ACTIVE", KEEPER),
    "end": ({"ACTIVE", "SUSPENDED"}, "ENDED", KEEPER | NIGHT),
    "drop_by_registry": (
        {"DRAFT", "SUBMITTED", "WAITING", "CHECKING", "FIELD_CHECK", "NEEDS_CORRECTION"},
        "REJECTED",
        NIGHT,
    ),
    "end_by_registry": ({"ACTIVE", "SUSPENDED"}, "ENDED", NIGHT),
    "revive_by_registry": ({"ENDED"}, "ACTIVE", NIGHT),
}
CARD_TABLE = {
    "approve": ({"ORDERED"}, "APPROVED", KEEPER),
    "take_back": ({"APPROVED"}, "ORDERED", KEEPER),
    "mark_printed": ({"APPROVED"}, "PRINTED", KEEPER),
    "make_ready": ({"PRINTED"}, "READY", DESKS),
    "hand_over": ({"PRINTED", "READY"}, "ACTIVE", DESKS),
    "report_lost": ({"READY", "ACTIVE"}, "LOST", DESKS | NIGHT),
    "report_damaged": ({"PRINTED", "READY", "ACTIVE"}, "DAMAGED", DESKS),
    "replace": ({"ACTIVE"}, "REPLACED", DESKS),
    "revoke": ({"ORDERED", "APPROVED", "PRINTED", "READY", "ACTIVE"}, "REVOKED", KEEPER | NIGHT),
}
TABLES = [(ENROLMENT, ENROLMENT_TABLE, EnrolmentState), (CARD, CARD_TABLE, CardState)]


def make(workflow, state):
    household = make_household()
    if workflow is CARD:
        return Card.objects.create(household=household, number=f"K{household.pk}", state=state, created_by=system())
    return Enrolment.objects.create(
        household=household,
        state=state,
        channel="COUNTER",
        registered_on=TODAY,
        waiting_until=TODAY,
        reason_code="OWN_REQUEST",
        created_by=system(),
        **{f"{act}_at": NOW for act in ("verified", "surveyed", "approved")},
        **{f"{act}_by": make_user() for act in ("verified", "surveyed", "approved")},
    )


def apply(workflow, obj, move, actor):
    extra = {"waiting_until": TODAY} if move == "wait" else {}
    if move == "survey":
        type(obj).objects.filter(pk=obj.pk).update(surveyed_at=None, surveyed_by=None)
    return workflow.apply(obj, move, actor=actor, at=NOW, data=REASON if workflow is ENROLMENT else None, update=extra)


@pytest.mark.parametrize(("workflow", "table", "states"), TABLES)
def test_the_table_is_the_one_that_was_agreed(workflow, table, states):
    assert {m.name: (set(m.sources), m.target, set(m.roles)) for m in workflow.transitions} == table


@pytest.mark.parametrize(
    ("workflow", "move", "state"),
    [
        (workflow, move, state.value)
        for workflow, table, states in TABLES
        for move, state in itertools.product(table, states)
    ],
)
def test_a_move_starts_only_from_its_states(workflow, move, state):
    table = ENROLMENT_TABLE if workflow is ENROLMENT else CARD_TABLE
    sources, target, roles = table[move]
    actor = None if roles == NIGHT else make_user(*(roles - NIGHT))
    obj = make(workflow, state)
    if state in sources:
        assert apply(workflow, obj, move, actor).state == target
        assert JournalEntry.objects.filter(verb=f"{workflow.name}.{move}", object_id=obj.pk, data__to=target).exists()
    else:
        with pytest.raises(WrongState):
            apply(workflow, obj, move, actor)
        obj.refresh_from_db()
        assert obj.state == state


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize(("workflow", "table"), [(w, t) for w, t, _s in TABLES])
def test_a_move_is_made_only_by_its_roles(workflow, table, role):
    actor = make_user(role)
    for move, (sources, target, roles) in table.items():
        obj = make(workflow, sorted(sources)[0])
        if role in roles:
            assert apply(workflow, obj, move, actor).state == target
        else:
            with pytest.raises(NotAllowed):
                apply(workflow, obj, move, actor)


@pytest.mark.parametrize("move", ["send_back", "reject", "suspend", "end"])
def test_nobody_is_turned_away_without_a_reason(move):
    obj = make(ENROLMENT, sorted(ENROLMENT_TABLE[move][0])[0])
    with pytest.raises(Refused) as refusal:
        ENROLMENT.apply(obj, move, actor=make_user(Role.DINKES_MEMBERSHIP), at=NOW)
    assert refusal.value.code == "reason"


@pytest.mark.parametrize(("workflow", "act"), [(CARD, "blocked"), (CARD, "handed"), (ENROLMENT, "rejected")])
def test_an_act_is_stamped_with_who_and_when(workflow, act):
    move = next(m for m in workflow.transitions if m.act == act)
    actor = make_user(Role.DINKES_MEMBERSHIP)
    obj = apply(workflow, make(workflow, move.sources[0]), move.name, actor)
    assert (getattr(obj, f"{act}_at"), getattr(obj, f"{act}_by")) == (NOW, actor)
