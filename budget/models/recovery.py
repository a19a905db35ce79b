"""What a hospital or a resident has to pay back: leakage, proven fraud, findings of an audit."""

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from budget.enums import RecoveryOrigin, RecoveryState
from budget.models.line import BudgetLine
from budget.querysets import RecoveryQuerySet
from ksb.core import stamps


class Recovery(models.Model):
    """An amount to be paid back into the line it was paid from. Entered by one person, put in force by another; rupiah."""

    STATES = RecoveryState

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    line = models.ForeignKey(
        BudgetLine, on_delete=models.PROTECT, related_name="recoveries", verbose_name=_("budget line")
    )
    hospital = models.ForeignKey(
        "facilities.Facility",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="recoveries",
        verbose_name=_("hospital"),
    )
    resident = models.ForeignKey(
        "participants.Resident",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="recoveries",
        verbose_name=_("resident"),
    )
    claim = models.ForeignKey(
        "claims.Claim",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="recoveries",
        verbose_name=_("claim"),
    )
    origin = models.CharField(_("origin"), max_length=8, choices=RecoveryOrigin)
    amount = models.BigIntegerField(_("amount"))
    repaid = models.BigIntegerField(_("paid back"), default=0)
    reason = models.CharField(_("reason"), max_length=255)
    evidence = models.CharField(_("decision or report"), max_length=120)
    state = models.CharField(_("state"), max_length=10, choices=RecoveryState, default=RecoveryState.PROPOSED)
    proposed_at = models.DateTimeField(_("proposed at"))
    proposed_by = stamps.created_by(_("proposed by"))
    approved_at = stamps.at(_("approved at"))
    approved_by = stamps.by(_("approved by"))
    cancelled_at = stamps.at(_("cancelled at"))
    cancelled_by = stamps.by(_("cancelled by"))
    settled_at = stamps.at(_("settled at"))
    settled_by = stamps.by(_("settled by"))

    objects = RecoveryQuerySet.as_manager()

    class Meta:
        verbose_name = _("recovery")
        verbose_name_plural = _("recoveries")
        ordering = ["-pk"]
        constraints = [
            *(stamps.pair("recovery", act) for act in ("approved", "cancelled", "settled")),
            stamps.different_people("recovery", "proposed", "approved"),
            models.CheckConstraint(
                name="recovery_within_its_amount", condition=Q(amount__gt=0, repaid__gte=0, repaid__lte=F("amount"))
            ),
            models.CheckConstraint(
                name="recovery_has_one_debtor",
                condition=Q(hospital__isnull=False, resident__isnull=True)
                | Q(hospital__isnull=True, resident__isnull=False),
                violation_error_message=_("Name who pays back: a hospital or a resident."),
            ),
        ]

    def __str__(self):
        return f"{self.get_origin_display()} {self.amount}"

    @property
    def left(self):
        return self.amount - self.repaid
