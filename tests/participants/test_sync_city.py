"""The generator's city through the registry night: its traps are set apart, its events are found, nothing else happens."""

import json

import pytest
from django.core.management import call_command
from django.db import transaction

from ksb.demo.city.build import Order, make_city
from participants.dukcapil import sync
from participants.enums import CoverageSource
from participants.jkn import sync as jkn
from participants.models import JknCandidate, OtherCoverage, RegistryEvent, Resident
from tests.factories import NOW, TODAY
from tests.participants.snapshots import refused, state

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def city(tmp_path_factory):
    out = tmp_path_factory.mktemp("city")
    return out, make_city(Order(residents=12_000, seed=11, on=TODAY, out=out, next_month=True))


@pytest.fixture
def nights(city):
    out, truth = city
    files = [out / truth["registry"][which]["file"] for which in ("first", "second")]
    return [sync.run(path=file, actor=None, at=NOW) for file in files]


def test_exactly_the_trap_lines_are_set_apart(city, nights):
    _out, truth = city
    for run, key in zip(nights, ("first_line", "second_line"), strict=True):
        wanted = {trap[key] for trap in truth["traps"] if trap["expect"] == "quarantine" and trap[key]}
        assert set(refused(run)) == wanted
        assert run.counters["accepted"] + run.counters["quarantined"] == run.counters["read"]


def test_every_event_of_the_night_is_found_and_no_person_is_lost(city, nights):
    _out, truth = city
    kinds = {}
    for event in RegistryEvent.objects.filter(run=nights[1]).select_related("resident"):
        kinds.setdefault(event.resident.nik, set()).add(event.kind)
    for told in truth["registry"]["event_log"]:
        found = [kinds.pop(nik, set()) for nik in told["niks"]]
        # Of a change of head the dead one has a death of his own; a changed NIK leaves the old number without a person.
        with_it = [told["event"] in of_person for of_person in found]
        assert any(with_it) if told["event"] in {"HEAD_CHANGE", "NIK_CHANGE"} else all(with_it)
    assert kinds == {}
    held = [trap["nik"] for trap in truth["traps"] if trap["expect"] == "quarantine" and trap.get("nik")]
    assert set(Resident.objects.filter(nik__in=held).values_list("status", flat=True)) <= {0}


def test_the_nights_changes_as_a_delta_lead_to_the_same_people(tmp_path):
    """Sound lines only: what nobody can read holds people back in a snapshot, and says nothing in a delta."""
    out, truth = tmp_path, make_city(Order(residents=6_000, seed=11, on=TODAY, out=tmp_path, clean=True))
    first, second, delta = (out / truth["registry"][which]["file"] for which in ("first", "second", "delta"))

    def night(*paths):
        with transaction.atomic():
            runs = [sync.run(path=path, actor=None, at=NOW) for path in paths]
            found = state()
            transaction.set_rollback(True)
        return found, runs[-1]

    (whole, _run), (by_changes, run) = night(first, second), night(first, delta)
    assert by_changes == whole
    assert run.counters["read"] == truth["registry"]["delta"]["rows"] < 200
    proved, proof = night(first, delta, second)
    assert (proved["residents"], proof.counters["events"]) == (whole["residents"], {})


def test_the_lists_of_two_months_open_grow_and_close_intervals(city, nights):
    out, truth = city
    names = [[name for name in truth["jkn"]["rows"] if month in name] for month in ("202611", "202612")]
    first, second = (jkn.run(paths=[out / name for name in files], actor=None, at=NOW) for files in names)
    for run in (*first, *second):
        counted = ("opened", "unchanged", "to_review", "quarantined")
        assert (
            run.counters["read"] == sum(run.counters[name] for name in counted) == truth["jkn"]["rows"][run.file_name]
        )
    assert sum(run.counters["closed"] for run in first) == 0
    assert sum(run.counters["closed"] for run in second) > 20
    pbi = OtherCoverage.objects.filter(source=CoverageSource.PBI_LIST)
    months = {(TODAY.replace(day=1), None), (TODAY.replace(month=12, day=1), None)}
    assert set(pbi.filter(open=True).values_list("valid_from", "valid_to")) <= months
    assert set(pbi.filter(open=False).values_list("valid_to", flat=True)) == {TODAY.replace(day=30)}
    assert JknCandidate.objects.filter(resident__isnull=False).exists()


def test_a_dry_run_over_both_snapshots_leaves_the_city_empty(city, capsys):
    out, truth = city
    call_command("sync_registry", str(out / truth["registry"]["first"]["file"]), "--dry-run", "--json")
    assert json.loads(capsys.readouterr().out)["added"] > 12_000
    assert not Resident.objects.exists()
