"""The life of a back-referral (domain.md B12): sent by the hospital, lived with at the Puskesmas."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from facilities.enums import PUSKESMAS_ROLES
from ksb.core.errors import NotAllowed
from ksb.core.workflow import Transition, Workflow
from referrals.enums import BackReferralState as B


def of_this_puskesmas(letter, *, actor, **data):
    """Clerk and doctor act on what is addressed to their own Puskesmas only."""
    if letter.puskesmas_id not in actor.facility_ids(*PUSKESMAS_ROLES):
        raise NotAllowed(_("Only the Puskesmas this letter is addressed to may do this."))


BACK_REFERRAL = Workflow(
    "back_referral",
    B,
    (
        Transition(
            name="accept",
            sources=(B.SENT,),
            target=B.ACCEPTED,
            roles=PUSKESMAS_ROLES,
            act="accepted",
            guard=of_this_puskesmas,
            label=gettext_lazy("Take the patient over"),
        ),
        Transition(
            name="visit",
            sources=(B.ACCEPTED, B.VISITED),
            target=B.VISITED,
            roles=PUSKESMAS_ROLES,
            guard=of_this_puskesmas,
            label=gettext_lazy("Record a visit"),
        ),
        Transition(
            name="end",
            sources=(B.ACCEPTED, B.VISITED),
            target=B.ENDED,
            roles=PUSKESMAS_ROLES,
            act="ended",
            guard=of_this_puskesmas,
            label=gettext_lazy("End the follow-up"),
        ),
    ),
)
