"""The first load builds indexes afterwards, and leaves the tables as every migration made them."""

import pytest
from django.db import connection, transaction

from participants.dukcapil import apply, first_load
from participants.enums import SyncState
from participants.models import Resident
from tests.participants.snapshots import people, take

pytestmark = pytest.mark.django_db

_INDEXES = "SELECT indexdef FROM pg_indexes WHERE tablename = ANY (%s) ORDER BY indexdef"
_CONSTRAINTS = """SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid), convalidated FROM pg_constraint
                   WHERE conrelid = ANY (%s::text[]::regclass[]) ORDER BY 1, 2"""


def definitions():
    """Everything that guards or finds rows of the two tables."""
    found = []
    with connection.cursor() as cursor:
        for statement in (_INDEXES, _CONSTRAINTS):
            cursor.execute(statement, [list(first_load.TABLES)])
            found += cursor.fetchall()
    return found


@pytest.fixture
def laid_aside(monkeypatch):
    """A load of a few people takes the way of a whole city. Holds the definitions there were while rows came in."""
    monkeypatch.setattr(apply, "MANY", 0)
    seen = []
    build = first_load._call

    def call(function):
        answer = build(function)
        seen.append(definitions())
        return answer

    monkeypatch.setattr(first_load, "_call", call)
    return seen


def test_after_a_first_load_all_indexes_and_constraints_are_there_again(tmp_path, laid_aside):
    before = definitions()
    run = take(tmp_path, people(3))
    assert (run.state, Resident.objects.count()) == (SyncState.APPLIED, 3)
    meanwhile, after = laid_aside
    assert len(meanwhile) < len(before) - 5
    assert after == definitions() == before


def test_only_primary_keys_and_checks_stand_while_a_first_load_comes_in(tmp_path, laid_aside):
    take(tmp_path, people(1))
    texts = [str(definition) for definition in laid_aside[0]]
    assert all("_pkey" in text or "CHECK" in text or "NOT NULL" in text or "WHERE" in text for text in texts)


def test_an_interrupted_first_load_leaves_the_tables_as_they_were(tmp_path, laid_aside, monkeypatch):
    before = definitions()
    monkeypatch.setattr(apply, "_NEW_RESIDENTS", "SELECT 1 / 0")
    with pytest.raises(Exception, match="division by zero"), transaction.atomic():
        take(tmp_path, people(3))
    assert not Resident.objects.exists()
    assert definitions() == before


def test_two_people_with_one_nik_do_not_come_in_unindexed(laid_aside):
    before = definitions()
    with (
        pytest.raises(Exception, match="one_resident_per_nik"),
        transaction.atomic(),
        first_load.indexes_afterwards(True),
        connection.cursor() as cursor,
    ):
        cursor.execute(
            """INSERT INTO participants_household (public_id, kk_number, address, rt, rw)
               VALUES (gen_random_uuid(), '3275010101200001', '', '', '');
               INSERT INTO participants_resident (nik, household_id, name, sex, birth_place, birth_date, relation,
                   marital_status, mother_nik, city_code, ektp_recorded, status, listed)
               SELECT '3275011705900001', h.id, 'WARGA', 1, '', '1990-05-17', 1, 1, '', '32.75', true, 0, true
                 FROM participants_household h, generate_series(1, 2)"""
        )
    assert definitions() == before


def test_tables_that_hold_people_keep_their_indexes(tmp_path, laid_aside):
    take(tmp_path, people(2))
    before = definitions()
    del laid_aside[:]
    with first_load.indexes_afterwards(True):
        assert definitions() == before
    assert len(laid_aside) == 1


def test_a_small_first_load_lays_nothing_aside(tmp_path, monkeypatch):
    monkeypatch.setattr(first_load, "_call", lambda function: pytest.fail(function))
    assert take(tmp_path, people(2)).state == SyncState.APPLIED


def test_building_again_what_is_there_changes_nothing():
    before = definitions()
    first_load._call("ksb_build_registry_indexes")
    assert definitions() == before
