"""The year and the lines of its budget."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from budget.querysets import BudgetQuerySet
from ksb.core import stamps


class FiscalYear(models.Model):
    year = models.PositiveSmallIntegerField(_("year"), primary_key=True)
    document = models.CharField("DPA", max_length=80, blank=True)
    closed_at = stamps.at(_("closed at"))
    closed_by = stamps.by(_("closed by"))

    objects = BudgetQuerySet.as_manager()

    class Meta:
        verbose_name = _("fiscal year")
        verbose_name_plural = _("fiscal years")
        ordering = ["-year"]
        constraints = [stamps.pair("fiscalyear", "closed")]

    def __str__(self):
        return str(self.year)


class BudgetLine(models.Model):
    """One line of the budget. The four totals are cached sums of the ledger, kept in the same transaction; rupiah.

    ``realised`` can never exceed ``ceiling`` (CHECK); reservations and commitments may, with a warning: patients must still
    be treated.
    """

    year = models.ForeignKey(FiscalYear, on_delete=models.PROTECT, related_name="lines", verbose_name=_("year"))
    name = models.CharField(_("name"), max_length=120)
    sub_activity = models.CharField(_("sub-activity"), max_length=30)
    account = models.CharField(_("account"), max_length=30)
    funding_source = models.CharField(_("funding source"), max_length=40, default="APBD")
    for_public = models.BooleanField(
        _("for public hospitals"), null=True, blank=True, help_text=_("empty: for every hospital")
    )
    ceiling = models.BigIntegerField(_("ceiling"), default=0)
    reserved = models.BigIntegerField(_("reserved"), default=0, editable=False)
    committed = models.BigIntegerField(_("committed"), default=0, editable=False)
    realised = models.BigIntegerField(_("realised"), default=0, editable=False)

    objects = BudgetQuerySet.as_manager()

    class Meta:
        verbose_name = _("budget line")
        verbose_name_plural = _("budget lines")
        ordering = ["year", "account", "id"]
        constraints = [
            models.CheckConstraint(
                name="realised_never_above_the_line",
                condition=Q(realised__gte=0, realised__lte=F("ceiling")),
                violation_error_message=_("The payment exceeds what is left of the budget line."),
            ),
            models.CheckConstraint(name="totals_not_negative", condition=Q(reserved__gte=0, committed__gte=0)),
            models.UniqueConstraint(
                fields=["year", "sub_activity", "account", "funding_source", "for_public"],
                name="one_line_per_account_and_source",
                nulls_distinct=False,
            ),
        ]

    def __str__(self):
        return f"{self.year_id} {self.name}"

    @property
    def left(self):
        return self.ceiling - self.realised
