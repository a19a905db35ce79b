"""The pages of the data exchange: who sees what, what stands there, and the two approvals by hand."""

import csv
import datetime

import pytest
from django.urls import reverse

from facilities.enums import Role
from ksb.core.models import JournalEntry
from participants.dukcapil import preview
from participants.dukcapil.guard import LABELS
from participants.enums import ResidentStatus, SyncState
from participants.models import CoverageStatus, RegistryEvent, Resident
from participants.permissions import SYNC_READERS
from participants.tasks import apply_run
from tests.factories import make_user
from tests.participants.snapshots import DAY, people, person, take

pytestmark = pytest.mark.django_db
RUNS = reverse("participants:sync_runs")


@pytest.fixture
def waiting(tmp_path):
    rows = people(60)
    take(tmp_path, rows)
    bad = person(NIK="327501170590123", NAMA_LGKP="NAMA RAHASIA")
    return take(tmp_path, [*rows[20:], bad], day=DAY + datetime.timedelta(days=1))


def page(name, run):
    return reverse(f"participants:{name}", args=[run.pk])


@pytest.mark.parametrize("role", Role)
def test_only_who_follows_the_exchange_sees_it(client, waiting, role):
    client.force_login(make_user(role))
    expected = 200 if role in SYNC_READERS else 403
    assert {client.get(address).status_code for address in (RUNS, page("sync_run", waiting))} == {expected}


def test_the_list_tells_the_newest_first_with_state_and_age(client, waiting):
    client.force_login(make_user(Role.DINKES_MEMBERSHIP))
    text = client.get(RUNS).content.decode()
    assert text.index("registry-20261122.csv") < text.index("registry-20261121.csv")
    assert str(SyncState.WAITING_APPROVAL.label) in text
    assert str(SyncState.APPLIED.label) in text


def test_a_run_shows_counters_events_and_refused_lines_without_their_numbers(client, waiting):
    client.force_login(make_user(Role.REGISTRY_OPERATOR))
    text = client.get(page("sync_run", waiting)).content.decode()
    assert "<dd>41</dd>" in text
    assert "<dd>20</dd>" in text
    lines = client.get(page("run_quarantine", waiting)).content.decode()
    assert "NAMA RAHASIA" in lines
    assert "0123," in lines
    assert "327501170590123" not in text + lines


def test_who_may_not_see_people_sees_no_lines_and_no_examples(client, waiting):
    client.force_login(make_user(Role.SYSTEM_ADMIN))
    text = client.get(page("sync_run", waiting)).content.decode()
    assert "Contoh" not in text
    pages = ("run_quarantine", "run_events", "quarantine_file")
    assert {client.get(page(name, waiting)).status_code for name in pages} == {403}


def test_a_waiting_file_shows_thresholds_kelurahan_and_examples(client, waiting):
    """The preview two people decide by: what was crossed, where it happens, whom it is about by four digits."""
    client.force_login(make_user(Role.REGISTRY_OPERATOR))
    text = client.get(page("sync_run", waiting)).content.decode()
    for check in waiting.preview["thresholds"]:
        assert str(LABELS[check["name"]]) in text
    assert "terlampaui" in text
    assert waiting.preview["kelurahan"] == [{"name": "Bekasijaya", "events": {"GONE": 20}}]
    assert "Bekasijaya" in text
    first = waiting.preview["examples"][0]
    assert f"NIK …{first['nik']}" in text
    assert len(waiting.preview["examples"]) == preview.EXAMPLES


def test_events_are_listed_by_kind_and_kelurahan_and_looking_is_on_record(client, tmp_path):
    rows = people(4)
    take(tmp_path, rows)
    after = [rows[0] | {"FLAG_EKTP": "0"}, rows[1] | {"NO_KEL": "1002", "ALAMAT": "JL. LAIN"}, *rows[2:]]
    run = take(tmp_path, after, day=DAY + datetime.timedelta(days=1))
    client.force_login(make_user(Role.DINKES_MEMBERSHIP))

    def shown(**query):
        return [str(event.kind) for event, _columns in client.get(page("run_events", run), query).context["rows"]]

    assert sorted(shown()) == ["CORRECTION", "MOVE_INTERNAL"]
    assert shown(kind="MOVE_INTERNAL") == ["MOVE_INTERNAL"]
    assert shown(kelurahan="32.75.01.1001") == ["CORRECTION"]
    assert shown(kelurahan="32.75.01.1001", kind="DEATH") == []
    assert JournalEntry.objects.filter(verb="sync.events_viewed", object_id=run.pk).count() == 4


def test_of_who_moved_out_the_event_keeps_the_kelurahan_they_left(tmp_path):
    row, *others = people(3)
    take(tmp_path, [row, *others])
    away = row | {"FLAG_STATUS": "2", "TGL_STATUS": "2026-11-20", "NO_KAB": "16"}
    take(tmp_path, [away, *others], day=DAY + datetime.timedelta(days=1))
    assert RegistryEvent.objects.get().kelurahan_id == "32.75.01.1001"


def test_the_quarantine_leaves_the_house_as_a_file_for_operators_only_and_on_record(client, waiting):
    client.force_login(make_user(Role.REGISTRY_OPERATOR))
    response = client.get(page("quarantine_file", waiting))
    (head, line) = csv.reader(b"".join(response.streaming_content).decode().splitlines())
    assert head == ["BARIS", "KODE", "ALASAN", "TINDAKAN", "ISI"]
    assert line[:2] == ["42", "NIK_NOT_16_DIGITS"]
    assert "327501170590123" in line[4]
    assert JournalEntry.objects.filter(verb="sync.quarantine_downloaded", object_id=waiting.pk).count() == 1
    client.force_login(make_user(Role.AUDITOR))
    assert client.get(page("quarantine_file", waiting)).status_code == 403


def test_a_line_that_would_act_as_a_formula_is_marked_as_text(client, tmp_path):
    run = take(tmp_path, [*people(2), "=HYPERLINK(1)"])
    client.force_login(make_user(Role.REGISTRY_OPERATOR))
    assert b"'=HYPERLINK(1)" in b"".join(client.get(page("quarantine_file", run)).streaming_content)


def test_two_people_approve_at_their_screens_and_the_file_is_applied(
    client, waiting, django_capture_on_commit_callbacks
):
    first, second = make_user(Role.REGISTRY_OPERATOR), make_user(Role.DINKES_MEMBERSHIP)
    client.force_login(first)
    assert client.post(page("approve_run", waiting)).url == page("sync_run", waiting)
    assert page("approve_run", waiting) not in client.get(page("sync_run", waiting)).content.decode()
    assert client.post(page("approve_run", waiting)).status_code == 403
    client.force_login(second)
    assert str(first) in client.get(page("sync_run", waiting)).content.decode()
    with django_capture_on_commit_callbacks() as calls:
        client.post(page("approve_run", waiting))
    assert [call.__module__ for call in calls].count("participants.views.sync") == 1
    waiting.refresh_from_db()
    assert (waiting.seconded_by, waiting.state) == (second, SyncState.FETCHED)
    apply_run(waiting.pk, second.pk)
    waiting.refresh_from_db()
    assert (waiting.applied_by, waiting.state) == (second, SyncState.APPLIED)
    assert Resident.objects.filter(status=ResidentStatus.GONE).count() == 20
    assert CoverageStatus.objects.filter(headline_rule__gt="").count() == 60
    apply_run(waiting.pk, second.pk)
    assert client.post(page("approve_run", waiting)).status_code == 409


def test_a_person_refuses_the_file_with_a_reason(client, waiting):
    client.force_login(make_user(Role.DINKES_MEMBERSHIP))
    assert client.post(page("refuse_run", waiting), {"reason": ""}).status_code == 200
    client.post(page("refuse_run", waiting), {"reason": "Ekspor terpotong."})
    text = client.get(page("sync_run", waiting)).content.decode()
    assert "Ekspor terpotong." in text
    assert page("approve_run", waiting) not in text
    late = client.post(page("refuse_run", waiting), {"reason": "Lagi"})
    assert late.status_code == 200
    assert str(SyncState.REFUSED.label) in late.content.decode()
    assert Resident.objects.filter(status=ResidentStatus.GONE).count() == 0


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.SYSTEM_ADMIN, Role.MEMBERSHIP_VERIFIER])
def test_readers_decide_nothing(client, waiting, role):
    client.force_login(make_user(role))
    text = client.get(page("sync_run", waiting)).content.decode()
    assert page("approve_run", waiting) not in text
    assert page("refuse_run", waiting) not in text
    assert {client.post(page(name, waiting)).status_code for name in ("approve_run", "refuse_run")} == {403}


def test_a_page_costs_the_same_for_every_number_of_runs_and_lines(client, waiting, query_count):
    client.force_login(make_user(Role.DINKES_MEMBERSHIP))
    with query_count("participants.sync_runs"):
        client.get(RUNS)
    for name in ("sync_run", "run_events", "run_quarantine"):
        with query_count(f"participants.{name}"):
            client.get(page(name, waiting))


def test_an_unknown_run_does_not_exist(client):
    client.force_login(make_user(Role.AUDITOR))
    assert client.get(reverse("participants:sync_run", args=[10**9])).status_code == 404
