"""The year's money: lines with their ceiling, an append-only ledger, payments with SPP, SPM and SP2D."""

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from budget.enums import LedgerKind, PaymentState
from budget.querysets import BudgetQuerySet, PaymentQuerySet
from ksb.core import stamps


class FiscalYear(models.Model):
    year = models.PositiveSmallIntegerField(_("year"), primary_key=True)
    document = models.CharField("DPA", max_length=80, blank=True)
    closed_at = stamps.at(_("closed at"))
    closed_by = stamps.by(_("closed by"))

    objects = BudgetQuerySet.as_manager()

    class Meta:
        verbose_name = _("fiscal year")
        verbose_name_plural = _("fiscal years")
        ordering = ["-year"]
        constraints = [stamps.pair("fiscalyear", "closed")]

    def __str__(self):
        return str(self.year)


class BudgetLine(models.Model):
    """One line of the budget. The four totals are cached sums of the ledger, kept in the same transaction; rupiah.

    ``realised`` can never exceed ``ceiling`` (CHECK); reservations and commitments may, with a warning: patients must still
    be treated.
    """

    year = models.ForeignKey(FiscalYear, on_delete=models.PROTECT, related_name="lines", verbose_name=_("year"))
    name = models.CharField(_("name"), max_length=120)
    sub_activity = models.CharField(_("sub-activity"), max_length=30)
    account = models.CharField(_("account"), max_length=30)
    funding_source = models.CharField(_("funding source"), max_length=40, default="APBD")
    for_public = models.BooleanField(
        _("for public hospitals"), null=True, blank=True, help_text=_("empty: for every hospital")
    )
    ceiling = models.BigIntegerField(_("ceiling"), default=0)
    reserved = models.BigIntegerField(_("reserved"), default=0, editable=False)
    committed = models.BigIntegerField(_("committed"), default=0, editable=False)
    realised = models.BigIntegerField(_("realised"), default=0, editable=False)

    objects = BudgetQuerySet.as_manager()

    class Meta:
        verbose_name = _("budget line")
        verbose_name_plural = _("budget lines")
        ordering = ["year", "account", "id"]
        constraints = [
            models.CheckConstraint(
                name="realised_never_above_the_line",
                condition=Q(realised__gte=0, realised__lte=F("ceiling")),
                violation_error_message=_("The payment exceeds what is left of the budget line."),
            ),
            models.CheckConstraint(name="totals_not_negative", condition=Q(reserved__gte=0, committed__gte=0)),
            models.UniqueConstraint(
                fields=["year", "sub_activity", "account", "funding_source", "for_public"],
                name="one_line_per_account_and_source",
                nulls_distinct=False,
            ),
        ]

    def __str__(self):
        return f"{self.year_id} {self.name}"

    @property
    def left(self):
        return self.ceiling - self.realised


class LedgerEntry(models.Model):
    """One movement, only ever added (trigger). ``key`` makes a repeat harmless: one movement per cause."""

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


class Payment(models.Model):
    """The payment of one verified batch. KSB keeps the numbers and dates of SPP, SPM and SP2D; SIPD makes the documents."""

    STATES = PaymentState

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    batch = models.ForeignKey(
        "claims.ClaimBatch", on_delete=models.PROTECT, related_name="payments", verbose_name=_("batch")
    )
    line = models.ForeignKey(
        BudgetLine, on_delete=models.PROTECT, related_name="payments", verbose_name=_("budget line")
    )
    amount = models.BigIntegerField(_("amount"))
    state = models.CharField(_("state"), max_length=12, choices=PaymentState, default=PaymentState.PROPOSED)
    proposed_at = models.DateTimeField(_("proposed at"))
    proposed_by = stamps.created_by(_("proposed by"))
    spp_number = models.CharField(_("SPP number"), max_length=60, blank=True)
    spp_date = models.DateField(_("SPP date"), null=True, blank=True)
    spp_at = stamps.at(_("SPP entered at"))
    spp_by = stamps.by(_("SPP entered by"))
    spm_number = models.CharField(_("SPM number"), max_length=60, blank=True)
    spm_date = models.DateField(_("SPM date"), null=True, blank=True)
    spm_at = stamps.at(_("SPM entered at"))
    spm_by = stamps.by(_("SPM entered by"))
    sp2d_number = models.CharField(_("SP2D number"), max_length=60, blank=True)
    sp2d_date = models.DateField(_("SP2D date"), null=True, blank=True)
    sp2d_at = stamps.at(_("SP2D entered at"))
    sp2d_by = stamps.by(_("SP2D entered by"))
    refused_at = stamps.at(_("refused at"))
    refused_by = stamps.by(_("refused by"))
    refusal = models.CharField(_("reason of refusal"), max_length=255, blank=True)

    objects = PaymentQuerySet.as_manager()

    class Meta:
        verbose_name = _("payment")
        verbose_name_plural = _("payments")
        constraints = [
            *(stamps.pair("payment", act) for act in ("spp", "spm", "sp2d", "refused")),
            stamps.different_people("payment", "spp", "spm"),
            stamps.different_people("payment", "spm", "sp2d"),
            stamps.different_people("payment", "spp", "sp2d"),
            models.CheckConstraint(name="payment_is_positive", condition=Q(amount__gt=0)),
            models.UniqueConstraint(
                fields=["batch"],
                condition=~Q(state="REFUSED"),
                name="a_batch_is_paid_once",
                violation_error_message=_("This batch is already being paid."),
            ),
            models.UniqueConstraint(
                fields=["sp2d_number"], condition=~Q(sp2d_number=""), name="an_sp2d_number_is_used_once"
            ),
        ]

    def __str__(self):
        return f"{self.batch} {self.amount}"
