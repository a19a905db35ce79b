"""Calling patients who did not come."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ksb.core import stamps
from referrals.enums import CallOutcome
from referrals.models.control import ControlLetter
from referrals.models.patient import facility_field
from referrals.models.sjp import Sjp
from referrals.querysets import OfPuskesmasQuerySet


class MissedCall(models.Model):
    """What came of calling a patient about an unused letter or a missed control visit; only ever added."""

    sjp = models.ForeignKey(Sjp, on_delete=models.PROTECT, null=True, related_name="missed_calls", verbose_name="SJP")
    control = models.ForeignKey(
        ControlLetter,
        on_delete=models.PROTECT,
        null=True,
        related_name="missed_calls",
        verbose_name=_("control letter"),
    )
    puskesmas = facility_field("Puskesmas", related_name="+", db_index=False)
    outcome = models.CharField(_("outcome"), max_length=12, choices=CallOutcome)
    note = models.CharField(_("note"), max_length=255, blank=True)
    called_at = models.DateTimeField(_("called at"))
    called_by = stamps.created_by(_("called by"))

    objects = OfPuskesmasQuerySet.as_manager()

    class Meta:
        verbose_name = _("call to a patient")
        verbose_name_plural = _("calls to patients")
        ordering = ["-called_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="a_call_is_about_one_paper",
                condition=Q(sjp__isnull=False, control__isnull=True) | Q(sjp__isnull=True, control__isnull=False),
            )
        ]

    def __str__(self):
        return f"{self.called_at:%Y-%m-%d} {self.outcome}"
