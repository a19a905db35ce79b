"""Movements of money, only ever added."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from budget.enums import LedgerKind
from budget.models.line import BudgetLine
from budget.querysets import BudgetQuerySet
from ksb.core import stamps


class LedgerEntry(models.Model):
    """One movement, only ever added (trigger). ``key`` makes a repeat harmless: one movement per cause.

    ``sources`` is what each funding source bears of it (``{source: rupiah}``), written by a trigger from the shares of the line.
    """

    id = models.BigAutoField(primary_key=True)
    line = models.ForeignKey(
        BudgetLine, on_delete=models.PROTECT, related_name="entries", verbose_name=pgettext_lazy("budget", "line")
    )
    kind = models.CharField(_("kind"), max_length=10, choices=LedgerKind)
    amount = models.BigIntegerField(_("amount"))
    key = models.CharField(max_length=80, unique=True, help_text=_("e.g. reserve:sjp:17"))
    sjp = models.ForeignKey("referrals.Sjp", on_delete=models.PROTECT, null=True, related_name="+", verbose_name="SJP")
    claim = models.ForeignKey(
        "claims.Claim", on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("claim")
    )
    payment = models.ForeignKey(
        "budget.Payment", on_delete=models.PROTECT, null=True, related_name="entries", verbose_name=_("payment")
    )
    document = models.ForeignKey(
        "budget.BudgetDocument", on_delete=models.PROTECT, null=True, related_name="entries", verbose_name=_("document")
    )
    recovery = models.ForeignKey(
        "budget.Recovery", on_delete=models.PROTECT, null=True, related_name="entries", verbose_name=_("recovery")
    )
    sources = models.JSONField(_("by funding source"), null=True, editable=False)
    note = models.CharField(_("note"), max_length=200, blank=True)
    entered_at = models.DateTimeField(_("entered at"))
    entered_by = stamps.created_by(_("entered by"))

    objects = BudgetQuerySet.as_manager()

    class Meta:
        verbose_name = _("ledger entry")
        verbose_name_plural = _("ledger")
        constraints = [
            models.CheckConstraint(name="ledger_amount_has_a_size", condition=~Q(amount=0)),
            models.CheckConstraint(name="only_revisions_may_be_negative", condition=Q(amount__gt=0) | Q(kind="REVISE")),
        ]
        indexes = [models.Index(fields=["line", "kind"]), models.Index(fields=["claim"]), models.Index(fields=["sjp"])]

    def __str__(self):
        return f"{self.kind} {self.amount}"
