"""A claim pended: what the hospital is asked, until when, and what it answered; and the files that prove something."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ksb.core import stamps
from verification.enums import Reason, Stage, Wanted
from verification.models.review import Review
from verification.querysets import OfClaimQuerySet


class Question(models.Model):
    """What a verifier asks the hospital about one claim. The claim waits until ``due_on``, the last day for an answer."""

    public_id = models.UUIDField(default=uuid.uuid4, editable=False, unique=True)
    claim = models.ForeignKey(
        "claims.Claim", on_delete=models.PROTECT, related_name="questions", verbose_name=_("claim")
    )
    review = models.OneToOneField(Review, on_delete=models.PROTECT, related_name="question", verbose_name=_("review"))
    stage = models.CharField(_("stage"), max_length=12, choices=Stage)
    number = models.CharField(_("number"), max_length=40, unique=True)
    token = models.CharField(max_length=24, unique=True, editable=False)
    code = models.CharField(_("reason"), max_length=12, choices=Reason)
    text = models.TextField(_("question"))
    wanted = models.JSONField(_("documents asked for"), default=list)
    due_on = models.DateField(_("answer until"))
    asked_at = models.DateTimeField(_("asked at"))
    asked_by = stamps.created_by(_("asked by"))
    answer = models.TextField(_("answer"), blank=True)
    answered_at = stamps.at(_("answered at"))
    answered_by = stamps.by(_("answered by"))
    ended_at = stamps.at(_("ended unanswered at"))
    ended_by = stamps.by(_("ended unanswered by"))

    objects = OfClaimQuerySet.as_manager()

    class Meta:
        verbose_name = _("question to a hospital")
        verbose_name_plural = _("questions to hospitals")
        constraints = [
            stamps.pair("question", "answered"),
            stamps.pair("question", "ended"),
            models.CheckConstraint(
                name="question_is_answered_or_ended",
                condition=Q(answered_at__isnull=True) | Q(ended_at__isnull=True),
            ),
            models.CheckConstraint(
                name="an_answer_says_something", condition=Q(answered_at__isnull=True) | ~Q(answer="")
            ),
            models.UniqueConstraint(
                fields=["claim"],
                condition=Q(answered_at__isnull=True, ended_at__isnull=True),
                name="one_open_question_per_claim",
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_on"],
                name="open_question_by_due_day",
                condition=Q(answered_at__isnull=True, ended_at__isnull=True),
            )
        ]

    def __str__(self):
        return self.number

    @property
    def wanted_labels(self):
        """The documents asked for, in the language of whoever looks."""
        return [Wanted(code).label for code in self.wanted]

    @property
    def is_open(self):
        return self.answered_at is None and self.ended_at is None


class Proof(models.Model):
    """A file a hospital sent with an answer or a dispute."""

    public_id = models.UUIDField(default=uuid.uuid4, editable=False, unique=True)
    question = models.ForeignKey(
        Question, on_delete=models.PROTECT, null=True, related_name="proofs", verbose_name=_("question")
    )
    dispute = models.ForeignKey(
        "verification.Dispute", on_delete=models.PROTECT, null=True, related_name="proofs", verbose_name=_("dispute")
    )
    media_type = models.CharField(_("type"), max_length=40)
    pages = models.PositiveSmallIntegerField(_("pages"), default=1)
    size = models.PositiveIntegerField(_("size in bytes"))
    sha256 = models.CharField(max_length=64)
    path = models.CharField(_("kept at"), max_length=255)
    scan = models.CharField(_("virus check"), max_length=12)
    uploaded_at = models.DateTimeField(_("sent at"))
    uploaded_by = stamps.created_by(_("sent by"))

    objects = OfClaimQuerySet.as_manager()

    class Meta:
        verbose_name = _("proof of a hospital")
        verbose_name_plural = _("proofs of hospitals")
        constraints = [
            models.CheckConstraint(
                name="proof_of_an_answer_or_a_dispute",
                condition=Q(question__isnull=True, dispute__isnull=False)
                | Q(question__isnull=False, dispute__isnull=True),
            )
        ]

    def __str__(self):
        return self.sha256[:12]
