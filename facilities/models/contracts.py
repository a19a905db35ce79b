"""Agreements with hospitals (PKS): the paper, what it includes from when, the account it pays to, and when it rests.

The day decides everything: letters and claims ask for the terms in force on a day (``Contract.objects.in_force``, and for SQL
``facilities.conditions``), so an addendum or a suspension entered today changes no answer about yesterday.
"""

import datetime
import uuid

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateRangeField, RangeOperators
from django.contrib.postgres.functions import RandomUUID
from django.db import models
from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import F, Func, Q, Value
from django.utils.translation import gettext_lazy as _

from facilities.enums import AccountState, Service
from facilities.querysets import AccountChangeQuerySet, ContractQuerySet, SuspensionQuerySet, TermsQuerySet
from ksb.core import formats, stamps

ONE_DAY = datetime.timedelta(days=1)


def _one_at_a_time(name, owner, period, sentence):
    """Exclusion without an extension: the owner as a range of one number, beside the period."""
    number = Func(F(owner), F(owner), Value("[]"), function="int8range")
    return ExclusionConstraint(
        name=name,
        expressions=[(number, RangeOperators.EQUAL), (period, RangeOperators.OVERLAPS)],
        violation_error_message=sentence,
    )


class Contract(models.Model):
    """A co-operation agreement (PKS) with a hospital. Letters and claims need one in force on the service date.

    ``valid`` is the whole period as agreed last; ``terms`` say what it includes in which part of it. The bank account is
    written by an approved ``AccountChange`` only: the money goes there.
    """

    public_id = models.UUIDField(db_default=RandomUUID(), unique=True, editable=False)
    facility = models.ForeignKey(
        "facilities.Facility", on_delete=models.PROTECT, related_name="contracts", verbose_name=_("facility")
    )
    number = models.CharField(_("number"), max_length=80, unique=True)
    signed_on = models.DateField(_("signed on"), null=True, blank=True)
    signed_by_dinkes = models.CharField(_("signed for Dinkes by"), max_length=160, blank=True)
    signed_by_facility = models.CharField(_("signed for the hospital by"), max_length=160, blank=True)
    valid = DateRangeField(_("in force"))
    bank_name = models.CharField(_("bank"), max_length=60, blank=True)
    bank_account = models.CharField(_("account number"), max_length=40, blank=True)
    bank_holder = models.CharField(_("account holder"), max_length=120, blank=True)
    tax_number = models.CharField("NPWP", max_length=30, blank=True)
    end_reason = models.CharField(_("why it ended early"), max_length=255, blank=True)
    ended_at = stamps.at(_("ended early at"))
    ended_by = stamps.by(_("ended early by"))
    created_at = models.DateTimeField(_("entered at"), auto_now_add=True)
    created_by = stamps.created_by(_("entered by"))

    objects = ContractQuerySet.as_manager()

    class Meta:
        verbose_name = _("contract")
        verbose_name_plural = _("contracts")
        ordering = ["facility", "valid"]
        constraints = [
            stamps.pair("contract", "ended"),
            models.CheckConstraint(
                name="contract_that_ended_early_says_why", condition=Q(ended_at__isnull=True) | ~Q(end_reason="")
            ),
            _one_at_a_time(
                "one_contract_per_facility_at_a_time",
                "facility_id",
                "valid",
                _("Another contract of this facility is in force in this period."),
            ),
        ]

    def __str__(self):
        return f"{self.number} – {self.facility}"

    @property
    def last_day(self):
        """The last day, or None where the end is open."""
        return self.valid.upper and self.valid.upper - ONE_DAY

    @property
    def period(self):
        return formats.period(self.valid)


class ContractTerms(models.Model):
    """What a contract includes in a part of its period: as first signed, or as an addendum (with its number) changed it.

    A quota is empty where none was agreed. Letters count by their month of issue, rupiah by the year, in whole rupiah.
    """

    contract = models.ForeignKey(Contract, on_delete=models.CASCADE, related_name="terms", verbose_name=_("contract"))
    addendum = models.CharField(
        _("number of the addendum"), max_length=80, blank=True, help_text=_("empty for the agreement itself")
    )
    signed_on = models.DateField(_("signed on"), null=True, blank=True)
    summary = models.CharField(_("what changes"), max_length=255, blank=True)
    valid = DateRangeField(_("in force"))
    services = ArrayField(models.CharField(max_length=16, choices=Service), verbose_name=_("services"))
    tariff_annex = models.CharField(
        _("tariff annex"), max_length=160, blank=True, help_text=_("table and version the annex names")
    )
    quota_letters = models.PositiveIntegerField(_("letters a month"), null=True, blank=True)
    quota_rupiah = models.BigIntegerField(_("rupiah a year"), null=True, blank=True)
    quota_blocks = models.BooleanField(_("no letter beyond the quota"), default=False)
    created_at = models.DateTimeField(_("entered at"), auto_now_add=True)
    created_by = stamps.created_by(_("entered by"))

    objects = TermsQuerySet.as_manager()

    class Meta:
        verbose_name = _("contract terms")
        verbose_name_plural = _("contract terms")
        ordering = ["contract", "valid"]
        constraints = [
            _one_at_a_time(
                "one_set_of_terms_at_a_time", "contract_id", "valid", _("Other terms are in force in this period.")
            ),
            models.CheckConstraint(name="terms_have_a_period", condition=Q(valid__isempty=False)),
            models.CheckConstraint(name="terms_include_a_service", condition=Q(services__len__gt=0)),
            models.CheckConstraint(
                name="quotas_are_positive",
                condition=(Q(quota_letters__isnull=True) | Q(quota_letters__gt=0))
                & (Q(quota_rupiah__isnull=True) | Q(quota_rupiah__gt=0)),
                violation_error_message=_("Leave the quota empty where none was agreed."),
            ),
            models.UniqueConstraint(
                fields=["contract", "addendum"],
                name="one_addendum_of_a_number",
                violation_error_message=_("This contract has an addendum of this number already."),
            ),
        ]

    def __str__(self):
        return self.addendum or self.contract.number

    @property
    def has_quota(self):
        return bool(self.quota_letters or self.quota_rupiah)

    @property
    def service_labels(self):
        return [Service(code).label for code in self.services]

    @property
    def period(self):
        return formats.period(self.valid)


class Suspension(models.Model):
    """Days on which a hospital gets no new referral or letter, by a letter of Dinkes (sanction).

    Whoever is inside stays covered, and letters given out before are honoured. ``ends`` is the first free day again, empty
    while nobody knows; lifting sets it.
    """

    facility = models.ForeignKey(
        "facilities.Facility", on_delete=models.PROTECT, related_name="suspensions", verbose_name=_("facility")
    )
    starts = models.DateField(_("from"))
    ends = models.DateField(_("free again from"), null=True, blank=True)
    letter = models.CharField(_("number of the letter"), max_length=80)
    reason = models.CharField(_("reason"), max_length=255)
    suspended_at = models.DateTimeField(_("suspended at"))
    suspended_by = stamps.created_by(_("suspended by"))
    lift_reason = models.CharField(_("why it was lifted"), max_length=255, blank=True)
    lifted_at = stamps.at(_("lifted at"))
    lifted_by = stamps.by(_("lifted by"))

    objects = SuspensionQuerySet.as_manager()

    class Meta:
        verbose_name = _("suspension")
        verbose_name_plural = _("suspensions")
        ordering = ["facility", "-starts"]
        constraints = [
            stamps.pair("suspension", "lifted"),
            models.CheckConstraint(
                name="suspension_ends_after_it_starts",
                condition=Q(ends__isnull=True) | Q(ends__gte=F("starts")),
                violation_error_message=_("The last day lies before the first."),
            ),
            models.CheckConstraint(name="suspension_has_a_reason", condition=~Q(reason="")),
            models.CheckConstraint(
                name="lifted_suspension_has_an_end", condition=Q(lifted_at__isnull=True) | Q(ends__isnull=False)
            ),
            _one_at_a_time(
                "one_suspension_at_a_time",
                "facility_id",
                Func(F("starts"), F("ends"), function="daterange"),
                _("This hospital is suspended in this period already."),
            ),
        ]

    def __str__(self):
        return f"{self.facility} {self.starts}"

    @property
    def period(self):
        return formats.period(DateRange(self.starts, self.ends))


class AccountChange(models.Model):
    """A bank account for a contract: entered by one person, put in force by another."""

    STATES = AccountState

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    contract = models.ForeignKey(
        Contract, on_delete=models.CASCADE, related_name="account_changes", verbose_name=_("contract")
    )
    state = models.CharField(_("state"), max_length=10, choices=AccountState, default=AccountState.PROPOSED)
    bank_name = models.CharField(_("bank"), max_length=60)
    bank_account = models.CharField(_("account number"), max_length=40)
    bank_holder = models.CharField(_("account holder"), max_length=120)
    tax_number = models.CharField("NPWP", max_length=30, blank=True)
    evidence = models.CharField(_("letter of the hospital"), max_length=120)
    created_at = models.DateTimeField(_("proposed at"), auto_now_add=True)
    created_by = stamps.created_by(_("proposed by"))
    approved_at = stamps.at(_("approved at"))
    approved_by = stamps.by(_("approved by"))
    refusal = models.CharField(_("why it was refused"), max_length=255, blank=True)
    refused_at = stamps.at(_("refused at"))
    refused_by = stamps.by(_("refused by"))

    objects = AccountChangeQuerySet.as_manager()

    class Meta:
        verbose_name = _("account change")
        verbose_name_plural = _("account changes")
        ordering = ["contract", "-pk"]
        constraints = [
            stamps.pair("accountchange", "approved"),
            stamps.pair("accountchange", "refused"),
            stamps.different_people("accountchange", "created", "approved"),
            models.CheckConstraint(
                name="account_change_holds_an_account", condition=~Q(bank_account="") & ~Q(bank_holder="")
            ),
            models.UniqueConstraint(
                fields=["contract"],
                name="one_account_change_waits_per_contract",
                condition=Q(state=AccountState.PROPOSED),
                violation_error_message=_("Another account is waiting for approval. Decide on that one first."),
            ),
        ]

    def __str__(self):
        return f"{self.contract.number} {self.get_state_display()}"


class EndWarning(models.Model):
    """That a contract ends was told ``days`` before ``ends``, once. An addendum that moves the end warns anew."""

    contract = models.ForeignKey(
        Contract, on_delete=models.CASCADE, related_name="end_warnings", verbose_name=_("contract")
    )
    ends = models.DateField(_("last day"))
    days = models.PositiveSmallIntegerField(_("days before"))
    told_on = models.DateField(_("told on"))

    objects = TermsQuerySet.as_manager()

    class Meta:
        verbose_name = _("warning of an end")
        verbose_name_plural = _("warnings of ends")
        constraints = [
            models.UniqueConstraint(fields=["contract", "ends", "days"], name="one_warning_per_contract_and_threshold")
        ]

    def __str__(self):
        return f"{self.contract_id} {self.ends} -{self.days}"
