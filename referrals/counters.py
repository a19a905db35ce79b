"""What waits at the desks of the Puskesmas and the hospital. One line here is one card on the first page of its roles."""

from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from facilities.enums import Role
from ksb.core.counters import Counter
from referrals.enums import EpisodeState, ReferralState
from referrals.models import Episode, NewbornRequest, Referral, Sjp

SENT_BACK = timedelta(days=14)


def _newborns_to_answer(actor, today):
    return NewbornRequest.objects.visible_to(actor).open()


def _refused(actor, today):
    return Sjp.objects.visible_to(actor).sent_back(since=today - SENT_BACK)


def _to_answer(actor, today):
    return Referral.objects.visible_to(actor).filter(state=ReferralState.ISSUED)


def _in_care(actor, today):
    return Episode.objects.visible_to(actor).filter(state=EpisodeState.IN_CARE)


COUNTERS = (
    Counter(
        code="letters.refused",
        label=_("Refused by a hospital: choose another one"),
        url_name="referrals:search",
        roles=(Role.PUSKESMAS_CLERK,),
        waiting=_refused,
        urgent=True,
    ),
    Counter(
        code="newborns.requests",
        label=_("Newborns that wait for an SJP"),
        url_name="referrals:newborns",
        roles=(Role.PUSKESMAS_CLERK,),
        waiting=_newborns_to_answer,
        urgent=True,
    ),
    Counter(
        code="letters.to_answer",
        label=_("Letters to answer"),
        url_name="referrals:inbox",
        query="state=ISSUED",
        roles=(Role.HOSPITAL_DESK,),
        waiting=_to_answer,
        urgent=True,
    ),
    Counter(
        code="episodes.in_care",
        label=_("Patients in care"),
        url_name="referrals:inbox",
        query="state=USED",
        roles=(Role.HOSPITAL_DESK,),
        waiting=_in_care,
    ),
)
