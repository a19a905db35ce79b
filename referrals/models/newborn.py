"""Requests for the letters of newborns."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ksb.core import stamps
from referrals.models.patient import facility_field
from referrals.models.sjp import Sjp
from referrals.querysets import NewbornRequestQuerySet


class NewbornRequest(models.Model):
    """A hospital's or Puskesmas' request for the SJP of a newborn that needs care of its own.

    The Puskesmas answers it with a letter (``sjp``) or declines. ``late_reason`` says why it comes after the hours the
    scheme gives.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    newborn = models.ForeignKey(
        "participants.Newborn", on_delete=models.PROTECT, related_name="requests", verbose_name=_("newborn")
    )
    puskesmas = facility_field("Puskesmas", related_name="newborn_requests_in")
    hospital = facility_field(_("hospital"), related_name="newborn_requests_out")
    specialty = models.ForeignKey("facilities.Specialty", on_delete=models.PROTECT, verbose_name=_("specialty"))
    diagnosis = models.ForeignKey("facilities.Diagnosis", on_delete=models.PROTECT, verbose_name=_("working diagnosis"))
    complaint = models.TextField(_("complaint and history"))
    findings = models.TextField(_("findings"))
    doctor_name = models.CharField(_("doctor in charge"), max_length=120)
    late_reason = models.CharField(_("why so late"), max_length=255, blank=True)
    sjp = models.OneToOneField(
        Sjp, on_delete=models.PROTECT, null=True, related_name="newborn_request", verbose_name="SJP"
    )
    requested_at = models.DateTimeField(_("requested at"))
    requested_by = stamps.created_by(_("requested by"))
    declined_at = stamps.at(_("declined at"))
    declined_by = stamps.by(_("declined by"))
    reason = models.CharField(_("reason for declining"), max_length=255, blank=True)

    objects = NewbornRequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("request for a newborn's SJP")
        verbose_name_plural = _("requests for newborns' SJPs")
        constraints = [
            stamps.pair("newbornrequest", "declined"),
            models.CheckConstraint(
                name="newborn_request_is_answered_once", condition=Q(sjp__isnull=True) | Q(declined_at__isnull=True)
            ),
            models.UniqueConstraint(
                fields=["newborn"],
                condition=Q(sjp__isnull=True, declined_at__isnull=True),
                name="one_open_request_per_newborn",
                violation_error_message=_("A request for this child waits already."),
            ),
        ]
        indexes = [
            models.Index(
                fields=["puskesmas", "id"],
                condition=Q(sjp__isnull=True, declined_at__isnull=True),
                name="newborn_request_open",
            )
        ]

    def __str__(self):
        return f"{self.newborn_id} {self.requested_at:%Y-%m-%d}"

    @property
    def is_open(self):
        return self.sjp_id is None and self.declined_at is None
