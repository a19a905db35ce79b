"""The note one shift of a desk leaves for the next."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from ksb.core import stamps
from referrals.enums import Shift
from referrals.models.patient import facility_field
from referrals.querysets import HandoverQuerySet


class Handover(models.Model):
    """What was open at the end of a shift, and a free text. ``matters`` are counts by kind, as the desk's page showed them."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    facility = facility_field(_("facility"), related_name="+", db_index=False)
    shift = models.CharField(_("shift that ends"), max_length=9, choices=Shift)
    text = models.TextField(_("for the next shift"))
    matters = models.JSONField(_("open matters"), default=dict)
    written_at = models.DateTimeField(_("written at"))
    written_by = stamps.created_by(_("written by"))
    read_at = stamps.at(_("read at"))
    read_by = stamps.by(_("read by"), db_index=False)

    objects = HandoverQuerySet.as_manager()

    class Meta:
        verbose_name = _("shift handover")
        verbose_name_plural = _("shift handovers")
        constraints = [
            stamps.pair("handover", "read"),
            stamps.different_people("handover", "written", "read"),
        ]
        indexes = [models.Index(fields=["facility", "-id"])]

    def __str__(self):
        return f"{self.facility} {self.written_at:%Y-%m-%d}"
