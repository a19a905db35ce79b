"""An audit: the letter that opens it for a time, the sample drawn with its seed, the findings and their answers."""

import uuid

from django.contrib.postgres.fields import DateRangeField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from facilities.enums import Role
from ksb.core import formats, stamps
from ksb.core.querysets import PerimeterQuerySet
from reports.enums import AuditFindingState, AuditSubject

READERS = (Role.AUDITOR, Role.BUDGET_USER, Role.DINKES_CLAIMS)


class AuditQuerySet(PerimeterQuerySet):
    def visible_to(self, actor):
        """An auditor sees the audits the letter gives to them; who opens and who answers see all."""
        if actor.has_role(Role.BUDGET_USER, Role.DINKES_CLAIMS):
            return self
        if not actor.has_role(Role.AUDITOR):
            return self.none()
        path = "auditor" if hasattr(self.model, "auditor") else "audit__auditor"
        return self.filter(**{path: actor})


class Audit(models.Model):
    """The letter of assignment of one auditor: for which purpose, in which days, over which months of service."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    auditor = models.ForeignKey(
        "facilities.User", on_delete=models.PROTECT, related_name="audits", verbose_name=_("auditor")
    )
    letter = models.CharField(_("letter of assignment"), max_length=120, unique=True)
    purpose = models.CharField(_("purpose"), max_length=255)
    valid = DateRangeField(_("in force"))
    scope = DateRangeField(_("days of service"))
    opened_at = models.DateTimeField(_("opened at"))
    opened_by = stamps.created_by(_("opened by"))

    objects = AuditQuerySet.as_manager()

    class Meta:
        verbose_name = _("audit")
        verbose_name_plural = _("audits")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                name="audit_ends",
                condition=Q(valid__upper_inf=False, scope__upper_inf=False, valid__isempty=False, scope__isempty=False),
            ),
            models.CheckConstraint(
                name="nobody_opens_an_audit_for_oneself", condition=~Q(auditor=models.F("opened_by"))
            ),
        ]

    def __str__(self):
        return self.letter

    @property
    def period(self):
        return formats.period(self.valid)


class AuditSample(models.Model):
    """One drawing: the seed and the SQL's order make it the same for whoever draws again. Append-only."""

    audit = models.ForeignKey(Audit, on_delete=models.PROTECT, related_name="samples", verbose_name=_("audit"))
    subject = models.CharField(_("what is drawn"), max_length=8, choices=AuditSubject)
    seed = models.CharField(_("seed"), max_length=32)
    size = models.PositiveIntegerField(_("size"))
    population = models.PositiveIntegerField(_("drawn from"))
    keys = models.JSONField(_("drawn"), default=list)
    drawn_at = models.DateTimeField(_("drawn at"))
    drawn_by = stamps.created_by(_("drawn by"))

    objects = AuditQuerySet.as_manager()

    class Meta:
        verbose_name = _("sample of an audit")
        verbose_name_plural = _("samples of audits")
        ordering = ["pk"]

    def __str__(self):
        return f"{self.audit} {self.seed}"


class AuditFinding(models.Model):
    """What an auditor found at a claim or a payment of the sample, and what was answered. Whole rupiah."""

    STATES = AuditFindingState

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    audit = models.ForeignKey(Audit, on_delete=models.PROTECT, related_name="findings", verbose_name=_("audit"))
    claim = models.ForeignKey(
        "claims.Claim", on_delete=models.PROTECT, null=True, related_name="audit_findings", verbose_name=_("claim")
    )
    payment = models.ForeignKey(
        "budget.Payment", on_delete=models.PROTECT, null=True, related_name="audit_findings", verbose_name=_("payment")
    )
    amount = models.BigIntegerField(_("amount"), default=0)
    rule = models.CharField(_("rule that is broken"), max_length=120)
    text = models.TextField(_("finding"))
    reply = models.TextField(_("reply"), blank=True)
    state = models.CharField(_("state"), max_length=8, choices=AuditFindingState, default=AuditFindingState.OPEN)
    found_at = models.DateTimeField(_("found at"))
    found_by = stamps.created_by(_("found by"))
    replied_at = stamps.at(_("replied at"))
    replied_by = stamps.by(_("replied by"))
    closed_at = stamps.at(_("closed at"))
    closed_by = stamps.by(_("closed by"))

    objects = AuditQuerySet.as_manager()

    class Meta:
        verbose_name = _("finding of an audit")
        verbose_name_plural = _("findings of audits")
        ordering = ["pk"]
        constraints = [
            stamps.pair("auditfinding", "replied"),
            stamps.pair("auditfinding", "closed"),
            models.CheckConstraint(name="audit_amount_not_negative", condition=Q(amount__gte=0)),
            models.CheckConstraint(
                name="finding_about_one_thing",
                condition=Q(claim__isnull=False, payment__isnull=True) | Q(claim__isnull=True, payment__isnull=False),
            ),
        ]

    def __str__(self):
        return f"{self.audit} {self.rule}"
