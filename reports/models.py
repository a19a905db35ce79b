"""Daily roll-ups, so that no dashboard counts millions of rows."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from reports.querysets import FigureQuerySet


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
