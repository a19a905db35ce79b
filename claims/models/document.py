"""The papers of a claim."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from claims.enums import DocumentKind
from claims.models.claim import Claim
from claims.querysets import ClaimPartQuerySet
from ksb.core import stamps
from ksb.core.scanning import Scan


class ClaimDocument(models.Model):
    """One scan of a claim. The file lies below MEDIA_ROOT under a name that says nothing.

    ``sha256`` is of what is kept. Papers stand with the last version of their claim.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    claim = models.ForeignKey(
        Claim, on_delete=models.PROTECT, related_name="documents", verbose_name=_("claim"), db_index=False
    )
    kind = models.CharField(_("kind"), max_length=10, choices=DocumentKind)
    media_type = models.CharField(max_length=20)
    pages = models.PositiveSmallIntegerField(_("pages"), default=1)
    size = models.PositiveIntegerField(_("size"), help_text=_("bytes"))
    sha256 = models.CharField(max_length=64)
    path = models.CharField(max_length=100, unique=True)
    scan = models.CharField(_("virus scan"), max_length=12, choices=Scan)
    uploaded_at = models.DateTimeField(_("uploaded at"))
    uploaded_by = stamps.created_by(_("uploaded by"))

    objects = ClaimPartQuerySet.as_manager()

    class Meta:
        verbose_name = _("document of a claim")
        verbose_name_plural = _("documents of claims")
        ordering = ["claim", "id"]
        constraints = [
            models.UniqueConstraint(fields=["claim", "kind", "sha256"], name="one_scan_of_a_kind_per_claim"),
            models.UniqueConstraint(
                fields=["sha256"],
                condition=~Q(kind__in=DocumentKind.OF_THE_PERSON),
                name="a_proof_of_care_stands_in_one_claim",
                violation_error_message=_("This very file was already handed in with another claim."),
            ),
        ]
        indexes = [models.Index(fields=["sha256"])]

    def __str__(self):
        return self.get_kind_display()
