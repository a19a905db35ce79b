"""What the desks of Puskesmas and hospitals are told of letters. ``@follows`` names the journalled act; see docs/notices.md.

No patient is named: the number of the letter leads to it inside the perimeter.
"""

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from facilities.enums import PUSKESMAS_ROLES, Role
from ksb.core.notices.kinds import kind
from ksb.core.notices.telling import To, settle, tell
from ksb.core.outbox import follows
from ksb.core.workflow import system_user
from participants import newborns
from participants.models import Newborn
from referrals.models import BackReferral, NewbornRequest, Referral, Sjp

ISSUED = kind(
    "sjp.issued",
    text=_("New letter %(number)s from %(puskesmas)s."),
    route="referrals:letter",
)
REFUSED = kind(
    "referral.refused",
    sentiment="bad",
    text=_("%(hospital)s refused letter %(number)s. Choose another hospital."),
    route="referrals:letter",
)
REVOKED = kind(
    "sjp.revoked",
    sentiment="bad",
    text=_("Dinkes revoked letter %(number)s: the guarantee has ended."),
    route="referrals:letter",
)
SENT_BACK = kind(
    "back_referral.sent",
    sentiment="warn",
    text=_("%(hospital)s refers a patient back: letter %(number)s."),
    route="referrals:back",
)
NEWBORN_ASKED = kind(
    "newborn.asked",
    sentiment="warn",
    text=_("%(hospital)s asks for the SJP of a newborn."),
    route="referrals:newborn_request",
)
NEWBORN_DECLINED = kind(
    "newborn.declined",
    sentiment="bad",
    text=_("%(puskesmas)s declined the SJP of a newborn."),
    route="referrals:newborn_request",
)

NEWBORN_WITHOUT_NIK = kind(
    "newborn.without_nik",
    sentiment="warn",
    text=_(
        "A child born on %(born_on)s has no NIK yet. Remind the family: without it letters are issued until %(until_on)s."
    ),
    route="referrals:newborn",
)
REGISTER_BIRTH = kind(
    "newborn.register",
    sentiment="warn",
    text=_("Register the birth of %(born_on)s at Disdukcapil: without NIK the child is covered until %(until_on)s."),
)


def _letter(event):
    return Sjp.objects.select_related("hospital", "puskesmas").get(pk=event.object_id)


@follows("sjp.issue")
def issued(event):
    sjp = _letter(event)
    params = {"number": sjp.number, "puskesmas": sjp.puskesmas.name if sjp.puskesmas else ""}
    tell(
        ISSUED,
        to=To(role=Role.HOSPITAL_DESK, facility_id=sjp.hospital_id),
        about=sjp,
        params=params,
        at=timezone.now(),
    )


@follows("sjp.use")
def used(event):
    _settle_letter(event)


@follows("sjp.cancel")
def cancelled(event):
    _settle_letter(event)


@follows("sjp.turn_away")
def turned_away(event):
    _settle_letter(event)


def _settle_letter(event):
    """The hospital has dealt with the letter, or need not any more."""
    settle(_letter(event), at=timezone.now(), actor=system_user(), kinds=[ISSUED])


@follows("sjp.revoke")
def revoked(event):
    sjp = _letter(event)
    _settle_letter(event)
    for role in (Role.HOSPITAL_DESK, Role.HOSPITAL_BILLER):
        tell(
            REVOKED,
            to=To(role=role, facility_id=sjp.hospital_id),
            about=sjp,
            params={"number": sjp.number},
            at=timezone.now(),
        )


@follows("referral.refuse")
def refused(event):
    referral = Referral.objects.select_related("hospital").get(pk=event.object_id)
    sjp = referral.sjps.order_by("-pk").first()
    thing = sjp or referral
    tell(
        REFUSED,
        to=To(role=Role.PUSKESMAS_CLERK, facility_id=referral.puskesmas_id),
        about=thing,
        params={"number": thing.number, "hospital": referral.hospital.name},
        link=sjp.public_id if sjp else "",
        at=timezone.now(),
    )


@follows("back_referral.send")
def sent_back(event):
    letter = BackReferral.objects.select_related("hospital").get(pk=event.object_id)
    for role in PUSKESMAS_ROLES:
        tell(
            SENT_BACK,
            to=To(role=role, facility_id=letter.puskesmas_id),
            about=letter,
            params={"number": letter.number, "hospital": letter.hospital.name},
            at=timezone.now(),
        )


@follows("back_referral.accept")
def taken_over(event):
    letter = BackReferral.objects.get(pk=event.object_id)
    settle(letter, at=timezone.now(), actor=system_user(), kinds=[SENT_BACK])


@follows("newborn.request")
def newborn_asked(event):
    asked = NewbornRequest.objects.select_related("hospital").get(pk=event.object_id)
    tell(
        NEWBORN_ASKED,
        to=To(role=Role.PUSKESMAS_CLERK, facility_id=asked.puskesmas_id),
        about=asked,
        params={"hospital": asked.hospital.name},
        at=timezone.now(),
    )


@follows("newborn.decline")
def newborn_declined(event):
    asked = NewbornRequest.objects.select_related("puskesmas").get(pk=event.object_id)
    tell(
        NEWBORN_DECLINED,
        to=To(role=Role.HOSPITAL_DESK, facility_id=asked.hospital_id),
        about=asked,
        params={"puskesmas": asked.puskesmas.name},
        at=timezone.now(),
    )


@follows("newborn.remind")
def newborn_without_nik(event):
    """On the seventh, fourteenth and twenty-first day (domain.md B4): the Puskesmas that follows the child, and the family."""
    newborn = Newborn.objects.select_related("mother__household", "father__household").get(pk=event.object_id)
    params = {"born_on": newborn.born_on, "until_on": newborns.cover_ends(newborn)}
    readers = (
        (NEWBORN_WITHOUT_NIK, To(role=Role.PUSKESMAS_CLERK, facility_id=newborn.puskesmas_id)),
        (REGISTER_BIRTH, To(party=newborn.guardian.household)),
    )
    for what, to in readers:
        tell(what, to=to, about=newborn, params=params, once=event.pk, at=timezone.now())
