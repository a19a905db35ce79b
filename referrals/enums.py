from enum import nonmember

from django.db import models
from django.utils.translation import gettext_lazy as _


class ReferralReason(models.TextChoices):
    """Why the Puskesmas refers."""

    EQUIPMENT = "EQUIPMENT", _("equipment not available here")
    STAFF = "STAFF", _("specialist not available here")
    COMPETENCE = "COMPETENCE", _("beyond the competence of a Puskesmas")
    FACILITY = "FACILITY", _("facilities not sufficient")
    CONTROL = "CONTROL", _("control of an earlier treatment")
    EMERGENCY = "EMERGENCY", _("emergency")


class PassOverReason(models.TextChoices):
    """Why a private hospital is chosen although an RSUD comes first."""

    RSUD_FULL = "RSUD_FULL", _("the RSUD has no bed")
    RSUD_CANNOT = "RSUD_CANNOT", _("the RSUD does not offer this service")
    RSUD_TOO_FAR = "RSUD_TOO_FAR", _("the patient cannot be moved that far")
    RUNNING_TREATMENT = "RUNNING_TREATMENT", _("running treatment at this hospital")


class SjpState(models.TextChoices):
    ISSUED = "ISSUED", _("issued")
    USED = "USED", _("in use")
    SERVICE_DONE = "SERVICE_DONE", _("service finished")
    CLAIMED = "CLAIMED", _("claimed")
    CLOSED = "CLOSED", _("closed")
    CANCELLED = "CANCELLED", _("cancelled")
    EXPIRED = "EXPIRED", _("expired")
    REVOKED = "REVOKED", _("revoked")

    SENTIMENT = nonmember(
        {
            "ISSUED": "ok",
            "USED": "info",
            "SERVICE_DONE": "info",
            "CLAIMED": "info",
            "CLOSED": "mute",
            "CANCELLED": "mute",
            "EXPIRED": "warn",
            "REVOKED": "bad",
        }
    )


class ReferralState(models.TextChoices):
    ISSUED = "ISSUED", _("issued")
    ACCEPTED = "ACCEPTED", _("accepted by the hospital")
    REFUSED = "REFUSED", _("refused by the hospital")
    USED = "USED", _("used")
    DONE = "DONE", _("finished")
    CANCELLED = "CANCELLED", _("cancelled")
    EXPIRED = "EXPIRED", _("expired")

    SENTIMENT = nonmember(
        {
            "ISSUED": "info",
            "ACCEPTED": "ok",
            "REFUSED": "bad",
            "USED": "info",
            "DONE": "mute",
            "CANCELLED": "mute",
            "EXPIRED": "warn",
        }
    )


class EpisodeState(models.TextChoices):
    IN_CARE = "IN_CARE", _("in care")
    DISCHARGED = "DISCHARGED", _("discharged")

    SENTIMENT = nonmember({"IN_CARE": "info", "DISCHARGED": "ok"})


class NoticeState(models.TextChoices):
    """The life of an emergency notice (domain.md SM6)."""

    REPORTED = "REPORTED", _("reported")
    NEEDS_DATA = "NEEDS_DATA", _("needs data")
    LATE = "LATE", _("reported late")
    APPROVED = "APPROVED", _("approved")
    DECLINED_CRITERIA = "DECLINED_CRITERIA", _("declined: no emergency")
    DECLINED_COVER = "DECLINED_COVER", _("declined: not covered")
    DECLINED_LATE = "DECLINED_LATE", _("declined: too late")

    SENTIMENT = nonmember(
        {
            "REPORTED": "info",
            "NEEDS_DATA": "warn",
            "LATE": "warn",
            "APPROVED": "ok",
            "DECLINED_CRITERIA": "bad",
            "DECLINED_COVER": "bad",
            "DECLINED_LATE": "bad",
        }
    )


class EmergencyCause(models.TextChoices):
    """What brought the patient: some causes have a payer who comes before the programme."""

    ILLNESS = "ILLNESS", _("illness, or an accident at home")
    TRAFFIC_ACCIDENT = "TRAFFIC_ACCIDENT", _("traffic accident")
    WORK_ACCIDENT = "WORK_ACCIDENT", _("work accident")
    CRIME = "CRIME", _("victim of a crime")


class PaperKind(models.TextChoices):
    """Papers of an emergency; most follow after the report."""

    KTP = "KTP", _("KTP of the patient")
    KK = "KK", _("family card (KK)")
    STATEMENT = "STATEMENT", _("signed statement of the doctor in charge")
    POLICE = "POLICE", _("police report (LP)")
    PAYER = "PAYER", _("letter of the first payer")
    OTHER = "OTHER", _("another paper")


class IdentityCheck(models.TextChoices):
    """How the hospital made sure who the patient is."""

    KTP_SEEN = "KTP_SEEN", _("KTP-el seen")
    KK_SEEN = "KK_SEEN", _("KK seen (child)")
    CARD_READER = "CARD_READER", _("KTP-el card reader")
    FAMILY = "FAMILY", _("vouched for by family")


class DischargeStatus(models.IntegerChoices):
    """DISCHARGE_STATUS of the e-Klaim file."""

    BY_DOCTOR = 1, _("with the doctor's consent")
    REFERRED = 2, _("referred")
    OWN_REQUEST = 3, _("at own request")
    DECEASED = 4, _("deceased")
    OTHER = 5, _("other")
