"""The registers of special covers, events and rules are not empty in the demonstration."""

import pytest

from ksb.core.scheme import scheme_on
from ksb.demo import grounds
from ksb.demo.people import create_demo
from participants.eligibility import evaluate
from participants.eligibility.city import reevaluate
from participants.models import SchemeProposal, SpecialCover, SpecialEvent
from tests import factories as f

pytestmark = pytest.mark.django_db


def test_a_letter_an_outbreak_and_rules_are_in_the_demonstration(settings):
    settings.DEBUG = True
    create_demo(at=f.NOW)
    people = [f.make_resident() for _ in range(4)]
    f.fresh_sources()
    reevaluate(on=f.TODAY, at=f.NOW)
    grounds.prepare(at=f.NOW)
    assert sorted(SpecialCover.objects.values_list("state", flat=True)) == ["APPROVED", "APPROVED", "PROPOSED"]
    assert SpecialEvent.objects.get().people.count() == 3
    rules = [evaluate(person, on=f.TODAY, at=f.NOW).headline_rule for person in people]
    assert rules == ["C24", "C25", "C25", "C25"]
    assert SchemeProposal.objects.get().state == "PROPOSED"
    assert scheme_on(f.TODAY).code == "P6"


def test_a_city_without_the_unregistered_is_no_obstacle(settings):
    settings.DEBUG = True
    create_demo(at=f.NOW)
    grounds.prepare(at=f.NOW)
    assert sorted(SpecialCover.objects.values_list("state", flat=True)) == ["APPROVED", "PROPOSED"]
