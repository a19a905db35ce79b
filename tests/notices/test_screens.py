"""The first page of each role, and the notices of whoever is logged in."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from facilities import beds
from facilities.enums import Role
from facilities.models import BedCount
from ksb.core.counters import MOST_COUNTED, Counter, standings
from ksb.core.models import Notice
from ksb.counters import COUNTERS, counters_of
from referrals import hospital
from tests import factories as f
from tests.notices import factories as n
from tests.participants import factories as p
from tests.referrals import factories as r
from tests.verification import factories as v

pytestmark = pytest.mark.django_db
LIST, HOME = reverse("notices"), reverse("home")


@pytest.fixture
def desk():
    return r.desk(r.contracted())


def numbers(actor):
    return {one.counter.code: one.number for one in counters_of(actor, at=f.NOW)}


# Counters


def test_a_letter_waits_at_the_hospital_and_comes_back_to_the_clerk_when_it_is_refused(desk):
    clerk = r.clerk()
    sjp = r.issue(clerk, to=desk.facility)
    assert (numbers(desk)["letters.to_answer"], numbers(desk)["episodes.in_care"]) == (1, 0)
    assert numbers(clerk)["letters.refused"] == 0
    hospital.refuse(sjp=sjp, code="NO_BED", reason="Penuh", actor=desk, at=f.NOW)
    assert numbers(desk)["letters.to_answer"] == 0
    assert numbers(clerk)["letters.refused"] == 1


def test_what_waits_elsewhere_is_not_counted(desk):
    r.issue(to=desk.facility)
    assert numbers(r.desk(r.contracted(1)))["letters.to_answer"] == 0
    assert numbers(r.clerk(f.puskesmas(1)))["letters.refused"] == 0


def test_an_application_moves_from_counter_to_counter():
    application = p.make_application()
    verifier, dinkes = p.verifier(), p.keeper()
    assert (numbers(verifier)["applications.compare"], numbers(dinkes)["applications.approve"]) == (1, 0)
    p.enrolment.compare(enrolment=application, findings={}, actor=verifier, at=f.NOW)
    assert (numbers(verifier)["applications.compare"], numbers(dinkes)["applications.approve"]) == (0, 1)


def test_a_batch_waits_for_the_coordinator_then_for_its_verifier():
    batch, coordinator = v.submitted(), v.coordinator()
    assert numbers(coordinator)["batches.unassigned"] == 1
    _batch, reader = v.assigned(batch)
    assert numbers(coordinator)["batches.unassigned"] == 0
    assert numbers(reader)["claims.to_decide"] == 1


def test_old_bed_counts_are_called_to_mind_at_the_hospital_and_at_dinkes(desk):
    dinkes = f.make_user(Role.DINKES_SERVICES)
    assert numbers(dinkes)["beds.silent"] == 1  # never reported
    counts = {"CLASS_3": beds.Figures(capacity=10, occupied=4)}
    beds.report(facility=desk.facility, figures=counts, source="MANUAL", actor=desk, at=f.NOW)
    assert (numbers(desk)["beds.old"], numbers(dinkes)["beds.silent"]) == (0, 0)
    BedCount.objects.update(reported_at=f.NOW - datetime.timedelta(hours=3))
    assert (numbers(desk)["beds.old"], numbers(dinkes)["beds.silent"]) == (1, 1)


def test_counting_stops_where_it_does_not_matter_any_more(desk):
    many = Counter(
        code="x",
        label="x",
        url_name="home",
        roles=(Role.HOSPITAL_DESK,),
        waiting=lambda actor, at: Notice.objects.visible_to(actor),
    )
    for number in range(MOST_COUNTED + 5):
        n.tell_desk(Role.HOSPITAL_DESK, desk.facility, once=number)
    (standing,) = standings([many], desk, f.NOW)
    assert (standing.number, standing.words) == (MOST_COUNTED, "99+")


@pytest.mark.parametrize("counter", COUNTERS, ids=lambda counter: counter.code)
def test_a_counter_takes_one_statement_and_leads_to_a_page_of_its_roles(counter, client):
    """Two, where it asks the rules of the day for its limit."""
    for role in counter.roles:
        actor = f.make_user(role)
        assert actor.roles
        with CaptureQueriesContext(connection) as asked:
            counter.count(actor, f.NOW)
        assert len(asked) <= 2
        client.force_login(actor)
        assert client.get(counter.url).status_code == 200


def test_no_two_counters_have_one_code():
    assert len({counter.code for counter in COUNTERS}) == len(COUNTERS)


def test_what_is_urgent_and_waits_comes_first():
    def counter(code, *, urgent, number):
        rows = Notice.objects.all() if number else Notice.objects.none()
        return Counter(
            code=code, label=code, url_name="home", roles=(Role.AUDITOR,), waiting=lambda *_: rows, urgent=urgent
        )

    n.tell_desk(Role.AUDITOR)
    given = [counter("empty", urgent=True, number=0), counter("some", urgent=False, number=1)]
    given.append(counter("urgent", urgent=True, number=1))
    assert [one.counter.code for one in standings(given, f.make_user(Role.AUDITOR), f.NOW)] == [
        "urgent",
        "some",
        "empty",
    ]


@pytest.mark.parametrize("role", Role)
def test_the_first_page_of_every_role(client, role):
    client.force_login(f.make_user(role))
    page = client.get(HOME)
    assert page.status_code == 200
    assert page.templates[0].name == "home.html"


# Notices


def test_the_header_counts_new_notices_and_the_first_page_shows_them(client, desk):
    client.force_login(desk)
    assert "<strong>(" not in client.get(HOME).content.decode()
    told = n.tell_desk(Role.HOSPITAL_DESK, desk.facility)
    page = client.get(HOME).content.decode()
    assert "<strong>(1)</strong>" in page
    assert reverse("open_notice", args=[told.public_id]) in page


def test_opening_a_notice_marks_it_read_and_leads_to_its_page(client, desk):
    told = n.tell_desk(Role.HOSPITAL_DESK, desk.facility)
    client.force_login(desk)
    address = reverse("open_notice", args=[told.public_id])
    assert client.get(address).status_code == 405
    assert client.post(address).url == HOME
    told.refresh_from_db()
    assert told.read_by == desk
    assert str(told.public_id) not in client.get(LIST).content.decode()
    assert str(desk) in client.get(LIST, {"all": 1}).content.decode()


def test_a_notice_of_another_desk_does_not_exist(client, desk):
    told = n.tell_desk(Role.HOSPITAL_DESK, f.hospital(5))
    client.force_login(desk)
    assert client.post(reverse("open_notice", args=[told.public_id])).status_code == 404
    assert not Notice.objects.get().read_at


def test_marking_all_leaves_alone_what_came_since_and_what_is_not_ones_own(client, desk):
    shown = n.tell_desk(Role.HOSPITAL_DESK, desk.facility, once=1)
    client.force_login(desk)
    newest = client.get(LIST).context["newest"]
    later = n.tell_desk(Role.HOSPITAL_DESK, desk.facility, once=2)
    n.tell_desk(Role.HOSPITAL_DESK, f.hospital(5))
    client.post(reverse("read_notices"), {"newest": newest})
    assert newest == shown.pk
    assert Notice.objects.visible_to(desk).unread().get() == later
    assert Notice.objects.unread().count() == 2


@pytest.mark.parametrize("newest", ["", "x", "-1", "9" * 30, "\u0661"])
def test_a_mark_that_is_no_number_marks_nothing(client, desk, newest):
    n.tell_desk(Role.HOSPITAL_DESK, desk.facility)
    client.force_login(desk)
    assert client.post(reverse("read_notices"), {"newest": newest}).status_code == 302
    assert Notice.objects.unread().count() == 1


def test_the_list_takes_as_many_statements_for_fifty_notices_as_for_one(client, desk):
    client.force_login(desk)
    n.tell_desk(Role.HOSPITAL_DESK, desk.facility)
    with CaptureQueriesContext(connection) as one:
        client.get(LIST, {"all": 1})
    for number in range(60):
        n.tell_desk(Role.HOSPITAL_DESK, desk.facility, once=number)
    with CaptureQueriesContext(connection) as many:
        client.get(LIST, {"all": 1})
    assert len(one) == len(many) <= 6


@pytest.mark.parametrize("width", [1280, 390])
def test_tasks_and_notices_in_the_browser(page, sign_in, audit, desk, width):
    clerk = r.clerk()
    r.issue(clerk, to=desk.facility)
    n.tell_desk(Role.HOSPITAL_DESK, desk.facility)
    page.set_viewport_size({"width": width, "height": 800})
    sign_in(page, desk)
    page.goto(HOME)
    audit(page)
    page.get_by_role("link", name="Pemberitahuan").first.click()
    audit(page)
    page.get_by_role("button", name="Surat").click()
    assert page.url.endswith(HOME)


def test_a_notice_is_opened_without_javascript(page_without_javascript, sign_in, audit, desk):
    page = page_without_javascript
    n.tell_desk(Role.HOSPITAL_DESK, desk.facility)
    sign_in(page, desk)
    page.goto(LIST)
    page.get_by_role("button", name="Surat").click()
    audit(page)
    assert not Notice.objects.unread().exists()
