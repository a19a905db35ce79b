from enum import nonmember

from django.db import models
from django.utils.translation import gettext_lazy as _


class Stage(models.TextChoices):
    """Who speaks in a review. A claim passes the first two in their order; the others come where something is doubtful."""

    ADMIN = "ADMIN", _("administrative verification")
    MEDICAL = "MEDICAL", _("medical verification")
    SECOND = "SECOND", _("second reading")
    COORDINATOR = "COORDINATOR", _("decision of the coordinator")
    SYSTEM = "SYSTEM", _("the programme itself")


class AppointmentKind(models.TextChoices):
    ADMINISTRATIVE = "ADMINISTRATIVE", _("administrative")
    MEDICAL = "MEDICAL", _("medical (a doctor)")


class Outcome(models.TextChoices):
    PASS = "PASS", _("in order, on to the medical verifier")
    APPROVE = "APPROVE", _("approve")
    ADJUST = "ADJUST", _("approve in part")
    PEND = "PEND", _("ask the hospital and wait")
    RETURN = "RETURN", _("return to the hospital")
    REJECT = "REJECT", _("reject")

    SENTIMENT = nonmember(
        {"PASS": "info", "APPROVE": "ok", "ADJUST": "warn", "PEND": "warn", "RETURN": "warn", "REJECT": "bad"}
    )


class Reason(models.TextChoices):
    """Why a claim or a line of it was not simply approved: counted in reports, printed in letters."""

    DOCUMENT = "DOCUMENT", _("a document is missing or not legible")
    IDENTITY = "IDENTITY", _("the patient's identity or membership does not agree")
    LETTER = "LETTER", _("SJP or referral is missing or does not fit")
    CONTRACT = "CONTRACT", _("the service is not covered by the contract")
    NOT_COVERED = "NOT_COVERED", _("the service is not guaranteed by the programme")
    CLASS = "CLASS", _("a higher class than the one guaranteed")
    TARIFF = "TARIFF", _("above the tariff in force")
    CODING = "CODING", _("coding is not borne out by the resume")
    INDICATION = "INDICATION", _("no medical indication was shown")
    STAY = "STAY", _("length of stay is not explained")
    QUANTITY = "QUANTITY", _("quantity is not explained")
    FORMULARY = "FORMULARY", _("outside the formulary or price list")
    PROOF = "PROOF", _("the service is not proven")
    DUPLICATE = "DUPLICATE", _("claimed before, or part of another episode")
    OTHER_PAYER = "OTHER_PAYER", _("another payer is liable")
    NO_ANSWER = "NO_ANSWER", _("no answer within the time set")
    OTHER = "OTHER", _("another reason, explained in words")


class Wanted(models.TextChoices):
    """What a hospital can be asked for (domain.md B16, row 3)."""

    RESUME = "RESUME", _("medical resume")
    SUPPORTING = "SUPPORTING", _("results of supporting examinations")
    OPERATION = "OPERATION", _("operation report")
    THERAPY = "THERAPY", _("therapy protocol")
    RECEIPT = "RECEIPT", _("receipt with its details")
    REFERRAL = "REFERRAL", _("referral or emergency letter")
    IDENTITY = "IDENTITY", _("KTP, family card or card")
    CONTROL = "CONTROL", _("control letter")
    CERTIFICATE = "CERTIFICATE", _("birth or death certificate")
    EXPLANATION = "EXPLANATION", _("an explanation by the treating doctor")


class ReadingReason(models.TextChoices):
    SAMPLE = "SAMPLE", _("drawn for the sample")
    HIGH_COST = "HIGH_COST", _("high cost")
    FRAUD = "FRAUD", _("a signal of fraud")


class ReadingState(models.TextChoices):
    WAITING = "WAITING", _("waits for the second reader")
    AGREED = "AGREED", _("confirmed")
    DISAGREED = "DISAGREED", _("the two disagree")
    RESOLVED = "RESOLVED", _("decided by the coordinator")

    SENTIMENT = nonmember({"WAITING": "info", "AGREED": "ok", "DISAGREED": "warn", "RESOLVED": "ok"})


class DisputeState(models.TextChoices):
    FILED = "FILED", _("filed")
    PANEL = "PANEL", _("before the panel")
    RULED = "RULED", _("ruled, to be confirmed by Dinkes")
    DECIDED = "DECIDED", _("decided")

    SENTIMENT = nonmember({"FILED": "warn", "PANEL": "info", "RULED": "info", "DECIDED": "ok"})


class Ruling(models.TextChoices):
    UPHOLD = "UPHOLD", _("the hospital is right")
    UPHOLD_PART = "UPHOLD_PART", _("the hospital is partly right")
    DENY = "DENY", _("the decision stands")

    SENTIMENT = nonmember({"UPHOLD": "ok", "UPHOLD_PART": "warn", "DENY": "bad"})


class BahvState(models.TextChoices):
    DRAFT = "DRAFT", _("drawn up")
    SIGNED_HOSPITAL = "SIGNED_HOSPITAL", _("signed by the hospital")
    SIGNED_VERIFIER = "SIGNED_VERIFIER", _("signed by the verifier")
    APPROVED = "APPROVED", _("approved by Dinkes")

    SENTIMENT = nonmember({"DRAFT": "warn", "SIGNED_HOSPITAL": "info", "SIGNED_VERIFIER": "info", "APPROVED": "ok"})
