"""Dinkes lets a hospital hand in claims that have expired."""

import datetime
import uuid

from django.contrib.postgres.fields import DateRangeField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from claims.querysets import DispensationQuerySet
from ksb.core import stamps


class Dispensation(models.Model):
    """Care of one hospital that ended on ``days`` may be claimed until ``until`` although it has expired: asked for with a
    reason by one officer, granted or refused by another.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    hospital = models.ForeignKey(
        "facilities.Facility", on_delete=models.PROTECT, related_name="dispensations", verbose_name=_("hospital")
    )
    days = DateRangeField(_("care that ended on"))
    until = models.DateField(_("may be claimed until"))
    reason = models.CharField(_("reason"), max_length=255)
    proposed_at = models.DateTimeField(_("proposed at"))
    proposed_by = stamps.created_by(_("proposed by"))
    approved_at = stamps.at(_("approved at"))
    approved_by = stamps.by(_("approved by"))
    refused_at = stamps.at(_("refused at"))
    refused_by = stamps.by(_("refused by"))

    objects = DispensationQuerySet.as_manager()

    class Meta:
        verbose_name = _("dispensation")
        verbose_name_plural = _("dispensations")
        ordering = ["-id"]
        constraints = [
            stamps.pair("dispensation", "approved"),
            stamps.pair("dispensation", "refused"),
            stamps.different_people("dispensation", "proposed", "approved"),
            models.CheckConstraint(name="dispensation_has_a_reason", condition=~Q(reason="")),
            models.CheckConstraint(
                name="dispensation_is_decided_once", condition=Q(approved_at__isnull=True) | Q(refused_at__isnull=True)
            ),
            models.CheckConstraint(
                name="dispensation_ends_after_the_care",
                condition=Q(days__endswith__lte=models.F("until")) & Q(days__isempty=False),
            ),
        ]

    def __str__(self):
        return f"{self.hospital} {self.days}"

    @property
    def waits(self):
        return self.approved_at is None and self.refused_at is None

    @property
    def last_day(self):
        """The last day of the care it speaks of."""
        return self.days.upper - datetime.timedelta(days=1)
