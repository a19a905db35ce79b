"""Regions, facilities, contracts, tariffs."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value
from django.utils.translation import gettext_lazy as _

from facilities.enums import CareType, FacilityKind, Ownership, RegionLevel, Service
from facilities.querysets import ContractQuerySet, FacilityQuerySet, TariffQuerySet
from ksb.core import stamps
from ksb.core.querysets import ReferenceQuerySet


class Region(models.Model):
    """The city, a kecamatan or a kelurahan, by its Kemendagri code such as ``32.75.01.1001``."""

    code = models.CharField(_("code"), max_length=13, primary_key=True)
    level = models.CharField(_("level"), max_length=10, choices=RegionLevel)
    name = models.CharField(_("name"), max_length=60)
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, verbose_name=_("part of"))
    latitude = models.FloatField(null=True, blank=True)
    longitude = models.FloatField(null=True, blank=True)

    objects = ReferenceQuerySet.as_manager()

    class Meta:
        verbose_name = _("region")
        verbose_name_plural = _("regions")
        ordering = ["code"]

    def __str__(self):
        return self.name


class Specialty(models.Model):
    """An outpatient specialty, by its three-letter BPJS poli code."""

    code = models.CharField(_("code"), max_length=3, primary_key=True)
    name_en = models.CharField(max_length=80)
    name_id = models.CharField(max_length=80)

    objects = ReferenceQuerySet.as_manager()

    class Meta:
        verbose_name = _("specialty")
        verbose_name_plural = _("specialties")
        ordering = ["name_id"]

    def __str__(self):
        return self.name_id


class Holiday(models.Model):
    day = models.DateField(_("day"), primary_key=True)
    name = models.CharField(_("name"), max_length=120)

    objects = ReferenceQuerySet.as_manager()

    class Meta:
        verbose_name = _("national holiday")
        verbose_name_plural = _("national holidays")
        ordering = ["day"]

    def __str__(self):
        return f"{self.day} {self.name}"


class Facility(models.Model):
    """A Puskesmas (RTP), hospital (RTL) or clinic. The code is the Ministry of Health's."""

    code = models.CharField(_("code"), max_length=11, unique=True)
    name = models.CharField(_("name"), max_length=120)
    kind = models.CharField(_("kind"), max_length=12, choices=FacilityKind)
    hospital_class = models.CharField(_("class"), max_length=1, blank=True, help_text=_("A to D, hospitals only"))
    ownership = models.CharField(_("ownership"), max_length=8, choices=Ownership, default=Ownership.PUBLIC)
    tariff_code = models.CharField(
        _("tariff code"), max_length=4, blank=True, help_text=_("KODE_TARIF of e-Klaim, e.g. CS")
    )
    tariff_regional = models.PositiveSmallIntegerField(_("tariff region"), default=1)
    kecamatan = models.ForeignKey(Region, on_delete=models.PROTECT, null=True, blank=True, verbose_name="kecamatan")
    in_city = models.BooleanField(_("in the city"), default=True)
    address = models.CharField(_("address"), max_length=255, blank=True)
    beds = models.PositiveIntegerField(_("beds"), default=0)
    specialties = models.ManyToManyField(Specialty, blank=True, verbose_name=_("specialties"))
    active = models.BooleanField(_("active"), default=True)

    objects = FacilityQuerySet.as_manager()

    class Meta:
        verbose_name = _("facility")
        verbose_name_plural = _("facilities")
        ordering = ["name"]

    def __str__(self):
        return self.name

    @property
    def is_public(self):
        return self.ownership == Ownership.PUBLIC


class Contract(models.Model):
    """A co-operation agreement (PKS) with a hospital. Letters and claims need one in force on the service date."""

    facility = models.ForeignKey(
        Facility, on_delete=models.PROTECT, related_name="contracts", verbose_name=_("facility")
    )
    number = models.CharField(_("number"), max_length=80, unique=True)
    valid = DateRangeField(_("in force"))
    services = ArrayField(models.CharField(max_length=16, choices=Service), verbose_name=_("services"))
    bank_name = models.CharField(_("bank"), max_length=60, blank=True)
    bank_account = models.CharField(_("account number"), max_length=40, blank=True)
    bank_holder = models.CharField(_("account holder"), max_length=120, blank=True)
    tax_number = models.CharField("NPWP", max_length=30, blank=True)
    suspended_at = stamps.at(_("suspended at"))
    suspended_by = stamps.by(_("suspended by"))
    created_at = models.DateTimeField(_("entered at"), auto_now_add=True)
    created_by = stamps.created_by(_("entered by"))

    objects = ContractQuerySet.as_manager()

    class Meta:
        verbose_name = _("contract")
        verbose_name_plural = _("contracts")
        ordering = ["facility", "valid"]
        constraints = [
            stamps.pair("contract", "suspended"),
            ExclusionConstraint(
                name="one_contract_per_facility_at_a_time",
                expressions=[
                    (
                        Func(F("facility_id"), F("facility_id"), Value("[]"), function="int8range"),
                        RangeOperators.EQUAL,
                    ),
                    ("valid", RangeOperators.OVERLAPS),
                ],
                violation_error_message=_("Another contract of this facility is in force in this period."),
            ),
        ]

    def __str__(self):
        return f"{self.number} – {self.facility}"


class Tariff(models.Model):
    """The price of one INA-CBG group for one tariff code, region and care type, class III, in whole rupiah."""

    code = models.CharField(_("group"), max_length=12)
    description = models.CharField(_("description"), max_length=200)
    tariff_code = models.CharField(_("tariff code"), max_length=4)
    regional = models.PositiveSmallIntegerField(_("tariff region"), default=1)
    care_type = models.PositiveSmallIntegerField(_("care type"), choices=CareType)
    care_class = models.PositiveSmallIntegerField(_("class"), default=3)
    amount = models.BigIntegerField(_("amount"), help_text=_("rupiah"))
    valid = DateRangeField(_("in force"))
    source = models.CharField(_("source"), max_length=120)

    objects = TariffQuerySet.as_manager()

    class Meta:
        verbose_name = _("tariff")
        verbose_name_plural = _("tariffs")
        ordering = ["code", "tariff_code", "care_class", "valid"]
        constraints = [
            models.UniqueConstraint(
                fields=["code", "tariff_code", "regional", "care_type", "care_class", "valid"],
                name="one_price_per_group_hospital_type_class_and_period",
            ),
            models.CheckConstraint(name="tariff_is_positive", condition=Q(amount__gt=0)),
        ]

    def __str__(self):
        return f"{self.code} {self.tariff_code} {self.care_class}"
