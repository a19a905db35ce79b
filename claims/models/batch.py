"""What one hospital hands in for one service month."""

import uuid

from django.db import models
from django.db.models import F, Max, Q
from django.db.models.expressions import RawSQL
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from claims import clocks
from claims.enums import BatchKind, BatchState
from claims.families import FAMILY
from claims.querysets import BatchQuerySet
from ksb.core import stamps


class ClaimBatch(models.Model):
    """What one hospital hands in for one service month and kind of care, in one file or several (``files``) and by hand.

    Whatever comes for a month lies in one open batch; given to the director it becomes one batch for each kind. Those keep
    the lines, and find the files, of the batch they were ``split_from``.
    ``sha256`` is the fingerprint of all of its files: that of the only one, or of their checksums in order.
    """

    STATES = BatchState

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    number = models.CharField(_("number"), max_length=40, unique=True)
    hospital = models.ForeignKey(
        "facilities.Facility", on_delete=models.PROTECT, related_name="claim_batches", verbose_name=_("hospital")
    )
    service_month = models.DateField(_("service month"), help_text=_("first day of the month"))
    kind = models.CharField(
        _("kind"),
        max_length=3,
        choices=BatchKind,
        blank=True,
        default="",
        db_default="",
        help_text=_("empty while it lies open at the billing desk with whatever the month brought"),
    )
    split_from = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, related_name="splits", verbose_name=_("handed in together with")
    )
    state = models.CharField(_("state"), max_length=16, choices=BatchState, default=BatchState.OPEN)
    sha256 = models.CharField(max_length=64, blank=True)
    rows = models.PositiveIntegerField(_("rows"), default=0)
    accepted = models.PositiveIntegerField(_("rows taken"), default=0)
    refused = models.PositiveIntegerField(_("rows refused"), default=0)
    claimed = models.BigIntegerField(_("claimed"), default=0)
    approved = models.BigIntegerField(_("approved"), default=0)
    created_at = models.DateTimeField(_("received at"))
    created_by = stamps.created_by(_("received from"))
    submitted_at = stamps.at(_("submitted at"))
    submitted_by = stamps.by(_("submitted by"))
    signed_at = stamps.at(_("signed at"))
    signed_by = stamps.by(_("signed by"))
    late = models.BooleanField(
        _("late (susulan)"), default=False, db_default=False, help_text=_("submitted after the due day of its month")
    )
    completed_at = stamps.at(_("found complete at"))
    completed_by = stamps.by(_("found complete by"))
    verified_at = stamps.at(_("verified at"))
    verified_by = stamps.by(_("verified by"))
    paid_at = stamps.at(_("paid at"))
    paid_by = stamps.by(_("paid by"))

    objects = BatchQuerySet.as_manager()

    class Meta:
        verbose_name = _("claim batch")
        verbose_name_plural = _("claim batches")
        constraints = [
            *(stamps.pair("batch", act) for act in ("submitted", "signed", "completed", "verified", "paid")),
            stamps.different_people("batch", "submitted", "signed"),
            models.CheckConstraint(name="batch_month_is_a_first", condition=Q(service_month__day=1)),
            models.CheckConstraint(
                name="batch_approved_within_claimed", condition=Q(approved__gte=0, approved__lte=F("claimed"))
            ),
        ]
        indexes = [models.Index(fields=["hospital", "-id"]), models.Index(fields=["state", "id"])]

    def __str__(self):
        return self.number

    @property
    def handed_in_at(self):
        """When the batch came to Dinkes: with the director's signature."""
        return self.signed_at or self.submitted_at

    @property
    def due_on(self):
        """Until when it is handed in with its own month; later it is late (susulan)."""
        return clocks.due_on(self.service_month)

    @property
    def silent_on(self):
        """The day on which silence has made it complete; None before it is handed in."""
        return clocks.silent_on(localdate(self.handed_in_at)) if self.handed_in_at else None

    def last_line(self):
        """The number behind which the next row of this batch is put in line; 0 while it has none."""
        last = self.files.order_by("-offset").first()
        entered = self.claims.aggregate(last=Max("line_number"))["last"] or 0
        return max(entered, last.offset + last.last_line if last else 0)

    @property
    def root(self):
        """The batch of the hand-in: itself, or the first it was split from."""
        return self.split_from.root if self.split_from else self

    def family(self):
        """All batches of its hand-in, this one among them."""
        return type(self).objects.filter(pk__in=RawSQL(FAMILY, [self.pk])).order_by("pk")  # noqa: S611 (a constant)

    def known_files(self):
        """Its BatchFiles, the newest first, then those of what it was split from: the first below a line brought it."""
        own = list(self.files.order_by("-offset"))
        return own + self.split_from.known_files() if self.split_from else own

    @property
    def file_name(self):
        """The names of its files, as they were handed in."""
        return ", ".join(file.file_name for file in reversed(self.known_files()))
