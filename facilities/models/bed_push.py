"""What hospitals' programs push: rooms in the words of Aplicares or SIRANAP, and the keys they sign with."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from facilities.enums import BedSource, WardType
from facilities.querysets import BedKeyQuerySet, BedRoomQuerySet
from ksb.core import stamps
from ksb.core.querysets import PerimeterQuerySet, ReferenceQuerySet


class BedClass(models.Model):
    """A class of rooms as a vocabulary names it, and the ward type it counts for: none for one the programme does not pay."""

    vocabulary = models.CharField(_("vocabulary"), max_length=8, choices=BedSource)
    code = models.CharField(_("code"), max_length=10)
    name = models.CharField(_("name"), max_length=60)
    ward = models.CharField(_("counts as"), max_length=14, choices=WardType, blank=True)

    objects = ReferenceQuerySet.as_manager()

    class Meta:
        verbose_name = _("bed class")
        verbose_name_plural = _("bed classes")
        ordering = ["vocabulary", "code"]
        constraints = [
            models.UniqueConstraint(fields=["vocabulary", "code"], name="one_bed_class_per_code"),
            models.CheckConstraint(
                name="bed_class_is_of_a_program", condition=Q(vocabulary__in=[BedSource.API, BedSource.SIRANAP])
            ),
        ]

    def __str__(self):
        return f"{self.code} {self.name}"


class BedRoom(models.Model):
    """The latest word of a program on one room. The counts of ward types are sums over these (``facilities.bed_push``)."""

    facility = models.ForeignKey(
        "facilities.Facility", on_delete=models.CASCADE, related_name="bed_rooms", verbose_name=_("facility")
    )
    bed_class = models.ForeignKey(BedClass, on_delete=models.PROTECT, related_name="rooms", verbose_name=_("bed class"))
    code = models.CharField(_("code"), max_length=100)
    name = models.CharField(_("name"), max_length=100)
    capacity = models.PositiveIntegerField(_("capacity"))
    occupied = models.PositiveIntegerField(_("occupied"))
    cleaning = models.PositiveIntegerField(_("being cleaned"), default=0)
    queue = models.PositiveIntegerField(_("patients waiting"), default=0)
    for_men = models.PositiveIntegerField(_("free for men"), default=0)
    for_women = models.PositiveIntegerField(_("free for women"), default=0)
    for_either = models.PositiveIntegerField(_("free for men or women"), default=0)
    reported_at = models.DateTimeField(_("reported at"))
    reported_by = stamps.created_by(_("reported by"))

    objects = BedRoomQuerySet.as_manager()

    class Meta:
        verbose_name = _("room as pushed")
        verbose_name_plural = _("rooms as pushed")
        ordering = ["facility", "bed_class", "code"]
        constraints = [
            models.UniqueConstraint(fields=["facility", "bed_class", "code"], name="one_row_per_room"),
            models.CheckConstraint(
                name="room_holds_its_beds", condition=Q(capacity__gte=F("occupied") + F("cleaning"))
            ),
        ]

    def __str__(self):
        return f"{self.code} {self.name}"


class BedKey(models.Model):
    """What a hospital's program signs with. The secret is not here: it follows from the two numbers and the server's key."""

    facility = models.ForeignKey(
        "facilities.Facility", on_delete=models.PROTECT, related_name="bed_keys", verbose_name=_("facility")
    )
    cons_id = models.CharField("cons-id", max_length=12, unique=True)
    nonce = models.CharField(max_length=32, editable=False)
    ppk_code = models.CharField(_("BPJS code (kodePPK)"), max_length=12, blank=True)
    issued_at = models.DateTimeField(_("issued at"))
    issued_by = stamps.created_by(_("issued by"))
    revoked_at = stamps.at(_("revoked at"))
    revoked_by = stamps.by(_("revoked by"))

    objects = BedKeyQuerySet.as_manager()

    class Meta:
        verbose_name = _("key for pushing beds")
        verbose_name_plural = _("keys for pushing beds")
        constraints = [
            stamps.pair("bedkey", "revoked"),
            models.UniqueConstraint(
                fields=["facility"], condition=Q(revoked_at__isnull=True), name="one_living_bed_key_per_facility"
            ),
        ]

    def __str__(self):
        return self.cons_id


class SeenRequest(models.Model):
    """A signed request that was taken in, until its time stamp is too old to be sent again."""

    key = models.ForeignKey(BedKey, on_delete=models.CASCADE, related_name="seen", verbose_name=_("key"))
    digest = models.CharField(max_length=64)
    seen = models.DateTimeField(_("seen"))

    objects = PerimeterQuerySet.as_manager()

    class Meta:
        verbose_name = _("signed request")
        verbose_name_plural = _("signed requests")
        constraints = [models.UniqueConstraint(fields=["key", "digest"], name="a_signed_request_is_taken_once")]
        indexes = [models.Index(fields=["seen"], name="signed_request_age")]

    def __str__(self):
        return self.digest[:12]
