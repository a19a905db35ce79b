"""Who verifies: appointments, conflicts of interest, assignments."""

from django.contrib.postgres.fields import DateRangeField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ksb.core import stamps
from verification.querysets import AppointmentQuerySet, VerifierQuerySet


def _verifier(**kwargs):
    return models.ForeignKey("facilities.User", on_delete=models.PROTECT, verbose_name=_("verifier"), **kwargs)


class Appointment(models.Model):
    """The mayor's decree that makes somebody an independent verifier for a period."""

    verifier = _verifier(related_name="appointments")
    decree = models.CharField(_("decree"), max_length=120)
    valid = DateRangeField(_("in force"))

    objects = AppointmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("appointment")
        verbose_name_plural = _("appointments")

    def __str__(self):
        return f"{self.decree} – {self.verifier}"


class Conflict(models.Model):
    """A tie between a verifier and a hospital: work, family, money. No batch of it may come to them."""

    verifier = _verifier(related_name="conflicts")
    hospital = models.ForeignKey("facilities.Facility", on_delete=models.PROTECT, verbose_name=_("hospital"))
    reason = models.CharField(_("reason"), max_length=255)
    recorded_at = models.DateTimeField(_("recorded at"), auto_now_add=True)
    recorded_by = stamps.created_by(_("recorded by"))

    objects = VerifierQuerySet.as_manager()

    class Meta:
        verbose_name = _("conflict of interest")
        verbose_name_plural = _("conflicts of interest")
        constraints = [models.UniqueConstraint(fields=["verifier", "hospital"], name="one_conflict_per_pair")]

    def __str__(self):
        return f"{self.verifier} – {self.hospital}"


class Assignment(models.Model):
    """A batch given to a verifier."""

    batch = models.ForeignKey(
        "claims.ClaimBatch", on_delete=models.PROTECT, related_name="assignments", verbose_name=_("batch")
    )
    verifier = _verifier(related_name="assignments")
    assigned_at = models.DateTimeField(_("assigned at"))
    assigned_by = stamps.created_by(_("assigned by"))
    ended_at = stamps.at(_("ended at"))
    ended_by = stamps.by(_("ended by"))

    objects = VerifierQuerySet.as_manager()

    class Meta:
        verbose_name = _("assignment")
        verbose_name_plural = _("assignments")
        constraints = [
            stamps.pair("assignment", "ended"),
            models.UniqueConstraint(
                fields=["batch"], condition=Q(ended_at__isnull=True), name="one_verifier_per_batch_at_a_time"
            ),
        ]

    def __str__(self):
        return f"{self.batch} – {self.verifier}"
