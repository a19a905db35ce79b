"""Payments with SPP, SPM, SP2D and the bank's confirmation."""

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from budget.enums import PaymentState, TaxDue
from budget.models.line import BudgetLine
from budget.querysets import PaymentPartQuerySet, PaymentQuerySet
from ksb.core import stamps

DOCUMENTS = ("spp", "spm", "sp2d")


class Payment(models.Model):
    """What one hospital is paid at once. KSB keeps the numbers and dates of SPP, SPM and SP2D; SIPD makes the documents.

    ``amount`` is what the BAHVs grant and the lines realise; ``set_off`` of it is kept back for what the hospital owes. The
    account, NPWP and contract are those of the proposal: what is printed on paper does not change afterwards.
    """

    STATES = PaymentState

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    hospital = models.ForeignKey(
        "facilities.Facility", on_delete=models.PROTECT, related_name="payments", verbose_name=_("hospital")
    )
    service_year = models.PositiveSmallIntegerField(_("service year"))
    amount = models.BigIntegerField(_("amount"))
    set_off = models.BigIntegerField(_("set off"), default=0, db_default=0)
    state = models.CharField(_("state"), max_length=12, choices=PaymentState, default=PaymentState.PROPOSED)
    receipt_number = models.CharField(_("receipt number"), max_length=60, blank=True)
    receipt_date = models.DateField(_("receipt date"), null=True, blank=True)
    request_number = models.CharField(_("letter of request"), max_length=60, blank=True)
    tax_due = models.CharField(_("tax"), max_length=4, choices=TaxDue, default=TaxDue.NONE)
    tax_reference = models.CharField(_("e-billing number"), max_length=30, blank=True)
    contract_number = models.CharField(_("contract"), max_length=80, blank=True)
    bank_name = models.CharField(_("bank"), max_length=60, blank=True)
    bank_account = models.CharField(_("account number"), max_length=40, blank=True)
    bank_holder = models.CharField(_("account holder"), max_length=120, blank=True)
    tax_number = models.CharField("NPWP", max_length=30, blank=True)
    due_on = models.DateField(_("next step due on"), null=True, blank=True)
    proposed_at = models.DateTimeField(_("proposed at"))
    proposed_by = stamps.created_by(_("proposed by"))
    spp_number = models.CharField(_("SPP number"), max_length=60, blank=True)
    spp_date = models.DateField(_("SPP date"), null=True, blank=True)
    spp_at = stamps.at(_("SPP entered at"))
    spp_by = stamps.by(_("SPP entered by"))
    spm_number = models.CharField(_("SPM number"), max_length=60, blank=True)
    spm_date = models.DateField(_("SPM date"), null=True, blank=True)
    spm_decree = models.CharField(_("decree of the budget user"), max_length=120, blank=True)
    spm_at = stamps.at(_("SPM entered at"))
    spm_by = stamps.by(_("SPM entered by"))
    sp2d_number = models.CharField(_("SP2D number"), max_length=60, blank=True)
    sp2d_date = models.DateField(_("SP2D date"), null=True, blank=True)
    sp2d_at = stamps.at(_("SP2D entered at"))
    sp2d_by = stamps.by(_("SP2D entered by"))
    bank_date = models.DateField(_("transferred on"), null=True, blank=True)
    bank_reference = models.CharField(_("bank's reference"), max_length=60, blank=True)
    disbursed_at = stamps.at(_("bank confirmation entered at"))
    disbursed_by = stamps.by(_("bank confirmation entered by"))
    reconciled_at = stamps.at(_("reconciled at"))
    reconciled_by = stamps.by(_("reconciled by"))
    refused_at = stamps.at(_("refused at"))
    refused_by = stamps.by(_("refused by"))
    refusal = models.CharField(_("reason of refusal"), max_length=255, blank=True)

    objects = PaymentQuerySet.as_manager()

    class Meta:
        verbose_name = _("payment")
        verbose_name_plural = _("payments")
        constraints = [
            *(stamps.pair("payment", act) for act in (*DOCUMENTS, "disbursed", "reconciled", "refused")),
            stamps.different_people("payment", "spp", "spm"),
            stamps.different_people("payment", "spm", "sp2d"),
            stamps.different_people("payment", "spp", "sp2d"),
            models.CheckConstraint(name="payment_is_positive", condition=Q(amount__gt=0)),
            models.CheckConstraint(
                name="set_off_within_the_payment", condition=Q(set_off__gte=0, set_off__lte=F("amount"))
            ),
            models.CheckConstraint(
                name="tax_paid_names_its_e_billing", condition=Q(tax_due="NONE") | ~Q(tax_reference="")
            ),
            models.UniqueConstraint(
                fields=["sp2d_number"], condition=~Q(sp2d_number=""), name="an_sp2d_number_is_used_once"
            ),
        ]
        indexes = [
            models.Index(fields=["hospital", "-id"], name="payment_of_a_hospital"),
            models.Index(fields=["state", "id"], name="payment_by_state"),
        ]

    def __str__(self):
        return f"{self.hospital} {self.amount}"

    @property
    def transfer(self):
        """What the bank transfers, in rupiah."""
        return self.amount - self.set_off

    @property
    def is_reciprocal(self):
        """Paid to the city's own RSUD (BLUD): income of another office of the same city, eliminated in its joint report."""
        return self.hospital.is_public


class PaymentPart(models.Model):
    """What a payment pays of one BAHV from one line. ``live`` until the payment is refused; a live part is unique."""

    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="parts", verbose_name=_("payment"))
    bahv = models.ForeignKey(
        "verification.Bahv", on_delete=models.PROTECT, related_name="payment_parts", verbose_name="BAHV"
    )
    line = models.ForeignKey(
        BudgetLine, on_delete=models.PROTECT, related_name="payment_parts", verbose_name=_("budget line")
    )
    amount = models.BigIntegerField(_("amount"))
    live = models.BooleanField(_("in force"), default=True)

    objects = PaymentPartQuerySet.as_manager()

    class Meta:
        verbose_name = _("part of a payment")
        verbose_name_plural = _("parts of payments")
        ordering = ["payment", "line", "bahv"]
        constraints = [
            models.CheckConstraint(name="payment_part_is_positive", condition=Q(amount__gt=0)),
            models.UniqueConstraint(
                fields=["bahv", "line"],
                condition=Q(live=True),
                name="a_bahv_is_paid_once",
                violation_error_message=_("This BAHV is already being paid."),
            ),
        ]

    def __str__(self):
        return f"{self.payment_id} {self.amount}"
