"""The month's payments, compared with what the hospital received, signed by both."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from budget.enums import ReconciliationState
from budget.models.payment import Payment
from budget.querysets import ReconciliationQuerySet
from ksb.core import stamps


class Reconciliation(models.Model):
    """One hospital, one month of SP2D. ``ours`` and ``theirs`` are sums of its items, whole rupiah."""

    STATES = ReconciliationState

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    hospital = models.ForeignKey(
        "facilities.Facility", on_delete=models.PROTECT, related_name="reconciliations", verbose_name=_("hospital")
    )
    month = models.DateField(_("month"), help_text=_("first day of the month"))
    number = models.PositiveSmallIntegerField(_("number within the month"), default=1, db_default=1)
    state = models.CharField(_("state"), max_length=10, choices=ReconciliationState, default="DRAFT")
    note = models.TextField(_("explanation of differences"), blank=True)
    drawn_at = models.DateTimeField(_("drawn up at"))
    drawn_by = stamps.created_by(_("drawn up by"))
    confirmed_at = stamps.at(_("signed by the hospital at"))
    confirmed_by = stamps.by(_("signed for the hospital by"))
    closed_at = stamps.at(_("signed by Dinkes at"))
    closed_by = stamps.by(_("signed for Dinkes by"))

    objects = ReconciliationQuerySet.as_manager()

    class Meta:
        verbose_name = _("reconciliation")
        verbose_name_plural = _("reconciliations")
        ordering = ["-month", "hospital"]
        constraints = [
            stamps.pair("reconciliation", "confirmed"),
            stamps.pair("reconciliation", "closed"),
            stamps.different_people("reconciliation", "confirmed", "closed"),
            models.UniqueConstraint(
                fields=["hospital", "month", "number"], name="reconciliations_of_a_month_are_numbered"
            ),
            models.CheckConstraint(name="reconciliation_month_is_a_first", condition=Q(month__day=1)),
        ]

    def __str__(self):
        return f"{self.hospital} {self.month:%Y-%m}" + (f" ({self.number})" if self.number > 1 else "")


class ReconciliationItem(models.Model):
    """One payment of the month: what we transferred and what the hospital says it received; empty until it said so."""

    reconciliation = models.ForeignKey(
        Reconciliation, on_delete=models.CASCADE, related_name="items", verbose_name=_("reconciliation")
    )
    payment = models.OneToOneField(
        Payment, on_delete=models.PROTECT, related_name="reconciliation_item", verbose_name=_("payment")
    )
    ours = models.BigIntegerField(_("transferred"))
    theirs = models.BigIntegerField(_("received"), null=True, blank=True)

    objects = ReconciliationQuerySet.as_manager()

    class Meta:
        verbose_name = _("item of a reconciliation")
        verbose_name_plural = _("items of reconciliations")
        ordering = ["payment"]

    def __str__(self):
        return f"{self.payment_id} {self.ours}"

    @property
    def difference(self):
        return None if self.theirs is None else self.ours - self.theirs
