from enum import nonmember

from django.db import models
from django.utils.translation import gettext_lazy as _


class ReferralReason(models.TextChoices):
    """Why the Puskesmas refers."""

    EQUIPMENT = "EQUIPMENT", _("equipment not available here")
    STAFF = "STAFF", _("specialist not available here")
    COMPETENCE = "COMPETENCE", _("beyond the competence of a Puskesmas")
    FACILITY = "FACILITY", _("facilities not sufficient")
    BED = "BED", _("no bed free here")
    CONTROL = "CONTROL", _("control of an earlier treatment")
    EMERGENCY = "EMERGENCY", _("emergency")
    BEYOND = "BEYOND", _("beyond the competence of this hospital")
    DISTANCE = "DISTANCE", _("nearer to the patient's home")


# Why one hospital sends its patient to another (domain.md B11), and what only a hospital says.
MOVE_REASONS = (ReferralReason.BEYOND, ReferralReason.EQUIPMENT, ReferralReason.BED, ReferralReason.DISTANCE)
PUSKESMAS_REASONS = tuple(r for r in ReferralReason if r not in (ReferralReason.BEYOND, ReferralReason.DISTANCE))


class MoveDirection(models.TextChoices):
    """Where a patient goes from one hospital to another."""

    UP = "UP", _("vertical, to a higher class")
    DOWN = "DOWN", _("vertical, to a lower class")
    LEVEL = "LEVEL", _("horizontal, to the same class")


class TripOrigin(models.TextChoices):
    """Where an ambulance fetches the patient (domain.md B26)."""

    HOME = "HOME", _("the patient's home")
    FACILITY = "FACILITY", _("a Puskesmas or clinic")
    HOSPITAL = "HOSPITAL", _("another hospital")


class ProofKind(models.TextChoices):
    """What stands behind a letter as a scan."""

    JKN_LETTER = "JKN_LETTER", _("letter of BPJS: not covered by JKN")
    POLICE_REPORT = "POLICE_REPORT", _("police report")
    DOCTOR_LETTER = "DOCTOR_LETTER", _("letter of the doctor")
    OTHER = "OTHER", _("other proof")


class PassOverReason(models.TextChoices):
    """Why a private hospital is chosen although an RSUD comes first.

    The patient's own wish is none of the programme's: such a letter is never written (domain.md B8).
    """

    RSUD_FULL = "RSUD_FULL", _("the RSUD has no bed")
    RSUD_CANNOT = "RSUD_CANNOT", _("the RSUD does not offer this service")
    RSUD_TOO_FAR = "RSUD_TOO_FAR", _("the patient cannot be moved that far")
    RUNNING_TREATMENT = "RUNNING_TREATMENT", _("running treatment at this hospital")
    RSUD_REFUSED = "RSUD_REFUSED", _("the RSUD refused the patient")
    DUTY_OFFICER = "DUTY_OFFICER", _("hospital found by the duty officer of Dinkes")
    OWN_REQUEST = "OWN_REQUEST", _("at the patient's own request")


class RefusalReason(models.TextChoices):
    """Why a hospital does not take the patient. What is said beside it is free text."""

    NO_BED = "NO_BED", _("no bed free")
    NO_DOCTOR = "NO_DOCTOR", _("the specialist is not available")
    NO_EQUIPMENT = "NO_EQUIPMENT", _("equipment not available or out of order")
    COMPETENCE = "COMPETENCE", _("beyond the competence of this hospital")
    OTHER_SPECIALTY = "OTHER_SPECIALTY", _("the patient needs another specialty")
    OTHER_PAYER = "OTHER_PAYER", _("another insurance covers the patient")
    OTHER = "OTHER", _("another reason")


class Transport(models.TextChoices):
    """How the patient gets to the hospital."""

    OWN = "OWN", _("own transport")
    PUSKESMAS = "PUSKESMAS", _("ambulance of the Puskesmas")
    PSC = "PSC", _("ambulance of PSC 119")
    HOSPITAL = "HOSPITAL", _("ambulance of the hospital")


class Consciousness(models.IntegerChoices):
    """KESADARAN of SISRUTE."""

    CONSCIOUS = 1, _("conscious")
    NOT_CONSCIOUS = 2, _("not conscious")


class Pain(models.IntegerChoices):
    """NYERI of SISRUTE."""

    NONE = 0, _("no pain")
    LIGHT = 1, _("light pain")
    MODERATE = 2, _("moderate pain")
    SEVERE = 3, _("severe pain")


class SjpState(models.TextChoices):
    WAITING = "WAITING", _("waiting for approval")
    ISSUED = "ISSUED", _("issued")
    USED = "USED", _("in use")
    SERVICE_DONE = "SERVICE_DONE", _("service finished")
    CLAIMED = "CLAIMED", _("claimed")
    CLOSED = "CLOSED", _("closed")
    CANCELLED = "CANCELLED", _("cancelled")
    EXPIRED = "EXPIRED", _("expired")
    REVOKED = "REVOKED", _("revoked")
    DECLINED = "DECLINED", _("declined")

    SENTIMENT = nonmember(
        {
            "WAITING": "warn",
            "ISSUED": "ok",
            "USED": "info",
            "SERVICE_DONE": "info",
            "CLAIMED": "info",
            "CLOSED": "mute",
            "CANCELLED": "mute",
            "EXPIRED": "warn",
            "REVOKED": "bad",
            "DECLINED": "bad",
        }
    )


class ApprovalGround(models.TextChoices):
    """Why Dinkes decides on a letter before it is issued (domain.md B8 step 7, B11, C18)."""

    OUT_OF_CITY = "OUT_OF_CITY", _("the hospital lies outside the city")
    HIGH_COST = "HIGH_COST", _("high cost")
    MANY_LETTERS = "MANY_LETTERS", _("many letters of this patient this year")
    SPECIAL = "SPECIAL", _("covered on a special ground")
    COMPLEMENT = "COMPLEMENT", _("complement to JKN")


class ExtensionState(models.TextChoices):
    """A hospital's request for more days under a letter in use."""

    WAITING = "WAITING", _("waiting for approval")
    GRANTED = "GRANTED", _("extended")
    DECLINED = "DECLINED", _("declined")

    SENTIMENT = nonmember({"WAITING": "warn", "GRANTED": "ok", "DECLINED": "bad"})


class SeriesKind(models.TextChoices):
    """Chronic care in sessions that needs no new referral (domain.md B13)."""

    HAEMODIALYSIS = "HAEMODIALYSIS", _("haemodialysis")
    THALASSAEMIA = "THALASSAEMIA", _("thalassaemia major, transfusions")
    HAEMOPHILIA = "HAEMOPHILIA", _("haemophilia, clotting factors")


class SeriesEnd(models.TextChoices):
    """Why a series has ended."""

    MOVED = "MOVED", _("goes on at another hospital")
    RECOVERED = "RECOVERED", _("needs no more sessions")
    DECEASED = "DECEASED", _("deceased")
    OTHER_PAYER = "OTHER_PAYER", _("JKN or another payer covers")
    OTHER = "OTHER", _("other")


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


class EscalationCause(models.TextChoices):
    """Why the duty officer of Dinkes looks for a hospital."""

    REFUSED = "REFUSED", _("refused again and again")
    UNANSWERED = "UNANSWERED", _("no answer to a request for intensive care")
    NO_BED = "NO_BED", _("no suitable hospital with a free bed")


class EscalationState(models.TextChoices):
    OPEN = "OPEN", _("waiting for the duty officer")
    TAKEN = "TAKEN", _("being handled")
    SETTLED = "SETTLED", _("hospital found")
    UNMET = "UNMET", _("not met")
    WITHDRAWN = "WITHDRAWN", _("no longer needed")

    SENTIMENT = nonmember({"OPEN": "bad", "TAKEN": "warn", "SETTLED": "ok", "UNMET": "bad", "WITHDRAWN": "mute"})


class UnmetReason(models.TextChoices):
    """Why no hospital was found for a patient (indicator "ICU/PICU/NICU requests unmet")."""

    NO_BED_IN_CITY = "NO_BED_IN_CITY", _("no bed in the city")
    NO_BED_ANYWHERE = "NO_BED_ANYWHERE", _("no bed inside or outside the city")
    NO_SPECIALIST = "NO_SPECIALIST", _("no specialist or equipment available")
    NO_TRANSPORT = "NO_TRANSPORT", _("the patient could not be transported")
    DIED = "DIED", _("the patient died before")
    FAMILY = "FAMILY", _("the family refused")
    OTHER = "OTHER", _("another reason")


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
