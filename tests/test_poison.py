"""What no clerk types harms nothing: poison in every field, filter, cursor and address is answered, and never runs."""

import json
import os
from urllib.parse import quote, urlencode

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from facilities.enums import Role
from tests.support import access
from tests.support.poison import (
    CURSORS,
    DAYS,
    MARK,
    MARKUP,
    NUMBERS,
    STATEMENTS,
    TEMPLATES,
    TEXTS,
    VALUES,
    FormReader,
    runs,
)

# A place tastes every tenth value and its neighbours the others; with 1 every value is tried everywhere (`make drill-poison`).
STRIDE = int(os.environ.get("KSB_POISON_STRIDE", 10))
pytestmark = pytest.mark.usefixtures("silence")
OURS = [route for route in access.routes() if not route.in_admin and not route.in_api]
ADMIN = [route for route in access.routes() if route.model_admin]
# What somebody would write where the page offers nothing to choose from.
GUESSES = {
    **{"reason": "Alasan", "phone": "081234567890", "doctor_name": "dr. Sari", "medical_record": "00-12"},
    **{"day": "22-11-2026", "date": "22-11-2026", "birth_date": "17-05-1990", "clock": "09.30", "number": "SPP/1"},
    **{"complaint": "Demam", "findings": "Suhu 38", "sjp_number": "000001/SJP/1/XI/2026"},
}
FILTERS = (
    *("page", "state", "service", "kecamatan", "query", "diagnosis", "specialty", "hospital", "year", "show", "part"),
    *("next", "kind", "month", "q", "after", "cursor", "limit", "format", "sort"),
)
# Some of each kind, for places that all share Django's own code.
SOME = (*MARKUP[:1], *TEMPLATES[:1], *STATEMENTS[::5], *NUMBERS[1::6], *DAYS[::6], *TEXTS[3::9])


class Taster:
    """Sends poison as a role and collects what went wrong; puts everything back after each request."""

    def __init__(self, visitors):
        self.visitors = {**visitors, None: Client(raise_request_exception=False)}
        self.sent, self.wrong = 0, []

    def get(self, role, address):
        return self._taste(role, "GET", address)

    def post(self, role, address, data):
        return self._taste(role, "POST", address, data)

    def _taste(self, role, method, address, data=None):
        client = self.visitors[role]
        cookies = client.cookies.copy()
        with transaction.atomic():
            answer = client.get(address) if method == "GET" else client.post(address, data)
            pages = [answer]
            if answer.status_code == 302 and method == "POST" and MARK in str(data) and answer.url.startswith("/"):
                pages.append(client.get(answer.url))  # what was kept is shown there
            transaction.set_rollback(True)
        client.cookies = cookies
        self.sent += len(pages)
        for page in pages:
            self._judge(page, f"{method} {address[:90]} as {role} {str(data)[:200]}")
        return answer

    def _judge(self, page, told):
        if page.status_code >= 500:
            self.wrong.append(f"{page.status_code}: {told}")
        elif "html" in page.headers.get("Content-Type", "") and runs(page.content.decode(errors="replace")):
            self.wrong.append(f"runs {runs(page.content.decode(errors='replace'))}: {told}")
        if "jahat.example" in page.headers.get("Location", "").partition("?")[0] or "Set-Cookie: a=b" in str(
            page.headers
        ):
            self.wrong.append(f"sent to {page.headers['Location']}: {told}")


@pytest.fixture
def taster(visitors):
    taster = Taster(visitors)
    yield taster
    assert not taster.wrong, f"{len(taster.wrong)} of {taster.sent}:\n" + "\n".join(sorted(taster.wrong)[:40])


def roles_of(route):
    """Who tastes: somebody the door lets in, preferably who acts."""
    if route.name in access.PUBLIC:
        return None
    acts = access.PERIMETERS[route.kind].acts if route.kind else frozenset()
    return min((route.door or {Role.AUDITOR}) & acts or route.door or {Role.AUDITOR})


def address_of(world, route):
    if route.name in access.PUBLIC:
        return route.address()
    return world.address(route, roles_of(route))


def forms_on(world, taster, route):
    """The forms of a page with the address each is sent to; those every page carries are left to the log-in page."""
    address = address_of(world, route)
    page = taster.get(roles_of(route), address)
    if page.status_code != 200 or "html" not in page.headers["Content-Type"]:
        return
    for form in FormReader.of(page.content.decode()):
        target = form.action or address
        if form.fields and (
            route.name == "login" or not target.startswith((reverse("set_language"), reverse("logout")))
        ):
            yield form, target


def poisoned(form, n):
    """Two ways to fill in a form with the n-th value: free fields only, the rest as offered; and every field another value."""
    honest = form.filled(GUESSES)
    yield honest | dict.fromkeys(form.free, VALUES[n])
    yield {name: VALUES[(n + 7 * place) % len(VALUES)] for place, name in enumerate(form.fields)}


@pytest.mark.parametrize(("place", "route"), list(enumerate(OURS)), ids=lambda value: getattr(value, "name", ""))
def test_poison_in_the_forms_of_a_page(undone, taster, place, route):
    """Each form tastes a part of the values, its neighbours the others: there are forms enough for all."""
    for form, target in forms_on(undone, taster, route):
        role = roles_of(route)
        for n in range(place % STRIDE, len(VALUES), STRIDE):
            for data in list(poisoned(form, n))[: 1 + (n % 2 == 0)]:
                if form.method == "post":
                    taster.post(role, target, data)
                else:
                    taster.get(role, f"{target.partition('?')[0]}?{urlencode(data)}")
        several = {name: [VALUES[0], VALUES[-1], *values[:1]] for name, values in form.fields.items()}
        taster.post(role, target, several)


@pytest.mark.parametrize(("place", "route"), list(enumerate(OURS)), ids=lambda value: getattr(value, "name", ""))
def test_poison_behind_the_question_mark(undone, taster, place, route):
    role, address = roles_of(route), address_of(undone, route)
    for n in range(place % STRIDE, len(VALUES), STRIDE * (3 if route.parts else 1)):
        query = {name: VALUES[(n + 5 * place) % len(VALUES)] for place, name in enumerate(FILTERS)}
        taster.get(role, f"{address}?{urlencode(query)}")
    for cursor in () if route.parts else CURSORS[place % STRIDE :: STRIDE]:
        taster.get(role, f"{address}?page={quote(cursor)}")


@pytest.mark.parametrize(
    "name", ["resident:card", "verification:bahv_validity", "participants:sync_run", "admin:view_on_site"]
)
def test_poison_in_the_address(undone, taster, name):
    route = next(route for route in access.routes() if route.name == name)
    for value in VALUES:
        for part in route.parts:
            taster.get(None if name in access.PUBLIC else Role.AUDITOR, route.address(**{part: quote(value, safe="")}))


@pytest.mark.parametrize(
    "route", [route for route in ADMIN if route.name.endswith("_changelist")], ids=lambda r: r.name
)
def test_poison_in_a_list_of_the_administration(undone, taster, route):
    role = min(route.door)
    offered = [*route.model_admin._offered_lookups, "p", "o", "e", "all", "_to_field", "_popup", "_facets", "q"]
    for n, value in enumerate(SOME):
        taster.get(role, f"{route.address()}?{urlencode({offered[n % len(offered)]: value})}")
        taster.post(role, route.address(), {"q": value})
        taster.get(role, f"{route.address()}{quote(value, safe='')}/change/")
    for name in offered:
        taster.get(role, f"{route.address()}?{urlencode({name: VALUES[0]})}")


@pytest.mark.parametrize(
    "route",
    [route for route in ADMIN if route.model_admin.change_roles and route.name.endswith(("_add", "_change"))],
    ids=lambda route: route.name,
)
def test_poison_in_a_form_of_the_administration(undone, taster, route):
    role = min(route.model_admin.change_roles)
    thing = route.model_admin.get_queryset(_request_of(undone, role)).first()
    address = route.address(object_id=thing.pk) if thing else route.address()
    page = taster.get(role, address)
    assert page.status_code == 200
    for form in FormReader.of(page.content.decode()):
        if "_save" in form.fields:
            for n in range(len(form.fields) % 9, len(VALUES), 9):
                for data in poisoned(form, n):
                    taster.post(role, address, data)


def _request_of(world, role):
    from django.test import RequestFactory

    request = RequestFactory().get("/")
    request.user = world.users[role]
    return request


# The interface for programs


BODIES = (
    *(
        b"",
        b" ",
        b"{",
        b"[]",
        b"{}",
        b"null",
        b"true",
        b"0",
        b'"3275010101900001"',
        b"[{}]",
        b"[[[[]]]]",
        b"\xff\xfe{}",
    ),
    *(b"[" * 100_000, b'{"nik":' * 50_000, b'{"nik": NaN}', b'{"nik": 1e999}', b'{"nik": 3275010101900001}'),
    *(b'{"nik": "3275010101900001", "nik": []}', b'{"nik": "\\ud800"}', b'{"nik": "\\u0000"}', b'{"\\ud800": 1}'),
    b'{"nik": "' + b"9" * 1_000_000 + b'"}',
    b'{"nik": ' + b"9" * 100_000 + b"}",
)
ODD = (
    *(None, True, 0, -1, 1.5, 1e300, 10**40, [], {}, [[]], {"a": {"b": []}}, "", " ", "\x00"),
    *VALUES,
)


@pytest.mark.parametrize("body", BODIES, ids=lambda body: body[:20])
def test_a_strange_body_is_a_mistake_of_the_program_that_sent_it(undone, taster, body):
    answer = ask(taster, body)
    assert answer.status_code == 400
    assert answer.headers["Content-Type"] == "application/json"


@pytest.mark.parametrize("name", ["nik", "on", "service"])
def test_a_strange_value_is_named(undone, taster, name):
    nik = undone.own("patient", Role.PUSKESMAS_CLERK).nik
    for value in ODD:
        answer = ask(taster, json.dumps({"nik": nik, name: value}).encode())
        assert answer.status_code in (200, 400, 404, 409), (value, answer.content)
        if answer.status_code == 400:
            assert set(answer.json()) == {name}


@pytest.mark.parametrize(
    "kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "application/xml", ""]
)
def test_a_strange_kind_of_body_breaks_nothing(undone, taster, kind):
    assert ask(taster, b"nik=3275010101900001", kind).status_code in (400, 415)


def ask(taster, body, kind="application/json"):
    taster.sent += 1
    client = taster.visitors[Role.PUSKESMAS_CLERK]
    return client.generic("POST", reverse("api:eligibility-list"), body, content_type=kind)


def test_poison_in_the_lists_of_programs(undone, taster):
    address = reverse("api:sjp-list")
    for n, value in enumerate((*VALUES, *CURSORS)):
        taster.get(Role.HOSPITAL_DESK, f"{address}?{urlencode({'cursor': value})}")
        taster.get(
            Role.HOSPITAL_DESK, f"{address}?{urlencode({('state', 'service', 'format', 'page_size')[n % 4]: value})}"
        )
        if n % 4 == 0:
            taster.get(Role.HOSPITAL_DESK, f"{address}{quote(value, safe='')}/")


# Around the page


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND", "HEAD"])
def test_other_methods_break_and_change_nothing(undone, visitors, method):
    for route in OURS:
        with transaction.atomic():
            answer = visitors[roles_of(route) or Role.AUDITOR].generic(method, address_of(undone, route))
            transaction.set_rollback(True)
        assert answer.status_code < 500, (method, route.name)


@pytest.mark.parametrize(
    "header", ["Accept", "Accept-Language", "HX-Request", "HX-Current-URL", "X-Forwarded-For", "Referer"]
)
def test_poison_in_a_header(undone, visitors, header):
    for value in (*MARKUP, *SOME):
        if value.isprintable() and value.isascii():
            for address in (reverse("participants:families"), "/no-such-page/", reverse("health")):
                assert visitors[Role.AUDITOR].get(address, headers={header: value}).status_code < 500


@pytest.mark.parametrize("cookie", ["ksb_session", "ksb_csrf", "ksb_language", "messages"])
def test_poison_in_a_cookie(undone, cookie):
    for value in (*MARKUP, *SOME):
        if value.isprintable() and value.isascii() and len(value) < 4_000:
            browser = Client(raise_request_exception=False)
            browser.cookies[cookie] = value
            assert browser.get(reverse("login")).status_code == 200
            assert browser.post(reverse("login"), {"username": "x", "password": "y"}).status_code < 500


def test_there_is_poison_enough():
    assert len(set(VALUES)) == len(VALUES) >= 60
