"""Berita Acara Hasil Verifikasi: the first of a batch, and supplementary ones (susulan) for claims decided later."""

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from ksb.core import stamps
from verification.enums import BahvState
from verification.querysets import BahvQuerySet, OfBahvQuerySet


class Bahv(models.Model):
    """The totals of decided claims of one batch, frozen with the hash of their list, signed by three parties.

    ``sequence`` 1 is the first, later ones are supplementary. ``totals`` is ``{service kind: {row: {cases, claimed,
    approved}}}``; its row ``pending`` counts claims still asked about, read again or disputed, which are not in the annex.
    From the first signature on the database refuses any change but the next signature.
    """

    STATES = BahvState

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    batch = models.ForeignKey(
        "claims.ClaimBatch", on_delete=models.PROTECT, related_name="bahvs", verbose_name=_("batch"), db_index=False
    )
    sequence = models.PositiveSmallIntegerField(_("sequence"), default=1, db_default=1)
    claims = models.ManyToManyField("claims.Claim", through="verification.BahvClaim", related_name="+")
    number = models.CharField(_("number"), max_length=40, unique=True)
    token = models.CharField(max_length=24, unique=True, editable=False)
    state = models.CharField(_("state"), max_length=16, choices=BahvState, default=BahvState.DRAFT)
    totals = models.JSONField(_("totals"))
    total_claimed = models.BigIntegerField(_("claimed"), default=0, db_default=0)
    total_approved = models.BigIntegerField(_("approved"), default=0, db_default=0)
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
            stamps.different_people("bahv", "hospital_signed", "approved"),
            models.UniqueConstraint(fields=["batch", "sequence"], name="bahv_of_a_batch_are_numbered"),
            models.UniqueConstraint(
                fields=["batch"],
                condition=~Q(state="APPROVED"),
                name="one_bahv_at_a_time",
                violation_error_message=_("The BAHV before this one is not signed by all yet."),
            ),
            models.CheckConstraint(
                name="bahv_approved_within_claimed",
                condition=Q(total_approved__gte=0, total_approved__lte=F("total_claimed")),
            ),
        ]

    def __str__(self):
        return self.number

    @property
    def is_supplementary(self):
        return self.sequence > 1


class BahvClaim(models.Model):
    """A claim in the annex of a BAHV: in one, and once."""

    bahv = models.ForeignKey(Bahv, on_delete=models.PROTECT, related_name="entries", verbose_name="BAHV")
    claim = models.OneToOneField(
        "claims.Claim", on_delete=models.PROTECT, related_name="bahv_entry", verbose_name=_("claim")
    )

    objects = OfBahvQuerySet.as_manager()

    class Meta:
        verbose_name = _("claim of a BAHV")
        verbose_name_plural = _("claims of BAHV")

    def __str__(self):
        return f"{self.bahv} – {self.claim_id}"
