"""What a rule found on a claim."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from claims.enums import Severity
from claims.models.claim import Claim
from claims.querysets import ClaimPartQuerySet
from ksb.core import stamps


class Finding(models.Model):
    """What one rule found on one claim: which rule, how grave, in plain words, with the evidence."""

    id = models.BigAutoField(primary_key=True)
    claim = models.ForeignKey(
        Claim, on_delete=models.CASCADE, related_name="findings", verbose_name=_("claim"), db_index=False
    )
    rule = models.CharField(_("rule"), max_length=6)
    severity = models.CharField(_("severity"), max_length=1, choices=Severity)
    evidence = models.JSONField(_("evidence"), default=dict)
    overridden_at = stamps.at(_("overridden at"))
    overridden_by = stamps.by(_("overridden by"), db_index=False)
    override_reason = models.CharField(_("reason"), max_length=255, blank=True)

    objects = ClaimPartQuerySet.as_manager()

    class Meta:
        verbose_name = _("finding")
        verbose_name_plural = pgettext_lazy("claims", "findings")
        ordering = ["claim", "id"]
        constraints = [
            stamps.pair("finding", "overridden"),
            models.UniqueConstraint(fields=["claim", "rule"], name="one_finding_per_rule_and_claim"),
        ]

    def __str__(self):
        return self.rule

    @property
    def message(self):
        """The finding in words, in the active language."""
        from claims.rules.wording import sentence

        return sentence(self.rule, self.evidence)

    @property
    def severity_label(self):
        return Severity(self.severity)
