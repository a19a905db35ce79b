"""What the desks of Puskesmas and hospitals are told of letters. ``@follows`` names the journalled act; see docs/notices.md.

No patient is named: the number of the letter leads to it inside the perimeter.
"""

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from facilities.enums import PUSKESMAS_ROLES, Role
from facilities.notices import mail_of
from ksb.core.notices.kinds import kind
from ksb.core.notices.telling import To, settle, tell
from ksb.core.outbox import follows
from ksb.core.workflow import system_user
from participants import newborns
from participants.models import Newborn
from referrals.models import BackReferral, EmergencyNotice, Escalation, NewbornRequest, Referral, Sjp

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
ACCEPTED = kind(
    "referral.accept",
    sentiment="ok",
    text=_("%(hospital)s accepted letter %(number)s."),
    route="referrals:letter",
)
ESCALATED = kind(
    "escalation.opened",
    sentiment="bad",
    text=_("%(puskesmas)s: a hospital is sought for a patient (%(cause)s)."),
    message=_("KSB: %(puskesmas)s finds no hospital for a patient. Please look at once."),
    route="referrals:escalation",
)
FOUND = kind(
    "escalation.settled",
    sentiment="ok",
    text=_("The duty officer found a hospital: %(hospital)s."),
    route="referrals:escalation",
)
UNMET = kind(
    "escalation.unmet",
    sentiment="bad",
    text=_("The duty officer found no hospital for a patient."),
    route="referrals:escalation",
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
EMERGENCY_REPORTED = kind(
    "emergency.reported",
    sentiment="warn",
    text=_("%(hospital)s reports an emergency: %(number)s."),
    route="referrals:emergency",
)
EMERGENCY_ASKED = kind(
    "emergency.asked",
    sentiment="warn",
    text=_("A question about emergency %(number)s waits for your answer."),
    route="referrals:emergency",
)
EMERGENCY_APPROVED = kind(
    "emergency.approved",
    sentiment="ok",
    text=_("Emergency %(number)s is approved and its SJP issued."),
    route="referrals:emergency",
)
EMERGENCY_DECLINED = kind(
    "emergency.declined",
    sentiment="bad",
    text=_("Emergency %(number)s is declined. Read the reason and tell the patient."),
    route="referrals:emergency",
)


def _letter(event):
    return Sjp.objects.select_related("hospital", "puskesmas").get(pk=event.object_id)


@follows("sjp.issue")
def issued(event):
    tell_hospital(_letter(event))


def tell_hospital(sjp):
    """A letter is on its way to the desk; of an emergency it is told by the notice."""
    if sjp.emergency:
        return
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


@follows("referral.accept")
def accepted(event):
    referral = Referral.objects.select_related("hospital").get(pk=event.object_id)
    sjp = referral.sjps.order_by("-pk").first()
    if sjp is None:
        return
    settle(sjp, at=timezone.now(), actor=system_user(), kinds=[ISSUED])
    tell(
        ACCEPTED,
        to=To(role=Role.PUSKESMAS_CLERK, facility_id=referral.puskesmas_id),
        about=sjp,
        params={"number": sjp.number, "hospital": referral.hospital.name},
        at=timezone.now(),
    )


@follows("escalation.open")
def escalated(event):
    case = Escalation.objects.select_related("puskesmas").get(pk=event.object_id)
    params = {"puskesmas": case.puskesmas.name, "cause": case.get_cause_display()}
    now = timezone.now()
    mail = mail_of(Role.DINKES_SERVICES, at=now)
    tell(ESCALATED, to=To(role=Role.DINKES_SERVICES), about=case, params=params, at=now, addresses=mail)


@follows("escalation.take")
def case_taken(event):
    case = Escalation.objects.get(pk=event.object_id)
    settle(case, at=timezone.now(), actor=system_user(), kinds=[ESCALATED])


@follows("escalation.settle")
def hospital_found(event):
    case = Escalation.objects.select_related("hospital").get(pk=event.object_id)
    _tell_puskesmas(FOUND, case, hospital=case.hospital.name)


@follows("escalation.give_up")
def no_hospital_found(event):
    _tell_puskesmas(UNMET, Escalation.objects.get(pk=event.object_id))


@follows("escalation.answered")
def answered_after_all(event):
    case = Escalation.objects.get(pk=event.object_id)
    settle(case, at=timezone.now(), actor=system_user(), kinds=[ESCALATED])


def _tell_puskesmas(what, case, **params):
    """What became of the case; the officers' notice of it is done with."""
    settle(case, at=timezone.now(), actor=system_user(), kinds=[ESCALATED])
    clerks = To(role=Role.PUSKESMAS_CLERK, facility_id=case.puskesmas_id)
    tell(what, to=clerks, about=case, params=params, at=timezone.now())


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


def _notice(event):
    return EmergencyNotice.objects.select_related("hospital").get(pk=event.object_id)


@follows("emergency.report")
def emergency_reported(event):
    """Dinkes and the Puskesmas of the patient, whoever is first; of an unknown patient Dinkes alone."""
    notice = _notice(event)
    readers = [To(role=Role.DINKES_SERVICES)]
    if notice.puskesmas_id:
        readers.append(To(role=Role.PUSKESMAS_CLERK, facility_id=notice.puskesmas_id))
    for to in readers:
        params = {"number": notice.number, "hospital": notice.hospital.name}
        tell(EMERGENCY_REPORTED, to=to, about=notice, params=params, at=timezone.now())


@follows("emergency.ask")
def emergency_asked(event):
    notice = _notice(event)
    tell(
        EMERGENCY_ASKED,
        to=To(role=Role.HOSPITAL_DESK, facility_id=notice.hospital_id),
        about=notice,
        params={"number": notice.number},
        once=event.pk,
        at=timezone.now(),
    )


@follows("emergency.answer")
def emergency_answered(event):
    settle(_notice(event), at=timezone.now(), actor=system_user(), kinds=[EMERGENCY_ASKED])


def _emergency_decided(event):
    notice = _notice(event)
    settle(notice, at=timezone.now(), actor=system_user(), kinds=[EMERGENCY_REPORTED, EMERGENCY_ASKED])
    tell(
        EMERGENCY_APPROVED if notice.sjp_id else EMERGENCY_DECLINED,
        to=To(role=Role.HOSPITAL_DESK, facility_id=notice.hospital_id),
        about=notice,
        params={"number": notice.number},
        at=timezone.now(),
    )


for _step in ("approve", "permit", "decline_criteria", "decline_cover", "decline_late"):
    follows(f"emergency.{_step}")(_emergency_decided)
