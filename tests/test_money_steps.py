"""Every step of a claim, a batch, its minutes, a payment and what follows: in every state, by every role and by the night.

The roles are written from domain.md B16-B24 and G1-G3, not from the tables they judge; a step without a row here fails.
"""

import pytest
from django.db import transaction

from budget import closing
from budget.workflow import DOCUMENT, PAYMENT, RECONCILIATION, RECOVERY
from claims.workflow import BATCH, CLAIM, FRAUD_SIGNAL, SETTING
from facilities.enums import Role as R
from ksb.core.errors import NotAllowed, WrongState
from reports.workflow import AUDIT_FINDING
from tests import factories as f
from tests.budget import factories as b
from verification.workflow import BAHV, DISPUTE

FLOWS = (CLAIM, BATCH, SETTING, FRAUD_SIGNAL, BAHV, DISPUTE, PAYMENT, DOCUMENT, RECOVERY, RECONCILIATION, AUDIT_FINDING)
NIGHT = "the programme itself"
BILLER, DIRECTOR = (R.HOSPITAL_BILLER,), (R.HOSPITAL_DIRECTOR,)
READERS = (R.VERIFIER_ADMIN, R.VERIFIER_MEDICAL)
HEAD, PPTK, SERVICES = (R.VERIFIER_COORDINATOR,), (R.DINKES_CLAIMS,), (R.DINKES_SERVICES,)
TREASURER, BUDGET_USER, BUD = (R.TREASURER,), (R.BUDGET_USER,), (R.BUD,)
KEEPERS = (*HEAD, *SERVICES)
MAY = {
    # B16: the biller prepares and hands in, the rules block and clear, the director may give a batch back
    **dict.fromkeys(("claim.clear", "claim.block", "claim.replace"), (*BILLER, NIGHT)),
    **dict.fromkeys(("claim.submit", "claim.withdraw", "claim.answer"), BILLER),
    "claim.reopen": (*DIRECTOR, *HEAD, *PPTK),
    # B17: verifiers decide, the coordinator between two readers; B18: silence ends in a rejection, a panel of Dinkes rules
    "claim.open_verification": (*HEAD, NIGHT),
    **dict.fromkeys(("claim.pass_on", "claim.pend", "claim.read_again", "claim.return_"), READERS),
    **dict.fromkeys(("claim.approve", "claim.approve_part", "claim.reject"), (*READERS, *HEAD)),
    "claim.lapse": (NIGHT,),
    "claim.dispute": (*BILLER, *DIRECTOR),
    **dict.fromkeys(("claim.uphold", "claim.uphold_part", "claim.deny"), SERVICES),
    "claim.pay": BUD,
    # SM9
    **dict.fromkeys(("batch.submit", "batch.withdraw"), BILLER),
    **dict.fromkeys(("batch.sign", "batch.send_back"), DIRECTOR),
    "batch.complete": (*HEAD, *PPTK, NIGHT),
    "batch.return_": (*HEAD, *PPTK),
    "batch.open_verification": (*HEAD, NIGHT),
    "batch.draw_bahv": READERS,
    "batch.approve_bahv": SERVICES,
    "batch.propose": PPTK,
    "batch.unpropose": (*TREASURER, *BUDGET_USER, *BUD),
    "batch.pay": BUD,
    # G3.8: two of those who keep the rules; SM14: the same two offices judge a sign of fraud
    **dict.fromkeys(("rule_setting.approve", "rule_setting.refuse"), KEEPERS),
    **{f"fraud_signal.{step}": KEEPERS for step in ("review", "dismiss", "investigate", "prove", "close")},
    # B19: hospital, verifier, Dinkes; B18: the panel
    "bahv.sign_hospital": DIRECTOR,
    "bahv.sign_verifier": READERS,
    "bahv.approve": SERVICES,
    "dispute.name_panel": HEAD,
    "dispute.rule": (R.VERIFIER_MEDICAL,),
    **dict.fromkeys(("dispute.send_back", "dispute.confirm"), SERVICES),
    # B20, G3.7
    **dict.fromkeys(("payment.issue_spp", "payment.refuse_proposal", "payment.confirm_bank"), TREASURER),
    **dict.fromkeys(("payment.issue_spm", "payment.refuse_spp"), BUDGET_USER),
    **dict.fromkeys(("payment.issue_sp2d", "payment.refuse_spm"), BUD),
    "payment.reconcile": PPTK,
    # B21; SM14: recovery; B20 step 8; B24
    **dict.fromkeys(("budget_document.approve", "budget_document.refuse", "recovery.approve"), BUDGET_USER),
    "recovery.cancel": (*BUDGET_USER, *PPTK),
    "recovery.settle": (*TREASURER, *BUD),
    "reconciliation.confirm": DIRECTOR,
    **dict.fromkeys(("reconciliation.close", "reconciliation.reopen"), PPTK),
    "audit_finding.reply": PPTK,
    **dict.fromkeys(("audit_finding.close", "audit_finding.ask_again"), (R.AUDITOR,)),
}
# Steps that a state ends for good: from here nothing goes on but what is named.
ENDS = {
    "claim": {"PAID", "RETURNED", "WITHDRAWN"},
    "batch": {"PAID", "WITHDRAWN"},
    "bahv": {"APPROVED"},
    "dispute": {"DECIDED"},
    "payment": {"RECONCILED", "REFUSED", "SPP_REFUSED", "SPM_REFUSED"},
    "budget_document": {"APPROVED", "REFUSED"},
    "recovery": {"SETTLED", "CANCELLED"},
    "reconciliation": {"CLOSED"},
    "audit_finding": {"CLOSED"},
}


class _In:
    """Something in a state: all that a check of a step looks at."""

    def __init__(self, flow, state):
        setattr(self, flow.field, state)


def _may(flow, move, state, actor):
    try:
        flow.check(_In(flow, state), move.name, actor=actor)
    except (NotAllowed, WrongState):
        return False
    return True


@pytest.mark.django_db
def test_every_step_in_every_state_is_open_to_its_roles_and_to_nobody_else():
    people = {role: f.make_user(role) for role in R} | {NIGHT: None}
    steps = {f"{flow.name}.{move.name}": (flow, move) for flow in FLOWS for move in flow.transitions}
    assert steps.keys() == MAY.keys()
    tried, wrong = 0, []
    for name, (flow, move) in steps.items():
        for state in flow.states.values:
            for role, person in people.items():
                tried += 1
                expected = role in MAY[name] and state in move.sources
                if _may(flow, move, state, person) != expected:
                    wrong.append((name, state, role))
    assert not wrong
    assert tried > len(MAY) * len(R)


@pytest.mark.parametrize("flow", [flow for flow in FLOWS if flow.name in ENDS], ids=lambda flow: flow.name)
def test_nothing_leads_out_of_an_end(flow):
    assert not [move.name for move in flow.transitions if ENDS[flow.name] & set(move.sources)]


@pytest.mark.django_db
def test_a_year_is_closed_by_its_roles_and_by_nobody_else():
    year = b.make_line(year=2025).year
    passed = set()
    for role in R:
        with transaction.atomic():
            try:
                closing.close(year=year, actor=f.make_user(role), at=f.NOW)
                passed.add(role)
            except NotAllowed:
                continue
            transaction.set_rollback(True)
    assert passed == {R.BUDGET_USER}
