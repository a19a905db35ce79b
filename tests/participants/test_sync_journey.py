"""An unusual file in the browser: seen, approved by one and by another; also narrow, and refused without JavaScript."""

import datetime

import pytest
from django.urls import reverse

from facilities.enums import Role
from ksb.core import locks
from ksb.core.models import Job
from participants.dukcapil import sync
from participants.models import SyncProgress, SyncRun
from tests.factories import NOW, TODAY, make_user
from tests.participants.snapshots import DAY, people, person, take

RUNS = reverse("participants:sync_runs")


@pytest.fixture
def waiting(transactional_db, tmp_path):
    rows = people(60)
    take(tmp_path, rows)
    bad = [person(NIK="327501170590123"), "3275010101201111,3275011705909999,CUT", person(NAMA_LGKP="PANJANG " * 14)]
    return take(tmp_path, [*rows[20:], *bad, person(TGL_LHR="17-05-1990")], day=DAY + datetime.timedelta(days=1))


@pytest.mark.parametrize("width", [1280, 360])
def test_two_people_look_at_an_unusual_file(waiting, page, audit, sign_in, width):
    page.set_viewport_size({"width": width, "height": 800})
    for role in (Role.REGISTRY_OPERATOR, Role.DINKES_MEMBERSHIP):
        sign_in(page, make_user(role))
        page.goto(RUNS)
        audit(page)
        page.locator(f"a[href='{reverse('participants:sync_run', args=[waiting.pk])}']").click()
        audit(page)
        page.locator("form[action$='setujui/'] button").click()
        audit(page)
    assert SyncRun.objects.get(pk=waiting.pk).seconded_by_id


def test_a_file_is_refused_without_javascript(waiting, page_without_javascript, audit, sign_in):
    page = page_without_javascript
    sign_in(page, make_user(Role.DINKES_MEMBERSHIP))
    page.goto(reverse("participants:sync_run", args=[waiting.pk]))
    page.locator("form[action$='tolak/'] button").click()
    audit(page)
    page.locator("[name=reason]").fill("Ekspor terpotong.")
    page.locator("form[action$='tolak/'] button").click()
    audit(page)
    assert SyncRun.objects.get(pk=waiting.pk).message == "Ekspor terpotong."


@pytest.mark.parametrize("width", [1280, 360])
def test_an_operator_follows_a_running_night_and_looks_into_it(waiting, page, audit, sign_in, elsewhere, width):
    page.set_viewport_size({"width": width, "height": 800})
    applied = SyncRun.objects.get(state="APPLIED")
    SyncRun.objects.filter(pk=waiting.pk).update(state="STAGED")
    steps = {"registry": {"state": "ok", "seconds": 3.2}, "jkn": {"state": "running"}}
    Job.objects.create(name="night", day=TODAY, result=steps)
    sign_in(page, make_user(Role.REGISTRY_OPERATOR))
    with elsewhere(sync.LOCK):
        told = {"stage": "READING", "done": 1_200_000, "total": 2_800_000, "machine": "server-2"}
        SyncProgress.objects.create(run=waiting, session=locks.holder(sync.LOCK), started=NOW, updated=NOW, **told)
        page.goto(RUNS)
        audit(page)
        page.goto(reverse("participants:sync_run", args=[waiting.pk]))
        audit(page)
        assert page.locator("progress").get_attribute("value") == "42"
        SyncProgress.objects.update(done=2_100_000)
        page.locator("progress[value='75']").wait_for()
    SyncRun.objects.filter(pk=waiting.pk).update(state="WAITING_APPROVAL")
    page.locator("form[action$='setujui/']").wait_for()
    for name, run in (("run_quarantine", waiting), ("run_events", applied), ("run_events", waiting)):
        page.goto(reverse(f"participants:{name}", args=[run.pk]))
        audit(page)
    page.goto(reverse("reports:night"))
    audit(page)
