"""What belongs to an application: the scans the family handed in, what it agreed to, and what somebody saw at its address."""

import uuid

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ksb.core import stamps
from ksb.core.scanning import Scan
from participants.enums import ConsentPurpose, DocumentKind
from participants.querysets import OfEnrolmentQuerySet


class Document(models.Model):
    """One scan. The file lies below MEDIA_ROOT under a name that says nothing, and is handed out by a view alone."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    enrolment = models.ForeignKey(
        "participants.Enrolment", on_delete=models.PROTECT, related_name="documents", verbose_name=_("application")
    )
    kind = models.CharField(_("kind"), max_length=12, choices=DocumentKind)
    media_type = models.CharField(max_length=20)
    pages = models.PositiveSmallIntegerField(_("pages"), default=1)
    size = models.PositiveIntegerField(_("size"), help_text=_("bytes"))
    sha256 = models.CharField(max_length=64)
    path = models.CharField(max_length=100, unique=True)
    scan = models.CharField(_("virus scan"), max_length=12, choices=Scan)
    uploaded_at = models.DateTimeField(_("uploaded at"))
    uploaded_by = stamps.created_by(_("uploaded by"), help_text=_("the system where the family did it itself"))

    objects = OfEnrolmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("document")
        verbose_name_plural = _("documents")
        indexes = [models.Index(fields=["sha256"], name="document_by_content")]

    def __str__(self):
        return self.get_kind_display()


class Consent(models.Model):
    """That a family agreed to the use of its data, for what, when, having read which edition of the notice.

    Withdrawn it stays on record (UU PDP 27/2022 ps. 9 and 24): an application is then no longer approved.
    """

    enrolment = models.ForeignKey(
        "participants.Enrolment", on_delete=models.CASCADE, related_name="consents", verbose_name=_("application")
    )
    purpose = models.CharField(_("purpose"), max_length=12, choices=ConsentPurpose, default=ConsentPurpose.MEMBERSHIP)
    notice = models.CharField(_("edition of the notice"), max_length=10)
    given_at = models.DateTimeField(_("given at"))
    given_by = stamps.created_by(_("recorded by"), help_text=_("the system where the family did it itself"))
    withdrawn_at = stamps.at(_("withdrawn at"))
    withdrawn_by = stamps.by(_("withdrawn by"), db_index=False)

    objects = OfEnrolmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("consent")
        verbose_name_plural = _("consents")
        constraints = [
            stamps.pair("consent", "withdrawn"),
            models.UniqueConstraint(
                fields=["enrolment", "purpose"],
                condition=Q(withdrawn_at__isnull=True),
                name="one_consent_in_force_per_purpose",
            ),
        ]
        indexes = [
            models.Index(fields=["enrolment"], condition=Q(withdrawn_at__isnull=False), name="consent_taken_back")
        ]

    def __str__(self):
        return f"{self.get_purpose_display()} {self.given_at:%Y-%m-%d}"


class FieldCheck(models.Model):
    """Whether the family lives where it says: a checklist, its score in percent, and where the visitor stood."""

    enrolment = models.ForeignKey(
        "participants.Enrolment", on_delete=models.PROTECT, related_name="field_checks", verbose_name=_("application")
    )
    answers = models.JSONField(_("answers"), help_text=_("question: yes, no or unknown"))
    score = models.PositiveSmallIntegerField(_("score"), help_text=_("per cent of what could be answered"))
    lives_here = models.BooleanField(_("lives at the address"))
    note = models.CharField(_("what was seen"), max_length=500)
    visited_on = models.DateField(_("visited on"))
    latitude = models.DecimalField(
        _("latitude"),
        max_digits=8,
        decimal_places=5,
        null=True,
        blank=True,
        validators=[MinValueValidator(-90), MaxValueValidator(90)],
    )
    longitude = models.DecimalField(
        _("longitude"),
        max_digits=8,
        decimal_places=5,
        null=True,
        blank=True,
        validators=[MinValueValidator(-180), MaxValueValidator(180)],
    )
    recorded_at = models.DateTimeField(_("recorded at"))
    recorded_by = stamps.created_by(_("recorded by"))

    objects = OfEnrolmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("field check")
        verbose_name_plural = _("field checks")
        constraints = [
            models.CheckConstraint(name="field_check_score_is_a_percentage", condition=Q(score__lte=100)),
            models.CheckConstraint(
                name="field_check_has_both_coordinates",
                condition=Q(latitude__isnull=True, longitude__isnull=True)
                | Q(latitude__isnull=False, longitude__isnull=False),
            ),
        ]

    def __str__(self):
        return f"{self.visited_on} {self.score}%"
