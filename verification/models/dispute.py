"""Sengketa: a hospital that does not accept a decision, and the panel that rules on it."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ksb.core import stamps
from verification.enums import DisputeState, Ruling
from verification.querysets import OfClaimQuerySet


class Dispute(models.Model):
    """One dispute about one claim, once. The panel is a doctor who rules and a Dinkes officer who confirms.

    Neither has read the claim before (domain.md G3.4): a trigger compares them with its reviews. ``lines`` maps the key of a
    line to the quantity and price the panel grants, never below what was granted before.
    """

    STATES = DisputeState

    public_id = models.UUIDField(default=uuid.uuid4, editable=False, unique=True)
    claim = models.OneToOneField(
        "claims.Claim", on_delete=models.PROTECT, related_name="dispute", verbose_name=_("claim")
    )
    number = models.CharField(_("number"), max_length=40, unique=True)
    token = models.CharField(max_length=24, unique=True, editable=False)
    state = models.CharField(_("state"), max_length=8, choices=DisputeState, default=DisputeState.FILED)
    before = models.BigIntegerField(_("approved before"), default=0)
    argument = models.TextField(_("argument of the hospital"))
    filed_at = models.DateTimeField(_("filed at"))
    filed_by = stamps.created_by(_("filed by"))
    due_on = models.DateField(_("ruling until"))
    doctor = models.ForeignKey(
        "facilities.User", on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("doctor of the panel")
    )
    officer = models.ForeignKey(
        "facilities.User", on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("Dinkes on the panel")
    )
    named_at = stamps.at(_("panel named at"))
    named_by = stamps.by(_("panel named by"))
    ruling = models.CharField(_("ruling"), max_length=12, choices=Ruling, blank=True)
    approved = models.BigIntegerField(_("approved by the ruling"), null=True)
    lines = models.JSONField(_("lines"), default=dict)
    grounds = models.TextField(_("grounds"), blank=True)
    ruled_at = stamps.at(_("ruled at"))
    ruled_by = stamps.by(_("ruled by"))
    decided_at = stamps.at(_("decided at"))
    decided_by = stamps.by(_("decided by"))

    objects = OfClaimQuerySet.as_manager()

    class Meta:
        verbose_name = _("dispute")
        verbose_name_plural = _("disputes")
        constraints = [
            *(stamps.pair("dispute", act) for act in ("named", "ruled", "decided")),
            stamps.different_people("dispute", "ruled", "decided"),
            models.CheckConstraint(
                name="a_panel_has_two_people",
                condition=Q(doctor__isnull=True, officer__isnull=True)
                | Q(doctor__isnull=False, officer__isnull=False) & ~Q(doctor=models.F("officer")),
                violation_error_message=_("The panel needs two different people."),
            ),
            models.CheckConstraint(
                name="a_decided_dispute_says_what",
                condition=~Q(state__in=["RULED", "DECIDED"])
                | Q(approved__isnull=False, approved__gte=models.F("before")) & ~Q(ruling="") & ~Q(grounds=""),
            ),
        ]
        indexes = [models.Index(fields=["state", "id"], name="dispute_by_state")]

    def __str__(self):
        return self.number
