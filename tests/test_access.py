"""Nobody sees or touches what is not theirs: every address x every role x every method x own, foreign and absent things.

Generated from the URLconf: an address nobody has classified fails. What each role may is written down in
``tests/support/access.py`` from domain.md G1 and G2.
"""

import hashlib
import re
from collections import Counter
from dataclasses import dataclass, replace
from functools import cache

import pytest
from django.core.files.base import ContentFile
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse

from facilities.enums import Role
from tests.support import access
from tests.support.world import HEALTH, MARKS

READ, WRITE = "GET", "POST"
METHODS = (READ, WRITE)
ROUTES = access.routes()
# Where a read may leave more than a trace.
READS_THAT_WRITE = {"referrals:refer": "the first visit opens the draft that keeps what is typed"}
# Codes without a patient.
LISTS_OF_CODES = {"admin:facilities_diagnosis_changelist"}
TRACES = {"core_journalentry", "core_ratebucket", "participants_lookup"}
# What ``pg_stat_xact_user_tables`` sums up, without the indexes it joins.
MOVED = """
    SELECT relname, moved
      FROM (SELECT relname, pg_stat_get_xact_tuples_inserted(oid) + pg_stat_get_xact_tuples_updated(oid)
                            + pg_stat_get_xact_tuples_deleted(oid) AS moved
              FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace) AS tables
     WHERE moved > 0"""
# Which sends on strangers to the log-in and refuses everybody else; both are tested below.
TO_THE_FRONT_DOOR = "/admin/login/?next=/"
TOKEN = re.compile(rb'name="csrfmiddlewaretoken" value="[^"]*"')


@dataclass(frozen=True)
class Answer:
    """What one request met with: ``wrote`` tables beyond traces, ``shown`` marks of foreign things, ``health`` of patients."""

    route: access.Route
    role: str
    method: str
    thing: str
    status: int
    location: str
    body: str
    shown: frozenset
    health: frozenset
    wrote: frozenset = frozenset()

    def __str__(self):
        told = f"{self.method} {self.route.template} ({self.route.name}) as {self.role}"
        return (
            f"{told}, {self.thing or 'no'} thing: {self.status} {self.location} {' '.join({*self.wrote, *self.shown})}"
        )


class Walker:
    """Knocks at doors and puts everything back after each knock."""

    def __init__(self, world, visitors):
        self.world = world
        self.clients = visitors
        self.moved = None  # until now; unknown after a knock that was not counted
        self.foreign_marks = cache(self._foreign_marks)

    def refused(self, route, role, method, thing="", **values):
        """A knock of somebody who should not get in. Whether it left anything is looked at once, for all."""
        self.moved = None
        return self._ask(route, role, method, thing, route.address(**values), look=False)

    def knock(self, route, role, method, thing="", **values):
        with transaction.atomic():
            before = self.moved or moved()
            answer = self._ask(route, role, method, thing, route.address(**values))
            self.moved = moved()  # what is undone is counted too
            wrote = frozenset(set(self.moved - before) - TRACES)
            transaction.set_rollback(True)
        return replace(answer, wrote=wrote)

    def _ask(self, route, role, method, thing, address, *, look=True):
        client = self.clients[role]
        cookies = client.cookies.copy()
        if method == WRITE and route.name in access.BODIES and thing == "own":
            response = client.post(address, access.BODIES[route.name](self.world.own(route.kind, role)))
        else:
            response = client.generic(method, address)
        client.cookies = cookies
        content = b"".join(response.streaming_content) if response.streaming else response.content
        return Answer(
            route=route,
            role=role,
            method=method,
            thing=thing,
            status=response.status_code,
            location=response.get("Location", ""),
            body=_digest(content, address),
            shown=_found(self.foreign_marks(role) if look and thing != "foreign" else (), content),
            health=_found(HEALTH if look else (), content),
        )

    def _foreign_marks(self, role):
        """Marks of the other side's things that the role may know of only on its own side, or not at all."""
        hidden = [kind for kind in MARKS if role not in access.PERIMETERS[kind].city]
        return self.world.foreign_side(role).marks(hidden)


def _found(marks, page):
    plain = page.decode(errors="replace").replace(" ", "")
    return frozenset(mark for mark in marks if mark.replace(" ", "") in plain)


def moved():
    with connection.cursor() as cursor:
        cursor.execute(MOVED)
        return Counter(dict(cursor.fetchall()))


def _digest(body, address):
    return hashlib.sha256(TOKEN.sub(b"", body).replace(address.encode(), b"")).hexdigest()


@pytest.fixture(scope="module")
def walker(world, visitors, silence):
    return Walker(world, visitors)


@pytest.fixture(scope="module")
def inside(walker):
    """``inside(role)``: what ``role`` met with at each door that lets it in, with own, foreign and absent things."""
    return cache(lambda role: list(_inside(walker, role)))


@pytest.fixture(scope="module")
def outside(walker):
    """``outside(role)``: what ``role`` met with at each door that keeps it out."""
    return cache(lambda role: list(_outside(walker, role)))


def _inside(walker, role):
    for route in ROUTES:
        if role in (route.door or ()):
            for thing, values in _things(walker.world, route, role):
                yield walker.knock(route, role, READ, thing, **values)
                if _is_written_to(route, thing):
                    yield walker.knock(route, role, WRITE, thing, **values)


def _outside(walker, role):
    """With a thing that exists and is theirs, and once with one that does not: the door is asked before anything is read."""
    for route in ROUTES:
        if route.door is not None and role not in route.door:
            first = role == min(set(Role) - route.door)
            for thing, values in _things(walker.world, route, role):
                if thing in ("own", "") or (thing == "absent" and first and not route.in_admin):
                    yield walker.refused(route, role, READ, thing, **values)
                if thing in ("own", "") and _is_written_to(route, thing):
                    yield walker.refused(route, role, WRITE, thing, **values)


def _is_written_to(route, thing):
    """Of Django's own pages in the administration those that act, once each; of ours all."""
    return not route.in_admin or (thing != "absent" and route.name.endswith(("_add", "_change", "_delete")))


def _things(world, route, role):
    """The things to knock with: ``(own | foreign | absent, values for the address)``."""
    if route.model_admin and "object_id" in route.parts:
        yield "own", {"object_id": _first(route.model_admin).pk}
        yield "absent", {}
    elif route.kind:
        part = route.parts[0]
        for whose in ("own", "foreign"):
            thing = getattr(world, whose)(route.kind, role)
            yield whose, {part: world.identifier(route.kind, thing)}
        yield "absent", {}
    else:
        yield "", {}


@cache
def _first(model_admin):
    return model_admin.model._base_manager.order_by("-pk").first()


def _told(wrong):
    return "\n" + "\n".join(wrong)


def test_every_address_says_who_may_use_it():
    unknown = [f"{route.template} ({route.name})" for route in ROUTES if not route.is_classified]
    assert not unknown, (
        f"Nobody says who may use {unknown}. Put @requires(*roles) on the view, a RequiresRole permission on the API view, or "
        "view_roles on the admin; an address without a log-in goes into PUBLIC of tests/support/access.py with its reason."
    )


def test_what_an_address_names_is_known():
    unknown = [f"{route.template} ({route.name})" for route in ROUTES if _names_something_unknown(route)]
    assert not unknown, (
        f"What do {unknown} name? Put the part of the address into KINDS of tests/support/access.py, who may know of it into "
        "PERIMETERS (from domain.md G1 and G2), and one of it for each side into tests/support/world.py."
    )


def _names_something_unknown(route):
    return bool(route.parts) and not route.in_admin and route.name not in access.PUBLIC and route.kind is None


def test_the_lists_of_addresses_hold_nothing_that_is_gone():
    names = {route.name for route in ROUTES}
    listed = {*access.PUBLIC, *access.EVERYBODY, *access.KIND_OF_PAGE, *READS_THAT_WRITE}
    assert not listed - names
    assert not {name for name, _role in access.REFUSED_INSIDE} - names


def test_only_addresses_listed_as_public_do_without_a_log_in():
    opened = {route.name for route in ROUTES if not getattr(route.view, "login_required", True) and not route.in_api}
    assert opened == set(access.PUBLIC)


@pytest.mark.parametrize("method", METHODS)
def test_without_a_log_in_every_address_leads_to_the_log_in(walker, method):
    stranger = Client(raise_request_exception=False)
    wrong = []
    for route in ROUTES:
        if route.name in access.PUBLIC:
            continue
        before = moved()
        response = stranger.generic(method, route.address())
        let_in = response.status_code != 401 if route.in_api else not _leads_to_the_log_in(response)
        if let_in or moved() != before:
            wrong.append(f"{method} {route.template}: {response.status_code} {response.get('Location', '')}")
    assert not wrong, _told(wrong)


def _leads_to_the_log_in(response):
    return response.status_code == 302 and response.url.startswith((f"{reverse('login')}?next=/", TO_THE_FRONT_DOOR))


# Doors


@pytest.mark.parametrize("role", Role)
def test_a_role_outside_is_refused_whether_the_thing_exists_or_not(walker, outside, role):
    before = moved()
    let_in = [str(answer) for answer in outside(role) if not _is_refused(answer)]
    assert not let_in, _told(let_in)
    assert not set(moved() - before) - TRACES


def _is_refused(answer):
    to_the_front_door = answer.route.in_admin and answer.location.startswith(TO_THE_FRONT_DOOR)
    return answer.status == 403 or to_the_front_door or _leads_to_the_change_page(answer)


def _leads_to_the_change_page(answer):
    """Django's short form of an address in the administration; the page it leads to is its own address of the matrix."""
    return answer.route.name == "admin:" and answer.location.endswith("/change/")


@pytest.mark.parametrize("role", Role)
def test_the_front_door_of_the_administration_is_closed_to_who_has_no_room_behind_it(walker, role):
    rooms = [route for route in ROUTES if route.model_admin and role in route.door]
    assert bool(rooms) is (role not in access.IN_NO_ADMIN)
    client = walker.clients[role]
    assert Client().get(TO_THE_FRONT_DOOR).url.startswith(reverse("login"))
    assert client.get(reverse("admin:index")).status_code == (200 if rooms else 302)
    assert client.get(reverse("admin:login")).status_code == (302 if rooms else 403)
    forbidden = access.KEPT_OUT_OF_ADMIN.get(role, ())
    assert not [route.name for route in rooms if route.model_admin.opts.app_label in forbidden]


@pytest.mark.parametrize("role", Role)
def test_a_role_inside_gets_in_with_what_is_its_own(inside, role):
    wrong = [str(answer) for answer in inside(role) if answer.thing in ("own", "") and not _is_served(answer)]
    assert not wrong, _told(wrong)


def _is_served(answer):
    route, role = answer.route, answer.role
    if (route.name, role) in access.REFUSED_INSIDE or _is_more_than_reading_in_admin(answer):
        return answer.status in (403, 405)
    return answer.status < 500 and answer.status not in (401, 403, 404)


def _is_more_than_reading_in_admin(answer):
    route = answer.route
    if not route.model_admin or answer.role in route.model_admin.change_roles:
        return bool(route.model_admin) and route.name.endswith("_delete")
    return route.name.endswith(("_add", "_delete")) or (answer.method == WRITE and route.name.endswith("_change"))


# Perimeters


@pytest.mark.parametrize("role", Role)
def test_every_door_stays_inside_the_table_of_the_domain(role):
    wide = [
        f"{route.name}: {route.kind}"
        for route in ROUTES
        if route.kind and role in (route.door or ()) and role not in access.PERIMETERS[route.kind].everybody
    ]
    assert not wide, _told(wide)


@pytest.mark.parametrize("role", Role)
def test_a_foreign_thing_is_an_absent_thing(inside, role):
    absent = {(a.route, a.method): a for a in inside(role) if a.thing == "absent"}
    wrong = []
    for answer in inside(role):
        if answer.thing == "foreign":
            nothing = absent[answer.route, answer.method]
            if role in access.PERIMETERS[answer.route.kind].city:
                fine = _is_served(answer)
            else:
                fine = answer.status in (404, 405) and (answer.status, answer.body) == (nothing.status, nothing.body)
            if not fine:
                wrong.append(str(answer))
    assert not wrong, _told(wrong)


@pytest.mark.parametrize("role", Role)
def test_an_absent_thing_is_not_found(inside, role):
    wrong = [str(answer) for answer in inside(role) if answer.thing == "absent" and not _is_not_found(answer)]
    assert not wrong, _told(wrong)


def _is_not_found(answer):
    return answer.status in (404, 405) or _leads_to_the_change_page(answer)


@pytest.mark.parametrize("role", Role)
def test_no_page_shows_what_is_not_ones_own(inside, role):
    wrong = [str(answer) for answer in inside(role) if answer.shown]
    assert not wrong, _told(wrong)


@pytest.mark.parametrize("role", [role for role in Role if role not in access.CLINICAL_ROLES])
def test_health_data_stay_with_who_treats_bills_and_judges(inside, role):
    wrong = [str(answer) for answer in inside(role) if answer.health and answer.route.name not in LISTS_OF_CODES]
    assert not wrong, _told(wrong)


@pytest.mark.parametrize("role", Role)
def test_pages_for_everybody_serve_every_role(walker, role):
    with transaction.atomic():
        for name in access.EVERYBODY:
            assert walker.clients[role].get(reverse(name)).status_code in (200, 302, 405), name
        transaction.set_rollback(True)


@pytest.mark.parametrize("role", Role)
def test_what_belongs_to_no_model_of_the_administration_shows_only_what_the_models_do(walker, role):
    rooms = role not in access.IN_NO_ADMIN
    for route in ROUTES:
        if route.in_admin and not route.model_admin and route.name != "admin:login":
            answer = walker.knock(route, role, READ)
            # Who logs out of where they never were is led to the front door.
            led_out = route.name == "admin:logout" and answer.status == 302
            assert (answer.status < 500) if rooms else led_out or _is_refused(answer), str(answer)
            assert not answer.shown, str(answer)


# Methods


@pytest.mark.parametrize("role", Role)
def test_reading_changes_nothing(inside, role):
    wrong = [
        str(answer)
        for answer in inside(role)
        if answer.method == READ and answer.wrote and answer.route.name not in READS_THAT_WRITE
    ]
    assert not wrong, _told(wrong)


@pytest.mark.parametrize("role", Role)
def test_what_acts_without_a_form_takes_a_post(inside, role):
    acting = {answer.route for answer in inside(role) if answer.method == WRITE and answer.wrote}
    wrong = [
        str(answer)
        for answer in inside(role)
        if answer.method == READ
        and answer.thing in ("own", "")
        and answer.route in acting
        and not _is_fine_to_read(answer)
    ]
    assert not wrong, _told(wrong)


def _is_fine_to_read(answer):
    return answer.status == 405 or answer.route.name in READS_THAT_WRITE


@pytest.mark.parametrize("role", Role)
def test_who_only_reads_changes_nothing(inside, role):
    wrong = [str(answer) for answer in inside(role) if answer.wrote and not _may_act(answer)]
    assert not wrong, _told(wrong)


def _may_act(answer):
    kind = answer.route.kind
    if kind is None:
        return role_acts_somewhere(answer.role)
    return answer.role in access.PERIMETERS[kind].acts


def role_acts_somewhere(role):
    return role not in (Role.AUDITOR, Role.PLANNING_VIEWER, Role.COMPLAINTS_OFFICER)


# A program has no session: it signs each request (tests/facilities/test_bed_api.py, tests/claims/test_money.py).
WITH_FORMS = [route for route in ROUTES if not route.in_api and not route.name.startswith(("bed_push:", "vclaim:"))]


@pytest.mark.parametrize("route", WITH_FORMS, ids=lambda route: route.template)
def test_nothing_is_written_without_the_token_of_the_form(walker, route):
    """A page of another site cannot make the browser of somebody who is logged in act for them."""
    role = next(iter(sorted(route.door or [Role.AUDITOR])))
    browser = Client(enforce_csrf_checks=True)
    browser.cookies = walker.clients[role].cookies.copy()
    assert browser.post(route.address()).status_code == 403


def test_a_session_alone_does_not_write_through_the_interface(walker):
    browser = Client(enforce_csrf_checks=True)
    browser.cookies = walker.clients[Role.PUSKESMAS_CLERK].cookies.copy()
    response = browser.post(reverse("api:eligibility-list"), {"nik": "3" * 16}, "application/json")
    assert response.status_code == 403
    assert "CSRF" in response.json()["detail"]


# What a form names in its body


def test_a_form_names_only_what_is_ones_own(walker):
    world = walker.world
    clerk, counter, biller, coordinator = (
        walker.clients[role]
        for role in (Role.PUSKESMAS_CLERK, Role.REGISTRATION_CLERK, Role.HOSPITAL_BILLER, Role.VERIFIER_COORDINATOR)
    )
    ours, theirs = (world.sides[name].things for name in "AB")
    with transaction.atomic():
        address = reverse("referrals:member", args=[ours["look-up"].pk])
        assert clerk.post(address, {"member": theirs["look-up"].resident_id}).status_code == 404

        address = reverse("participants:hand_over", args=[ours["card"].public_id])
        page = counter.post(address, {"receiver": theirs["card"].household.head_id, "identity": "on"})
        assert "receiver" in refused_fields(page)

        address = reverse("claims:hand_in")
        page = biller.post(address, {"hospital": theirs["batch"].hospital_id, "file": ContentFile(b"x", "x.txt")})
        assert b"k-summary" in page.content  # the field of somebody who bills for one hospital is hidden

        address = reverse("verification:assign", args=[ours["batch"].public_id])
        page = coordinator.post(address, {"verifier": world.users[Role.HOSPITAL_BILLER].pk})
        assert "verifier" in refused_fields(page)
        transaction.set_rollback(True)


def refused_fields(page):
    """Names of the fields of a page that carry an error."""
    faulty = re.findall(r"<(?:input|select|textarea)[^>]*aria-invalid=[^>]*>", page.content.decode())
    return {re.search(r'name="(\w+)"', tag)[1] for tag in faulty}


@pytest.mark.parametrize(
    "route", [route for route in ROUTES if route.name.endswith("_changelist")], ids=lambda route: route.template
)
def test_no_list_of_the_administration_deletes(walker, route):
    picked = {"action": "delete_selected", "_selected_action": _first(route.model_admin).pk, "post": "yes"}
    with transaction.atomic():
        before = moved()
        for role in route.door:
            walker.clients[role].post(route.address(), picked)
        assert not set(moved() - before) - TRACES
        transaction.set_rollback(True)


def test_the_whole_matrix_was_walked(inside, outside, record_property):
    walked = [answer for role in Role for answer in (*inside(role), *outside(role))]
    record_property("combinations", len(walked))
    assert {answer.route for answer in walked} == {route for route in ROUTES if route.door is not None}
    assert len(walked) > 10_000
