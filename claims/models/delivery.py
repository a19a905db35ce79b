"""What is too large for one request: it comes in pieces, lies in the store, and a worker takes it in."""

import uuid

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from claims.enums import DeliveryKind, Stage
from claims.models.batch import ClaimBatch
from claims.querysets import DeliveryQuerySet
from ksb.core import stamps


class Delivery(models.Model):
    """A large e-Klaim file, or a month's scans, on its way in.

    ``received`` of ``size`` bytes are here, in pieces named by where they begin. A worker that dies leaves it as it was: it
    is taken in again from the beginning, in one transaction. ``outcome`` says what became of it, ``refusal`` why nothing did.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(_("kind"), max_length=8, choices=DeliveryKind)
    hospital = models.ForeignKey(
        "facilities.Facility", on_delete=models.PROTECT, related_name="+", verbose_name=_("hospital")
    )
    batch = models.ForeignKey(
        ClaimBatch, on_delete=models.PROTECT, null=True, related_name="deliveries", verbose_name=_("batch")
    )
    file_name = models.CharField(_("file"), max_length=120)
    size = models.BigIntegerField(_("size"), help_text=_("bytes"))
    received = models.BigIntegerField(_("received"), default=0, help_text=_("bytes"))
    stage = models.CharField(_("stage"), max_length=8, choices=Stage, blank=True)
    done = models.PositiveIntegerField(_("done"), default=0)
    total = models.PositiveIntegerField(_("of"), default=0)
    outcome = models.JSONField(_("outcome"), default=dict)
    refusal = models.TextField(_("why it was refused"), blank=True)
    created_at = models.DateTimeField(_("begun at"))
    created_by = stamps.created_by(_("sent by"))
    finished_at = stamps.at(_("finished at"))
    finished_by = stamps.by(_("finished by"))

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        constraints = [
            stamps.pair("delivery", "finished"),
            models.CheckConstraint(
                name="delivery_holds_at_most_its_size",
                condition=Q(received__gte=0, received__lte=F("size"), size__gt=0),
            ),
            models.CheckConstraint(
                name="only_a_whole_delivery_is_finished", condition=Q(finished_at__isnull=True) | Q(received=F("size"))
            ),
        ]
        indexes = [
            models.Index(fields=["id"], condition=Q(finished_at__isnull=True), name="deliveries_to_take"),
        ]

    def __str__(self):
        return self.file_name

    def get_absolute_url(self):
        return reverse("claims:delivery", args=[self.public_id])

    @property
    def is_whole(self):
        return self.received == self.size

    @property
    def share(self):
        """Percent: of the bytes while it arrives, of the rows or scans while it is taken in."""
        if not self.is_whole:
            return self.received * 100 // self.size
        return self.done * 100 // self.total if self.total else 0
