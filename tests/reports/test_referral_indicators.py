"""Indicators of access: what is counted, for whom, and what small figures do not tell."""

import csv
import datetime
import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from claims.enums import ClaimState
from claims.models import Claim
from facilities.enums import Role, Service
from ksb.core.errors import NotAllowed, Refused
from referrals import back_referral, escalation, hospital
from referrals.enums import PassOverReason
from referrals.models import EmergencyNotice, Episode, Referral
from reports import referral_indicators, referral_rollup, visits
from reports.models import MonthlyFigure
from tests import factories as f
from tests.claims import factories as c
from tests.referrals import emergencies as e
from tests.referrals import factories as r

pytestmark = pytest.mark.django_db
MONTH = f.TODAY.replace(day=1)
PAGE, CSV, VISITS = reverse("reports:referrals"), reverse("reports:referrals_csv"), reverse("reports:visits")


def counted(*, puskesmas=None, hospital=None, day=f.TODAY):
    """{measure: value} of a place, or of the city, in the month of ``day``."""
    referral_rollup.roll_up(day=f.TODAY)
    rows = MonthlyFigure.objects.filter(month=day.replace(day=1), puskesmas=puskesmas, hospital=hospital)
    return dict(rows.values_list("measure", "value"))


def figures(actor, code, *, month=MONTH):
    """{place: words} of one indicator as ``actor`` sees it; "" is the city."""
    found = {}
    for table in referral_indicators.report(actor, month=month, on=f.TODAY)["tables"]:
        for line in table["lines"]:
            for cell in line.cells:
                if cell.indicator.code == code:
                    found[line.code] = cell.words
    return found


def private(**values):
    to = r.contracted(public=False)
    return r.issue(to=to, pass_over_reason=PassOverReason.RSUD_FULL, **values)


def answered(minutes, *, refused=False, at=f.NOW, **values):
    sjp = r.issue(at=at, **values)
    desk, later = r.desk(sjp.hospital), at + datetime.timedelta(minutes=minutes)
    if refused:
        hospital.refuse(sjp=sjp, code="NO_BED", reason="Penuh", actor=desk, at=later)
    else:
        hospital.accept(referral=sjp.referral, actor=desk, at=later)
    return sjp


@pytest.fixture
def dinkes():
    return f.make_user(Role.DINKES_SERVICES)


# What is counted


def test_referrals_by_puskesmas_hospital_and_city():
    one, other = r.clerk(f.puskesmas(0)), r.clerk(f.puskesmas(1))
    first = r.issue(one)
    r.issue(one)
    r.issue(other, to=r.contracted(1))
    assert counted(puskesmas=one.facility)["referrals"] == 2
    assert counted(puskesmas=other.facility)["referrals"] == 1
    assert counted(hospital=first.hospital)["referrals"] == 2
    assert counted()["referrals"] == 3


def test_a_private_hospital_with_its_reason_keeps_the_order_and_without_breaks_it():
    r.issue()
    private()
    unexplained = private()
    Referral.objects.filter(pk=unexplained.referral_id).update(pass_over_reason="")
    found = counted()
    assert (found["private"], found["rsud_first"], found["referrals"]) == (2, 2, 3)


def test_how_fast_hospitals_answer():
    for minutes in (10, 20, 30, 40, 200):
        answered(minutes)
    found = counted()
    assert (found["answered"], found["answered_in_time"]) == (5, 4)
    assert (found["median_minutes"], found["p90_minutes"]) == (30, 136)


def test_a_refusal_is_an_answer_and_silence_is_none():
    answered(5, refused=True)
    answered(5)
    r.issue()
    found = counted()
    assert (found["refused"], found["answered"], found["referrals"]) == (1, 2, 3)


def test_who_arrived_and_who_did_not_come():
    r.admit(r.issue())
    gone = r.issue()
    Referral.objects.filter(pk=gone.referral_id).update(state="EXPIRED")
    found = counted()
    assert (found["arrived"], found["no_shows"]) == (1, 1)


def test_the_share_of_emergencies_among_admissions():
    r.admit(r.issue())
    emergency = r.admit(r.issue())
    Episode.objects.filter(pk=emergency.pk).update(service=Service.EMERGENCY)
    found = counted()
    assert (found["admissions"], found["emergencies"]) == (2, 1)


def test_a_claim_without_a_letter_tells_of_a_patient_who_went_past_the_puskesmas():
    claim = c.claimed()
    day = claim.admitted_on
    assert (counted(day=day)["claims"], counted(day=day)["bypasses"]) == (1, 0)
    Claim.objects.filter(pk=claim.pk).update(sjp=None, state=ClaimState.BLOCKED)
    assert counted(hospital=claim.hospital, day=day)["bypasses"] == 1
    Claim.objects.filter(pk=claim.pk).update(state=ClaimState.WITHDRAWN)
    assert "claims" not in counted(hospital=claim.hospital, day=day)


def test_emergencies_reported_late_and_those_that_were_none():
    e.report()
    e.late()
    none = e.report()
    EmergencyNotice.objects.filter(pk=none.pk).update(state="DECLINED_CRITERIA")
    found = counted(hospital=none.hospital)
    assert (found["notices"], found["late_notices"], found["no_emergencies"]) == (3, 1, 1)


def test_a_patient_for_whom_no_hospital_was_found():
    case = r.refused_thrice().referral.escalations.get()
    assert (counted()["escalations"], counted()["unmet"]) == (1, 0)
    escalation.take(escalation=case, actor=r.officer(), at=f.NOW)
    case.refresh_from_db()
    escalation.give_up(escalation=case, reason="NO_BED_IN_CITY", note="Penuh", actor=case.taken_by, at=f.NOW)
    assert counted(puskesmas=case.puskesmas)["unmet"] == 1
    assert counted()["refused_no_bed"] == 3


def test_each_refusal_is_counted_by_its_reason(dinkes):
    answered(10, refused=True)
    sjp = r.issue(r.clerk(f.puskesmas(1)))
    hospital.refuse(sjp=sjp, code="COMPETENCE", reason="Perlu RS tipe A", actor=r.desk(sjp.hospital), at=f.NOW)
    referral_rollup.roll_up(day=f.TODAY)
    assert figures(dinkes, "refused_no_bed")[sjp.hospital.code] == "50%"
    assert figures(dinkes, "refused_competence")[f.puskesmas(1).code] == "100%"
    assert figures(dinkes, "refused_no_doctor")[""] == "0%"


def test_who_is_referred_back_and_who_was_seen_in_time(dinkes):
    desk = r.desk(r.contracted())
    for number, days in enumerate((3, 30)):
        letter = r.send_back(r.left(r.issue(to=desk.facility), desk, next_step=None), desk)
        clerk, at = r.clerk(letter.puskesmas), letter.sent_at + datetime.timedelta(days=days)
        back_referral.accept(letter=letter, actor=clerk, at=at)
        letter.refresh_from_db()
        back_referral.record_visit(letter=letter, visited_on=at.date(), actor=clerk, at=at)
        assert number + 1 == counted()["back_referrals"]
    r.left(r.issue(to=desk.facility), desk)
    referral_rollup.roll_up(day=f.TODAY)
    assert (figures(dinkes, "back_share")[desk.facility.code], figures(dinkes, "back_visits")[""]) == ("66,7%", "50%")


def test_a_month_begins_at_midnight_in_bekasi():
    zone = f.NOW.tzinfo
    r.issue(at=datetime.datetime(2026, 10, 31, 23, 59, tzinfo=zone), known_at=f.NOW)
    r.issue(at=datetime.datetime(2026, 11, 1, 0, 1, tzinfo=zone), known_at=f.NOW)
    assert counted(day=datetime.date(2026, 10, 31))["referrals"] == 1
    assert counted()["referrals"] == 1


def test_counting_again_changes_nothing_and_leaves_settled_months_alone():
    r.issue()
    MonthlyFigure.objects.create(month=datetime.date(2026, 1, 1), measure="referrals", value=7)
    assert counted() == counted()
    assert referral_rollup.roll_up(day=f.TODAY, months=1) == referral_rollup.roll_up(day=f.TODAY, months=1)
    assert counted(day=datetime.date(2026, 1, 1)) == {"referrals": 7}


def test_every_indicator_divides_what_is_counted():
    for one in referral_indicators.INDICATORS:
        assert {one.part, one.whole} - {""} <= set(referral_rollup.MEASURES), one.code


def test_the_roll_up_takes_one_statement_a_source():
    r.issue()
    with CaptureQueriesContext(connection) as asked:
        referral_rollup.roll_up(day=f.TODAY)
    statements = [query for query in asked.captured_queries if "SAVEPOINT" not in query["sql"]]
    assert len(statements) == 2 + len(referral_rollup.SOURCES)  # the scheme, what was counted before


# Visits


def test_the_ratio_is_told_once_the_visits_are_entered(dinkes):
    doctor = f.make_user(Role.PUSKESMAS_DOCTOR)
    r.issue(r.clerk(doctor.facility))
    counted()
    assert figures(dinkes, "referral_ratio")[doctor.facility.code] == "–"
    visits.enter(puskesmas=doctor.facility, month=MONTH, visits=40, actor=doctor, at=f.NOW)
    counted()
    assert figures(dinkes, "referral_ratio")[doctor.facility.code] == "2,5"


def test_visits_are_entered_by_the_own_puskesmas_for_months_that_have_begun():
    doctor = f.make_user(Role.PUSKESMAS_DOCTOR)
    with pytest.raises(NotAllowed):
        visits.enter(puskesmas=f.puskesmas(1), month=MONTH, visits=1, actor=doctor, at=f.NOW)
    with pytest.raises(Refused):
        visits.enter(puskesmas=doctor.facility, month=datetime.date(2026, 12, 1), visits=1, actor=doctor, at=f.NOW)


def test_visits_are_corrected_on_their_page(client):
    doctor = f.make_user(Role.PUSKESMAS_DOCTOR)
    client.force_login(doctor)
    for number in ("40", "41"):
        assert client.post(VISITS, {"month": "2026-11", "visits": number}).url == VISITS
    page = client.get(VISITS)
    assert [one.visits for one in page.context["entered"]] == [41]
    assert client.post(VISITS, {"month": "2020-01", "visits": "1"}).context["form"].errors["month"]
    assert client.post(VISITS, {"month": "2026-11", "visits": "-1"}).context["form"].errors["visits"]


# Who sees what


def test_a_head_sees_the_own_house_and_the_city():
    doctor = f.make_user(Role.PUSKESMAS_DOCTOR)
    director = f.make_user(Role.HOSPITAL_DIRECTOR, facility=r.contracted())
    r.issue(r.clerk(doctor.facility))
    r.issue(r.clerk(f.puskesmas(1)), to=r.contracted(1))
    counted()
    assert figures(doctor, "referrals") == {doctor.facility.code: "1", "": "2"}
    assert figures(director, "referrals") == {director.facility.code: "1", "": "2"}
    assert figures(f.make_user(Role.PUSKESMAS_CLERK), "referrals") == {}


def test_small_figures_are_hidden_from_readers_of_public_figures_and_cannot_be_subtracted():
    planner, dinkes = f.make_user(Role.PLANNING_VIEWER), f.make_user(Role.DINKES_SERVICES)
    many, few = r.clerk(f.puskesmas(0)), r.clerk(f.puskesmas(1))
    for _number in range(6):
        r.issue(many)
    r.issue(few)
    counted()
    assert figures(dinkes, "referrals")[few.facility.code] == "1"
    shown = figures(planner, "referrals")
    assert (shown[many.facility.code], shown[few.facility.code]) == ("6", "–")
    by_puskesmas = referral_indicators.report(planner, month=MONTH, on=f.TODAY)["tables"][0]
    assert by_puskesmas["lines"][-1].cells[0].hidden


def test_the_page_and_the_table_say_the_same(client, dinkes):
    sjp = answered(10)
    counted()
    client.force_login(dinkes)
    page = client.get(PAGE, {"month": "2026-11"}).content.decode()
    assert sjp.hospital.name in page
    table = list(csv.reader(io.StringIO(client.get(CSV).content.decode("utf-8-sig"))))
    assert ["2026-11", "hospital", sjp.hospital.code, sjp.hospital.name] in [line[:4] for line in table]
    assert {len(line) for line in table} == {7}


def test_the_page_takes_as_many_statements_for_many_places_as_for_one(client, dinkes):
    answered(10)
    counted()
    client.force_login(dinkes)
    with CaptureQueriesContext(connection) as one:
        client.get(PAGE)
    for number in range(1, 4):
        r.issue(r.clerk(f.puskesmas(number)), to=r.contracted(number))
    counted()
    with CaptureQueriesContext(connection) as many:
        client.get(PAGE)
    assert len(one) == len(many) <= 10


def test_the_chart_shows_a_year():
    assert referral_indicators._a_year_before(datetime.date(2026, 11, 1)) == datetime.date(2025, 12, 1)
    assert referral_indicators._a_year_before(datetime.date(2026, 12, 1)) == datetime.date(2026, 1, 1)


def test_a_month_without_figures_or_a_bent_one_shows_the_newest(client, dinkes):
    client.force_login(dinkes)
    assert client.get(PAGE).status_code == 200
    answered(10)
    counted()
    for bent in ("2026-13", "x", "1900-01", "\u0000"):
        assert client.get(PAGE, {"month": bent}).context["month"] == MONTH


@pytest.mark.parametrize("width", [1280, 390])
def test_the_figures_in_the_browser(page, sign_in, audit, width):
    dinkes = f.make_user(Role.DINKES_SERVICES)
    answered(10)
    answered(20, refused=True, at=f.NOW - datetime.timedelta(days=40), known_at=f.NOW)
    counted()
    page.set_viewport_size({"width": width, "height": 800})
    sign_in(page, dinkes)
    page.goto(PAGE)
    audit(page)
