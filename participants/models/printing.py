"""Print batches of cards, and the blank cards they are printed on."""

import uuid

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value
from django.utils.translation import gettext_lazy as _

from ksb.core import stamps
from participants.enums import BatchKind, BlankMove, PrintState
from participants.querysets import BlankQuerySet, PrintBatchQuerySet


def _place(**kwargs):
    """A service point: the office of a kecamatan, or of the city."""
    return models.ForeignKey("facilities.Region", on_delete=models.PROTECT, verbose_name=_("service point"), **kwargs)


class PrintBatch(models.Model):
    """Cards of one service point on their way from the order to its desk. ``file`` is the print shop's, kept until closing.

    ``size`` is the number of cards approved and so of blanks reserved; an emergency batch holds one card.
    """

    STATES = PrintState
    LIMIT = 500

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    number = models.CharField(_("batch number"), max_length=24)
    kind = models.CharField(_("kind"), max_length=9, choices=BatchKind, default=BatchKind.NORMAL)
    state = models.CharField(_("state"), max_length=10, choices=PrintState, default=PrintState.PREPARED)
    place = _place(related_name="+")
    size = models.PositiveIntegerField(_("cards"), default=0)
    file = models.CharField(_("print file"), max_length=60, blank=True, editable=False)
    hospital = models.ForeignKey(
        "facilities.Facility",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("hospital"),
    )
    hospital_letter = models.CharField(_("number of the hospital's letter"), max_length=60, blank=True)
    created_at = models.DateTimeField(_("prepared at"), auto_now_add=True)
    created_by = stamps.created_by(_("prepared by"))
    approved_at = stamps.at(_("approved at"))
    approved_by = stamps.by(_("approved by"))
    sent_at = stamps.at(_("given to the printer at"))
    sent_by = stamps.by(_("given to the printer by"))
    printed_at = stamps.at(_("printed at"))
    printed_by = stamps.by(_("printed by"))
    delivered_at = stamps.at(_("received at"))
    delivered_by = stamps.by(_("received by"))
    closed_at = stamps.at(_("closed at"))
    closed_by = stamps.by(_("closed by"))

    objects = PrintBatchQuerySet.as_manager()

    class Meta:
        verbose_name = _("print batch")
        verbose_name_plural = _("print batches")
        constraints = [
            *(stamps.pair("print_batch", act) for act in ("approved", "sent", "printed", "delivered", "closed")),
            stamps.different_people("print_batch", "created", "approved"),
            models.UniqueConstraint(fields=["number"], name="print_batch_number_is_unique"),
            models.CheckConstraint(
                name="emergency_batch_has_the_hospitals_letter",
                condition=Q(kind=BatchKind.NORMAL) | (~Q(hospital_letter="") & Q(hospital__isnull=False)),
            ),
            models.CheckConstraint(
                name="approved_batch_has_cards",
                condition=Q(approved_at__isnull=True) | Q(size__gt=0),
            ),
        ]
        indexes = [models.Index(fields=["state", "-id"], name="print_batch_by_state")]

    def __str__(self):
        return self.number


class BlankStock(models.Model):
    """Blank cards at one service point. ``reserved`` of those on hand are promised to approved batches."""

    place = models.OneToOneField(
        "facilities.Region", on_delete=models.PROTECT, related_name="blanks", verbose_name=_("service point")
    )
    on_hand = models.PositiveIntegerField(_("on hand"), default=0)
    reserved = models.PositiveIntegerField(_("reserved"), default=0)

    objects = BlankQuerySet.as_manager()

    class Meta:
        verbose_name = _("stock of blank cards")
        verbose_name_plural = _("stock of blank cards")
        constraints = [
            models.CheckConstraint(
                name="reserved_blanks_are_on_hand",
                condition=Q(reserved__lte=F("on_hand")),
                violation_error_message=_("There are not so many blank cards at this service point."),
            )
        ]

    def __str__(self):
        return f"{self.place}: {self.on_hand}"

    @property
    def free(self):
        return self.on_hand - self.reserved


def _serials_once(name, kind):
    """No serial number is received, or used up, twice."""
    return ExclusionConstraint(
        name=name,
        expressions=[
            (
                Func(F("serial_first"), F("serial_last"), Value("[]"), function="int8range"),
                RangeOperators.OVERLAPS,
            )
        ],
        condition=Q(kind=kind, serial_first__isnull=False),
        violation_error_message=_("Some of these serial numbers are in the books already."),
    )


class BlankMovement(models.Model):
    """One line in the books of blank cards: what came, went, was promised or found missing. Only ever added.

    ``change`` and ``reserved_change`` are what the line does to the stock; their sums are the stock.
    """

    place = _place(related_name="+", db_index=False)
    kind = models.CharField(_("kind"), max_length=8, choices=BlankMove)
    change = models.IntegerField(_("change"), default=0)
    reserved_change = models.IntegerField(_("change of what is reserved"), default=0)
    serial_first = models.BigIntegerField(_("first serial number"), null=True, blank=True)
    serial_last = models.BigIntegerField(_("last serial number"), null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=255, blank=True)
    batch = models.ForeignKey(
        PrintBatch,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="blank_movements",
        verbose_name=_("print batch"),
    )
    created_at = models.DateTimeField(_("entered at"))
    created_by = stamps.created_by(_("entered by"))

    objects = BlankQuerySet.as_manager()

    class Meta:
        verbose_name = _("movement of blank cards")
        verbose_name_plural = _("movements of blank cards")
        constraints = [
            models.CheckConstraint(
                name="serial_numbers_run_upwards",
                condition=Q(serial_first__isnull=True, serial_last__isnull=True)
                | Q(serial_first__gte=0, serial_last__gte=F("serial_first")),
            ),
            models.CheckConstraint(
                name="spoilt_and_counted_blanks_say_why",
                condition=~Q(kind__in=[BlankMove.SPOILT, BlankMove.COUNTED]) | ~Q(reason=""),
            ),
            _serials_once("blank_serials_are_received_once", BlankMove.RECEIVED),
            _serials_once("blank_serials_are_used_once", BlankMove.USED),
        ]
        indexes = [models.Index(fields=["place", "-id"], name="blank_movements_of_place")]

    def __str__(self):
        return f"{self.place} {self.get_kind_display()} {self.change:+d}"
