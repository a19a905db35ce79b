"""What rules know of medicine, and what others have paid: lists with their source."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from claims.enums import ClinicalList, OtherSource
from claims.querysets import ClinicalCodeQuerySet, PaidElsewhereQuerySet
from ksb.core import stamps


class ClinicalCode(models.Model):
    """One category of ICD-10 (or ICD-9-CM, ``is_procedure``) on a list. Longer codes of the category are meant too.

    ``group`` ties entries together: a procedure with its indications, one organ's operations. ``least`` and ``most`` bound what
    the list is about, in ``unit`` (days or years); empty where it bounds nothing.
    """

    kind = models.CharField(_("list"), max_length=12, choices=ClinicalList)
    group = models.CharField(_("group"), max_length=40)
    code = models.CharField(_("code"), max_length=5)
    is_procedure = models.BooleanField(_("procedure"), default=False)
    least = models.PositiveSmallIntegerField(_("at least"), null=True)
    most = models.PositiveSmallIntegerField(_("at most"), null=True)
    unit = models.CharField(_("unit"), max_length=1, blank=True, help_text=_("D days, Y years"))
    source = models.CharField(_("source"), max_length=160)

    objects = ClinicalCodeQuerySet.as_manager()

    class Meta:
        verbose_name = _("code of a clinical list")
        verbose_name_plural = _("codes of clinical lists")
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "group", "is_procedure", "code"], name="one_entry_per_code_and_group"
            ),
            models.CheckConstraint(name="clinical_code_has_its_unit", condition=Q(unit__in=["", "D", "Y"])),
        ]

    def __str__(self):
        return f"{self.kind} {self.code}"


class GroupStatistic(models.Model):
    """What is usual for one INA-CBG group of inpatients: counted each night from the claims of the last twelve months."""

    inacbg = models.CharField("INA-CBG", max_length=12, primary_key=True)
    claims = models.PositiveIntegerField(_("claims"))
    stay_p95 = models.PositiveSmallIntegerField(_("stay of all but one in twenty"), help_text=_("days"))
    counted_on = models.DateField(_("counted on"))

    objects = ClinicalCodeQuerySet.as_manager()

    class Meta:
        verbose_name = _("usual stay of a group")
        verbose_name_plural = _("usual stays of groups")

    def __str__(self):
        return self.inacbg


class PaidElsewhere(models.Model):
    """Care another source guarantees or has paid: a SEP of BPJS, a subsidy, the province, an outbreak fund.

    ``number`` is the other source's own (SEP), ``amount`` whole rupiah where it is known.
    """

    id = models.BigAutoField(primary_key=True)
    source = models.CharField(_("source"), max_length=10, choices=OtherSource)
    number = models.CharField(_("number"), max_length=40)
    resident = models.ForeignKey(
        "participants.Resident", on_delete=models.PROTECT, related_name="+", verbose_name=_("patient"), db_index=False
    )
    facility_code = models.CharField(_("code of the hospital"), max_length=11, blank=True)
    starts = models.DateField(_("from"))
    ends = models.DateField(_("until"))
    amount = models.BigIntegerField(_("amount"), null=True, help_text=_("rupiah"))
    loaded_at = models.DateTimeField(_("loaded at"))
    loaded_by = stamps.created_by(_("loaded by"))

    objects = PaidElsewhereQuerySet.as_manager()

    class Meta:
        verbose_name = _("care paid elsewhere")
        verbose_name_plural = _("care paid elsewhere")
        constraints = [
            models.UniqueConstraint(fields=["source", "number"], name="one_number_per_source"),
            models.CheckConstraint(
                name="paid_elsewhere_ends_after_it_starts", condition=Q(ends__gte=models.F("starts"))
            ),
        ]
        indexes = [models.Index(fields=["resident", "starts"], name="paid_elsewhere_of_person")]

    def __str__(self):
        return f"{self.source} {self.number}"
