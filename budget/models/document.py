"""What moves ceilings: DPA, shifts and the changed budget, each entered by one person and put in force by another."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from budget.enums import DocumentKind, DocumentState
from budget.models.line import BudgetLine, FiscalYear
from budget.querysets import BudgetQuerySet
from ksb.core import stamps


class BudgetDocument(models.Model):
    """A document that changes lines of one year. A shift takes as much as it gives (trigger)."""

    STATES = DocumentState

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    year = models.ForeignKey(FiscalYear, on_delete=models.PROTECT, related_name="documents", verbose_name=_("year"))
    kind = models.CharField(_("kind"), max_length=5, choices=DocumentKind)
    number = models.CharField(_("number"), max_length=80)
    dated = models.DateField(_("dated"))
    state = models.CharField(_("state"), max_length=10, choices=DocumentState, default=DocumentState.PROPOSED)
    proposed_at = models.DateTimeField(_("proposed at"))
    proposed_by = stamps.created_by(_("proposed by"))
    approved_at = stamps.at(_("approved at"))
    approved_by = stamps.by(_("approved by"))
    refused_at = stamps.at(_("refused at"))
    refused_by = stamps.by(_("refused by"))
    refusal = models.CharField(_("reason of refusal"), max_length=255, blank=True)

    objects = BudgetQuerySet.as_manager()

    class Meta:
        verbose_name = _("budget document")
        verbose_name_plural = _("budget documents")
        ordering = ["-pk"]
        constraints = [
            stamps.pair("budgetdocument", "approved"),
            stamps.pair("budgetdocument", "refused"),
            stamps.different_people("budgetdocument", "proposed", "approved"),
            models.UniqueConstraint(
                fields=["number"],
                condition=~Q(state="REFUSED"),
                name="a_budget_document_is_entered_once",
                violation_error_message=_("A document with this number was entered already."),
            ),
        ]

    def __str__(self):
        return f"{self.get_kind_display()} {self.number}"


class BudgetChange(models.Model):
    """What a document gives to a line, or takes from it (negative); whole rupiah."""

    document = models.ForeignKey(
        BudgetDocument, on_delete=models.CASCADE, related_name="changes", verbose_name=_("document")
    )
    line = models.ForeignKey(BudgetLine, on_delete=models.PROTECT, related_name="changes", verbose_name=_("line"))
    amount = models.BigIntegerField(_("amount"))

    objects = BudgetQuerySet.as_manager()

    class Meta:
        verbose_name = _("change of a line")
        verbose_name_plural = _("changes of lines")
        ordering = ["line"]
        constraints = [
            models.UniqueConstraint(fields=["document", "line"], name="one_change_per_line_and_document"),
            models.CheckConstraint(name="a_change_has_a_size", condition=~Q(amount=0)),
        ]

    def __str__(self):
        return f"{self.line} {self.amount}"
