"""One decision on one claim, and its second reading."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ksb.core import stamps
from verification.enums import Outcome, ReadingReason, ReadingState, Reason, Stage
from verification.models.people import verifier_field
from verification.querysets import SecondReadingQuerySet, VerifierQuerySet


class Review(models.Model):
    """What one verifier decided on one claim. Kept for ever; a new decision is a new row.

    ``lines`` is a list of ``{line, kind, code, asked, approved, quantity, price, reason, reason_code}``: what the claim's lines
    become once this decision is final, after a second reading where there is one; ``approved`` is quantity x price. A rejection
    or an approval in part has a letter (L15), and ``token`` opens its page of validity.
    """

    claim = models.ForeignKey("claims.Claim", on_delete=models.PROTECT, related_name="reviews", verbose_name=_("claim"))
    stage = models.CharField(_("stage"), max_length=12, choices=Stage, db_default=Stage.ADMIN, default=Stage.ADMIN)
    verifier = verifier_field(related_name="reviews")
    outcome = models.CharField(_("decision"), max_length=8, choices=Outcome)
    code = models.CharField(_("reason"), max_length=12, choices=Reason, blank=True, db_default="")
    reason = models.TextField(_("explanation"), blank=True)
    rule = models.CharField(_("rule or article"), max_length=200, blank=True, db_default="")
    approved = models.BigIntegerField(_("approved"), default=0)
    lines = models.JSONField(_("lines"), default=list)
    token = models.CharField(
        max_length=24, unique=True, null=True, editable=False, help_text=_("in the QR of its letter")
    )
    in_bulk = models.BooleanField(_("one of many at once"), db_default=False, default=False)
    decided_at = models.DateTimeField(_("decided at"))
    decided_by = stamps.created_by(_("decided by"))

    objects = VerifierQuerySet.as_manager()

    class Meta:
        verbose_name = _("review")
        verbose_name_plural = _("reviews")
        constraints = [
            models.CheckConstraint(
                name="only_a_plain_approval_needs_no_reason",
                condition=Q(outcome__in=["APPROVE", "PASS"]) | ~Q(reason=""),
                violation_error_message=_("Give the reason of this decision."),
            ),
            models.CheckConstraint(name="review_not_negative", condition=Q(approved__gte=0)),
        ]
        indexes = [models.Index(fields=["decided_at"], name="review_by_day")]

    def __str__(self):
        return f"{self.claim} {self.outcome}"


class SecondReading(models.Model):
    """Another person reads a decided claim without knowing the decision. Nothing is final before.

    ``first`` is what was decided, ``second`` what the reader found; where they differ the coordinator resolves it.
    """

    STATES = ReadingState

    public_id = models.UUIDField(default=uuid.uuid4, editable=False, unique=True)
    claim = models.OneToOneField(
        "claims.Claim", on_delete=models.PROTECT, related_name="second_reading", verbose_name=_("claim")
    )
    state = models.CharField(_("state"), max_length=12, choices=ReadingState, default=ReadingState.WAITING)
    why = models.CharField(_("why"), max_length=12, choices=ReadingReason)
    first = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="+", verbose_name=_("first decision"))
    first_by = stamps.created_by(_("first decided by"))
    reader = models.ForeignKey(
        "facilities.User",
        on_delete=models.PROTECT,
        null=True,
        related_name="second_readings",
        verbose_name=_("second reader"),
    )
    second = models.ForeignKey(
        Review, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("second decision")
    )
    opened_at = models.DateTimeField(_("opened at"))
    opened_by = stamps.created_by(_("opened by"))
    read_at = stamps.at(_("read at"))
    read_by = stamps.by(_("read by"))
    resolved_at = stamps.at(_("resolved at"))
    resolved_by = stamps.by(_("resolved by"))

    objects = SecondReadingQuerySet.as_manager()

    class Meta:
        verbose_name = _("second reading")
        verbose_name_plural = _("second readings")
        constraints = [
            stamps.pair("reading", "read"),
            stamps.pair("reading", "resolved"),
            models.CheckConstraint(
                name="second_reader_is_somebody_else",
                condition=Q(reader__isnull=True) | ~Q(reader=models.F("first_by")),
                violation_error_message=_("The second reader must be somebody else."),
            ),
            stamps.different_people("reading", "first", "read"),
            stamps.different_people("reading", "first", "resolved"),
            stamps.different_people("reading", "read", "resolved"),
        ]
        indexes = [models.Index(fields=["state", "id"], name="reading_by_state")]

    def __str__(self):
        return f"{self.claim} {self.why}"
