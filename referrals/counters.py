"""What waits at the desks of the Puskesmas and the hospital. One line here is one card on the first page of its roles."""

from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from facilities.enums import PUSKESMAS_ROLES, Role
from ksb.core.counters import Counter
from referrals import missed
from referrals.enums import EpisodeState, EscalationState, NoticeState, ReferralState, SjpState
from referrals.models import (
    BackReferral,
    ControlLetter,
    EmergencyNotice,
    Episode,
    Escalation,
    Extension,
    NewbornRequest,
    Referral,
    Sjp,
)

SENT_BACK = timedelta(days=14)


def _newborns_to_answer(actor, at):
    return NewbornRequest.objects.visible_to(actor).open()


def _refused(actor, at):
    return Sjp.objects.visible_to(actor).sent_back(since=timezone.localdate(at) - SENT_BACK)


def _to_answer(actor, at):
    return Referral.objects.visible_to(actor).filter(state=ReferralState.ISSUED)


def _escalated(actor, at):
    return Escalation.objects.visible_to(actor).filter(state=EscalationState.OPEN)


def _in_care(actor, at):
    return Episode.objects.visible_to(actor).filter(state=EpisodeState.IN_CARE)


def _controls_today(actor, at):
    return ControlLetter.objects.visible_to(actor).to_come().filter(control_on=timezone.localdate(at))


def _without_summary(actor, at):
    return Episode.objects.visible_to(actor).without_summary()


def _to_take_over(actor, at):
    return BackReferral.objects.visible_to(actor).to_take_over()


def _follow_up_due(actor, at):
    return BackReferral.objects.visible_to(actor).followed().filter(due_on__lte=timezone.localdate(at))


def _missed_letters(actor, at):
    return missed.letters(actor, on=timezone.localdate(at))


def _missed_controls(actor, at):
    return missed.controls(actor, on=timezone.localdate(at))


def _emergencies_to_decide(actor, at):
    return EmergencyNotice.objects.visible_to(actor).to_decide()


def _emergencies_to_answer(actor, at):
    return EmergencyNotice.objects.visible_to(actor).filter(state=NoticeState.NEEDS_DATA)


def _to_move(actor, at):
    return EmergencyNotice.objects.visible_to(actor).to_move()


def _to_approve(actor, at):
    return Sjp.objects.visible_to(actor).filter(state=SjpState.WAITING)


def _to_extend(actor, at):
    return Extension.objects.visible_to(actor).to_answer()


COUNTERS = (
    Counter(
        code="emergencies.to_decide",
        label=_("Emergencies to decide on"),
        url_name="referrals:emergencies",
        roles=(Role.PUSKESMAS_CLERK, Role.DINKES_SERVICES),
        waiting=_emergencies_to_decide,
        urgent=True,
    ),
    Counter(
        code="emergencies.to_answer",
        label=_("Questions about emergencies"),
        url_name="referrals:emergencies",
        roles=(Role.HOSPITAL_DESK,),
        waiting=_emergencies_to_answer,
        urgent=True,
    ),
    Counter(
        code="emergencies.to_move",
        label=_("Stable patients to be moved"),
        url_name="referrals:emergencies",
        roles=(Role.HOSPITAL_DESK, Role.DINKES_SERVICES),
        waiting=_to_move,
    ),
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
        code="escalations.open",
        label=_("Patients for whom a hospital is sought"),
        url_name="referrals:escalations",
        roles=(Role.DINKES_SERVICES,),
        waiting=_escalated,
        urgent=True,
    ),
    Counter(
        code="letters.approve",
        label=_("Letters to approve"),
        url_name="referrals:approvals",
        roles=(Role.DINKES_SERVICES,),
        waiting=_to_approve,
    ),
    Counter(
        code="extensions",
        label=_("Extensions to decide"),
        url_name="referrals:approvals",
        roles=(Role.DINKES_SERVICES,),
        waiting=_to_extend,
    ),
    Counter(
        code="episodes.in_care",
        label=_("Patients in care"),
        url_name="referrals:inbox",
        query="state=USED",
        roles=(Role.HOSPITAL_DESK,),
        waiting=_in_care,
    ),
    Counter(
        code="controls.today",
        label=_("Control visits today"),
        url_name="referrals:today",
        roles=(Role.HOSPITAL_DESK,),
        waiting=_controls_today,
    ),
    Counter(
        code="episodes.without_summary",
        label=_("Medical summaries to complete"),
        url_name="referrals:today",
        roles=(Role.HOSPITAL_DESK,),
        waiting=_without_summary,
    ),
    Counter(
        code="back_referrals.to_take_over",
        label=_("Referred back by a hospital"),
        url_name="referrals:back_referrals",
        query="state=SENT",
        roles=PUSKESMAS_ROLES,
        waiting=_to_take_over,
        urgent=True,
    ),
    Counter(
        code="back_referrals.due",
        label=_("Follow-up visits due"),
        url_name="referrals:today",
        roles=PUSKESMAS_ROLES,
        waiting=_follow_up_due,
    ),
    Counter(
        code="letters.missed",
        label=_("Letters nobody used"),
        url_name="referrals:today",
        roles=PUSKESMAS_ROLES,
        waiting=_missed_letters,
    ),
    Counter(
        code="controls.missed",
        label=_("Control dates missed"),
        url_name="referrals:today",
        roles=PUSKESMAS_ROLES,
        waiting=_missed_controls,
    ),
)
