"""One decision on one claim."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ksb.core import stamps
from verification.enums import Outcome
from verification.models.people import _verifier
from verification.querysets import VerifierQuerySet


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
