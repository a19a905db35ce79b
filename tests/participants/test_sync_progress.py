"""A running night can be followed, an interrupted one says where it stood, and a second one is told who is at work."""

import pytest
from django.db import connection
from django.urls import reverse

from facilities.enums import Role
from ksb.core import locks
from ksb.core.errors import Refused
from participants import archive, inbox, runs
from participants.dukcapil import progress, sync
from participants.enums import SyncState
from participants.models import Resident, SyncProgress, SyncRun
from tests.factories import NOW, make_user
from tests.participants.snapshots import DAY, people, take, write

pytestmark = pytest.mark.django_db
RUNS = reverse("participants:sync_runs")


@pytest.fixture
def impatient(monkeypatch):
    """Every step is told at once."""
    monkeypatch.setattr(progress, "PATIENCE", 0)
    monkeypatch.setattr(progress, "PAUSE", 0)


@pytest.fixture
def interrupted(tmp_path, monkeypatch):
    """A run whose machine died while it read lines. What follows tells nobody, however busy the machine is."""
    monkeypatch.setattr(progress, "PATIENCE", 3600)
    take(tmp_path, people(3))
    run = SyncRun.objects.get()
    SyncRun.objects.filter(pk=run.pk).update(state=SyncState.STAGED, applied_at=None, applied_by=None)
    SyncProgress.objects.create(
        run=run,
        stage="READING",
        done=1_200_000,
        total=2_800_000,
        session=1,
        machine="server-2",
        started=NOW,
        updated=NOW,
    )
    run.refresh_from_db()
    return run


def page(run):
    return reverse("participants:sync_run", args=[run.pk])


def test_a_terminal_hears_every_stage(tmp_path):
    heard = []
    sync.run(path=write(tmp_path, people(3)), actor=None, at=NOW, say=lambda *step: heard.append(step))
    assert heard == [("READING", 0, 3), ("COMPARING", 0, 0), ("APPLYING", 0, 0)]


def test_lines_pass_unchanged_and_are_counted_as_they_pass(monkeypatch, impatient):
    monkeypatch.setattr(progress, "CHUNK", 2)
    heard = []
    with progress.progress_of(None, say=lambda *step: heard.append(step)) as told:
        told.stage("READING", 5)
        assert list(told.watch(iter("abcde"))) == list("abcde")
    assert heard == [("READING", done, 5) for done in (0, 2, 4, 5)]


@pytest.mark.django_db(transaction=True)
def test_others_see_the_stage_while_the_run_has_not_committed(tmp_path, monkeypatch, impatient):
    seen = []
    write_all = sync.apply.write

    def watched(**how):
        other = connection.copy()
        with other.cursor() as cursor:
            cursor.execute("SELECT stage, total, session FROM participants_syncprogress")
            seen.append(cursor.fetchone())
            cursor.execute("SELECT count(*) FROM participants_resident")
            seen.append(cursor.fetchone()[0])
        other.close()
        return write_all(**how)

    monkeypatch.setattr(sync.apply, "write", watched)
    take(tmp_path, people(3))
    assert seen == [("APPLYING", 0, connection.connection.info.backend_pid), 0]
    assert Resident.objects.count() == 3


def test_a_run_of_a_moment_opens_no_session_of_its_own(tmp_path, monkeypatch):
    monkeypatch.setattr(progress, "PATIENCE", 3600)
    run = take(tmp_path, people(3))
    assert not SyncProgress.objects.filter(run=run).exists()  # what others left behind lies outside of any transaction


def test_a_run_whose_progress_cannot_be_written_goes_on(tmp_path, monkeypatch, impatient):
    monkeypatch.setattr(progress, "_TELL", "SELECT nothing FROM nowhere WHERE %s + %s + %s + %s + %s = %s")
    assert take(tmp_path, people(3)).state == SyncState.APPLIED


def test_the_page_says_where_an_interrupted_run_stood_and_when_it_goes_on(client, interrupted):
    client.force_login(make_user(Role.REGISTRY_OPERATOR))
    text = client.get(page(interrupted)).content.decode()
    assert "server-2" in text
    assert "membaca baris" in text
    assert "01.00" in text
    assert "terputus" in client.get(RUNS).content.decode()


def test_while_its_session_holds_the_lock_the_run_is_at_work(client, interrupted, elsewhere):
    client.force_login(make_user(Role.REGISTRY_OPERATOR))
    with elsewhere(sync.LOCK):
        SyncProgress.objects.update(session=locks.holder(sync.LOCK))
        text = client.get(page(interrupted)).content.decode()
        assert 'value="42"' in text
        assert "1.200.000 dari 2.800.000" in text
        assert 'hx-trigger="every' in text
        SyncProgress.objects.update(session=1)
        assert "hx-trigger" not in client.get(page(interrupted)).content.decode()


def test_a_second_run_is_told_which_one_is_at_work_and_since_when(tmp_path, elsewhere, interrupted):
    with elsewhere(sync.LOCK), pytest.raises(Refused) as caught:
        take(tmp_path, people(1), day=DAY)
    assert caught.value.code == "busy"
    assert "registry-20261121.csv" in str(caught.value.message)


def test_the_night_takes_an_interrupted_run_up_again_from_the_kept_copy(interrupted, settings):
    (outcome,) = inbox.take_registry(at=NOW)
    assert outcome.state == SyncState.APPLIED
    interrupted.refresh_from_db()
    assert interrupted.state == SyncState.APPLIED


def test_a_file_that_differs_from_its_side_file_leaves_nothing_to_take_up(tmp_path, monkeypatch):
    def killed(*args, **kwargs):
        raise KeyboardInterrupt

    monkeypatch.setattr(runs, "give_up", killed)
    with pytest.raises(KeyboardInterrupt):
        take(tmp_path, people(2), manifest={"rows": 99})
    assert not SyncRun.objects.exists()


def test_an_interrupted_run_that_is_too_old_by_now_ends_and_keeps_nothing_from_being_taken_in(tmp_path, settings):
    old = runs.begin(**_kept(tmp_path / "old", people(2)), actor=None, at=NOW)
    settings.INBOX_DIR.mkdir(parents=True, exist_ok=True)
    take(tmp_path / "new", people(3), day=NOW.date())
    outcomes = inbox.take_registry(at=NOW)
    old.refresh_from_db()
    assert ([outcome.state for outcome in outcomes], old.state) == ([SyncState.REFUSED], SyncState.REFUSED)


def _kept(folder, rows):
    path = write(folder, rows)
    kept, facts = archive.keep(path)
    return {"kind": "REGISTRY", "file_name": path.name, "kept": kept, "facts": facts, "snapshot_date": DAY}
