"""Claims as hospitals hand them in: a month's batch, its rows, the claims, their lines and what the rules found."""

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from claims.enums import BatchState, ClaimState, LineKind, RowStatus, Severity
from claims.querysets import BatchQuerySet, ClaimPartQuerySet, ClaimQuerySet
from facilities.enums import CareType
from ksb.core import stamps


class ClaimBatch(models.Model):
    """What one hospital hands in for one service month. The file is kept as received under its checksum."""

    STATES = BatchState

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    number = models.CharField(_("number"), max_length=40, unique=True)
    hospital = models.ForeignKey(
        "facilities.Facility", on_delete=models.PROTECT, related_name="claim_batches", verbose_name=_("hospital")
    )
    service_month = models.DateField(_("service month"), help_text=_("first day of the month"))
    state = models.CharField(_("state"), max_length=16, choices=BatchState, default=BatchState.OPEN)
    file_name = models.CharField(_("file"), max_length=120, blank=True)
    sha256 = models.CharField(max_length=64)
    archive = models.CharField(_("kept at"), max_length=255, blank=True)
    header = models.TextField(_("columns of the file"), blank=True, help_text=_("names separated by tabs"))
    rows = models.PositiveIntegerField(_("rows"), default=0)
    accepted = models.PositiveIntegerField(_("rows taken"), default=0)
    refused = models.PositiveIntegerField(_("rows refused"), default=0)
    claimed = models.BigIntegerField(_("claimed"), default=0)
    approved = models.BigIntegerField(_("approved"), default=0)
    created_at = models.DateTimeField(_("received at"))
    created_by = stamps.created_by(_("received from"))
    submitted_at = stamps.at(_("submitted at"))
    submitted_by = stamps.by(_("submitted by"))
    verified_at = stamps.at(_("verified at"))
    verified_by = stamps.by(_("verified by"))
    paid_at = stamps.at(_("paid at"))
    paid_by = stamps.by(_("paid by"))

    objects = BatchQuerySet.as_manager()

    class Meta:
        verbose_name = _("claim batch")
        verbose_name_plural = _("claim batches")
        constraints = [
            *(stamps.pair("batch", act) for act in ("submitted", "verified", "paid")),
            models.UniqueConstraint(
                fields=["hospital", "sha256"],
                condition=~Q(state="WITHDRAWN"),
                name="a_file_is_taken_once",
                violation_error_message=_("This very file was already handed in."),
            ),
            models.CheckConstraint(name="batch_month_is_a_first", condition=Q(service_month__day=1)),
            models.CheckConstraint(
                name="batch_approved_within_claimed", condition=Q(approved__gte=0, approved__lte=F("claimed"))
            ),
        ]
        indexes = [models.Index(fields=["hospital", "-id"]), models.Index(fields=["state", "id"])]

    def __str__(self):
        return self.number


class Claim(models.Model):
    """One episode claimed. Money is whole rupiah; ``data`` gives every column of the e-Klaim row by its name."""

    STATES = ClaimState

    id = models.BigAutoField(primary_key=True)
    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    # Foreign keys without an index of their own lead one of those below. Hospital and patient repeat what batch and letter
    # say, so that lists need no join: their constraints would cost a tenth of an intake and guard nothing more.
    batch = models.ForeignKey(
        ClaimBatch, on_delete=models.PROTECT, related_name="claims", verbose_name=_("batch"), db_index=False
    )
    hospital = models.ForeignKey(
        "facilities.Facility",
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("hospital"),
        db_index=False,
        db_constraint=False,
    )
    sjp = models.ForeignKey(
        "referrals.Sjp", on_delete=models.PROTECT, null=True, related_name="claims", verbose_name="SJP"
    )
    resident = models.ForeignKey(
        "participants.Resident",
        on_delete=models.PROTECT,
        null=True,
        related_name="claims",
        verbose_name=_("patient"),
        db_index=False,
        db_constraint=False,
    )
    line_number = models.PositiveIntegerField(_("line"))
    state = models.CharField(_("state"), max_length=16, choices=ClaimState, default=ClaimState.READY)
    reference = models.CharField(_("SEP or SJP number"), max_length=40)
    care_type = models.PositiveSmallIntegerField(_("care type"), choices=CareType)
    care_class = models.PositiveSmallIntegerField(_("class"))
    admitted_on = models.DateField(_("admitted on"))
    discharged_on = models.DateField(_("discharged on"))
    discharge_status = models.PositiveSmallIntegerField(_("manner of discharge"))
    birth_date = models.DateField(_("date of birth"))
    sex = models.PositiveSmallIntegerField(_("sex"))
    patient_name = models.CharField(_("patient's name"), max_length=120)
    medical_record = models.CharField(_("medical record number"), max_length=20, blank=True)
    doctor = models.CharField("DPJP", max_length=120, blank=True)
    diagnoses = models.JSONField(_("diagnoses"), default=list, help_text=_("primary first"))
    procedures = models.JSONField(_("procedures"), default=list)
    inacbg = models.CharField("INA-CBG", max_length=12)
    claimed = models.BigIntegerField(_("claimed"), help_text=_("TOTAL_TARIF, rupiah"))
    hospital_bill = models.BigIntegerField(_("hospital's bill"), help_text=_("TARIF_RS, rupiah"))
    cost_sum = models.BigIntegerField(
        _("sum of the cost columns"), null=True, help_text=_("rupiah; empty for files without the cost block")
    )
    tariff = models.BigIntegerField(_("tariff"), null=True, help_text=_("of the tariff table on discharge, rupiah"))
    approved = models.BigIntegerField(_("approved"), null=True)
    payor = models.CharField(_("payor"), max_length=20)
    card_number = models.CharField("NOKARTU", max_length=20, blank=True)
    row = models.TextField(_("row as received"), blank=True, help_text=_("cells in the order of the batch's header"))
    decided_at = stamps.at(_("decided at"))
    decided_by = stamps.by(_("decided by"), db_index=False)

    objects = ClaimQuerySet.as_manager()

    class Meta:
        verbose_name = _("claim")
        verbose_name_plural = _("claims")
        constraints = [
            stamps.pair("claim", "decided"),
            models.UniqueConstraint(
                fields=["sjp", "admitted_on"],
                condition=Q(sjp__isnull=False) & ~Q(state__in=["BLOCKED", "REJECTED", "WITHDRAWN", "RETURNED"]),
                name="an_episode_is_claimed_once",
                violation_error_message=_("This SJP was already claimed."),
            ),
            models.UniqueConstraint(fields=["batch", "line_number"], name="one_claim_per_line"),
            models.CheckConstraint(
                name="approved_within_claimed",
                condition=Q(approved__isnull=True) | Q(approved__gte=0, approved__lte=F("claimed")),
                violation_error_message=_("The approved amount exceeds the claimed amount."),
            ),
            models.CheckConstraint(name="claim_ends_after_it_starts", condition=Q(discharged_on__gte=F("admitted_on"))),
            models.CheckConstraint(name="claimed_not_negative", condition=Q(claimed__gte=0, hospital_bill__gte=0)),
            models.CheckConstraint(
                name="a_decided_claim_has_its_amount",
                condition=~Q(state__in=["APPROVED", "PARTLY_APPROVED", "PAID"]) | Q(approved__isnull=False),
            ),
        ]
        indexes = [
            models.Index(fields=["resident", "admitted_on"]),
            models.Index(fields=["hospital", "reference"]),
        ]

    def __str__(self):
        return f"{self.reference} #{self.line_number}"

    @property
    def data(self):
        """The cells of the row as text, by column name; empty for a claim that came in no file."""
        if not self.row:
            return {}
        return dict(zip(self.batch.header.split("\t"), self.row.split("\t"), strict=True))


class ClaimLine(models.Model):
    """A part of the claimed total: asked, tariff, approved."""

    id = models.BigAutoField(primary_key=True)
    claim = models.ForeignKey(
        Claim, on_delete=models.CASCADE, related_name="lines", verbose_name=_("claim"), db_index=False
    )
    kind = models.CharField(_("part"), max_length=10, choices=LineKind)
    code = models.CharField(_("code"), max_length=16, blank=True)
    description = models.CharField(_("description"), max_length=200, blank=True)
    asked = models.BigIntegerField(_("asked"))
    approved = models.BigIntegerField(_("approved"), null=True)
    reason = models.CharField(_("reason of the adjustment"), max_length=255, blank=True)

    objects = ClaimPartQuerySet.as_manager()

    class Meta:
        verbose_name = _("claim line")
        verbose_name_plural = _("claim lines")
        ordering = ["claim", "id"]
        constraints = [
            models.UniqueConstraint(fields=["claim", "kind"], name="one_line_per_part"),
            models.CheckConstraint(
                name="line_approved_within_asked",
                condition=Q(approved__isnull=True) | Q(approved__gte=0, approved__lte=F("asked")),
                violation_error_message=_("The approved amount exceeds the asked amount."),
            ),
            models.CheckConstraint(
                name="an_adjusted_line_says_why",
                condition=Q(approved__isnull=True) | Q(approved=F("asked")) | ~Q(reason=""),
                violation_error_message=_("Say why the line is adjusted."),
            ),
        ]

    def __str__(self):
        return f"{self.kind} {self.asked}"


class IntakeRow(models.Model):
    """A line of the file that could not become a claim, as received, with the sentences that say why."""

    id = models.BigAutoField(primary_key=True)
    batch = models.ForeignKey(
        ClaimBatch, on_delete=models.CASCADE, related_name="intake_rows", verbose_name=_("batch"), db_index=False
    )
    line_number = models.PositiveIntegerField(_("line"))
    status = models.CharField(max_length=8, choices=RowStatus, default=RowStatus.REFUSED)
    reference = models.CharField(_("SEP or SJP number"), max_length=40, blank=True)
    raw = models.TextField(_("line as received"))
    findings = models.JSONField(pgettext_lazy("claims", "findings"), default=list)

    objects = ClaimPartQuerySet.as_manager()

    class Meta:
        verbose_name = _("refused row")
        verbose_name_plural = _("refused rows")
        ordering = ["batch", "line_number"]
        constraints = [models.UniqueConstraint(fields=["batch", "line_number"], name="one_refusal_per_line")]

    def __str__(self):
        return f"{self.batch} {self.line_number}"

    @property
    def sentences(self):
        """The findings as the result page shows them."""
        from claims.intake.result import refused_line

        return refused_line(self).findings


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
