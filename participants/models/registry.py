"""The city's population as the registry (Dukcapil) tells it. Only the nightly sync writes these tables."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from participants.enums import MaritalStatus, Relation, ResidentStatus, Sex
from participants.querysets import CityDataQuerySet, HouseholdQuerySet, ResidentQuerySet


class Household(models.Model):
    """One family card (KK)."""

    id = models.BigAutoField(primary_key=True)
    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kk_number = models.CharField(_("KK number"), max_length=16, unique=True)
    head = models.ForeignKey(
        "participants.Resident",
        on_delete=models.SET_NULL,
        null=True,
        related_name="heads",
        verbose_name=_("head of family"),
        db_constraint=False,
    )
    address = models.CharField(_("address"), max_length=255, blank=True)
    rt = models.CharField("RT", max_length=3, blank=True)
    rw = models.CharField("RW", max_length=3, blank=True)
    kelurahan = models.ForeignKey(
        "facilities.Region", on_delete=models.PROTECT, null=True, verbose_name="kelurahan", db_constraint=False
    )
    dissolved_on = models.DateField(_("dissolved on"), null=True)

    objects = HouseholdQuerySet.as_manager()

    class Meta:
        verbose_name = _("household")
        verbose_name_plural = _("households")
        constraints = [
            models.CheckConstraint(name="kk_number_has_16_digits", condition=Q(kk_number__regex=r"^[0-9]{16}$"))
        ]

    def __str__(self):
        return f"KK …{self.kk_number[-4:]}"


class Resident(models.Model):
    """One person, known by NIK. ``kelurahan`` is kept on the person so that lists need no join."""

    id = models.BigAutoField(primary_key=True)
    nik = models.CharField("NIK", max_length=16, unique=True)
    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="residents", verbose_name="KK")
    name = models.CharField(_("name"), max_length=120)
    sex = models.PositiveSmallIntegerField(_("sex"), choices=Sex)
    birth_place = models.CharField(_("place of birth"), max_length=60, blank=True)
    birth_date = models.DateField(_("date of birth"))
    relation = models.PositiveSmallIntegerField(_("relation"), choices=Relation)
    marital_status = models.PositiveSmallIntegerField(_("marital status"), choices=MaritalStatus)
    mother_nik = models.CharField(_("mother's NIK"), max_length=16, blank=True)
    kelurahan = models.ForeignKey(
        "facilities.Region", on_delete=models.PROTECT, null=True, verbose_name="kelurahan", db_constraint=False
    )
    city_code = models.CharField(
        _("city"), max_length=5, help_text=_("32.75 for residents; another city once moved out")
    )
    resident_since = models.DateField(_("registered in the city since"), null=True)
    ektp_recorded = models.BooleanField(_("KTP-el recorded"), default=False)
    status = models.PositiveSmallIntegerField(_("status"), choices=ResidentStatus, default=ResidentStatus.ACTIVE)
    status_on = models.DateField(_("status since"), null=True)

    objects = ResidentQuerySet.as_manager()

    class Meta:
        verbose_name = _("resident")
        verbose_name_plural = _("residents")
        constraints = [models.CheckConstraint(name="nik_has_16_digits", condition=Q(nik__regex=r"^[0-9]{16}$"))]
        indexes = [
            models.Index(fields=["kelurahan", "name", "id"], name="resident_by_kelurahan"),
            models.Index(fields=["name", "id"], name="resident_by_name"),
        ]

    def __str__(self):
        return self.name


class ResidentVersion(models.Model):
    """What the registry said of a person before a change: true from-to (real world), known from-to (ours)."""

    id = models.BigAutoField(primary_key=True)
    resident = models.ForeignKey(
        Resident, on_delete=models.PROTECT, related_name="versions", verbose_name=_("resident"), db_constraint=False
    )
    data = models.JSONField(_("data"))
    valid_to = models.DateField(_("true until"))
    known_to = models.DateTimeField(_("known until"))
    run = models.ForeignKey(
        "participants.SyncRun", on_delete=models.PROTECT, verbose_name=_("run"), db_constraint=False
    )

    objects = CityDataQuerySet.as_manager()

    class Meta:
        verbose_name = _("earlier version")
        verbose_name_plural = _("earlier versions")

    def __str__(self):
        return f"{self.resident_id} – {self.known_to}"
