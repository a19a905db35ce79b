from enum import nonmember

from django.db import models
from django.utils.translation import gettext_lazy as _


class LedgerKind(models.TextChoices):
    ALLOCATE = "ALLOCATE", _("allocation")
    REVISE = "REVISE", _("revision")
    RESERVE = "RESERVE", _("reservation")
    RELEASE = "RELEASE", _("release of a reservation")
    COMMIT = "COMMIT", _("commitment")
    UNCOMMIT = "UNCOMMIT", _("commitment taken back")
    DEBT = "DEBT", _("debt carried over")
    REALISE = "REALISE", _("realisation")
    OWE = "OWE", _("to be recovered")
    REPAY = "REPAY", _("recovered")


class PaymentState(models.TextChoices):
    PROPOSED = "PROPOSED", _("proposed")
    SPP_ISSUED = "SPP_ISSUED", _("SPP issued")
    SPM_ISSUED = "SPM_ISSUED", _("SPM issued")
    SP2D_ISSUED = "SP2D_ISSUED", _("SP2D issued")
    DISBURSED = "DISBURSED", _("disbursed by the bank")
    RECONCILED = "RECONCILED", _("reconciled")
    REFUSED = "REFUSED", _("refused")
    SPP_REFUSED = "SPP_REFUSED", _("SPP refused")
    SPM_REFUSED = "SPM_REFUSED", _("SPM refused")

    SENTIMENT = nonmember(
        {
            "PROPOSED": "info",
            "SPP_ISSUED": "info",
            "SPM_ISSUED": "info",
            "SP2D_ISSUED": "ok",
            "DISBURSED": "ok",
            "RECONCILED": "ok",
            "REFUSED": "bad",
            "SPP_REFUSED": "bad",
            "SPM_REFUSED": "bad",
        }
    )


UNDER_WAY = (PaymentState.PROPOSED, PaymentState.SPP_ISSUED, PaymentState.SPM_ISSUED)
PAID = (PaymentState.SP2D_ISSUED, PaymentState.DISBURSED, PaymentState.RECONCILED)
REFUSALS = (PaymentState.REFUSED, PaymentState.SPP_REFUSED, PaymentState.SPM_REFUSED)


class TaxDue(models.TextChoices):
    NONE = "NONE", _("no tax is due on these services")
    PAID = "PAID", _("tax is due and paid by e-billing")


class Earmark(models.TextChoices):
    HAEMODIALYSIS = "HD", _("haemodialysis only")


class DocumentKind(models.TextChoices):
    """What moves the ceilings of a year: the first budget, a shift between lines, the changed budget."""

    DPA = "DPA", "DPA"
    SHIFT = "SHIFT", _("shift between lines")
    DPPA = "DPPA", "DPPA (APBD-P)"


class DocumentState(models.TextChoices):
    PROPOSED = "PROPOSED", _("proposed")
    APPROVED = "APPROVED", _("approved")
    REFUSED = "REFUSED", _("refused")

    SENTIMENT = nonmember({"PROPOSED": "warn", "APPROVED": "ok", "REFUSED": "bad"})


class RecoveryOrigin(models.TextChoices):
    LEAKAGE = "LEAKAGE", _("leakage: another payer covered the patient")
    FRAUD = "FRAUD", _("proven fraud")
    AUDIT = "AUDIT", _("finding of an audit")


class RecoveryState(models.TextChoices):
    PROPOSED = "PROPOSED", _("proposed")
    OPEN = "OPEN", _("to be paid back")
    SETTLED = "SETTLED", _("paid back")
    CANCELLED = "CANCELLED", _("cancelled")

    SENTIMENT = nonmember({"PROPOSED": "warn", "OPEN": "bad", "SETTLED": "ok", "CANCELLED": "mute"})


class ReconciliationState(models.TextChoices):
    DRAFT = "DRAFT", _("drawn up")
    CONFIRMED = "CONFIRMED", _("signed by the hospital")
    CLOSED = "CLOSED", _("signed by both")

    SENTIMENT = nonmember({"DRAFT": "warn", "CONFIRMED": "info", "CLOSED": "ok"})
