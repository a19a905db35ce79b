"""One episode claimed, with its lines."""

import uuid

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from claims.enums import ClaimState, LineKind
from claims.models.batch import ClaimBatch
from claims.querysets import ClaimPartQuerySet, ClaimQuerySet
from facilities.enums import CareType
from ksb.core import stamps


class Claim(models.Model):
    """One episode claimed. Money is whole rupiah; ``data`` gives every column of the e-Klaim row by its name.

    A corrected row makes a claim of its own with the next ``version`` that ``replaces`` the old one. ``resubmitted`` counts
    the versions before it that a verifier had returned.
    """

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
    version = models.PositiveSmallIntegerField(_("version"), default=1, db_default=1)
    replaces = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        related_name="successors",
        verbose_name=_("replaces"),
        db_index=False,
    )
    resubmitted = models.PositiveSmallIntegerField(_("times handed in again"), default=0, db_default=0)
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
            models.UniqueConstraint(
                fields=["replaces"],
                condition=Q(replaces__isnull=False),
                name="a_claim_is_replaced_once",
                violation_error_message=_("This claim was corrected a moment ago."),
            ),
            models.CheckConstraint(
                name="only_later_versions_replace",
                condition=Q(version=1, replaces__isnull=True) | Q(version__gt=1, replaces__isnull=False),
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
            # What waits in verification is a few of many: lists and counters of the verifiers read this.
            models.Index(
                fields=["batch"],
                name="claim_in_verification",
                condition=Q(
                    state__in=[
                        "ADMIN_REVIEW",
                        "MEDICAL_REVIEW",
                        "PENDED",
                        "ANSWERED",
                        "SECOND_READING",
                        "DISPUTED",
                    ]
                ),
            ),
        ]

    def __str__(self):
        return f"{self.reference} #{self.line_number}"

    @property
    def has_expired(self):
        """Whether ADM-06 keeps it from being handed in: nobody pays it without a dispensation of Dinkes."""
        if self.state != ClaimState.BLOCKED:
            return False
        return any(
            one.rule == "ADM-06" and one.severity == "R" and not one.overridden_at for one in self.findings.all()
        )

    @property
    def data(self):
        """The cells of the row as text, by column name; empty for a claim that came in no file."""
        if not self.row:
            return {}
        return dict(zip(self.file.names, self.row.split("\t"), strict=True))

    @property
    def file(self):
        """The BatchFile this claim came in, None for one entered by hand."""
        if not self.row:
            return None
        return next((file for file in self.batch.known_files() if file.offset < self.line_number), None)


class ClaimLine(models.Model):
    """A part of the claimed total and every step of its price, in whole rupiah.

    ``asked`` is what the hospital wants (quantity x unit price where it said both), ``tariff`` the ceiling of the table or
    price list, ``adjusted`` what is left of ``asked`` under it, ``approved`` the verifier's word: ``approved_quantity`` x
    ``approved_price``, both empty where everything payable is approved.
    """

    id = models.BigAutoField(primary_key=True)
    claim = models.ForeignKey(
        Claim, on_delete=models.CASCADE, related_name="lines", verbose_name=_("claim"), db_index=False
    )
    kind = models.CharField(_("part"), max_length=10, choices=LineKind)
    code = models.CharField(_("code"), max_length=16, blank=True)
    description = models.CharField(_("description"), max_length=200, blank=True)
    quantity = models.PositiveIntegerField(_("quantity"), default=1, db_default=1)
    unit_price = models.BigIntegerField(
        _("unit price"), null=True, blank=True, help_text=_("rupiah; empty for a part asked for as a sum")
    )
    asked = models.BigIntegerField(_("asked"))
    tariff = models.BigIntegerField(
        _("tariff"), null=True, blank=True, help_text=_("ceiling of the tariff table or price list, rupiah")
    )
    adjusted = models.BigIntegerField(
        _("adjusted"),
        null=True,
        blank=True,
        help_text=_("lowered to the ceiling by KSB, rupiah; empty when it was not"),
    )
    approved = models.BigIntegerField(_("approved"), null=True)
    approved_quantity = models.PositiveIntegerField(_("approved quantity"), null=True, blank=True)
    approved_price = models.BigIntegerField(
        _("approved unit price"),
        null=True,
        blank=True,
        help_text=_("rupiah; empty where all that is payable is approved"),
    )
    reason = models.CharField(_("reason of the adjustment"), max_length=255, blank=True)

    objects = ClaimPartQuerySet.as_manager()

    class Meta:
        verbose_name = _("claim line")
        verbose_name_plural = _("claim lines")
        ordering = ["claim", "id"]
        constraints = [
            models.UniqueConstraint(fields=["claim", "kind", "code"], name="one_line_per_part_and_code"),
            models.CheckConstraint(name="line_has_a_quantity", condition=Q(quantity__gt=0)),
            models.CheckConstraint(
                name="line_asked_is_quantity_times_price",
                condition=Q(unit_price__isnull=True) | Q(unit_price__gte=0, asked=F("quantity") * F("unit_price")),
                violation_error_message=_("The amount is not quantity times unit price."),
            ),
            models.CheckConstraint(
                name="line_adjusted_within_asked",
                condition=Q(adjusted__isnull=True) | Q(adjusted__gte=0, adjusted__lt=F("asked")),
            ),
            models.CheckConstraint(
                name="line_approved_within_asked",
                condition=Q(approved__isnull=True)
                | Q(approved__gte=0, approved__lte=Coalesce(F("adjusted"), F("asked"))),
                violation_error_message=_("The approved amount exceeds the asked amount."),
            ),
            models.CheckConstraint(
                name="line_approved_is_quantity_times_price",
                condition=Q(approved_quantity__isnull=True, approved_price__isnull=True)
                & (Q(approved__isnull=True) | Q(approved=Coalesce(F("adjusted"), F("asked"))))
                | Q(
                    approved__isnull=False,
                    approved_quantity__gte=0,
                    approved_quantity__lte=F("quantity"),
                    approved_price__gte=0,
                    approved_price__lte=Coalesce(F("unit_price"), F("asked")),
                    approved=F("approved_quantity") * F("approved_price"),
                    approved_quantity__isnull=False,
                    approved_price__isnull=False,
                ),
                violation_error_message=_("The approved amount is not approved quantity times approved unit price."),
            ),
            models.CheckConstraint(
                name="an_adjusted_line_says_why",
                condition=Q(approved__isnull=True) | Q(approved=Coalesce(F("adjusted"), F("asked"))) | ~Q(reason=""),
                violation_error_message=_("Say why the line is adjusted."),
            ),
        ]

    def __str__(self):
        return f"{self.kind} {self.asked}"

    @property
    def payable(self):
        """The most that may be approved: what was asked, or what is left of it under the ceiling."""
        return self.asked if self.adjusted is None else self.adjusted

    @property
    def asked_units(self):
        """``(quantity, unit price)`` as asked; a part asked for as a sum is one of its price."""
        return (1, self.asked) if self.unit_price is None else (self.quantity, self.unit_price)

    @property
    def payable_units(self):
        """``payable`` as ``(quantity, unit price)``: at the asked price where that divides it, else at the asked quantity."""
        if self.unit_price is None:
            return 1, self.payable
        quantity, price = self.quantity, self.unit_price
        if price and self.payable % price == 0:
            return self.payable // price, price
        return (quantity, self.payable // quantity) if self.payable % quantity == 0 else (1, self.payable)

    @property
    def approved_units(self):
        """``(quantity, unit price)`` as approved, None where nothing is approved.

        A part approved before units were kept, which no quantity divides, is one of its amount.
        """
        if self.approved is None:
            return None
        if self.approved_price is not None:
            return self.approved_quantity, self.approved_price
        return self.payable_units if self.approved == self.payable else (1, self.approved)
