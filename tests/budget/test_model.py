"""Any order of letters, decisions, debts, payments, refusals and documents: the ledger is what plain arithmetic says.

``make drill-money`` runs 10,000 steps of it.
"""

import pytest
from hypothesis import Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.budget.machine import MoneyMachine

# The drill shrinks what it finds; the suite only says that there is something.
FEW = settings(max_examples=5, stateful_step_count=40, phases=[Phase.generate])


@pytest.mark.django_db
def test_the_ledger_is_what_the_model_says_after_any_order_of_acts():
    run_state_machine_as_test(MoneyMachine, settings=FEW)
