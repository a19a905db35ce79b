from enum import nonmember

from django.db import models
from django.utils.translation import gettext_lazy as _


class ClaimState(models.TextChoices):
    READY = "READY", _("ready")
    BLOCKED = "BLOCKED", _("blocked by a rule")
    SUBMITTED = "SUBMITTED", _("submitted")
    ADMIN_REVIEW = "ADMIN_REVIEW", _("administrative verification")
    MEDICAL_REVIEW = "MEDICAL_REVIEW", _("medical verification")
    PENDED = "PENDED", _("pended, the hospital is asked")
    ANSWERED = "ANSWERED", _("answered by the hospital")
    SECOND_READING = "SECOND_READING", _("second reading")
    RETURNED = "RETURNED", _("returned to the hospital")
    APPROVED = "APPROVED", _("approved")
    PARTLY_APPROVED = "PARTLY_APPROVED", _("partly approved")
    REJECTED = "REJECTED", _("rejected")
    DISPUTED = "DISPUTED", _("disputed")
    PAID = "PAID", _("paid")
    WITHDRAWN = "WITHDRAWN", _("withdrawn")

    SENTIMENT = nonmember(
        {
            "READY": "info",
            "BLOCKED": "bad",
            "SUBMITTED": "info",
            "ADMIN_REVIEW": "info",
            "MEDICAL_REVIEW": "info",
            "PENDED": "warn",
            "ANSWERED": "info",
            "SECOND_READING": "info",
            "RETURNED": "warn",
            "APPROVED": "ok",
            "PARTLY_APPROVED": "warn",
            "REJECTED": "bad",
            "DISPUTED": "warn",
            "PAID": "ok",
            "WITHDRAWN": "mute",
        }
    )


# A verifier decides next; nothing of these is final. PENDED waits for the hospital, DISPUTED for the panel.
UNDER_REVIEW = (ClaimState.ADMIN_REVIEW, ClaimState.MEDICAL_REVIEW, ClaimState.ANSWERED, ClaimState.SECOND_READING)
# Nothing but a dispute changes them any more.
DECIDED = (ClaimState.APPROVED, ClaimState.PARTLY_APPROVED, ClaimState.REJECTED)


class BatchState(models.TextChoices):
    OPEN = "OPEN", _("open")
    SUBMITTED = "SUBMITTED", _("submitted")
    IN_VERIFICATION = "IN_VERIFICATION", _("in verification")
    BAHV_DRAFT = "BAHV_DRAFT", _("BAHV drawn up")
    BAHV_APPROVED = "BAHV_APPROVED", _("BAHV approved")
    PROPOSED = "PROPOSED", _("proposed for payment")
    PAID = "PAID", _("paid")
    WITHDRAWN = "WITHDRAWN", _("withdrawn")

    SENTIMENT = nonmember(
        {
            "OPEN": "info",
            "SUBMITTED": "info",
            "IN_VERIFICATION": "info",
            "BAHV_DRAFT": "warn",
            "BAHV_APPROVED": "ok",
            "PROPOSED": "ok",
            "PAID": "ok",
            "WITHDRAWN": "mute",
        }
    )


class Severity(models.TextChoices):
    REJECT = "R", _("refuses")
    PEND = "P", _("needs a decision")
    WARN = "W", _("remark")

    SENTIMENT = nonmember({"R": "bad", "P": "warn", "W": "info"})


class RowStatus(models.TextChoices):
    ACCEPTED = "ACCEPTED", _("taken")
    REFUSED = "REFUSED", _("refused")

    SENTIMENT = nonmember({"ACCEPTED": "ok", "REFUSED": "bad"})


class LineKind(models.TextChoices):
    """The parts of TOTAL_TARIF in the e-Klaim file."""

    INACBG = "INACBG", _("INA-CBG package")
    SUBACUTE = "SUBACUTE", _("sub-acute")
    CHRONIC = "CHRONIC", _("chronic")
    SPECIAL_PROCEDURE = "SP", _("special procedure")
    SPECIAL_PROSTHESIS = "SR", _("special prosthesis")
    SPECIAL_INVESTIGATION = "SI", _("special investigation")
    SPECIAL_DRUG = "SD", _("special drug")
