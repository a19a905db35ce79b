"""The demonstration city shows the whole of verification: a question open, a claim disputed, the ruling for the hospital."""

import pytest

from claims.enums import ClaimState
from ksb.demo import verification
from tests import factories as f
from tests.verification import factories as v
from verification import assignment, minutes

pytestmark = pytest.mark.django_db


@pytest.fixture
def city():
    """Two administrative verifiers, two doctors, who names a panel and who confirms."""
    for role in ("VERIFIER_ADMIN", "VERIFIER_MEDICAL") * 2:
        v.verifier(role)
    f.make_user("DINKES_SERVICES")
    v.coordinator()


def test_a_decided_batch_is_disputed_and_ruled_on(city):
    batch = v.submitted(claims=3, care_type=1)
    assignment.assign_waiting(at=f.NOW)
    verification.decide(batch, at=f.NOW, refuses=True)
    bahv = minutes.draw(batch=batch, actor=batch.assignments.lasting().get(stage="ADMIN").verifier, at=f.NOW)
    verification.dispute(batch, at=f.NOW, ruled=True)
    bahv.refresh_from_db()
    assert set(batch.claims.values_list("state", flat=True)) == {ClaimState.APPROVED}
    assert bahv.claims.count() == 2


def test_a_begun_batch_has_a_question(city):
    batch = v.submitted(claims=2)
    assignment.assign_waiting(at=f.NOW)
    verification.begin(batch, at=f.NOW, asks=True)
    assert sorted(batch.claims.values_list("state", flat=True)) == [ClaimState.APPROVED, ClaimState.PENDED]
