"""Births recorded at a hospital or Puskesmas before the registry knows the child (domain.md B4)."""

import uuid

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from ksb.core import stamps
from participants.enums import NewbornState, Sex
from participants.querysets import CityDataQuerySet, NewbornQuerySet

LIGHTEST, HEAVIEST = 200, 8000
MOST_CHILDREN = 9


def _parent(verbose_name):
    return models.ForeignKey(
        "participants.Resident", on_delete=models.PROTECT, null=True, related_name="+", verbose_name=verbose_name
    )


class Newborn(models.Model):
    """A child without NIK: known by its mother, the day of birth and its place among the children of this birth.

    It never gets a made-up NIK. ``mother`` is empty when the registry of the city does not know her; then ``father`` stands
    in. ``decision`` is the one of the parent who decides, on the day of birth, frozen when the birth was recorded.
    ``resident`` is the child itself once the registry has it. ``reminders`` counts those that fell due, ``reminded`` those
    that were handed over.
    """

    STATES = NewbornState

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    state = models.CharField(_("state"), max_length=10, choices=NewbornState, default=NewbornState.RECORDED)
    mother = _parent(_("mother"))
    father = _parent(_("father"))
    mother_nik = models.CharField(_("mother's NIK"), max_length=16, blank=True)
    mother_name = models.CharField(_("mother's name"), max_length=120)
    birth_time = models.DateTimeField(_("born at"))
    born_on = models.DateField(_("born on"), help_text=_("the day of the birth in the city"))
    sex = models.PositiveSmallIntegerField(_("sex"), choices=Sex)
    weight = models.PositiveSmallIntegerField(
        _("birth weight (grams)"), validators=[MinValueValidator(LIGHTEST), MaxValueValidator(HEAVIEST)]
    )
    birth_order = models.PositiveSmallIntegerField(_("order of birth"), default=1)
    children = models.PositiveSmallIntegerField(_("children of this birth"), default=1)
    facility = models.ForeignKey(
        "facilities.Facility",
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("recorded at"),
        db_index=False,
    )
    puskesmas = models.ForeignKey(
        "facilities.Facility",
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("Puskesmas that follows"),
        db_index=False,
    )
    place = models.CharField(_("place of birth"), max_length=120)
    doctor_name = models.CharField(_("doctor or midwife in charge"), max_length=120)
    certificate = models.CharField(_("number of the birth statement"), max_length=60, blank=True)
    decision = models.JSONField(_("decision on the day of birth"), default=dict)
    resident = models.ForeignKey(
        "participants.Resident",
        on_delete=models.PROTECT,
        null=True,
        related_name="births",
        verbose_name=_("in the registry as"),
        db_index=False,
    )
    reminders = models.PositiveSmallIntegerField(_("reminders due"), default=0)
    reminded = models.PositiveSmallIntegerField(_("reminders handed over"), default=0)
    reason = models.CharField(_("reason"), max_length=255, blank=True)
    recorded_at = models.DateTimeField(_("recorded at"))
    recorded_by = stamps.created_by(_("recorded by"))
    matched_at = stamps.at(_("matched at"))
    matched_by = stamps.by(_("matched by"))

    objects = NewbornQuerySet.as_manager()

    class Meta:
        verbose_name = _("newborn")
        verbose_name_plural = _("newborns")
        constraints = [
            stamps.pair("newborn", "matched"),
            models.UniqueConstraint(
                fields=["mother_nik", "born_on", "birth_order"],
                condition=~Q(mother_nik=""),
                name="one_newborn_per_mother_day_and_order",
                violation_error_message=_("This child of this mother is recorded already."),
            ),
            models.UniqueConstraint(
                fields=["father", "born_on", "birth_order"],
                condition=Q(mother_nik=""),
                name="one_newborn_per_father_day_and_order",
                violation_error_message=_("This child of this father is recorded already."),
            ),
            models.UniqueConstraint(
                fields=["resident"],
                condition=Q(resident__isnull=False),
                name="one_newborn_per_resident",
                violation_error_message=_("This person is matched with another birth already."),
            ),
            models.CheckConstraint(
                name="newborn_has_a_parent_in_the_registry", condition=Q(mother__isnull=False) | Q(father__isnull=False)
            ),
            models.CheckConstraint(
                name="newborn_mother_nik_has_16_digits",
                condition=Q(mother_nik="") | Q(mother_nik__regex=r"^[0-9]{16}$"),
            ),
            models.CheckConstraint(
                name="newborn_order_is_within_the_birth",
                condition=Q(birth_order__gte=1, birth_order__lte=F("children"), children__lte=MOST_CHILDREN),
            ),
            models.CheckConstraint(
                name="newborn_weighs_what_newborns_weigh", condition=Q(weight__gte=LIGHTEST, weight__lte=HEAVIEST)
            ),
            models.CheckConstraint(
                name="matched_newborn_has_its_resident",
                condition=~Q(state=NewbornState.MATCHED) | Q(resident__isnull=False, matched_at__isnull=False),
            ),
        ]
        indexes = [
            models.Index(fields=["facility", "-id"], name="newborn_of_facility"),
            models.Index(fields=["puskesmas", "-id"], name="newborn_of_puskesmas"),
            models.Index(
                fields=["born_on"], condition=Q(state__in=["RECORDED", "EXPIRED"]), name="newborn_without_nik"
            ),
        ]

    def __str__(self):
        return self.name

    @property
    def name(self):
        """As hospitals write it: ``BY. NY. <MOTHER>``, with its place among twins."""
        place = f" ({self.birth_order})" if self.children > 1 else ""
        return f"BY. NY. {self.mother_name}{place}"[:120]

    @property
    def guardian(self):
        """The parent whose KK the child belongs to as long as it has no NIK."""
        return self.mother or self.father

    @property
    def lives(self):
        return self.state != NewbornState.STILLBORN

    @property
    def awaits_nik(self):
        return self.state in (NewbornState.RECORDED, NewbornState.EXPIRED)

    @property
    def reminder_waits(self):
        return self.state == NewbornState.RECORDED and self.reminders > self.reminded


class BirthCandidate(models.Model):
    """A person of the registry who may be a recorded newborn. ``rejected`` by a person, the pair is not proposed again."""

    newborn = models.ForeignKey(Newborn, on_delete=models.CASCADE, related_name="candidates")
    resident = models.ForeignKey("participants.Resident", on_delete=models.CASCADE, related_name="+")
    rejected = models.BooleanField(_("not the same child"), default=False)

    objects = CityDataQuerySet.as_manager()

    class Meta:
        verbose_name = _("candidate for a newborn")
        verbose_name_plural = _("candidates for newborns")
        constraints = [models.UniqueConstraint(fields=["newborn", "resident"], name="one_pair_of_birth_and_resident")]

    def __str__(self):
        return f"{self.newborn_id}:{self.resident_id}"
