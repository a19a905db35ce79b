"""Regions, facilities, tariffs."""

from django.contrib.postgres.fields import ArrayField, DateRangeField
from django.db import models
from django.db.models import Case, Q, Value, When
from django.utils.translation import gettext_lazy as _

from facilities.enums import (
    ADVANCED_KINDS,
    PRIMARY_KINDS,
    CareType,
    FacilityKind,
    Ownership,
    RegionLevel,
    Service,
    Tier,
    WardType,
)
from facilities.models.standing import CLASSED
from facilities.querysets import FacilityQuerySet, TariffQuerySet
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
    """A Puskesmas, hospital, clinic, pharmacy or optician. The code is the Ministry of Health's.

    Kind, class, ownership and tariff code are those of today; ``standing_on`` knows those of another day. ``services`` and
    ``wards`` are empty while nobody has told them: then contract and specialty decide alone.
    """

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
    tier = models.GeneratedField(
        verbose_name=_("tier"),
        expression=Case(
            When(kind__in=PRIMARY_KINDS, then=Value(Tier.FIRST)),
            When(kind__in=ADVANCED_KINDS, then=Value(Tier.ADVANCED)),
            default=Value(""),
        ),
        output_field=models.CharField(max_length=8, choices=Tier),
        db_persist=True,
    )
    in_city = models.BooleanField(_("in the city"), default=True)
    address = models.CharField(_("address"), max_length=255, blank=True)
    beds = models.PositiveIntegerField(_("beds"), default=0)
    specialties = models.ManyToManyField(Specialty, blank=True, verbose_name=_("specialties"))
    services = ArrayField(
        models.CharField(max_length=16, choices=Service),
        verbose_name=_("services"),
        default=list,
        db_default=[],
        blank=True,
    )
    wards = ArrayField(
        models.CharField(max_length=14, choices=WardType),
        verbose_name=_("wards"),
        default=list,
        db_default=[],
        blank=True,
    )
    phone = models.CharField(_("telephone of the desk"), max_length=30, blank=True, db_default="")
    email = models.EmailField(_("e-mail of the desk"), blank=True, db_default="")
    director = models.CharField(_("head or director"), max_length=120, blank=True, db_default="")
    director_nip = models.CharField(
        _("NIP of the director"),
        max_length=18,
        blank=True,
        db_default="",
        help_text=_("printed under a signature; private hospitals have none"),
    )
    active = models.BooleanField(_("active"), default=True)

    objects = FacilityQuerySet.as_manager()

    class Meta:
        verbose_name = _("facility")
        verbose_name_plural = _("facilities")
        ordering = ["name"]
        constraints = [models.CheckConstraint(name="class_of_hospitals_only", condition=CLASSED)]

    def __str__(self):
        return self.name

    @property
    def is_public(self):
        return self.ownership == Ownership.PUBLIC

    @property
    def tier_label(self):
        return Tier(self.tier).label if self.tier else ""

    @property
    def service_labels(self):
        return [Service(code).label for code in self.services]

    @property
    def ward_labels(self):
        return [WardType(code).label for code in self.wards]

    def standing_on(self, day):
        """Kind, class, owner and tariff code on ``day``: a Standing, or the facility itself when it never changed."""
        return self.standings.filter(days__contains=day).first() or self


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
    table = models.ForeignKey(
        "facilities.PriceTable",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="tariffs",
        verbose_name=_("table"),
    )

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
