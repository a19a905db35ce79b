"""R7: the nine faults known from openIMIS 1.11, and the tests that show they cannot happen here."""

import ast
from pathlib import Path

import pytest
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from claims.enums import ClaimState
from claims.models import Claim
from tests.claims import factories as c
from tests.verification import factories as v

FOLDER = Path(__file__).parent
HERE = Path(__file__).name
FAULTS = {
    "a state moved backwards, or a decided claim deleted": {
        "claims/test_batches.py": ("test_R7_a_decided_claim_is_neither_deleted_nor_moved_back_nor_changed",),
        "verification/test_stages.py": ("test_R7_a_signed_bahv_and_its_list_cannot_be_changed",),
        "test_money_steps.py": ("test_nothing_leads_out_of_an_end",),
    },
    "another facility's object by its id": {
        "claims/test_screens.py": (
            "test_R7_the_batch_of_another_hospital_does_not_exist",
            "test_R7_the_claim_of_another_hospital_does_not_exist",
        ),
    },
    "edited after the check and paid unchecked": {
        "claims/test_batches.py": ("test_R7_what_was_submitted_cannot_be_edited_after_the_check",),
        "claims/test_completeness.py": ("test_R7_the_steps_of_a_price_stay_as_they_were_submitted",),
    },
    "the same claim number twice at once": {
        "claims/test_batches.py": (
            "test_R7_the_same_file_twice_at_once_is_taken_once",
            "test_R7_the_same_letter_in_several_files_at_once_is_ready_once",
        ),
    },
    "submitted in parallel": {"claims/test_batches.py": ("test_R7_parallel_submits_are_one",)},
    "a crash of a rule answered with success": {HERE: ("test_R7_a_rule_that_crashes_is_an_error_and_nothing_moves",)},
    "a ceiling recorded but not applied": {
        "verification/test_stages.py": ("test_a_part_lowered_to_its_ceiling_is_approved_at_what_is_left_of_it",),
        "budget/test_payments.py": ("test_above_the_line_the_proposal_is_refused_with_what_is_left",),
    },
    "a guard of months that is off by one": {
        "claims/test_rules.py": ("test_ADM_06_passes_the_last_day_and_finds_the_day_after",),
    },
    "amounts without a value": {HERE: ("test_R7_nothing_is_approved_or_paid_without_its_amount",)},
}


def _tests_of(path):
    tree = ast.parse((FOLDER / path).read_text())
    return {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}


def test_each_of_the_nine_has_its_test():
    assert len(FAULTS) == 9
    gone = [name for fault in FAULTS.values() for path, names in fault.items() for name in set(names) - _tests_of(path)]
    assert not gone


@pytest.mark.django_db
def test_R7_a_rule_that_crashes_is_an_error_and_nothing_moves(client):
    biller = c.biller()
    batch = c.take([c.row(c.letter())], actor=biller).batch
    client.force_login(biller)
    client.raise_request_exception = False
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE claims_clinicalcode RENAME TO lost")  # the rules read it
    answer = client.post(reverse("claims:submit", args=[batch.public_id]), {"ready": 1, "claimed": batch.claimed})
    assert answer.status_code == 500
    batch.refresh_from_db()
    assert (batch.state, batch.claims.get().state) == ("OPEN", ClaimState.READY)


@pytest.mark.django_db
@pytest.mark.parametrize("state", [ClaimState.APPROVED, ClaimState.PARTLY_APPROVED])
def test_R7_nothing_is_approved_or_paid_without_its_amount(state):
    batch, _reader = v.assigned()
    with pytest.raises(IntegrityError, match="a_decided_claim_has_its_amount"), transaction.atomic():
        Claim.objects.filter(batch=batch).update(state=state)
