"""The kit: what every page of the house is made of."""

import gzip
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.template import Context, Template, TemplateSyntaxError
from django.template.loader import render_to_string
from django.test import Client
from django.urls import reverse
from playwright.sync_api import expect

from facilities.enums import Role
from ksb import navigation
from tests import factories as f
from tests.core.kit import EveryWidget

pytestmark = pytest.mark.urls("tests.core.kit")
TEMPLATES = sorted(Path(settings.BASE_DIR, "templates").rglob("*.html"))
WHOLE_MENU = navigation.NAVIGATION
INLINE = re.compile(
    r"""\sstyle=|<style|<script(?![^>]*\ssrc=)|\son[a-z]+=["']|hx-on|javascript:|\sx-data""", re.IGNORECASE
)


@pytest.fixture(autouse=True)
def _no_menu(monkeypatch):
    monkeypatch.setattr(navigation, "NAVIGATION", ())


def packed(text):
    return len(gzip.compress(text if isinstance(text, bytes) else text.encode(), 9, mtime=0))


def asset(name):
    return Path(finders.find(name)).read_bytes()


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: str(path.relative_to(settings.BASE_DIR)))
def test_no_template_holds_inline_style_or_script(template):
    assert not INLINE.findall(template.read_text())


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: str(path.relative_to(settings.BASE_DIR)))
def test_every_class_of_a_template_is_in_the_stylesheet(template):
    used = {
        name
        for names in re.findall(r'class="([^"]*)"', template.read_text())
        for name in re.findall(r"\bk-[\w-]+\b", names)
    }
    known = set(re.findall(r"\.(k-[\w-]+)", asset("ksb/ksb.css").decode()))
    # A name that ends in a hyphen is completed by a variable.
    assert not {name for name in used if name not in known and not name.endswith("-")}


def test_the_stylesheet_stays_small():
    assert len(asset("ksb/ksb.css")) <= 13 * 1024
    assert packed(asset("ksb/ksb.css")) <= 3.5 * 1024


def test_the_first_visit_of_a_clerk_weighs_less_than_thirty_kilobytes(client, db):
    page = client.get("/form/").content
    assets = [asset(name) for name in ("ksb/ksb.css", "ksb/ksb.js", "ksb/favicon.svg", "django_htmx/htmx-2.min.js")]
    assert page.count(b"<script") + page.count(b'rel="stylesheet"') <= 3
    assert sum(map(packed, [page, *assets])) <= 30 * 1024


def test_the_first_visit_of_a_resident_weighs_less_than_six_kilobytes_and_runs_no_script(client, db):
    page = client.get("/resident/").content
    assert b"<script" not in page
    assert packed(page) + packed(asset("ksb/ksb.css")) + packed(asset("ksb/favicon.svg")) <= 6 * 1024


def test_a_page_with_errors_says_so_first_in_its_title(client, db):
    assert "<title>Rujukan -" in client.get("/form/").content.decode()
    assert "<title>Kesalahan: Rujukan -" in client.post("/form/", {}).content.decode()


def test_the_title_names_the_error_once():
    source = "{% load ksb %}{% error_prefix %}{% error_prefix %}"
    assert Template(source).render(Context({"form": EveryWidget({})})) == "Kesalahan: "


def test_each_line_of_the_summary_leads_to_its_field(client, db):
    page = client.post("/form/", {"nik": "123"}).content.decode()
    targets = re.findall(r'<li><a href="#([^"]+)">', page)
    assert len(targets) == 7
    assert all(f'id="{target}"' in page for target in targets)
    assert page.count("NIK harus 16 angka. Anda memasukkan 3 angka.") == 2
    assert 'id="ringkasan-kesalahan"' in page


def test_a_field_is_tied_to_its_hint_and_its_error(client, db):
    page = client.post("/form/", {}).content.decode()
    assert 'aria-describedby="id_nik_helptext id_nik_error"' in page
    assert 'id="id_nik_helptext"' in page
    assert 'id="id_nik_error"' in page
    assert page.count('aria-invalid="true"') >= 7


def test_radios_stand_in_a_fieldset_with_a_legend(client, db):
    page = client.get("/form/").content.decode()
    assert page.count("<fieldset") == page.count("<legend") == 2
    assert '<input type="radio"' in page


def test_a_fact_that_is_missing_is_shown_as_missing(client, db):
    page = client.get("/").content.decode()
    assert "<dt>Telepon</dt><dd>–</dd>" in page


def test_a_table_keeps_its_roles_when_it_becomes_a_list(client, db):
    page = client.get("/").content.decode()
    assert page.count('role="row"') == 3
    assert page.count('role="columnheader"') == 3
    assert page.count('role="rowheader"') == 2
    assert page.count('data-label="Nilai"') == 2


def test_values_from_people_are_escaped():
    source = """{% load ksb %}{% tag "ok" name %}{% page_header name %}{% empty name %}{% endempty %}
    {% data_table name name %}{% enddata_table %}"""
    assert "<b>" not in Template(source).render(Context({"name": "<b>Ani</b>"}))


def test_an_unknown_sentiment_is_a_mistake():
    with pytest.raises(TemplateSyntaxError):
        Template('{% load ksb %}{% tag "green" "x" %}').render(Context())


@pytest.mark.parametrize(
    ("code", "status", "words"),
    [
        (400, 400, "tidak dapat dibaca"),
        (403, 403, "di luar tugas"),
        (4031, 403, "Peran Anda tidak mencakup langkah ini."),
        (409, 409, "Keadaannya sekarang"),
        (4091, 409, "Berkas sudah diajukan."),
        (429, 429, "Coba lagi dalam 5 menit."),
        (500, 500, "gangguan di pihak kami"),
    ],
)
def test_pages_that_say_no_tell_what_happened_and_what_to_do(client, db, code, status, words):
    client.raise_request_exception = False
    response = client.get(f"/refuse/{code}/")
    page = response.content.decode()
    assert response.status_code == status
    assert words in page
    assert "Yang dapat Anda lakukan" in page
    assert "secret" not in page


def test_a_page_that_does_not_exist_does_not_repeat_its_address(client, db):
    page = client.get("/3275010000000012/").content.decode()
    assert "Halaman tidak ditemukan" in page
    assert "3275010000000012" not in page


def test_too_many_attempts_say_when_to_come_back(client, db):
    assert client.get("/refuse/429/").headers["Retry-After"] == "300"


def test_programs_get_a_refusal_as_json(client, db):
    response = client.get("/refuse/409/", headers={"accept": "application/json"})
    assert response.status_code == 409
    assert response.json()["detail"] == "Keadaannya sekarang “Digunakan”."


def test_the_page_of_the_last_resort_needs_no_database():
    assert "gangguan di pihak kami" in render_to_string("500.html")


def test_an_expired_form_says_that_nothing_was_changed(db):
    response = Client(enforce_csrf_checks=True).post("/form/", {})
    assert response.status_code == 403
    assert "Halaman terlalu lama terbuka" in response.content.decode()


def test_a_shared_desk_keeps_no_page(client, db):
    assert client.get("/form/").headers["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize(
    ("address", "start"), [("/favicon.ico", b"\x00\x00\x01\x00"), ("/robots.txt", b"User-agent: *")]
)
def test_browsers_and_robots_find_what_they_ask_for_at_the_top(client, db, address, start):
    response = client.get(address)
    assert b"".join(response).startswith(start)
    assert "no-store" not in response.headers["Cache-Control"]
    response.close()


def test_the_screens_speak_indonesian_whatever_the_browser_says(client, db):
    page = client.get("/form/", headers={"accept-language": "en-US,en"}).content.decode()
    assert '<html lang="id">' in page


def test_a_chosen_language_is_remembered(client, db):
    client.post("/language/", {"language": "en", "next": "/form/"})
    page = client.get("/form/").content.decode()
    assert '<html lang="en">' in page
    assert "There is something" not in page
    client.post("/language/", {"language": "id", "next": "/form/"})
    assert '<html lang="id">' in client.get("/form/").content.decode()


def test_a_forged_language_cookie_is_ignored(client, db):
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "xx"
    assert '<html lang="id">' in client.get("/form/").content.decode()


MENU = (
    navigation.NavItem("Beranda", "home"),
    navigation.NavItem("Masuk", "login", (Role.PUSKESMAS_CLERK,)),
    navigation.NavItem("Sandi", "password_change", (Role.TREASURER,)),
)


def test_the_menu_shows_what_the_roles_of_today_include(monkeypatch, db):
    monkeypatch.setattr(navigation, "NAVIGATION", MENU)
    clerk = f.make_user(Role.PUSKESMAS_CLERK)
    items = navigation.items_for(clerk, "/login/step/2/")
    assert [(item["label"], item["current"]) for item in items] == [("Beranda", ""), ("Masuk", "true")]
    assert [item["current"] for item in navigation.items_for(clerk, "/")] == ["page", ""]


def test_a_group_opens_a_second_row_and_one_entry_of_it_speaks_for_itself(monkeypatch, db):
    both = (navigation.NavItem("Masuk", "login"), navigation.NavItem("Sandi", "password_change", (Role.TREASURER,)))
    monkeypatch.setattr(navigation, "NAVIGATION", (navigation.NavGroup("Akun", both),))
    (entry,) = navigation.items_for(f.make_user(Role.TREASURER), "/login/")
    assert (entry["label"], entry["current"]) == ("Akun", "true")
    assert [(item["label"], item["current"]) for item in entry["below"]] == [("Masuk", "page"), ("Sandi", "")]
    (entry,) = navigation.items_for(f.make_user(Role.PUSKESMAS_CLERK), "/login/")
    assert (entry["label"], entry["current"], entry["below"]) == ("Masuk", "page", [])


def test_the_header_names_the_unit_and_the_role(client, db):
    clerk = f.make_user(Role.PUSKESMAS_CLERK)
    client.force_login(clerk)
    page = client.get("/form/").content.decode()
    assert clerk.facility.name in page
    assert str(clerk) in page


@pytest.mark.urls("ksb.urls")
def test_every_menu_entry_leads_somewhere():
    assert all(reverse(item.url_name) for entry in WHOLE_MENU for item in getattr(entry, "items", (entry,)))


@pytest.mark.parametrize("address", ["/", "/form/", "/done/", "/resident/", "/login/", "/refuse/409/"])
def test_every_component_is_accessible_and_fits_a_phone(page, audit, live_server, address):
    page.goto(live_server.url + address)
    assert page.evaluate("getComputedStyle(document.querySelector('.k-head')).backgroundColor") == "rgb(6, 78, 59)"
    audit(page)


def test_the_error_summary_takes_the_focus(page, audit, live_server):
    page.goto(live_server.url + "/form/")
    page.get_by_role("button", name="Lanjut").click()
    page.wait_for_selector("#ringkasan-kesalahan:focus")
    audit(page)
    page.get_by_role("link", name="NIK").first.click()
    page.wait_for_selector("#id_nik:focus")


def test_forms_work_without_javascript(page_without_javascript, live_server):
    page_without_javascript.goto(live_server.url + "/form/")
    page_without_javascript.get_by_role("button", name="Lanjut").click()
    expect(page_without_javascript).to_have_title(re.compile("^Kesalahan:"))
