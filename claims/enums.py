from enum import nonmember

from django.db import models
from django.utils.translation import gettext_lazy as _


class ClaimState(models.TextChoices):
    READY = "READY", _("ready")
    BLOCKED = "BLOCKED", _("blocked by a rule")
    SUBMITTED = "SUBMITTED", _("submitted")
    IN_VERIFICATION = "IN_VERIFICATION", _("in verification")
    RETURNED = "RETURNED", _("returned to the hospital")
    APPROVED = "APPROVED", _("approved")
    PARTLY_APPROVED = "PARTLY_APPROVED", _("partly approved")
    REJECTED = "REJECTED", _("rejected")
    PAID = "PAID", _("paid")
    WITHDRAWN = "WITHDRAWN", _("withdrawn")

    SENTIMENT = nonmember(
        {
            "READY": "info",
            "BLOCKED": "bad",
            "SUBMITTED": "info",
            "IN_VERIFICATION": "info",
            "RETURNED": "warn",
            "APPROVED": "ok",
            "PARTLY_APPROVED": "warn",
            "REJECTED": "bad",
            "PAID": "ok",
            "WITHDRAWN": "mute",
        }
    )


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
    CORRECTED = "CORRECTED", _("corrected by a later row")

    SENTIMENT = nonmember({"ACCEPTED": "ok", "REFUSED": "bad", "CORRECTED": "mute"})


class LineKind(models.TextChoices):
    """The parts of a claim: those of TOTAL_TARIF in the e-Klaim file, and trips."""

    INACBG = "INACBG", _("INA-CBG package")
    SUBACUTE = "SUBACUTE", _("sub-acute")
    CHRONIC = "CHRONIC", _("chronic")
    SPECIAL_PROCEDURE = "SP", _("special procedure")
    SPECIAL_PROSTHESIS = "SR", _("special prosthesis")
    SPECIAL_INVESTIGATION = "SI", _("special investigation")
    SPECIAL_DRUG = "SD", _("special drug")
    # No part of the file: trips are claimed on the screen.
    AMBULANCE = "AMBULANCE", _("ambulance trip")


class DocumentKind(models.TextChoices):
    """The papers of a claim (domain.md B16, step 3)."""

    SJP = "SJP", "SJP"
    REFERRAL = "REFERRAL", _("referral or emergency letter")
    KTP = "KTP", _("KTP")
    KK = "KK", "KK"
    CARD = "CARD", _("card of the programme")
    RESUME = "RESUME", _("medical summary")
    RESULTS = "RESULTS", _("supporting results")
    OPERATION = "OPERATION", _("operation report")
    PROTOCOL = "PROTOCOL", _("therapy protocol")
    INVOICE = "INVOICE", _("receipt with details")
    DISCHARGE = "DISCHARGE", _("discharge note")
    CONTROL = "CONTROL", _("control letter")
    VITAL = "VITAL", _("certificate of birth or death")

    # The word behind the number in the name of a scan: 000123-SJP-32750200001-X-2026_RESUME.pdf
    WORDS = nonmember(
        {
            **{"SJP": "SJP", "RUJUKAN": "REFERRAL", "KTP": "KTP", "KK": "KK", "KARTU": "CARD", "RESUME": "RESUME"},
            **{"PENUNJANG": "RESULTS", "OPERASI": "OPERATION", "PROTOKOL": "PROTOCOL", "RINCIAN": "INVOICE"},
            **{"PULANG": "DISCHARGE", "KONTROL": "CONTROL", "AKTA": "VITAL"},
        }
    )
    # Papers of the person, which may stand in several claims of the same patient; all others prove one episode.
    OF_THE_PERSON = nonmember(("SJP", "REFERRAL", "KTP", "KK", "CARD", "PROTOCOL", "CONTROL", "VITAL"))


class Source(models.TextChoices):
    """How rows came in."""

    FILE = "FILE", _("file")
    HAND = "HAND", _("entered by hand")
    PROGRAM = "PROGRAM", _("from a hospital's program")


class DeliveryKind(models.TextChoices):
    """What comes in pieces and is taken in behind the scenes."""

    EKLAIM = "EKLAIM", _("e-Klaim file")
    SCANS = "SCANS", _("scans of a month")


class Stage(models.TextChoices):
    """How far the taking in of a delivery is."""

    READING = "READING", _("reading the rows")
    JUDGING = "JUDGING", _("trying the rules")
    STORING = "STORING", _("storing what was found")
    SCANS = "SCANS", _("looking at the scans")
