"""Payments with SPP, SPM and SP2D."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from budget.enums import PaymentState
from budget.models.line import BudgetLine
from budget.querysets import PaymentQuerySet
from ksb.core import stamps


class Payment(models.Model):
    """The payment of one verified batch. KSB keeps the numbers and dates of SPP, SPM and SP2D; SIPD makes the documents."""

    STATES = PaymentState

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    batch = models.ForeignKey(
        "claims.ClaimBatch", on_delete=models.PROTECT, related_name="payments", verbose_name=_("batch")
    )
    line = models.ForeignKey(
        BudgetLine, on_delete=models.PROTECT, related_name="payments", verbose_name=_("budget line")
    )
    amount = models.BigIntegerField(_("amount"))
    state = models.CharField(_("state"), max_length=12, choices=PaymentState, default=PaymentState.PROPOSED)
    proposed_at = models.DateTimeField(_("proposed at"))
    proposed_by = stamps.created_by(_("proposed by"))
    spp_number = models.CharField(_("SPP number"), max_length=60, blank=True)
    spp_date = models.DateField(_("SPP date"), null=True, blank=True)
    spp_at = stamps.at(_("SPP entered at"))
    spp_by = stamps.by(_("SPP entered by"))
    spm_number = models.CharField(_("SPM number"), max_length=60, blank=True)
    spm_date = models.DateField(_("SPM date"), null=True, blank=True)
    spm_at = stamps.at(_("SPM entered at"))
    spm_by = stamps.by(_("SPM entered by"))
    sp2d_number = models.CharField(_("SP2D number"), max_length=60, blank=True)
    sp2d_date = models.DateField(_("SP2D date"), null=True, blank=True)
    sp2d_at = stamps.at(_("SP2D entered at"))
    sp2d_by = stamps.by(_("SP2D entered by"))
    refused_at = stamps.at(_("refused at"))
    refused_by = stamps.by(_("refused by"))
    refusal = models.CharField(_("reason of refusal"), max_length=255, blank=True)

    objects = PaymentQuerySet.as_manager()

    class Meta:
        verbose_name = _("payment")
        verbose_name_plural = _("payments")
        constraints = [
            *(stamps.pair("payment", act) for act in ("spp", "spm", "sp2d", "refused")),
            stamps.different_people("payment", "spp", "spm"),
            stamps.different_people("payment", "spm", "sp2d"),
            stamps.different_people("payment", "spp", "sp2d"),
            models.CheckConstraint(name="payment_is_positive", condition=Q(amount__gt=0)),
            models.UniqueConstraint(
                fields=["batch"],
                condition=~Q(state="REFUSED"),
                name="a_batch_is_paid_once",
                violation_error_message=_("This batch is already being paid."),
            ),
            models.UniqueConstraint(
                fields=["sp2d_number"], condition=~Q(sp2d_number=""), name="an_sp2d_number_is_used_once"
            ),
        ]

    def __str__(self):
        return f"{self.batch} {self.amount}"
