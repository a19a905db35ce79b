"""The city's population as the registry (Dukcapil) tells it. Only the nightly sync writes these tables."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from participants.enums import MaritalStatus, Relation, ResidentStatus, Sex
from participants.querysets import CityDataQuerySet, HouseholdQuerySet, ResidentQuerySet


def _one_of_a_number(field, name):
    """UNIQUE by one index that serves equality and prefixes; ``unique=True`` would make two, at millions of rows."""
    return models.UniqueConstraint(fields=[field], name=name, opclasses=["varchar_pattern_ops"])


class Household(models.Model):
    """One family card (KK)."""

    id = models.BigAutoField(primary_key=True)
    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kk_number = models.CharField(_("KK number"), max_length=16)
    head = models.ForeignKey(
        "participants.Resident",
        on_delete=models.SET_NULL,
        null=True,
        related_name="heads",
        verbose_name=_("head of family"),
        db_constraint=False,
        db_index=False,
    )
    address = models.CharField(_("address"), max_length=255, blank=True)
    rt = models.CharField("RT", max_length=3, blank=True)
    rw = models.CharField("RW", max_length=3, blank=True)
    kelurahan = models.ForeignKey(
        "facilities.Region",
        on_delete=models.PROTECT,
        null=True,
        verbose_name="kelurahan",
        db_constraint=False,
        db_index=False,
    )
    dissolved_on = models.DateField(_("dissolved on"), null=True)
    successor = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("continued as"),
        help_text=_("the KK the whole family was given instead; the old number stays its alias"),
        db_constraint=False,
        db_index=False,
    )

    objects = HouseholdQuerySet.as_manager()

    class Meta:
        verbose_name = _("household")
        verbose_name_plural = _("households")
        constraints = [
            models.CheckConstraint(name="kk_number_has_16_digits", condition=Q(kk_number__regex=r"^[0-9]{16}$")),
            _one_of_a_number("kk_number", "one_household_per_kk_number"),
        ]
        indexes = [
            models.Index(fields=["kelurahan"], name="household_by_kelurahan"),
            models.Index(fields=["dissolved_on"], name="household_dissolved", condition=Q(dissolved_on__isnull=False)),
        ]

    def __str__(self):
        return f"KK …{self.kk_number[-4:]}"


class Resident(models.Model):
    """One person, known by NIK. ``kelurahan`` is kept on the person so that lists need no join."""

    id = models.BigAutoField(primary_key=True)
    nik = models.CharField("NIK", max_length=16)
    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="residents", verbose_name="KK")
    name = models.CharField(_("name"), max_length=120)
    sex = models.PositiveSmallIntegerField(_("sex"), choices=Sex)
    birth_place = models.CharField(_("place of birth"), max_length=60, blank=True)
    birth_date = models.DateField(_("date of birth"))
    relation = models.PositiveSmallIntegerField(_("relation"), choices=Relation)
    marital_status = models.PositiveSmallIntegerField(_("marital status"), choices=MaritalStatus)
    mother_nik = models.CharField(_("mother's NIK"), max_length=16, blank=True)
    kelurahan = models.ForeignKey(
        "facilities.Region",
        on_delete=models.PROTECT,
        null=True,
        verbose_name="kelurahan",
        db_constraint=False,
        db_index=False,
    )
    city_code = models.CharField(
        _("city"), max_length=5, help_text=_("32.75 for residents; another city once moved out")
    )
    resident_since = models.DateField(_("registered in the city since"), null=True)
    ektp_recorded = models.BooleanField(_("KTP-el recorded"), default=False)
    status = models.PositiveSmallIntegerField(_("status"), choices=ResidentStatus, default=ResidentStatus.ACTIVE)
    status_on = models.DateField(_("status since"), null=True)
    known_from = models.DateTimeField(
        _("known since"), null=True, help_text=_("when the programme first heard of them")
    )
    listed = models.BooleanField(
        _("in the last snapshot"),
        default=True,
        db_default=True,
        help_text=_("the last snapshot had a sound line of this person"),
    )
    fingerprint = models.BigIntegerField(null=True, editable=False, help_text=_("hash of the registry line taken last"))

    objects = ResidentQuerySet.as_manager()

    class Meta:
        verbose_name = _("resident")
        verbose_name_plural = _("residents")
        constraints = [
            models.CheckConstraint(name="nik_has_16_digits", condition=Q(nik__regex=r"^[0-9]{16}$")),
            _one_of_a_number("nik", "one_resident_per_nik"),
        ]
        indexes = [
            models.Index(fields=["kelurahan", "name", "id"], name="resident_by_kelurahan"),
            models.Index(fields=["name", "id"], name="resident_by_name"),
            models.Index(fields=["id"], name="resident_not_listed", condition=Q(listed=False)),
        ]

    def __str__(self):
        return self.name


class FormerNik(models.Model):
    """A NIK a person had before the registry gave them another: lists of other offices still carry it."""

    nik = models.CharField(_("former NIK"), max_length=16, primary_key=True)
    resident = models.ForeignKey(
        Resident, on_delete=models.PROTECT, related_name="former_niks", verbose_name=_("resident")
    )
    run = models.ForeignKey("participants.SyncRun", on_delete=models.PROTECT, related_name="+", verbose_name=_("run"))

    objects = CityDataQuerySet.as_manager()

    class Meta:
        verbose_name = _("former NIK")
        verbose_name_plural = _("former NIKs")

    def __str__(self):
        return f"…{self.nik[-4:]}"


class ResidentVersion(models.Model):
    """What the registry said of a person until a change: true until ``valid_to`` (real world), known until ``known_to``.

    ``data`` holds the columns of the person plus ``kk_number``, ``address``, ``rt`` and ``rw`` of the family at that time.
    What was believed at a moment is the version with the smallest ``known_to`` after it, or else the resident itself.
    """

    id = models.BigAutoField(primary_key=True)
    resident = models.ForeignKey(
        Resident, on_delete=models.PROTECT, related_name="versions", verbose_name=_("resident"), db_constraint=False
    )
    data = models.JSONField(_("data"))
    valid_to = models.DateField(_("true until"))
    known_to = models.DateTimeField(_("known until"))
    run = models.ForeignKey(
        "participants.SyncRun", on_delete=models.PROTECT, verbose_name=_("run"), db_constraint=False, db_index=False
    )

    objects = CityDataQuerySet.as_manager()

    class Meta:
        verbose_name = _("earlier version")
        verbose_name_plural = _("earlier versions")
        ordering = ["resident", "known_to", "id"]

    def __str__(self):
        return f"{self.resident_id} – {self.known_to}"
