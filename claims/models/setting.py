"""How a rule is applied from a day on: proposed by one person, put in force by another."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from claims.enums import SettingState, Severity
from claims.querysets import SettingQuerySet
from ksb.core import stamps


class RuleSetting(models.Model):
    """From the service day ``starts`` on the rule is on or off, as grave as said, with these ``thresholds``.

    It holds until the next one of the same rule begins. Where no setting says anything the code's own version holds.
    ``thresholds`` are whole numbers by the names the rule gives them.
    """

    STATES = SettingState

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    rule = models.CharField(_("rule"), max_length=6)
    state = models.CharField(_("state"), max_length=8, choices=SettingState, default=SettingState.PROPOSED)
    active = models.BooleanField(_("applied"), default=True)
    severity = models.CharField(_("severity"), max_length=1, choices=Severity)
    thresholds = models.JSONField(_("thresholds"), default=dict)
    starts = models.DateField(_("for services from"))
    reason = models.CharField(_("reason"), max_length=500)
    proposed_at = models.DateTimeField(_("proposed at"))
    proposed_by = stamps.created_by(_("proposed by"))
    approved_at = stamps.at(_("approved at"))
    approved_by = stamps.by(_("approved by"))
    refused_at = stamps.at(_("refused at"))
    refused_by = stamps.by(_("refused by"))
    refusal = models.CharField(_("why it was refused"), max_length=500, blank=True)

    objects = SettingQuerySet.as_manager()

    class Meta:
        verbose_name = _("setting of a rule")
        verbose_name_plural = _("settings of rules")
        constraints = [
            *(stamps.pair("rulesetting", act) for act in ("approved", "refused")),
            stamps.different_people("rulesetting", "proposed", "approved"),
            models.CheckConstraint(
                name="rulesetting_in_force_was_approved", condition=~Q(state="IN_FORCE") | Q(approved_at__isnull=False)
            ),
            models.CheckConstraint(name="rulesetting_says_why", condition=~Q(reason="")),
            models.UniqueConstraint(
                fields=["rule", "starts"],
                condition=Q(state="IN_FORCE"),
                name="one_setting_per_rule_and_day",
                violation_error_message=_("Another change of this rule begins on this day."),
            ),
            models.UniqueConstraint(
                fields=["rule"],
                condition=Q(state="PROPOSED"),
                name="one_proposal_per_rule",
                violation_error_message=_("A change of this rule waits for its decision already."),
            ),
        ]

    def __str__(self):
        return f"{self.rule} {self.starts:%Y-%m-%d}"

    @property
    def numbers(self):
        """The thresholds with their labels, as pages show them."""
        from claims.rules.catalogue import BY_CODE

        return [(str(t.label).capitalize(), self.thresholds[t.name]) for t in BY_CODE[self.rule].thresholds]
