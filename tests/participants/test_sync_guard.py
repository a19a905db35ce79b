"""An unusual file waits for two people; who may approve, what they see, and that nothing happens before."""

import datetime

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction

from facilities.enums import Role
from ksb.core.errors import NotAllowed, Refused, WrongState
from participants import runs
from participants.dukcapil import guard, preview, sync
from participants.enums import ResidentStatus, SyncState
from participants.models import QuarantinedRow, Resident, SyncRun
from participants.workflow import SYNC_RUN
from tests.factories import NOW, make_user
from tests.participants.snapshots import DAY, of, people, person, state, take, write
from tests.support.workflows import roles_that_may

pytestmark = pytest.mark.django_db
NEXT = DAY + datetime.timedelta(days=1)
BAD = person(JENIS_KLMIN="9")


@pytest.fixture
def city():
    return people(60)


@pytest.fixture
def waiting(tmp_path, city):
    """A run that would take a third of the city away."""
    take(tmp_path, city)
    return take(tmp_path, [*city[20:], BAD], day=NEXT)


def counters(**values):
    names = ("added", "changed", "died", "moved_in", "moved_out", "gone", "quarantined", "read")
    return dict.fromkeys(names, 0) | {"events": {}} | values


def sentences(*, base, **found):
    return guard.sentences(guard.checks(counters(**found), base=base, percent=2))


@pytest.mark.parametrize(
    ("found", "waits"),
    [
        ({"changed": 199, "read": 10_000}, 0),
        ({"changed": 201, "read": 10_000}, 1),
        ({"added": 100, "moved_in": 50, "moved_out": 51, "read": 10_000}, 1),
        ({"died": 20, "read": 10_000}, 0),
        ({"died": 21, "read": 10_000}, 1),
        ({"gone": 50, "read": 10_000}, 0),
        ({"gone": 30, "events": {"DEACTIVATED": 21}, "read": 10_000}, 1),
        ({"quarantined": 201, "read": 10_000}, 1),
        ({"quarantined": 200, "read": 10_000}, 0),
    ],
)
def test_thresholds_are_shares_of_the_people_before(found, waits):
    """``sync_guard_pct`` 2 of 10,000: 200 changes, a tenth of them deaths, a quarter of them losses."""
    assert len(sentences(**found, base=10_000)) == waits


def test_a_handful_of_changes_in_a_small_file_is_no_share():
    assert sentences(gone=19, read=25, base=25) == []
    assert sentences(gone=20, read=25, base=25) != []


def test_a_first_load_only_waits_when_its_lines_are_unusable():
    assert sentences(added=10_000, read=10_000, base=0) == []
    assert sentences(quarantined=5_000, added=5_000, read=10_000, base=0) != []


def test_an_unusual_file_waits_and_changes_nothing_but_says_what_it_would(waiting, city):
    assert waiting.state == SyncState.WAITING_APPROVAL
    assert Resident.objects.filter(status=ResidentStatus.ACTIVE).count() == 60
    assert (waiting.counters["gone"], waiting.counters["events"]) == (20, {"GONE": 20})
    assert "20" in waiting.message
    assert QuarantinedRow.objects.get(run=waiting).reason == "BAD_SEX"


def test_a_dry_run_shows_the_preview_two_people_will_decide_by(tmp_path, city, capsys):
    take(tmp_path, city)
    path = write(tmp_path, city[20:], day=NEXT)
    with pytest.raises(SystemExit):
        call_command("sync_registry", str(path), "--dry-run")
    shown = capsys.readouterr().out
    assert f"{guard.LABELS['losses']}: 20 > 19 (60)" in shown
    assert "Bekasijaya: GONE 20" in shown
    examples = [f"GONE …{row['NIK'][-4:]} 2026-11-22 Bekasijaya status" for row in city[:20]]
    assert sum(example in shown for example in examples) == preview.EXAMPLES
    assert city[0]["NIK"] not in shown
    waiting = take(tmp_path, city[20:], day=NEXT)
    assert f"{waiting.preview['thresholds'][3]['count']}" == "20"


def test_the_same_file_again_finds_it_waiting(tmp_path, waiting, city):
    again = take(tmp_path, [*city[20:], BAD], day=NEXT)
    assert (again.pk, again.state) == (waiting.pk, SyncState.WAITING_APPROVAL)


def test_two_different_people_approve_and_it_is_applied(waiting, city):
    first, second = make_user(Role.REGISTRY_OPERATOR), make_user(Role.DINKES_MEMBERSHIP)
    run = runs.approve(run=waiting, actor=first, at=NOW)
    assert (run.state, run.approved_by, runs.is_approved(run)) == (SyncState.WAITING_APPROVAL, first, False)
    run = runs.approve(run=run, actor=second, at=NOW)
    assert (run.seconded_by, runs.is_approved(run)) == (second, True)
    run = sync.resume(run=run, actor=second, at=NOW)
    assert (run.state, run.applied_by) == (SyncState.APPLIED, second)
    assert {of(row).status for row in city[:20]} == {ResidentStatus.GONE}
    assert sync.resume(run=run, actor=second, at=NOW).pk == run.pk


def test_one_person_cannot_give_both_approvals(waiting):
    person = make_user(Role.DINKES_MEMBERSHIP)
    run = runs.approve(run=waiting, actor=person, at=NOW)
    with pytest.raises(NotAllowed):
        runs.approve(run=run, actor=person, at=NOW)
    with pytest.raises(IntegrityError), transaction.atomic():
        SyncRun.objects.filter(pk=run.pk).update(seconded_by=person, seconded_at=NOW)


def test_a_first_approval_given_meanwhile_is_not_given_twice(waiting):
    stale = SyncRun.objects.get(pk=waiting.pk)
    runs.approve(run=waiting, actor=make_user(Role.DINKES_MEMBERSHIP), at=NOW)
    with pytest.raises(Refused):
        runs.approve(run=stale, actor=make_user(Role.REGISTRY_OPERATOR), at=NOW)


def test_without_both_approvals_a_run_is_not_resumed(waiting):
    before = state()
    with pytest.raises(WrongState):
        sync.resume(run=waiting, actor=None, at=NOW)
    assert state() == before


def test_only_operators_and_dinkes_approve(waiting):
    may = {Role.DINKES_MEMBERSHIP, Role.REGISTRY_OPERATOR}
    assert roles_that_may(SYNC_RUN, SYNC_RUN["approve"], waiting) == may
    SyncRun.objects.filter(pk=waiting.pk).update(
        approved_by=make_user(Role.DINKES_MEMBERSHIP), approved_at=NOW, state=SyncState.WAITING_APPROVAL
    )
    assert roles_that_may(SYNC_RUN, SYNC_RUN["second"], waiting) == may
    for name in ("again", "stage", "hold", "apply", "fail", "refuse"):
        assert roles_that_may(SYNC_RUN, SYNC_RUN[name], waiting) == may


def test_a_waiting_file_can_be_refused_with_a_reason(tmp_path, waiting, city):
    officer = make_user(Role.DINKES_MEMBERSHIP)
    with pytest.raises(Refused):
        runs.refuse(run=waiting, actor=officer, at=NOW, reason=" ")
    run = runs.refuse(run=waiting, actor=officer, at=NOW, reason="Ekspor terpotong.")
    assert (run.state, run.message) == (SyncState.REFUSED, "Ekspor terpotong.")
    again = take(tmp_path, [*city[20:], BAD], day=NEXT)
    assert (again.pk != run.pk, again.approved_by) == (True, None)


def test_an_approved_file_that_grew_old_meanwhile_is_refused(tmp_path, waiting, city):
    take(tmp_path, [*city, person()], day=NEXT + datetime.timedelta(days=1))
    run = runs.approve(run=waiting, actor=make_user(Role.REGISTRY_OPERATOR), at=NOW)
    run = runs.approve(run=run, actor=make_user(Role.DINKES_MEMBERSHIP), at=NOW)
    with pytest.raises(Refused):
        sync.resume(run=run, actor=None, at=NOW)
    run.refresh_from_db()
    assert run.state == SyncState.REFUSED


def test_the_command_approves_under_a_name(waiting, capsys):
    first, second = make_user(Role.REGISTRY_OPERATOR), make_user(Role.DINKES_MEMBERSHIP)
    with pytest.raises(SystemExit) as still_waiting:
        call_command("sync_registry", "--approve", str(waiting.pk), "--as", first.username)
    assert still_waiting.value.code == 1
    with pytest.raises(CommandError) as same_person:
        call_command("sync_registry", "--approve", str(waiting.pk), "--as", first.username)
    assert same_person.value.returncode == 1
    call_command("sync_registry", "--approve", str(waiting.pk), "--as", second.username, "--json")
    assert '"state": "APPLIED"' in capsys.readouterr().out
