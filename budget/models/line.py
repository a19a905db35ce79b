"""The year and the lines of its budget."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from budget.enums import Earmark
from budget.querysets import BudgetQuerySet
from ksb.core import stamps


class FiscalYear(models.Model):
    """A year of the budget. ``document`` is the number of its DPA, written by the document that allocates it."""

    year = models.PositiveSmallIntegerField(_("year"), primary_key=True)
    document = models.CharField("DPA", max_length=80, blank=True)
    office_code = models.CharField(_("code of the SKPD"), max_length=40, blank=True, db_default="")
    office = models.CharField("SKPD", max_length=120, default="Dinas Kesehatan Kota Bekasi")
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
    """One line of the budget. The totals are cached sums of the ledger, kept in the same transaction; rupiah.

    ``realised`` can never exceed ``ceiling`` (CHECK); reservations and commitments may, with a warning: patients must still
    be treated. What was paid stays committed. ``owed`` is what hospitals or residents have to pay back.
    """

    year = models.ForeignKey(FiscalYear, on_delete=models.PROTECT, related_name="lines", verbose_name=_("year"))
    name = models.CharField(_("name"), max_length=120)
    sub_activity = models.CharField(_("sub-activity"), max_length=30)
    account = models.CharField(_("account"), max_length=30)
    funding_source = models.CharField(_("funding source"), max_length=40, default="APBD")
    for_public = models.BooleanField(
        _("for public hospitals"), null=True, blank=True, help_text=_("empty: for every hospital")
    )
    earmark = models.CharField(_("earmark"), max_length=4, choices=Earmark, blank=True, db_default="")
    ceiling = models.BigIntegerField(_("ceiling"), default=0)
    reserved = models.BigIntegerField(_("reserved"), default=0, editable=False)
    committed = models.BigIntegerField(_("committed"), default=0, editable=False)
    realised = models.BigIntegerField(_("realised"), default=0, editable=False)
    owed = models.BigIntegerField(_("to be recovered"), default=0, db_default=0, editable=False)

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
            models.CheckConstraint(
                name="totals_not_negative", condition=Q(reserved__gte=0, committed__gte=0, owed__gte=0)
            ),
            models.UniqueConstraint(
                fields=["year", "sub_activity", "account", "funding_source", "for_public", "earmark"],
                name="one_line_per_account_and_source",
                nulls_distinct=False,
                violation_error_message=_("This year has such a line already."),
            ),
        ]

    def __str__(self):
        return f"{self.year_id} {self.name}"

    @property
    def left(self):
        return self.ceiling - self.realised

    @property
    def unpaid(self):
        """Committed and not paid yet, in rupiah."""
        return max(self.committed - self.realised, 0)

    @property
    def overcommitted(self):
        """By how much commitments exceed the ceiling; 0 while they fit."""
        return max(self.committed - self.ceiling, 0)


class FundingShare(models.Model):
    """Which part of a line a source bears. The shares of a line are none, or make 100 together (trigger)."""

    line = models.ForeignKey(BudgetLine, on_delete=models.CASCADE, related_name="shares", verbose_name=_("line"))
    source = models.CharField(_("funding source"), max_length=40)
    percent = models.PositiveSmallIntegerField(_("percent"), validators=[MinValueValidator(1), MaxValueValidator(100)])

    objects = BudgetQuerySet.as_manager()

    class Meta:
        verbose_name = _("funding share")
        verbose_name_plural = _("funding shares")
        ordering = ["line", "-percent", "source"]
        constraints = [
            models.UniqueConstraint(fields=["line", "source"], name="one_share_per_source"),
            models.CheckConstraint(name="share_is_a_percentage", condition=Q(percent__gte=1, percent__lte=100)),
        ]

    def __str__(self):
        return f"{self.source} {self.percent} %"


class LineAlert(models.Model):
    """That a line passed a threshold of its ceiling was told once."""

    line = models.ForeignKey(BudgetLine, on_delete=models.CASCADE, related_name="alerts", verbose_name=_("line"))
    percent = models.PositiveSmallIntegerField(_("percent"))
    told = models.DateTimeField(_("told"))

    objects = BudgetQuerySet.as_manager()

    class Meta:
        verbose_name = _("alert of a line")
        verbose_name_plural = _("alerts of lines")
        constraints = [models.UniqueConstraint(fields=["line", "percent"], name="one_alert_per_threshold")]

    def __str__(self):
        return f"{self.line} {self.percent} %"
