"""Who verifies: appointments, conflicts of interest, absences, assignments."""

import datetime

from django.contrib.postgres.fields import DateRangeField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ksb.core import stamps
from verification.enums import AppointmentKind, Stage
from verification.querysets import AppointmentQuerySet, VerifierQuerySet


def verifier_field(**kwargs):
    return models.ForeignKey("facilities.User", on_delete=models.PROTECT, verbose_name=_("verifier"), **kwargs)


def last_of(days):
    """The last day of a range as PostgreSQL keeps it: its end is the day after."""
    return days.upper - datetime.timedelta(days=1) if days.upper else None


class Appointment(models.Model):
    """The mayor's decree that makes somebody an independent verifier for a period.

    Who ever had a role in a hospital cannot be appointed: a trigger holds it (domain.md G3.3).
    """

    verifier = verifier_field(related_name="appointments")
    kind = models.CharField(
        _("kind"), max_length=16, choices=AppointmentKind, db_default=AppointmentKind.ADMINISTRATIVE
    )
    decree = models.CharField(_("decree"), max_length=120)
    valid = DateRangeField(_("in force"))

    objects = AppointmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("appointment")
        verbose_name_plural = _("appointments")
        constraints = [
            models.CheckConstraint(name="appointment_has_a_period", condition=Q(valid__isempty=False)),
        ]

    def __str__(self):
        return f"{self.decree} – {self.verifier}"

    @property
    def last_day(self):
        return last_of(self.valid)


class Conflict(models.Model):
    """A tie between a verifier and a hospital: work, family, money. No claim of it comes to them while it lasts."""

    verifier = verifier_field(related_name="conflicts")
    hospital = models.ForeignKey("facilities.Facility", on_delete=models.PROTECT, verbose_name=_("hospital"))
    reason = models.CharField(_("reason"), max_length=255)
    declared_on = models.DateField(_("declared by the verifier on"), null=True, blank=True)
    recorded_at = models.DateTimeField(_("recorded at"), auto_now_add=True)
    recorded_by = stamps.created_by(_("recorded by"))
    ended_at = stamps.at(_("ended at"))
    ended_by = stamps.by(_("ended by"))

    objects = VerifierQuerySet.as_manager()

    class Meta:
        verbose_name = _("conflict of interest")
        verbose_name_plural = _("conflicts of interest")
        constraints = [
            stamps.pair("conflict", "ended"),
            models.UniqueConstraint(
                fields=["verifier", "hospital"],
                condition=Q(ended_at__isnull=True),
                name="one_conflict_per_pair",
                violation_error_message=_("This tie is on record already."),
            ),
        ]

    def __str__(self):
        return f"{self.verifier} – {self.hospital}"


class Absence(models.Model):
    """Days on which a verifier reads nothing: open work is handed over, none is given."""

    verifier = verifier_field(related_name="absences")
    days = DateRangeField(_("days"))
    reason = models.CharField(_("reason"), max_length=255)
    recorded_at = models.DateTimeField(_("recorded at"))
    recorded_by = stamps.created_by(_("recorded by"))
    ended_at = stamps.at(_("ended at"))
    ended_by = stamps.by(_("ended by"))

    objects = VerifierQuerySet.as_manager()

    class Meta:
        verbose_name = _("absence")
        verbose_name_plural = _("absences")
        constraints = [
            stamps.pair("absence", "ended"),
            models.CheckConstraint(name="absence_has_days", condition=Q(days__isempty=False)),
        ]

    def __str__(self):
        return f"{self.verifier} {self.days}"

    @property
    def last_day(self):
        return last_of(self.days)


class Assignment(models.Model):
    """The claims of a batch given to a verifier for one stage.

    ``seed`` and ``drawn_from`` (keys of the least loaded candidates) let anybody repeat the draw; both are empty where the
    coordinator chose.
    """

    batch = models.ForeignKey(
        "claims.ClaimBatch", on_delete=models.PROTECT, related_name="assignments", verbose_name=_("batch")
    )
    stage = models.CharField(_("stage"), max_length=12, choices=Stage, db_default=Stage.ADMIN, default=Stage.ADMIN)
    verifier = verifier_field(related_name="assignments")
    seed = models.BigIntegerField(_("seed of the draw"), null=True, editable=False)
    drawn_from = models.JSONField(_("drawn from"), default=list, db_default=[], editable=False)
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
            models.CheckConstraint(name="a_batch_has_two_stages", condition=Q(stage__in=["ADMIN", "MEDICAL"])),
            models.UniqueConstraint(
                fields=["batch", "stage"],
                condition=Q(ended_at__isnull=True),
                name="one_verifier_per_stage_at_a_time",
            ),
        ]

    def __str__(self):
        return f"{self.batch} – {self.verifier}"
