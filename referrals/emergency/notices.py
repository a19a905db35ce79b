"""Who is told what of emergencies: the officers of a report, the hospital of a question and of the decision."""

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from facilities.enums import Role
from facilities.notices import mail_of
from ksb.core.notices.kinds import kind
from ksb.core.notices.telling import To, settle, tell
from ksb.core.outbox import handles
from ksb.core.workflow import system_user
from referrals.emergency.clock import decision_due
from referrals.enums import NoticeState
from referrals.models import EmergencyNotice

PAGE = "referrals:emergency"
REPORTED = kind(
    "emergency.reported",
    sentiment="warn",
    text=_("%(hospital)s reports emergency %(number)s. Decide until %(until_at)s."),
    message=_("KSB: %(hospital)s reports emergency %(number)s."),
    route=PAGE,
)
ASKED = kind(
    "emergency.asked",
    sentiment="warn",
    text=_("Dinkes asks about emergency %(number)s. Answer until %(until)s."),
    route=PAGE,
)
ANSWERED = kind("emergency.answered", text=_("%(hospital)s answered about emergency %(number)s."), route=PAGE)
APPROVED = kind("emergency.approved", sentiment="ok", text=_("Emergency %(number)s is approved."), route=PAGE)
DECLINED = kind("emergency.declined", sentiment="bad", text=_("Emergency %(number)s is declined."), route=PAGE)


def _notice(event):
    return EmergencyNotice.objects.select_related("hospital").get(pk=event.object_id)


def _tell(what, notice, event, *, role, place=None, addresses=(), **params):
    tell(
        what,
        to=To(role=role, facility_id=place),
        about=notice,
        params={"number": notice.number, **params},
        once=event.pk,
        at=timezone.now(),
        addresses=addresses,
    )


@handles("emergency.reported")
def reported(event):
    """The duty officer, who is called by mail too, and the Puskesmas of the patient where it is known."""
    notice = _notice(event)
    told = {"hospital": notice.hospital.name, "until_at": decision_due(notice)}
    mail = mail_of(Role.DINKES_SERVICES, at=timezone.now())
    _tell(REPORTED, notice, event, role=Role.DINKES_SERVICES, addresses=mail, **told)
    if notice.puskesmas_id:
        _tell(REPORTED, notice, event, role=Role.PUSKESMAS_CLERK, place=notice.puskesmas_id, **told)


@handles("emergency.asked")
def asked(event):
    notice = _notice(event)
    _tell(ASKED, notice, event, role=Role.HOSPITAL_DESK, place=notice.hospital_id, until=event.payload["until"])


@handles("emergency.answered")
def answered(event):
    notice = _notice(event)
    settle(notice, at=timezone.now(), actor=system_user(), kinds=[ASKED])
    _tell(ANSWERED, notice, event, role=Role.DINKES_SERVICES, hospital=notice.hospital.name)


@handles("emergency.decided")
def decided(event):
    notice = _notice(event)
    settle(notice, at=timezone.now(), actor=system_user(), kinds=[REPORTED, ASKED, ANSWERED])
    what = APPROVED if event.payload["state"] == NoticeState.APPROVED else DECLINED
    for role in (Role.HOSPITAL_DESK, Role.HOSPITAL_BILLER):
        _tell(what, notice, event, role=role, place=notice.hospital_id)
