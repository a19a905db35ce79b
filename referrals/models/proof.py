"""Scans behind a letter."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from ksb.core import stamps
from ksb.core.scanning import Scan
from referrals.enums import ProofKind
from referrals.models.sjp import Sjp
from referrals.querysets import ProofQuerySet


class Proof(models.Model):
    """A document somebody decides by: its number and day, and the scan. ``path`` is the opaque name in the file store."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    sjp = models.ForeignKey(Sjp, on_delete=models.PROTECT, related_name="proofs", verbose_name="SJP")
    kind = models.CharField(_("kind"), max_length=14, choices=ProofKind)
    number = models.CharField(_("number"), max_length=60)
    dated = models.DateField(_("date"))
    media_type = models.CharField(_("type"), max_length=20)
    pages = models.PositiveSmallIntegerField(_("pages"))
    size = models.PositiveIntegerField(_("bytes"))
    sha256 = models.CharField(max_length=64)
    path = models.CharField(max_length=120)
    scan = models.CharField(_("scan"), max_length=12, choices=Scan)
    uploaded_at = models.DateTimeField(_("uploaded at"))
    uploaded_by = stamps.created_by(_("uploaded by"))

    objects = ProofQuerySet.as_manager()

    class Meta:
        verbose_name = _("proof of a letter")
        verbose_name_plural = _("proofs of letters")

    def __str__(self):
        return f"{self.kind} {self.number}"
