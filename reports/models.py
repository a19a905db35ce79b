"""Daily roll-ups, so that no dashboard counts millions of rows."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from ksb.core import stamps
from reports.enums import LeakageCause
from reports.querysets import FigureQuerySet, PlaceFigureQuerySet, VisitsQuerySet


class DailyFigure(models.Model):
    """One number of one day: a measure, optionally for one value of one dimension (kelurahan, hospital, decision ...)."""

    day = models.DateField(_("day"))
    measure = models.CharField(_("measure"), max_length=40)
    dimension = models.CharField(_("dimension"), max_length=20, blank=True)
    key = models.CharField(_("value of the dimension"), max_length=40, blank=True)
    value = models.BigIntegerField(_("value"))

    objects = FigureQuerySet.as_manager()

    class Meta:
        verbose_name = _("daily figure")
        verbose_name_plural = _("daily figures")
        constraints = [
            models.UniqueConstraint(fields=["day", "measure", "dimension", "key"], name="one_figure_per_day_and_key")
        ]

    def __str__(self):
        return f"{self.day} {self.measure} {self.key}: {self.value}"


class LiveFigure(models.Model):
    """Changes of a count, added by statement triggers on the tables counted; the sum over a measure is its value now.

    Only ever inserted while people work, so that nobody waits for anybody; the night folds the rows of a key into one.
    """

    id = models.BigAutoField(primary_key=True)
    measure = models.CharField(max_length=20)
    key = models.CharField(max_length=40)
    count = models.BigIntegerField()
    amount = models.BigIntegerField(default=0, help_text=_("rupiah"))

    objects = FigureQuerySet.as_manager()

    class Meta:
        verbose_name = _("live figure")
        verbose_name_plural = _("live figures")
        indexes = [models.Index(fields=["measure", "key"], include=["count", "amount"], name="livefigure_sums")]

    def __str__(self):
        return f"{self.measure} {self.key} {self.count:+d}"


class Leakage(models.Model):
    """Letters used in a month by people with an active JKN or PBI membership, of one Puskesmas and cause. Amounts in rupiah."""

    month = models.DateField(_("month of service"), help_text=_("its first day"))
    puskesmas = models.ForeignKey(
        "facilities.Facility", on_delete=models.PROTECT, related_name="+", verbose_name="Puskesmas", db_index=False
    )
    cause = models.CharField(_("cause"), max_length=8, choices=LeakageCause)
    letters = models.PositiveIntegerField(_("letters"))
    claims = models.PositiveIntegerField(_("claims"))
    claimed = models.BigIntegerField(_("claimed"))
    approved = models.BigIntegerField(_("approved"))

    objects = FigureQuerySet.as_manager()

    class Meta:
        verbose_name = _("leakage")
        verbose_name_plural = _("leakage")
        constraints = [
            models.UniqueConstraint(
                fields=["month", "puskesmas", "cause"], name="one_leakage_per_month_place_and_cause"
            )
        ]

    def __str__(self):
        return f"{self.month:%Y-%m} {self.puskesmas_id} {self.cause}: {self.letters}"


def _place(verbose_name):
    return models.ForeignKey(
        "facilities.Facility",
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=verbose_name,
        db_index=False,
    )


class MonthlyFigure(models.Model):
    """One measure of referrals in one month: of a Puskesmas, of a hospital, or of the city where both are empty.

    What is divided by what stands in ``referral_indicators``; these are the counts (and medians, in minutes) it divides.
    """

    month = models.DateField(_("month"), help_text=_("its first day"))
    measure = models.CharField(_("measure"), max_length=30)
    puskesmas = _place("Puskesmas")
    hospital = _place(_("hospital"))
    value = models.BigIntegerField(_("value"))

    objects = PlaceFigureQuerySet.as_manager()

    class Meta:
        verbose_name = _("monthly figure")
        verbose_name_plural = _("monthly figures")
        constraints = [
            models.UniqueConstraint(
                fields=["month", "measure", "puskesmas", "hospital"],
                nulls_distinct=False,
                name="one_monthly_figure_per_measure_and_place",
            ),
            models.CheckConstraint(
                name="monthly_figure_is_of_one_place",
                condition=models.Q(puskesmas__isnull=True) | models.Q(hospital__isnull=True),
            ),
        ]
        indexes = [
            models.Index(
                fields=["-month"],
                include=["measure", "value"],
                condition=models.Q(puskesmas__isnull=True, hospital__isnull=True),
                name="monthlyfigure_of_city",
            )
        ]

    def __str__(self):
        return f"{self.month:%Y-%m} {self.measure}: {self.value}"


class PuskesmasVisits(models.Model):
    """How many visits a Puskesmas had in a month, all payers: what its referrals are held against. Entered by its head."""

    puskesmas = models.ForeignKey(
        "facilities.Facility", on_delete=models.PROTECT, related_name="+", verbose_name="Puskesmas", db_index=False
    )
    month = models.DateField(_("month"), help_text=_("its first day"))
    visits = models.PositiveIntegerField(_("visits"))
    entered_at = models.DateTimeField(_("entered at"))
    entered_by = stamps.created_by(_("entered by"))

    objects = VisitsQuerySet.as_manager()

    class Meta:
        verbose_name = _("visits of a Puskesmas")
        verbose_name_plural = _("visits of Puskesmas")
        constraints = [
            models.UniqueConstraint(fields=["puskesmas", "month"], name="one_count_of_visits_per_puskesmas_and_month"),
            models.CheckConstraint(name="visits_are_of_a_whole_month", condition=models.Q(month__day=1)),
        ]

    def __str__(self):
        return f"{self.puskesmas} {self.month:%Y-%m}: {self.visits}"


# Audits are a room of their own; Django looks for models here.
from reports.audit_models import Audit, AuditFinding, AuditSample  # noqa: E402, F401
