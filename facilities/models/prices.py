"""Tables of prices as they were proposed and approved, and the items of price lists, the formulary and the Perda."""

import uuid

from django.contrib.postgres.fields import DateRangeField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from facilities.enums import PriceKind
from facilities.querysets import PriceTableQuerySet, TariffQuerySet
from ksb.core import stamps


class PriceTable(models.Model):
    """One version of a table of prices: who proposed it, from when it holds, and who else approved it (domain.md G3.8).

    Until then its rows are in force on no day: their range is empty.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(_("kind"), max_length=10, choices=PriceKind)
    source = models.CharField(_("regulation or source"), max_length=120)
    valid_from = models.DateField(_("in force from"))
    file_name = models.CharField(_("file"), max_length=120)
    sha256 = models.CharField(max_length=64)
    lines = models.PositiveIntegerField(_("lines"))
    prices = models.PositiveIntegerField(_("prices"))
    refused = models.PositiveIntegerField(_("lines refused"), default=0)
    refusals = models.JSONField(_("first refused lines"), default=list, blank=True, help_text=_("line and sentence"))
    proposed_at = models.DateTimeField(_("proposed at"))
    proposed_by = stamps.created_by(_("proposed by"))
    approved_at = stamps.at(_("approved at"))
    approved_by = stamps.by(_("approved by"))
    rejected_at = stamps.at(_("rejected at"))
    rejected_by = stamps.by(_("rejected by"))

    objects = PriceTableQuerySet.as_manager()

    class Meta:
        verbose_name = _("table of prices")
        verbose_name_plural = _("tables of prices")
        ordering = ["-id"]
        constraints = [
            stamps.pair("pricetable", "approved"),
            stamps.pair("pricetable", "rejected"),
            stamps.different_people("pricetable", "proposed", "approved"),
            models.CheckConstraint(
                name="pricetable_is_decided_once", condition=Q(approved_at__isnull=True) | Q(rejected_at__isnull=True)
            ),
            models.UniqueConstraint(
                fields=["kind"],
                condition=Q(approved_at__isnull=True, rejected_at__isnull=True),
                name="one_table_of_a_kind_waits",
                violation_error_message=_("A table of this kind already waits for approval. Decide about it first."),
            ),
        ]

    def __str__(self):
        return f"{self.get_kind_display()} {self.source}"

    @property
    def waits(self):
        return self.approved_at is None and self.rejected_at is None


class PriceItem(models.Model):
    """The most that is paid for one drug, device, service or session, in whole rupiah a unit."""

    table = models.ForeignKey(PriceTable, on_delete=models.PROTECT, related_name="items", verbose_name=_("table"))
    kind = models.CharField(_("kind"), max_length=10, choices=PriceKind)
    code = models.CharField(_("code"), max_length=16)
    name = models.CharField(_("name"), max_length=200)
    unit = models.CharField(_("unit"), max_length=30)
    max_price = models.BigIntegerField(_("highest price"), help_text=_("rupiah a unit"))
    max_quantity = models.PositiveIntegerField(
        _("largest quantity"), null=True, blank=True, help_text=_("in one claim; empty for any")
    )
    valid = DateRangeField(_("in force"))

    objects = TariffQuerySet.as_manager()

    class Meta:
        verbose_name = _("price")
        verbose_name_plural = _("prices")
        ordering = ["code", "kind", "valid"]
        constraints = [
            models.UniqueConstraint(fields=["code", "kind", "valid"], name="one_price_per_item_and_period"),
            models.CheckConstraint(name="highest_price_is_positive", condition=Q(max_price__gt=0)),
        ]

    def __str__(self):
        return f"{self.code} {self.name}"
