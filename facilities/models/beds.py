"""Beds: the latest count of each ward, every report there ever was, and beds kept for accepted referrals (domain.md B15)."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from facilities.enums import BedSource, HoldEnd, WardType
from facilities.querysets import BedCountQuerySet, BedHoldQuerySet, BedReportQuerySet, BedSilenceQuerySet
from ksb.core import stamps


def _of_the_free(verbose_name):
    return models.PositiveIntegerField(verbose_name, null=True, blank=True)


class BedFigures(models.Model):
    """What a hospital says of one ward type at one moment, in beds. ``held`` is ours; ``queue`` counts waiting patients.

    The four last fields say for whom the free beds are (the split of Aplicares, and children); empty where nobody said.
    A bed may stand in more than one of them.
    """

    capacity = models.PositiveIntegerField(_("capacity"))
    occupied = models.PositiveIntegerField(_("occupied"))
    held = models.PositiveIntegerField(_("held for referrals"), default=0, db_default=0, editable=False)
    cleaning = models.PositiveIntegerField(_("being cleaned"), default=0, db_default=0)
    queue = models.PositiveIntegerField(_("patients waiting"), default=0, db_default=0)
    for_men = _of_the_free(_("free for men"))
    for_women = _of_the_free(_("free for women"))
    for_either = _of_the_free(_("free for men or women"))
    for_children = _of_the_free(_("free for children"))
    source = models.CharField(
        _("source"), max_length=8, choices=BedSource, default=BedSource.MANUAL, db_default=BedSource.MANUAL
    )
    reported_at = models.DateTimeField(_("reported at"))
    reported_by = stamps.created_by(_("reported by"))

    class Meta:
        abstract = True

    @property
    def free(self):
        return self.capacity - self.occupied - self.held - self.cleaning


class BedCount(BedFigures):
    """The latest report of one ward type of one hospital."""

    facility = models.ForeignKey(
        "facilities.Facility", on_delete=models.CASCADE, related_name="bed_counts", verbose_name=_("facility")
    )
    ward = models.CharField(_("ward"), max_length=14, choices=WardType)

    objects = BedCountQuerySet.as_manager()

    class Meta:
        verbose_name = _("bed count")
        verbose_name_plural = _("bed counts")
        ordering = ["facility", "ward"]
        constraints = [
            models.UniqueConstraint(fields=["facility", "ward"], name="one_count_per_facility_and_ward"),
            models.CheckConstraint(
                name="occupied_beds_within_capacity",
                condition=Q(occupied__lte=F("capacity")),
                violation_error_message=_("More beds occupied than there are."),
            ),
            models.CheckConstraint(
                name="cleaned_beds_within_capacity",
                condition=Q(cleaning__lte=F("capacity") - F("occupied")),
                violation_error_message=_("More beds occupied and being cleaned than there are."),
            ),
            models.CheckConstraint(
                name="held_beds_within_capacity",
                condition=Q(held__lte=F("capacity") - F("occupied") - F("cleaning")),
                violation_error_message=_("No bed is free any more."),
            ),
            *(
                models.CheckConstraint(
                    name=f"beds_{name}_are_free_beds",
                    condition=Q(**{f"{name}__isnull": True}) | Q(**{f"{name}__lte": F("capacity") - F("occupied")}),
                    violation_error_message=_("More beds free for a group than there are free beds."),
                )
                for name in ("for_men", "for_women", "for_either", "for_children")
            ),
        ]

    def __str__(self):
        return f"{self.facility} {self.get_ward_display()}"


class BedReport(BedFigures):
    """One report as it came, with the beds that were held then. Append-only; old ones are thinned (``facilities.beds``)."""

    id = models.BigAutoField(primary_key=True)
    count = models.ForeignKey(BedCount, on_delete=models.PROTECT, related_name="reports", verbose_name=_("bed count"))

    objects = BedReportQuerySet.as_manager()

    class Meta:
        verbose_name = _("bed report")
        verbose_name_plural = _("bed reports")
        indexes = [models.Index(fields=["count", "reported_at"], name="bed_report_of_ward")]

    def __str__(self):
        return f"{self.count_id} {self.reported_at:%Y-%m-%d %H:%M}"


class BedSilence(models.Model):
    """A day on which a contracted hospital let its counts grow old; told once a day."""

    facility = models.ForeignKey(
        "facilities.Facility", on_delete=models.CASCADE, related_name="bed_silences", verbose_name=_("facility")
    )
    day = models.DateField(_("day"))
    since = models.DateTimeField(_("last report"), null=True)

    objects = BedSilenceQuerySet.as_manager()

    class Meta:
        verbose_name = _("day without bed reports")
        verbose_name_plural = _("days without bed reports")
        constraints = [models.UniqueConstraint(fields=["facility", "day"], name="one_bed_silence_a_day")]

    def __str__(self):
        return f"{self.facility_id} {self.day}"


class BedHold(models.Model):
    """One bed kept free until a moment for ``reference``, which only the floor that asked for it understands."""

    count = models.ForeignKey(BedCount, on_delete=models.PROTECT, related_name="holds", verbose_name=_("bed count"))
    reference = models.CharField(_("reference"), max_length=60)
    until = models.DateTimeField(_("until"))
    held_at = models.DateTimeField(_("held at"))
    held_by = stamps.created_by(_("held by"))
    ended_at = stamps.at(_("ended at"))
    ended_by = stamps.by(_("ended by"))
    why = models.CharField(_("why it ended"), max_length=10, choices=HoldEnd, blank=True)

    objects = BedHoldQuerySet.as_manager()

    class Meta:
        verbose_name = _("bed hold")
        verbose_name_plural = _("bed holds")
        constraints = [
            stamps.pair("bedhold", "ended"),
            models.CheckConstraint(
                name="bed_hold_ends_with_a_reason",
                condition=Q(ended_at__isnull=True, why="") | Q(ended_at__isnull=False, why__gt=""),
            ),
            models.CheckConstraint(name="bed_hold_has_some_time", condition=Q(until__gt=F("held_at"))),
            models.UniqueConstraint(
                fields=["reference"],
                condition=Q(ended_at__isnull=True),
                name="one_running_hold_per_reference",
                violation_error_message=_("A bed is already held for this referral."),
            ),
        ]
        indexes = [
            models.Index(fields=["until"], condition=Q(ended_at__isnull=True), name="bed_hold_running"),
            models.Index(fields=["reference", "id"], name="bed_hold_of_reference"),
        ]

    def __str__(self):
        return f"{self.count_id} {self.until:%Y-%m-%d %H:%M}"

    @property
    def is_running(self):
        return self.ended_at is None
