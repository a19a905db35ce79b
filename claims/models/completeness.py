"""Minutes of the completeness check of a batch (BA kelengkapan, BA pengembalian berkas: L12)."""

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from claims.enums import CompletenessOutcome
from claims.models.batch import ClaimBatch
from claims.querysets import ClaimPartQuerySet
from ksb.core import stamps


class CompletenessCheck(models.Model):
    """One look at a submitted batch: found complete, found complete by silence, or returned with a list of what lacks.

    Rows are only added; a batch that was returned and submitted again gets a further one. ``claimed`` is rupiah.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    batch = models.ForeignKey(
        ClaimBatch, on_delete=models.PROTECT, related_name="completeness_checks", verbose_name=_("batch")
    )
    number = models.CharField(_("number"), max_length=40, unique=True)
    outcome = models.CharField(_("outcome"), max_length=10, choices=CompletenessOutcome)
    received = models.DateTimeField(_("handed in at"))
    claims = models.PositiveIntegerField(_("claims"))
    claimed = models.BigIntegerField(_("claimed"), help_text=_("rupiah"))
    incomplete = models.PositiveIntegerField(_("incomplete files"), default=0)
    lacking = models.JSONField(_("what lacks"), default=list, blank=True, help_text=_("one sentence each"))
    due_on = models.DateField(_("to be mended by"), null=True, blank=True)
    checked_at = models.DateTimeField(_("checked at"))
    checked_by = stamps.created_by(_("checked by"))

    objects = ClaimPartQuerySet.as_manager()

    class Meta:
        verbose_name = _("completeness check")
        verbose_name_plural = _("completeness checks")
        ordering = ["batch", "-id"]
        constraints = [
            models.CheckConstraint(
                name="a_returned_batch_knows_what_lacks_and_by_when",
                condition=~Q(outcome="RETURNED") | ~Q(lacking=[]) & Q(due_on__isnull=False, incomplete__gt=0),
            ),
            models.CheckConstraint(
                name="a_complete_batch_lacks_nothing",
                condition=Q(outcome="RETURNED") | Q(lacking=[], due_on__isnull=True, incomplete=0),
            ),
            models.CheckConstraint(name="no_more_incomplete_than_claims", condition=Q(incomplete__lte=F("claims"))),
        ]

    def __str__(self):
        return self.number

    @property
    def outcome_tag(self):
        return CompletenessOutcome(self.outcome)
