"""Berita Acara Hasil Verifikasi."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from ksb.core import stamps
from verification.enums import BahvState
from verification.querysets import BahvQuerySet


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
