"""The administration: inside the perimeter, read-only unless said otherwise, quick on big tables, and silent in addresses."""

import gzip
import re
from pathlib import Path

import pytest
from django.contrib import admin
from django.contrib.staticfiles import finders
from django.test import RequestFactory
from django.urls import reverse

from facilities.enums import Role
from facilities.models import Facility
from ksb import navigation
from ksb.core import journal
from ksb.core.admin import CappedPaginator, JournalEntryAdmin, KsbModelAdmin
from ksb.core.models import JournalEntry, SchemeVersion
from tests import factories as f

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.core.kit")]
JOURNAL = "/admin/core/journalentry/"
SCHEMES = "/admin/core/schemeversion/"


@pytest.fixture(autouse=True)
def _no_menu(monkeypatch):
    monkeypatch.setattr(navigation, "NAVIGATION", ())


@pytest.fixture
def auditor(client):
    user = f.make_user(Role.AUDITOR)
    client.force_login(user)
    return user


class EditableFacilities(KsbModelAdmin):
    view_roles = (Role.AUDITOR,)
    change_roles = (Role.DINKES_SERVICES,)


def permissions(user):
    request = RequestFactory().get("/")
    request.user = user
    site = EditableFacilities(Facility, admin.site)
    return [
        site.has_view_permission(request),
        site.has_change_permission(request),
        site.has_add_permission(request),
        site.has_delete_permission(request),
    ]


def test_permissions_follow_the_roles_of_today_and_nobody_deletes():
    assert permissions(f.make_user(Role.AUDITOR)) == [True, False, False, False]
    assert permissions(f.make_user(Role.DINKES_SERVICES)) == [True, True, True, False]
    assert permissions(f.make_user(Role.TREASURER)) == [False, False, False, False]


def test_a_superuser_has_no_rights_of_its_own():
    user = f.make_user()
    user.is_superuser = user.is_staff = True
    user.save()
    assert permissions(user) == [False, False, False, False]
    request = RequestFactory().get("/")
    request.user = user
    assert not admin.site.has_permission(request)


def test_a_role_opens_the_administration_without_the_flag_of_django(client):
    user = f.make_user(Role.VERIFIER_COORDINATOR)
    assert not user.is_staff
    client.force_login(user)
    assert client.get("/admin/").status_code == 200


def test_rows_outside_the_perimeter_do_not_exist(client, auditor):
    entry = journal.record("test.done", actor=auditor)
    assert client.get(f"{JOURNAL}{entry.pk}/change/").status_code == 200
    request = RequestFactory().get("/")
    request.user = f.make_user(Role.TREASURER)
    assert not JournalEntryAdmin(JournalEntry, admin.site).get_queryset(request).exists()


def test_the_log_in_is_the_one_of_the_site(client):
    response = client.get("/admin/", follow=False)
    assert response.status_code == 302
    response = client.get(response.url)
    assert response.url.startswith("/login/?next=")


def test_a_user_without_a_place_here_is_told_so(client):
    client.force_login(f.make_user(Role.PUSKESMAS_CLERK))
    assert client.get("/admin/login/").status_code == 403


def test_the_password_is_changed_on_the_site(client, auditor):
    assert client.get("/admin/password_change/").url == reverse("password_change")


def test_a_search_leaves_no_trace_in_the_address(client, auditor):
    journal.record("person.seen", actor=auditor)
    journal.record("letter.printed", actor=auditor)
    response = client.post(JOURNAL, {"q": "person"})
    assert response.status_code == 302
    assert "person" not in response.url
    page = client.get(response.url).content.decode()
    assert "person.seen" in page
    assert "letter.printed" not in page
    assert 'value="person"' in page


def test_a_token_of_another_session_finds_nothing(client, auditor):
    journal.record("person.seen", actor=auditor)
    assert "person.seen" not in client.get(f"{JOURNAL}?q=person").content.decode()


def test_an_empty_search_shows_everything_again(client, auditor):
    assert client.post(JOURNAL, {"q": " "}).url == f"{JOURNAL}?"


def test_old_searches_are_forgotten(client, auditor):
    for n in range(30):
        client.post(JOURNAL, {"q": f"verb{n}"})
    kept = client.session["admin_searches"]
    assert len(kept) == 20
    assert list(kept.values())[-1] == "verb29"


def test_a_big_table_is_not_counted_and_offers_no_page_beyond_its_limit(monkeypatch, auditor):
    monkeypatch.setattr(CappedPaginator, "limit", 3)
    for _ in range(5):
        journal.record("test.done", actor=auditor)
    pages = CappedPaginator(JournalEntry.objects.order_by("-id"), 2)
    assert (pages.count, pages.num_pages, pages.more) == (3, 2, True)
    assert pages.estimate >= 4
    narrowed = CappedPaginator(JournalEntry.objects.filter(verb="test.done").order_by("-id"), 2)
    assert narrowed.estimate is None
    nothing = CappedPaginator(JournalEntry.objects.filter(verb="never").order_by("-id"), 2)
    assert (nothing.count, nothing.more) == (0, False)


def test_a_list_of_more_rows_than_are_offered_says_what_to_do(client, monkeypatch, auditor):
    monkeypatch.setattr(CappedPaginator, "limit", 3)
    for _ in range(5):
        journal.record("test.done", actor=auditor)
    assert "Cari atau saring" in client.get(JOURNAL).content.decode()


def test_changes_are_journalled_with_the_names_of_the_fields(auditor):
    facility = f.hospital()
    request = RequestFactory().get("/")
    request.user = auditor
    EditableFacilities(Facility, admin.site).log_change(request, facility, [{"changed": {"fields": ["Name"]}}])
    entry = JournalEntry.objects.about(facility).get()
    assert (entry.verb, entry.actor, entry.data) == ("admin.change", auditor, {"fields": ["Name"]})


def test_the_history_of_an_object_is_its_journal(client, auditor):
    scheme = SchemeVersion.objects.earliest("pk")
    journal.record("scheme.read", scheme, actor=auditor, reason="audit")
    page = client.get(f"{SCHEMES}{scheme.pk}/history/").content.decode()
    assert "scheme.read" in page
    assert "reason: audit" in page
    assert client.get(f"{SCHEMES}999999/history/").status_code == 404


def test_a_list_costs_few_queries_whatever_its_length(client, auditor, django_assert_max_num_queries):
    for _ in range(30):
        journal.record("test.done", actor=auditor)
    with django_assert_max_num_queries(8):
        client.get(JOURNAL)


def test_the_first_visit_of_a_list_weighs_less_than_a_hundred_and_twenty_kilobytes(client, auditor):
    page = client.get(JOURNAL).content
    files = set(re.findall(r'(?:href|src)="/static/([^"]+)"', page.decode()))
    contents = [page, *(Path(finders.find(name)).read_bytes() for name in files)]
    assert sum(len(gzip.compress(content, 9)) for content in contents) <= 120 * 1024


@pytest.mark.parametrize("address", ["/admin/", JOURNAL, SCHEMES, "/admin/core/job/"])
def test_the_administration_is_accessible_and_keeps_to_the_policy(page, audit, sign_in, auditor, live_server, address):
    journal.record("test.done", actor=auditor)
    sign_in(page, auditor)
    page.goto(live_server.url + address)
    assert page.evaluate("getComputedStyle(document.querySelector('#header')).backgroundColor") == "rgb(6, 78, 59)"
    audit(page)


def test_reading_one_object_is_accessible(page, audit, sign_in, auditor, live_server):
    sign_in(page, auditor)
    scheme = SchemeVersion.objects.earliest("pk")
    page.goto(f"{live_server.url}{SCHEMES}{scheme.pk}/change/")
    page.get_by_role("link", name="Riwayat").click()
    audit(page)


def test_ranges_of_days_are_shown_as_people_write_them(client, auditor):
    page = client.get(SCHEMES).content.decode()
    assert "sejak 1 Januari 2025" in page
    assert "1 November 2018 – 31 Desember 2019" in page
    assert "DateRange" not in page
    assert "Nama Indonesia" in page


def test_a_page_far_down_joins_only_its_own_rows(monkeypatch, auditor, django_assert_num_queries):
    for number in range(9):
        journal.record(f"test.{number}", actor=auditor)
    entries = JournalEntry.objects.filter(verb__startswith="test.").select_related("actor").order_by("-id")
    pages = CappedPaginator(entries, 4)
    assert pages.num_pages == 3
    with django_assert_num_queries(2):
        shown = [(entry.verb, entry.actor) for entry in pages.page(2).object_list]
    assert shown == [(f"test.{number}", auditor) for number in (4, 3, 2, 1)]
