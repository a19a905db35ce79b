"""A pattern over many claims that a person should look at. Never an accusation."""

import uuid

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from claims.enums import UNJUDGED, SignalState
from claims.querysets import FraudSignalQuerySet
from ksb.core import stamps


class FraudSignal(models.Model):
    """What the night found by one pattern (FRD-01 to FRD-12) about one ``key``, with the figures it rests on.

    ``score`` orders signals of one pattern: tenths of a standard deviation above the peers, or a count. ``facts`` holds the parts
    of the score and the figures of the peers, ``claims`` the keys of the claims it was seen in (at most 200).
    """

    STATES = SignalState

    id = models.BigAutoField(primary_key=True)
    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    rule = models.CharField(_("pattern"), max_length=6)
    key = models.CharField(max_length=80, editable=False)
    state = models.CharField(_("state"), max_length=12, choices=SignalState, default=SignalState.NOTICED)
    hospital = models.ForeignKey(
        "facilities.Facility", on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("hospital")
    )
    score = models.PositiveIntegerField(_("score"))
    facts = models.JSONField(_("figures"), default=dict)
    claims = ArrayField(models.BigIntegerField(), verbose_name=_("claims"), default=list)
    first_on = models.DateField(_("from"))
    last_on = models.DateField(_("until"))
    noticed_on = models.DateField(_("noticed on"))
    note = models.TextField(_("what was found out"), blank=True)
    judged_at = stamps.at(_("judged at"))
    judged_by = stamps.by(_("judged by"), db_index=False)

    objects = FraudSignalQuerySet.as_manager()

    class Meta:
        verbose_name = _("fraud signal")
        verbose_name_plural = _("fraud signals")
        constraints = [
            stamps.pair("fraudsignal", "judged"),
            models.UniqueConstraint(fields=["rule", "key"], name="one_fraud_signal_per_key"),
            models.CheckConstraint(
                name="a_judged_signal_says_what_was_found",
                condition=Q(state__in=["NOTICED", "IN_REVIEW"]) | (Q(judged_at__isnull=False) & ~Q(note="")),
            ),
        ]
        indexes = [
            models.Index(fields=["state", "-id"]),
            GinIndex(fields=["claims"], name="unjudged_signals_of_a_claim", condition=Q(state__in=UNJUDGED)),
        ]

    def __str__(self):
        return f"{self.rule} {self.noticed_on:%Y-%m-%d}"

    @property
    def message(self):
        """The pattern in words, in the active language."""
        from claims.rules.wording import sentence

        return sentence(self.rule, self.facts)
