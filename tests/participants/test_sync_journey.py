"""An unusual file in the browser: seen, approved by one and by another; also narrow, and refused without JavaScript."""

import datetime

import pytest
from django.urls import reverse

from facilities.enums import Role
from participants.models import SyncRun
from tests.factories import make_user
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
