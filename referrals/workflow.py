"""The lives of a referral (domain.md SM4), a guarantee letter (SM5) and an episode of care (SM7) as tables.

An SJP and its referral move together: the services in ``issuing``, ``hospital`` and ``expiry`` apply both tables in one
transaction. ``claims/`` asks for the SJP's last moves.
"""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from facilities.enums import Role
from ksb.core.errors import NotAllowed
from ksb.core.workflow import SYSTEM, Transition, Workflow
from referrals.enums import EpisodeState as E
from referrals.enums import ReferralState as R
from referrals.enums import SjpState as S

CLERK = (Role.PUSKESMAS_CLERK,)
DESK = (Role.HOSPITAL_DESK,)
SERVICES = (Role.DINKES_SERVICES,)
BILLER = (Role.HOSPITAL_BILLER, SYSTEM)
NIGHT = (SYSTEM,)


def of_own_puskesmas(letter, *, actor, **data):
    """A clerk acts on letters of the own Puskesmas only."""
    if letter.puskesmas_id not in actor.facility_ids(*CLERK):
        raise NotAllowed(_("Only the Puskesmas that issued this letter may do this."))


def of_own_hospital(thing, *, actor, **data):
    """A hospital desk acts on what is addressed to the own hospital only."""
    if thing.hospital_id not in actor.facility_ids(*DESK):
        raise NotAllowed(_("Only the hospital this letter is addressed to may do this."))


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
            name="cancel",
            sources=(R.ISSUED, R.ACCEPTED),
            target=R.CANCELLED,
            roles=CLERK,
            guard=of_own_puskesmas,
            label=gettext_lazy("Cancel"),
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

SJP = Workflow(
    "sjp",
    S,
    (
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
            sources=(S.ISSUED,),
            target=S.CANCELLED,
            roles=CLERK,
            act="cancelled",
            guard=of_own_puskesmas,
            label=gettext_lazy("Cancel"),
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
            sources=(S.ISSUED,),
            target=S.EXPIRED,
            roles=NIGHT,
            label=gettext_lazy("Expire"),
        ),
        Transition(
            name="close_by_registry",
            sources=(S.ISSUED,),
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
)

EPISODE = Workflow(
    "episode",
    E,
    (
        Transition(
            name="discharge",
            sources=(E.IN_CARE,),
            target=E.DISCHARGED,
            roles=DESK,
            act="discharged",
            guard=of_own_hospital,
            label=gettext_lazy("Register the discharge"),
        ),
    ),
)
