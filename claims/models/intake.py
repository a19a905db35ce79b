"""The files of a batch, and their lines that could not become claims."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from claims.enums import RowStatus, Source
from claims.models.batch import ClaimBatch
from claims.querysets import ClaimPartQuerySet, IntakeRowQuerySet
from ksb.core import stamps


class BatchFile(models.Model):
    """One file handed in for a batch, kept as received under its checksum.

    Lines of a batch are numbered through: line ``n`` of this file is line ``offset + n`` of its batch. ``taken`` rows became
    claims, ``unchanged`` ones repeated a claim of the batch, ``refused`` ones became none.
    """

    batch = models.ForeignKey(ClaimBatch, on_delete=models.CASCADE, related_name="files", verbose_name=_("batch"))
    hospital = models.ForeignKey(
        "facilities.Facility",
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("hospital"),
        db_index=False,
    )
    source = models.CharField(_("source"), max_length=8, choices=Source, default=Source.FILE, db_default=Source.FILE)
    file_name = models.CharField(_("file"), max_length=120)
    sha256 = models.CharField(max_length=64)
    archive = models.CharField(_("kept at"), max_length=255)
    header = models.TextField(_("columns of the file"), help_text=_("names separated by tabs"))
    offset = models.PositiveIntegerField(_("lines of the batch before it"), default=0)
    last_line = models.PositiveIntegerField(_("last line of the file"))
    rows = models.PositiveIntegerField(_("rows"))
    taken = models.PositiveIntegerField(_("rows taken"), default=0)
    unchanged = models.PositiveIntegerField(_("rows known already"), default=0)
    refused = models.PositiveIntegerField(_("rows refused"), default=0)
    received_at = models.DateTimeField(_("received at"))
    received_by = stamps.created_by(_("received from"))
    withdrawn_at = stamps.at(_("taken back at"))
    withdrawn_by = stamps.by(_("taken back by"))

    objects = ClaimPartQuerySet.as_manager()

    class Meta:
        verbose_name = _("file of a batch")
        verbose_name_plural = _("files of batches")
        ordering = ["batch", "offset"]
        constraints = [
            stamps.pair("batchfile", "withdrawn"),
            models.UniqueConstraint(
                fields=["hospital", "sha256"],
                condition=Q(withdrawn_at__isnull=True),
                name="a_file_is_taken_once",
                violation_error_message=_("This very file was already handed in."),
            ),
            models.UniqueConstraint(fields=["batch", "offset"], name="files_of_a_batch_follow_one_another"),
        ]

    def __str__(self):
        return self.file_name

    @property
    def names(self):
        """The columns of the file in its order."""
        return self.header.split("\t")


class IntakeRow(models.Model):
    """A line of the file that could not become a claim, as received, with the sentences that say why."""

    id = models.BigAutoField(primary_key=True)
    batch = models.ForeignKey(
        ClaimBatch, on_delete=models.CASCADE, related_name="intake_rows", verbose_name=_("batch"), db_index=False
    )
    line_number = models.PositiveIntegerField(_("line"))
    status = models.CharField(max_length=10, choices=RowStatus, default=RowStatus.REFUSED)
    reference = models.CharField(_("SEP or SJP number"), max_length=40, blank=True)
    raw = models.TextField(_("line as received"))
    findings = models.JSONField(pgettext_lazy("claims", "findings"), default=list)

    objects = IntakeRowQuerySet.as_manager()

    class Meta:
        verbose_name = _("refused row")
        verbose_name_plural = _("refused rows")
        ordering = ["batch", "line_number"]
        constraints = [models.UniqueConstraint(fields=["batch", "line_number"], name="one_refusal_per_line")]

    def __str__(self):
        return f"{self.batch} {self.line_number}"

    @property
    def sentences(self):
        """The findings as the result page shows them."""
        from claims.intake.result import refused_line

        return refused_line(self).findings
