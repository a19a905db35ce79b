"""The lives of a claim (domain.md SM8) and of a month's batch (SM9), up to the payment, as tables.

``verification/`` and ``budget/`` ask for the later moves; what they may not do stands here too.
"""

from django.utils.translation import gettext_lazy as _

from claims.enums import BatchState as B
from claims.enums import ClaimState as C
from facilities.enums import VERIFIER_ROLES, Role
from ksb.core.workflow import SYSTEM, Transition, Workflow

BILLER = (Role.HOSPITAL_BILLER,)
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
        Transition(
            name="submit",
            sources=(C.READY,),
            target=C.SUBMITTED,
            roles=BILLER,
            label=_("Submit"),
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
            target=B.SUBMITTED,
            roles=BILLER,
            act="submitted",
            label=_("Submit"),
        ),
        Transition(
            name="withdraw",
            sources=(B.OPEN, B.SUBMITTED),
            target=B.WITHDRAWN,
            roles=BILLER,
            label=_("Withdraw"),
        ),
        Transition(
            name="open_verification",
            sources=(B.SUBMITTED,),
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
