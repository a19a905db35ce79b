"""The life of an emergency notice (domain.md SM6). A report after its deadline begins as late."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ksb.core.errors import NotAllowed, Refused
from ksb.core.workflow import Transition, Workflow
from referrals.enums import NoticeState as N
from referrals.workflow.who import CLERK, DESK, SERVICES, speaks_for

OFFICERS = (*CLERK, *SERVICES)


def of_own_patient(notice, *, actor, **data):
    """Dinkes decides on every notice, a clerk on those of patients of the own Puskesmas; nobody on what they entered."""
    if not actor.has_role(*SERVICES) and notice.puskesmas_id not in actor.facility_ids(*CLERK):
        raise NotAllowed(_("Only the Puskesmas of the patient or Dinkes decides on this notice."))
    if actor.pk in (notice.reported_by_id, notice.identified_by_id):
        raise NotAllowed(_("You entered or identified this patient yourself. Another person must decide."))


def of_the_reporting_desk(notice, *, actor, **data):
    """The hospital answers; of a hospital without an account whoever reported for it."""
    if not speaks_for(notice, actor):
        raise NotAllowed(_("Only the desk that reported this emergency may do this."))


def of_own_patient_in_time(notice, *, actor, at, **data):
    """What was asked for may still come: until then nothing is declined."""
    of_own_patient(notice, actor=actor)
    if notice.state == N.NEEDS_DATA and notice.questions.filter(answered_at__isnull=True, until__gte=at).exists():
        raise Refused(_("The hospital still has time to answer. Wait until then."))


EMERGENCY = Workflow(
    "emergency",
    N,
    (
        Transition(
            name="approve",
            sources=(N.REPORTED,),
            target=N.APPROVED,
            roles=OFFICERS,
            act="decided",
            guard=of_own_patient,
            label=gettext_lazy("Approve and issue the SJP"),
        ),
        Transition(
            name="ask",
            sources=(N.REPORTED,),
            target=N.NEEDS_DATA,
            roles=OFFICERS,
            guard=of_own_patient,
            label=gettext_lazy("Ask for data"),
        ),
        Transition(
            name="answer",
            sources=(N.NEEDS_DATA,),
            target=N.REPORTED,
            roles=(*DESK, *OFFICERS),
            guard=of_the_reporting_desk,
            label=gettext_lazy("Answer"),
        ),
        Transition(
            name="decline_criteria",
            sources=(N.REPORTED, N.NEEDS_DATA),
            target=N.DECLINED_CRITERIA,
            roles=OFFICERS,
            act="decided",
            guard=of_own_patient_in_time,
            label=gettext_lazy("Decline: no emergency"),
        ),
        Transition(
            name="decline_cover",
            sources=(N.REPORTED, N.NEEDS_DATA),
            target=N.DECLINED_COVER,
            roles=OFFICERS,
            act="decided",
            guard=of_own_patient_in_time,
            label=gettext_lazy("Decline: not covered"),
        ),
        Transition(
            name="permit",
            sources=(N.LATE,),
            target=N.APPROVED,
            roles=SERVICES,
            act="decided",
            guard=of_own_patient,
            label=gettext_lazy("Special permit: issue the SJP"),
        ),
        Transition(
            name="decline_late",
            sources=(N.LATE,),
            target=N.DECLINED_LATE,
            roles=SERVICES,
            act="decided",
            guard=of_own_patient,
            label=gettext_lazy("Decline: too late"),
        ),
    ),
    begins=(N.REPORTED, N.LATE),
)
