"""The life of a guarantee letter (domain.md SM5). ``claims/`` asks for its last moves."""

from django.utils.translation import gettext_lazy

from ksb.core.workflow import Transition, Workflow
from referrals.enums import SjpState as S
from referrals.workflow.who import (
    BILLER,
    CLERK,
    DESK,
    NIGHT,
    SERVICES,
    not_the_issuer,
    of_own_hospital,
    of_own_puskesmas,
    of_the_writing_hospital,
)

SJP = Workflow(
    "sjp",
    S,
    (
        Transition(
            name="approve",
            sources=(S.WAITING,),
            target=S.ISSUED,
            roles=SERVICES,
            act="approved",
            guard=not_the_issuer,
            label=gettext_lazy("Approve"),
        ),
        Transition(
            name="decline",
            sources=(S.WAITING,),
            target=S.DECLINED,
            roles=SERVICES,
            act="declined",
            guard=not_the_issuer,
            label=gettext_lazy("Decline with a reason"),
        ),
        Transition(
            name="use",
            sources=(S.ISSUED,),
            target=S.USED,
            roles=DESK,
            act="used",
            guard=of_own_hospital,
            label=gettext_lazy("Register the arrival"),
        ),
        Transition(
            name="finish",
            sources=(S.USED,),
            target=S.SERVICE_DONE,
            roles=DESK,
            guard=of_own_hospital,
            label=gettext_lazy("Finish the service"),
        ),
        Transition(
            name="end",
            sources=(S.USED,),
            target=S.SERVICE_DONE,
            roles=NIGHT,
            label=gettext_lazy("The time for further visits is over"),
        ),
        Transition(
            name="claim",
            sources=(S.SERVICE_DONE,),
            target=S.CLAIMED,
            roles=BILLER,
            label=gettext_lazy("Claim"),
        ),
        Transition(
            name="withdraw_claim",
            sources=(S.CLAIMED,),
            target=S.SERVICE_DONE,
            roles=BILLER,
            label=gettext_lazy("Take the claim back"),
        ),
        Transition(
            name="close",
            sources=(S.CLAIMED,),
            target=S.CLOSED,
            roles=BILLER,
            label=gettext_lazy("Close"),
        ),
        Transition(
            name="cancel",
            sources=(S.WAITING, S.ISSUED),
            target=S.CANCELLED,
            roles=CLERK,
            act="cancelled",
            guard=of_own_puskesmas,
            label=gettext_lazy("Cancel"),
        ),
        Transition(
            name="withdraw",
            sources=(S.WAITING, S.ISSUED),
            target=S.CANCELLED,
            roles=DESK,
            act="cancelled",
            guard=of_the_writing_hospital,
            label=gettext_lazy("Take the letter back"),
        ),
        Transition(
            name="turn_away",
            sources=(S.ISSUED,),
            target=S.CANCELLED,
            roles=DESK,
            act="cancelled",
            guard=of_own_hospital,
            label=gettext_lazy("Refuse with a reason"),
        ),
        Transition(
            name="expire",
            sources=(S.WAITING, S.ISSUED),
            target=S.EXPIRED,
            roles=NIGHT,
            label=gettext_lazy("Expire"),
        ),
        Transition(
            name="close_by_registry",
            sources=(S.WAITING, S.ISSUED),
            target=S.CANCELLED,
            roles=NIGHT,
            act="cancelled",
            label=gettext_lazy("The patient died or moved away"),
        ),
        Transition(
            name="revoke",
            sources=(S.ISSUED, S.USED, S.SERVICE_DONE),
            target=S.REVOKED,
            roles=SERVICES,
            act="revoked",
            label=gettext_lazy("Revoke"),
        ),
    ),
    # An emergency is in care already when its letter is written.
    begins=(S.WAITING, S.ISSUED, S.USED),
)
