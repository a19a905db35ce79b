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
    SENT_BACK = "SENT_BACK", _("referred back")
    CANCELLED = "CANCELLED", _("cancelled")
    EXPIRED = "EXPIRED", _("expired")

    SENTIMENT = nonmember(
        {
            "ISSUED": "info",
            "ACCEPTED": "ok",
            "REFUSED": "bad",
            "USED": "info",
            "DONE": "mute",
            "SENT_BACK": "ok",
            "CANCELLED": "mute",
            "EXPIRED": "warn",
        }
    )


class EpisodeState(models.TextChoices):
    IN_CARE = "IN_CARE", _("in care")
    DISCHARGED = "DISCHARGED", _("discharged")
    COMPLETE = "COMPLETE", _("medical summary complete")

    SENTIMENT = nonmember({"IN_CARE": "info", "DISCHARGED": "warn", "COMPLETE": "ok"})


class FollowUp(models.IntegerChoices):
    """What comes after a visit or a stay, by the numbers of V-Claim."""

    HOME = 1, _("home, nothing further here")
    EXAMINATION = 2, _("comes back with the result of an examination")
    REFERRED = 3, _("referred to another hospital")
    CONTROL = 4, _("comes back for a control visit")


class Condition(models.TextChoices):
    """How the patient was on leaving. The two of a death follow from its time."""

    RECOVERED = "RECOVERED", _("recovered")
    IMPROVED = "IMPROVED", _("improved")
    NOT_RECOVERED = "NOT_RECOVERED", _("not recovered")
    DIED_EARLY = "DIED_EARLY", _("died within 48 hours")
    DIED_LATE = "DIED_LATE", _("died after 48 hours or more")


class ControlState(models.TextChoices):
    ISSUED = "ISSUED", _("to come")
    USED = "USED", _("came")
    MISSED = "MISSED", _("did not come")
    CANCELLED = "CANCELLED", _("cancelled")

    SENTIMENT = nonmember({"ISSUED": "info", "USED": "ok", "MISSED": "warn", "CANCELLED": "mute"})


class BackReferralState(models.TextChoices):
    SENT = "SENT", _("sent to the Puskesmas")
    ACCEPTED = "ACCEPTED", _("taken over by the Puskesmas")
    VISITED = "VISITED", _("visited the Puskesmas")
    ENDED = "ENDED", _("follow-up ended")

    SENTIMENT = nonmember({"SENT": "warn", "ACCEPTED": "info", "VISITED": "ok", "ENDED": "mute"})


class Programme(models.TextChoices):
    """The nine diseases of JKN's back-referral programme (PRB)."""

    DIABETES = "DIABETES", _("diabetes mellitus")
    HYPERTENSION = "HYPERTENSION", _("hypertension")
    ASTHMA = "ASTHMA", _("asthma")
    HEART = "HEART", _("heart disease")
    COPD = "COPD", _("chronic obstructive pulmonary disease")
    SCHIZOPHRENIA = "SCHIZOPHRENIA", _("schizophrenia")
    STROKE = "STROKE", _("stroke")
    EPILEPSY = "EPILEPSY", _("epilepsy")
    SLE = "SLE", _("systemic lupus erythematosus")


class CallOutcome(models.TextChoices):
    """What a call to a patient who did not come has brought."""

    WILL_COME = "WILL_COME", _("will come")
    WELL = "WELL", _("well again, needs no visit")
    ELSEWHERE = "ELSEWHERE", _("was treated elsewhere")
    OBSTACLE = "OBSTACLE", _("cannot come: transport, work or costs")
    REFUSES = "REFUSES", _("does not want the visit")
    MOVED = "MOVED", _("moved away")
    DIED = "DIED", _("died")
    NOT_REACHED = "NOT_REACHED", _("not reached, call again")


class Shift(models.TextChoices):
    MORNING = "MORNING", _("morning")
    AFTERNOON = "AFTERNOON", _("afternoon")
    NIGHT = "NIGHT", _("night")


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
