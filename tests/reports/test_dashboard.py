"""Live figures are true at once, the night's figures after the night, and only those who answer for the programme see them."""

import datetime

import pytest
from django.urls import reverse

from participants.enums import EnrolmentState
from participants.models import CoverageStatus
from reports import live
from reports.models import DailyFigure, LiveFigure
from reports.rollup import roll_up
from tests import factories as f

pytestmark = pytest.mark.django_db


@pytest.fixture
def planner():
    return f.make_user("PLANNING_VIEWER")


class TestLiveFigures:
    def test_a_new_row_counts_at_once(self, planner):
        f.enrol(f.make_household())
        f.enrol(f.make_household())
        assert live.figures(planner, "enrolment") == {"ACTIVE": (2, 0)}

    def test_a_changed_state_moves_the_count(self, planner):
        enrolment = f.enrol(f.make_household())
        enrolment.state = EnrolmentState.ENDED
        enrolment.save()
        assert live.figures(planner, "enrolment") == {"ENDED": (1, 0)}

    def test_folding_keeps_the_sums_in_one_row_a_key(self, planner):
        for _ in range(3):
            f.enrol(f.make_household())
        live.fold()
        assert live.figures(planner, "enrolment") == {"ACTIVE": (3, 0)}
        assert LiveFigure.objects.filter(measure="enrolment").count() == 1

    def test_a_clerk_sees_none(self):
        f.enrol(f.make_household())
        assert live.figures(f.make_user("PUSKESMAS_CLERK"), "enrolment") == {}


class TestTheNight:
    def test_people_are_counted_by_decision_and_again_without_doubling(self, planner):
        resident = f.make_resident()
        CoverageStatus.objects.create(
            resident=resident, decision="COVERED", headline_rule="C34", evaluated_on=datetime.date(2026, 11, 22)
        )
        roll_up(day=f.TODAY)
        roll_up(day=f.TODAY)
        figures = DailyFigure.objects.visible_to(planner).filter(day=f.TODAY)
        assert figures.get(measure="coverage", key="COVERED").value == 1
        assert figures.get(measure="residents").value == 1
        assert figures.get(measure="covered", key="32.75.01").value == 1


class TestThePage:
    def test_planning_sees_the_dashboard_with_few_questions(self, client, planner, django_assert_max_num_queries):
        roll_up(day=f.TODAY)
        client.force_login(planner)
        with django_assert_max_num_queries(16):
            answer = client.get(reverse("reports:dashboard"))
        assert answer.status_code == 200

    def test_a_hospital_does_not(self, client):
        client.force_login(f.make_user("HOSPITAL_DESK"))
        assert client.get(reverse("reports:dashboard")).status_code == 403
