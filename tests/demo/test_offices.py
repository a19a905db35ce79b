"""The offices played for the demonstration answer from the city's own tables, and for strangers by their last digit."""

import pytest

from facilities.enums import Role
from ksb.demo import records
from ksb.demo.bpjs import member
from ksb.demo.offices import TEXTS
from ksb.demo.runner import free_ports, offices_at
from participants.dukcapil.client import ask_person, ask_whether_agrees
from participants.enums import OnlineOutcome as O
from participants.enums import ResidentStatus
from participants.jkn.client import ask_membership
from tests.factories import NOW, cover_elsewhere, make_family, make_resident, make_user
from tests.participants.online import bpjs, dukcapil

__all__ = ["bpjs", "dukcapil"]
pytestmark = pytest.mark.django_db
STRANGER = "327501570590000"


@pytest.fixture
def clerk(monkeypatch):
    # The played offices run in a process of their own, where closing is right.
    monkeypatch.setattr(records, "close_old_connections", lambda: None)
    return {"purpose": "DEMO", "actor": make_user(Role.DINKES_MEMBERSHIP), "at": NOW}


@pytest.fixture
def city(dukcapil, bpjs):
    """The played offices, answering in this thread's transaction: what they would say is looked up before they are asked."""

    def know(*niks):
        for nik in niks:
            dukcapil.register[nik] = records.person(nik)
            bpjs.register[nik] = records.member(nik, str(NOW.date()))

    return know


@pytest.mark.parametrize(
    ("digit", "outcome"),
    [("0", O.NOT_FOUND), ("2", O.DECEASED), ("3", O.DOUBLE), ("4", O.INACTIVE), ("5", O.FOUND), ("9", O.FOUND)],
)
def test_any_nik_has_something_to_look_at(clerk, city, digit, outcome):
    city(STRANGER + digit)
    assert ask_person(nik=STRANGER + digit, **clerk).outcome == outcome


def test_the_citys_people_are_as_the_registry_has_them(clerk, city, dukcapil):
    household = make_family()
    person = household.head
    city(person.nik)
    dukcapil.family = records.family
    check = ask_whether_agrees(resident=person, **clerk)
    assert all(agrees for agrees, _percent in check.answer["elements"].values())
    dead = make_resident(status=ResidentStatus.DECEASED)
    city(dead.nik)
    assert ask_person(nik=dead.nik, **clerk).outcome == O.DECEASED


def test_the_family_is_whole(clerk):
    household = make_family(4)
    assert len(records.family(household.head.nik)) == 4
    assert len(records.family(STRANGER + "9")) == 1


def test_bpjs_tells_what_the_lists_told(clerk, city):
    person, nobody = make_resident(), make_resident()
    cover_elsewhere(person, segment=13)
    city(person.nik, nobody.nik)
    assert ask_membership(resident=person, **clerk).outcome == O.FOUND
    assert ask_membership(resident=nobody, **clerk).outcome == O.NOT_FOUND


def test_every_code_has_its_text_and_the_ports_are_two():
    assert set(records.BY_LAST_DIGIT.values()) <= set(TEXTS)
    first, second = free_ports(2)
    assert first != second
    assert str(first) in offices_at(first, second)["DUKCAPIL_URL"]
    assert member("1" * 16)["nik"] == "1" * 16
