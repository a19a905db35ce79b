"""The lives of a claim (domain.md SM8) and of a month's batch (SM9), up to the payment, as tables.

``verification/`` and ``budget/`` ask for the later moves; what they may not do stands here too.
"""

from django.utils.translation import gettext as say
from django.utils.translation import gettext_lazy as _

from claims.enums import BatchState as B
from claims.enums import ClaimState as C
from claims.enums import SettingState, SignalState
from claims.permissions import CHECKERS, RULE_KEEPERS, SIGNAL_JUDGES
from facilities.enums import VERIFIER_ROLES, Role
from ksb.core.errors import NotAllowed
from ksb.core.workflow import SYSTEM, Transition, Workflow

BILLER = (Role.HOSPITAL_BILLER,)
DIRECTOR = (Role.HOSPITAL_DIRECTOR,)
# A verification is opened by whoever assigns the batch: the coordinator, or the night.
ASSIGNING = (Role.VERIFIER_COORDINATOR, SYSTEM)
CHECKING = (*BILLER, SYSTEM)
# A verifier reads; who reads second, and the coordinator where the two disagree, decides too (``verification.decisions``).
READING = (C.ADMIN_REVIEW, C.MEDICAL_REVIEW, C.ANSWERED)
DECIDABLE = (*READING, C.SECOND_READING)
DECIDING = (*VERIFIER_ROLES, Role.VERIFIER_COORDINATOR)
DISPUTING = (Role.HOSPITAL_BILLER, Role.HOSPITAL_DIRECTOR)
# The panel's ruling is in force when Dinkes confirms it.
RULING = (Role.DINKES_SERVICES,)
REFUSING_PAYMENT = (Role.TREASURER, Role.BUDGET_USER, Role.BUD)

CLAIM = Workflow(
    "claim",
    C,
    (
        Transition(
            name="clear",
            sources=(C.BLOCKED,),
            target=C.READY,
            roles=CHECKING,
            label=_("Rules met"),
        ),
        Transition(
            name="block",
            sources=(C.READY,),
            target=C.BLOCKED,
            roles=CHECKING,
            label=_("A rule refuses"),
        ),
        # A corrected row came: the old version is kept, and its successor names it.
        Transition(
            name="replace",
            sources=(C.READY, C.BLOCKED),
            target=C.WITHDRAWN,
            roles=CHECKING,
            label=_("Replaced by a corrected version"),
        ),
        Transition(
            name="submit",
            sources=(C.READY,),
            target=C.SUBMITTED,
            roles=BILLER,
            label=_("Submit"),
        ),
        Transition(
            name="reopen",
            sources=(C.SUBMITTED,),
            target=C.READY,
            roles=(*DIRECTOR, *CHECKERS),
            label=_("Back to the billing desk"),
        ),
        Transition(
            name="withdraw",
            sources=(C.READY, C.BLOCKED, C.SUBMITTED),
            target=C.WITHDRAWN,
            roles=BILLER,
            label=_("Withdraw"),
        ),
        Transition(
            name="open_verification",
            sources=(C.SUBMITTED,),
            target=C.ADMIN_REVIEW,
            roles=ASSIGNING,
            label=_("Open the verification"),
        ),
        Transition(
            name="pass_on",
            sources=(C.ADMIN_REVIEW, C.ANSWERED),
            target=C.MEDICAL_REVIEW,
            roles=VERIFIER_ROLES,
            label=_("Pass on to the medical verifier"),
        ),
        Transition(
            name="pend",
            sources=READING,
            target=C.PENDED,
            roles=VERIFIER_ROLES,
            label=_("Ask the hospital"),
        ),
        Transition(
            name="answer",
            sources=(C.PENDED,),
            target=C.ANSWERED,
            roles=BILLER,
            label=_("Answer the verifier"),
        ),
        Transition(
            name="lapse",
            sources=(C.PENDED,),
            target=C.REJECTED,
            roles=(SYSTEM,),
            act="decided",
            label=_("Reject: no answer in time"),
        ),
        Transition(
            name="read_again",
            sources=READING,
            target=C.SECOND_READING,
            roles=VERIFIER_ROLES,
            label=_("Hand to a second reader"),
        ),
        Transition(
            name="approve",
            sources=DECIDABLE,
            target=C.APPROVED,
            roles=DECIDING,
            act="decided",
            label=_("Approve"),
        ),
        Transition(
            name="approve_part",
            sources=DECIDABLE,
            target=C.PARTLY_APPROVED,
            roles=DECIDING,
            act="decided",
            label=_("Approve in part"),
        ),
        Transition(
            name="return_",
            sources=READING,
            target=C.RETURNED,
            roles=VERIFIER_ROLES,
            act="decided",
            label=_("Return to the hospital"),
        ),
        Transition(
            name="reject",
            sources=DECIDABLE,
            target=C.REJECTED,
            roles=DECIDING,
            act="decided",
            label=_("Reject"),
        ),
        Transition(
            name="dispute",
            sources=(C.PARTLY_APPROVED, C.REJECTED),
            target=C.DISPUTED,
            roles=DISPUTING,
            label=_("Dispute the decision"),
        ),
        Transition(
            name="uphold",
            sources=(C.DISPUTED,),
            target=C.APPROVED,
            roles=RULING,
            act="decided",
            label=_("Ruling: the hospital is right"),
        ),
        Transition(
            name="uphold_part",
            sources=(C.DISPUTED,),
            target=C.PARTLY_APPROVED,
            roles=RULING,
            act="decided",
            label=_("Ruling: the hospital is partly right"),
        ),
        Transition(
            name="deny",
            sources=(C.DISPUTED,),
            target=C.REJECTED,
            roles=RULING,
            act="decided",
            label=_("Ruling: the rejection stands"),
        ),
        Transition(
            name="pay",
            sources=(C.APPROVED, C.PARTLY_APPROVED),
            target=C.PAID,
            roles=(Role.BUD,),
            label=_("Pay"),
        ),
    ),
)

BATCH = Workflow(
    "batch",
    B,
    (
        Transition(
            name="submit",
            sources=(B.OPEN,),
            target=B.TO_SIGN,
            roles=BILLER,
            act="submitted",
            label=_("Give to the director to sign"),
        ),
        Transition(
            name="sign",
            sources=(B.TO_SIGN,),
            target=B.SUBMITTED,
            roles=DIRECTOR,
            act="signed",
            label=_("Sign and hand in"),
        ),
        Transition(
            name="send_back",
            sources=(B.TO_SIGN,),
            target=B.OPEN,
            roles=DIRECTOR,
            label=_("Send back to the billing desk"),
        ),
        Transition(
            name="complete",
            sources=(B.SUBMITTED,),
            target=B.COMPLETE,
            roles=(*CHECKERS, SYSTEM),
            act="completed",
            label=_("Find complete"),
        ),
        Transition(
            name="return_",
            sources=(B.SUBMITTED,),
            target=B.OPEN,
            roles=CHECKERS,
            label=_("Return as incomplete"),
        ),
        Transition(
            name="withdraw",
            sources=(B.OPEN, B.TO_SIGN, B.SUBMITTED, B.COMPLETE),
            target=B.WITHDRAWN,
            roles=BILLER,
            label=_("Withdraw"),
        ),
        Transition(
            name="open_verification",
            sources=(B.COMPLETE,),
            target=B.IN_VERIFICATION,
            roles=ASSIGNING,
            label=_("Open the verification"),
        ),
        Transition(
            name="draw_bahv",
            sources=(B.IN_VERIFICATION,),
            target=B.BAHV_DRAFT,
            roles=VERIFIER_ROLES,
            act="verified",
            label=_("Draw up the BAHV"),
        ),
        Transition(
            name="approve_bahv",
            sources=(B.BAHV_DRAFT,),
            target=B.BAHV_APPROVED,
            roles=(Role.DINKES_SERVICES,),
            label=_("Approve the BAHV"),
        ),
        Transition(
            name="propose",
            sources=(B.BAHV_APPROVED,),
            target=B.PROPOSED,
            roles=(Role.DINKES_CLAIMS,),
            label=_("Propose for payment"),
        ),
        Transition(
            name="unpropose",
            sources=(B.PROPOSED,),
            target=B.BAHV_APPROVED,
            roles=REFUSING_PAYMENT,
            label=_("Send back for a new proposal"),
        ),
        Transition(
            name="pay",
            sources=(B.PROPOSED,),
            target=B.PAID,
            roles=(Role.BUD,),
            act="paid",
            label=_("Pay"),
        ),
    ),
)


def another_person(setting, *, actor, **_data):
    if actor.pk == setting.proposed_by_id:
        raise NotAllowed(proposed_yourself())


def proposed_yourself():
    return say("You proposed this yourself. Another person must put it in force.")


SETTING = Workflow(
    "rule_setting",
    SettingState,
    (
        Transition(
            name="approve",
            sources=(SettingState.PROPOSED,),
            target=SettingState.IN_FORCE,
            roles=RULE_KEEPERS,
            act="approved",
            guard=another_person,
            label=_("Put in force"),
        ),
        Transition(
            name="refuse",
            sources=(SettingState.PROPOSED,),
            target=SettingState.REFUSED,
            roles=RULE_KEEPERS,
            act="refused",
            label=_("Refuse"),
        ),
    ),
)

_OPEN = (SignalState.NOTICED, SignalState.IN_REVIEW)
FRAUD_SIGNAL = Workflow(
    "fraud_signal",
    SignalState,
    (
        Transition(
            name="review",
            sources=(SignalState.NOTICED,),
            target=SignalState.IN_REVIEW,
            roles=SIGNAL_JUDGES,
            label=_("Take under review"),
        ),
        Transition(
            name="dismiss",
            sources=(*_OPEN, SignalState.INVESTIGATED),
            target=SignalState.NOT_PROVEN,
            roles=SIGNAL_JUDGES,
            act="judged",
            label=_("Not proven"),
        ),
        Transition(
            name="investigate",
            sources=_OPEN,
            target=SignalState.INVESTIGATED,
            roles=SIGNAL_JUDGES,
            act="judged",
            label=_("Investigate"),
        ),
        Transition(
            name="prove",
            sources=(SignalState.INVESTIGATED,),
            target=SignalState.PROVEN,
            roles=SIGNAL_JUDGES,
            act="judged",
            label=_("Proven"),
        ),
        Transition(
            name="close",
            sources=(SignalState.PROVEN,),
            target=SignalState.CLOSED,
            roles=SIGNAL_JUDGES,
            act="judged",
            label=_("Close after sanction or repayment"),
        ),
    ),
)
