from enum import nonmember

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


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


class BatchKind(models.TextChoices):
    """What a batch is for: hospitals hand in one a month for each (domain.md B16)."""

    INPATIENT = "RI", pgettext_lazy("kind of batch", "inpatient")
    OUTPATIENT = "RJ", pgettext_lazy("kind of batch", "outpatient")
    DIALYSIS = "HD", pgettext_lazy("kind of batch", "haemodialysis")
    AMBULANCE = "AMB", pgettext_lazy("kind of batch", "ambulance")


class BatchState(models.TextChoices):
    OPEN = "OPEN", _("open")
    TO_SIGN = "TO_SIGN", _("waits for the director's signature")
    SUBMITTED = "SUBMITTED", _("submitted")
    COMPLETE = "COMPLETE", _("complete")
    IN_VERIFICATION = "IN_VERIFICATION", _("in verification")
    BAHV_DRAFT = "BAHV_DRAFT", _("BAHV drawn up")
    BAHV_APPROVED = "BAHV_APPROVED", _("BAHV approved")
    PROPOSED = "PROPOSED", _("proposed for payment")
    PAID = "PAID", _("paid")
    WITHDRAWN = "WITHDRAWN", _("withdrawn")

    SENTIMENT = nonmember(
        {
            "OPEN": "info",
            "TO_SIGN": "warn",
            "SUBMITTED": "info",
            "COMPLETE": "info",
            "IN_VERIFICATION": "info",
            "BAHV_DRAFT": "warn",
            "BAHV_APPROVED": "ok",
            "PROPOSED": "ok",
            "PAID": "ok",
            "WITHDRAWN": "mute",
        }
    )


class CompletenessOutcome(models.TextChoices):
    COMPLETE = "COMPLETE", _("complete")
    SILENT = "SILENT", _("complete by silence")
    RETURNED = "RETURNED", _("returned, incomplete")

    SENTIMENT = nonmember({"COMPLETE": "ok", "SILENT": "ok", "RETURNED": "warn"})


class Severity(models.TextChoices):
    REJECT = "R", _("refuses")
    PEND = "P", _("needs a decision")
    WARN = "W", _("remark")

    SENTIMENT = nonmember({"R": "bad", "P": "warn", "W": "info"})


class SettingState(models.TextChoices):
    """A change of a rule on its way into force."""

    PROPOSED = "PROPOSED", _("waiting for approval")
    IN_FORCE = "IN_FORCE", _("put in force")
    REFUSED = "REFUSED", _("refused")

    SENTIMENT = nonmember({"PROPOSED": "warn", "IN_FORCE": "ok", "REFUSED": "mute"})


class SignalState(models.TextChoices):
    """What people make of a pattern (domain.md SM14). None of these words is told to the hospital."""

    NOTICED = "NOTICED", _("indication")
    IN_REVIEW = "IN_REVIEW", _("under review")
    NOT_PROVEN = "NOT_PROVEN", _("not proven")
    INVESTIGATED = "INVESTIGATED", _("under investigation")
    PROVEN = "PROVEN", _("proven")
    CLOSED = "CLOSED", _("closed after sanction or repayment")

    SENTIMENT = nonmember(
        {
            "NOTICED": "warn",
            "IN_REVIEW": "info",
            "NOT_PROVEN": "mute",
            "INVESTIGATED": "warn",
            "PROVEN": "bad",
            "CLOSED": "mute",
        }
    )


UNJUDGED = (SignalState.NOTICED, SignalState.IN_REVIEW, SignalState.INVESTIGATED)


class ClinicalList(models.TextChoices):
    """The lists rules look codes up in (``claims/reference/clinical_lists.csv``)."""

    FEMALE = "FEMALE", _("women only")
    MALE = "MALE", _("men only")
    AGE = "AGE", _("ages only")
    PRIMARY_CARE = "PRIMARY_CARE", _("within the competence of a Puskesmas")
    ONCE = "ONCE", _("once in a lifetime")
    INTERVAL = "INTERVAL", _("again after some years only")
    INDICATION = "INDICATION", _("procedures with their indications")
    DELIVERY = "DELIVERY", _("deliveries")
    ANTENATAL = "ANTENATAL", _("antenatal care")
    TRAFFIC = "TRAFFIC", _("traffic accidents")
    OPERATION = "OPERATION", _("operations with a report")


class OtherSource(models.TextChoices):
    """Who else guarantees or pays care (domain.md ELG-03, DUP-08)."""

    SEP = "SEP", _("SEP of BPJS Kesehatan")
    JKN = "JKN", _("claim paid by JKN")
    PROVINCE = "PROVINCE", _("the province")
    SUBSIDY = "SUBSIDY", _("subsidy of the hospital")
    OUTBREAK = "OUTBREAK", _("outbreak fund (KLB)")


class RowStatus(models.TextChoices):
    ACCEPTED = "ACCEPTED", _("taken")
    REFUSED = "REFUSED", _("refused")
    CORRECTED = "CORRECTED", _("corrected by a later row")

    SENTIMENT = nonmember({"ACCEPTED": "ok", "REFUSED": "bad", "CORRECTED": "mute"})


class LineKind(models.TextChoices):
    """The parts of TOTAL_TARIF in the e-Klaim file; below them what a claim made by hand asks for."""

    INACBG = "INACBG", _("INA-CBG package")
    SUBACUTE = "SUBACUTE", _("sub-acute")
    CHRONIC = "CHRONIC", _("chronic")
    SPECIAL_PROCEDURE = "SP", _("special procedure")
    SPECIAL_PROSTHESIS = "SR", _("special prosthesis")
    SPECIAL_INVESTIGATION = "SI", _("special investigation")
    SPECIAL_DRUG = "SD", _("special drug")
    SESSION = "SESSION", _("session")
    TRIP = "TRIP", _("ambulance trip")
    ITEM = "ITEM", _("item of the price list")


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
