"""The life of a referral (domain.md SM4)."""

from django.utils.translation import gettext_lazy

from ksb.core.workflow import Transition, Workflow
from referrals.enums import ReferralState as R
from referrals.workflow.who import (
    CLERK,
    DESK,
    NIGHT,
    SERVICES,
    of_own_hospital,
    of_own_puskesmas,
    of_the_writing_hospital,
)

REFERRAL = Workflow(
    "referral",
    R,
    (
        Transition(
            name="accept",
            sources=(R.ISSUED,),
            target=R.ACCEPTED,
            roles=DESK,
            act="answered",
            guard=of_own_hospital,
            label=gettext_lazy("Accept the patient"),
        ),
        Transition(
            name="accept_by_telephone",
            sources=(R.ISSUED,),
            target=R.ACCEPTED,
            roles=(*SERVICES, *NIGHT),
            label=gettext_lazy("The hospital has accepted by telephone"),
        ),
        Transition(
            name="refuse",
            sources=(R.ISSUED,),
            target=R.REFUSED,
            roles=DESK,
            act="answered",
            guard=of_own_hospital,
            label=gettext_lazy("Refuse with a reason"),
        ),
        Transition(
            name="use",
            sources=(R.ISSUED, R.ACCEPTED),
            target=R.USED,
            roles=DESK,
            guard=of_own_hospital,
            label=gettext_lazy("Register the arrival"),
        ),
        Transition(
            name="finish",
            sources=(R.USED,),
            target=R.DONE,
            roles=DESK,
            guard=of_own_hospital,
            label=gettext_lazy("Finish the service"),
        ),
        Transition(
            name="send_back",
            sources=(R.USED, R.DONE),
            target=R.SENT_BACK,
            roles=DESK,
            guard=of_own_hospital,
            label=gettext_lazy("Refer back to the Puskesmas"),
        ),
        Transition(
            name="end",
            sources=(R.USED,),
            target=R.DONE,
            roles=NIGHT,
            label=gettext_lazy("The time for further visits is over"),
        ),
        Transition(
            name="cancel",
            sources=(R.ISSUED, R.ACCEPTED),
            target=R.CANCELLED,
            roles=CLERK,
            guard=of_own_puskesmas,
            label=gettext_lazy("Cancel"),
        ),
        Transition(
            name="withdraw",
            sources=(R.ISSUED, R.ACCEPTED),
            target=R.CANCELLED,
            roles=DESK,
            guard=of_the_writing_hospital,
            label=gettext_lazy("Take the letter back"),
        ),
        Transition(
            name="revoke",
            sources=(R.ISSUED, R.ACCEPTED),
            target=R.CANCELLED,
            roles=SERVICES,
            label=gettext_lazy("Revoke"),
        ),
        Transition(
            name="expire",
            sources=(R.ISSUED, R.ACCEPTED),
            target=R.EXPIRED,
            roles=NIGHT,
            label=gettext_lazy("Expire"),
        ),
        Transition(
            name="close_by_registry",
            sources=(R.ISSUED, R.ACCEPTED),
            target=R.CANCELLED,
            roles=NIGHT,
            label=gettext_lazy("The patient died or moved away"),
        ),
    ),
)
