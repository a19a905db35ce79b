"""Independent verification: who was appointed, who reads what, what was decided, and the minutes (BAHV)."""

import uuid

from django.contrib.postgres.fields import DateRangeField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ksb.core import stamps
from verification.enums import BahvState, Outcome
from verification.querysets import AppointmentQuerySet, BahvQuerySet, VerifierQuerySet


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


class Review(models.Model):
    """One decision of one verifier on one claim. Kept for ever; a new decision is a new row."""

    claim = models.ForeignKey("claims.Claim", on_delete=models.PROTECT, related_name="reviews", verbose_name=_("claim"))
    verifier = _verifier(related_name="reviews")
    outcome = models.CharField(_("decision"), max_length=8, choices=Outcome)
    reason = models.TextField(_("reason"), blank=True)
    approved = models.BigIntegerField(_("approved"), default=0)
    lines = models.JSONField(_("lines"), default=list)
    decided_at = models.DateTimeField(_("decided at"))
    decided_by = stamps.created_by(_("decided by"))

    objects = VerifierQuerySet.as_manager()

    class Meta:
        verbose_name = _("review")
        verbose_name_plural = _("reviews")
        constraints = [
            models.CheckConstraint(
                name="only_a_plain_approval_needs_no_reason",
                condition=Q(outcome="APPROVE") | ~Q(reason=""),
                violation_error_message=_("Give the reason of this decision."),
            ),
            models.CheckConstraint(name="review_not_negative", condition=Q(approved__gte=0)),
        ]

    def __str__(self):
        return f"{self.claim} {self.outcome}"


class Bahv(models.Model):
    """Berita Acara Hasil Verifikasi: the totals of one batch, frozen with the hash of its annex, signed by three parties."""

    STATES = BahvState

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    batch = models.OneToOneField(
        "claims.ClaimBatch", on_delete=models.PROTECT, related_name="bahv", verbose_name=_("batch")
    )
    number = models.CharField(_("number"), max_length=40, unique=True)
    token = models.CharField(max_length=24, unique=True, editable=False)
    state = models.CharField(_("state"), max_length=16, choices=BahvState, default=BahvState.DRAFT)
    totals = models.JSONField(_("totals"))
    annex_sha256 = models.CharField(_("hash of the annex"), max_length=64)
    drawn_at = models.DateTimeField(_("drawn up at"))
    drawn_by = stamps.created_by(_("drawn up by"))
    hospital_signed_at = stamps.at(_("signed by the hospital at"))
    hospital_signed_by = stamps.by(_("signed for the hospital by"))
    verifier_signed_at = stamps.at(_("signed by the verifier at"))
    verifier_signed_by = stamps.by(_("signed by the verifier"))
    approved_at = stamps.at(_("approved at"))
    approved_by = stamps.by(_("approved by"))

    objects = BahvQuerySet.as_manager()

    class Meta:
        verbose_name = "BAHV"
        verbose_name_plural = "BAHV"
        constraints = [
            *(stamps.pair("bahv", act) for act in ("hospital_signed", "verifier_signed", "approved")),
            stamps.different_people("bahv", "hospital_signed", "verifier_signed"),
            stamps.different_people("bahv", "verifier_signed", "approved"),
        ]

    def __str__(self):
        return self.number
