"""What the officers of Dinkes are asked to decide about letters, and what desks hear back. See docs/notices.md."""

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from facilities.enums import Role
from ksb.core.notices.kinds import kind
from ksb.core.notices.telling import To, settle, tell
from ksb.core.outbox import follows, handles
from ksb.core.workflow import system_user
from referrals.models import Extension, Sjp
from referrals.notices import tell_hospital

TO_APPROVE = kind(
    "sjp.to_approve",
    sentiment="warn",
    text=_("A letter to %(hospital)s waits for your approval."),
    route="referrals:decide",
)
LETTER_APPROVED = kind(
    "sjp.approved", sentiment="ok", text=_("Dinkes approved letter %(number)s."), route="referrals:letter"
)
LETTER_DECLINED = kind(
    "sjp.declined",
    sentiment="bad",
    text=_("Dinkes declined the letter to %(hospital)s. The reason stands on its page."),
    route="referrals:letter",
)
TO_EXTEND = kind(
    "extension.asked",
    sentiment="warn",
    text=_("%(hospital)s asks to extend letter %(number)s."),
    route="referrals:decide_extension",
)
EXTENDED = kind("extension.granted", sentiment="ok", text=_("Letter %(number)s is extended."), route="referrals:letter")
NOT_EXTENDED = kind(
    "extension.declined", sentiment="bad", text=_("Letter %(number)s is not extended."), route="referrals:letter"
)
LETTER_ENDING = kind(
    "sjp.ending",
    sentiment="warn",
    text=_("Letter %(number)s holds until %(last_on)s and the patient is still in care. Ask for more days in time."),
    route="referrals:letter",
)
LETTER_OVERSTAYED = kind(
    "sjp.overstayed",
    sentiment="bad",
    text=_(
        "Letter %(number)s ended on %(last_on)s and the patient is still in care: the days since are not guaranteed."
    ),
    route="referrals:letter",
)
DINKES = To(role=Role.DINKES_SERVICES)


def _tell(what, to, about, event, *, link=None, **params):
    tell(what, to=to, about=about, params=params, once=event.pk, at=timezone.now(), link=link)


def _settle(about, *kinds):
    settle(about, at=timezone.now(), actor=system_user(), kinds=kinds)


def _clerk(thing):
    return To(role=Role.PUSKESMAS_CLERK, facility_id=thing.puskesmas_id)


# Letters beyond the limits of the scheme


def _letter(event):
    return Sjp.objects.select_related("hospital", "puskesmas", "issuing_hospital").get(pk=event.object_id)


@follows("sjp.request")
def requested(event):
    sjp = _letter(event)
    _tell(TO_APPROVE, DINKES, sjp, event, hospital=sjp.hospital.name)


@follows("sjp.approve")
def letter_approved(event):
    sjp = _letter(event)
    _settle(sjp, TO_APPROVE)
    _tell(LETTER_APPROVED, _writer(sjp), sjp, event, number=sjp.number)
    tell_hospital(sjp)


@follows("sjp.decline")
def letter_declined(event):
    sjp = _letter(event)
    _settle(sjp, TO_APPROVE)
    _tell(LETTER_DECLINED, _writer(sjp), sjp, event, hospital=sjp.hospital.name)


def _writer(sjp):
    """The desk that asked: of a hospital that moves its patient, else the Puskesmas."""
    if sjp.issuing_hospital_id:
        return To(role=Role.HOSPITAL_DESK, facility_id=sjp.issuing_hospital_id)
    return _clerk(sjp)


# More days under a letter in use


@handles("sjp.ending")
def letter_ending(event):
    """Before the last day and when it has passed, once each: the hospital where the patient lies."""
    sjp = _letter(event)
    what = LETTER_OVERSTAYED if event.payload["on"] > sjp.valid_until.isoformat() else LETTER_ENDING
    desk = To(role=Role.HOSPITAL_DESK, facility_id=sjp.hospital_id)
    params = {"number": sjp.number, "last_on": sjp.valid_until}
    tell(what, to=desk, about=sjp, params=params, once=sjp.valid_until, at=timezone.now())


@follows("episode.discharge")
def patient_has_left(event):
    _settle(Sjp.objects.get(episodes=event.object_id), LETTER_ENDING, LETTER_OVERSTAYED)


def _extension(event):
    return Extension.objects.select_related("sjp__hospital").get(pk=event.object_id)


@follows("extension.request")
def extension_asked(event):
    asked = _extension(event)
    _settle(asked.sjp, LETTER_ENDING)
    _tell(TO_EXTEND, DINKES, asked, event, hospital=asked.sjp.hospital.name, number=asked.sjp.number)


@follows("extension.grant")
def extension_granted(event):
    _answer(EXTENDED, event)


@follows("extension.decline")
def extension_declined(event):
    _answer(NOT_EXTENDED, event)


def _answer(what, event):
    asked = _extension(event)
    _settle(asked, TO_EXTEND)
    desk = To(role=Role.HOSPITAL_DESK, facility_id=asked.sjp.hospital_id)
    _tell(what, desk, asked, event, link=asked.sjp.public_id, number=asked.sjp.number)
