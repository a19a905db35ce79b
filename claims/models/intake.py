"""Lines of a file that could not become claims."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from claims.enums import RowStatus
from claims.models.batch import ClaimBatch
from claims.querysets import ClaimPartQuerySet


class IntakeRow(models.Model):
    """A line of the file that could not become a claim, as received, with the sentences that say why."""

    id = models.BigAutoField(primary_key=True)
    batch = models.ForeignKey(
        ClaimBatch, on_delete=models.CASCADE, related_name="intake_rows", verbose_name=_("batch"), db_index=False
    )
    line_number = models.PositiveIntegerField(_("line"))
    status = models.CharField(max_length=8, choices=RowStatus, default=RowStatus.REFUSED)
    reference = models.CharField(_("SEP or SJP number"), max_length=40, blank=True)
    raw = models.TextField(_("line as received"))
    findings = models.JSONField(pgettext_lazy("claims", "findings"), default=list)

    objects = ClaimPartQuerySet.as_manager()

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
