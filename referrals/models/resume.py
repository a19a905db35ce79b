"""The medical summary (resume medis) of an episode."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ksb.core import stamps
from referrals.models.episode import Episode
from referrals.querysets import OfEpisodeQuerySet

CODES = 12  # further diagnoses or procedures a summary holds, as many as a claim's row has room for


class Resume(models.Model):
    """What was found and done, written after discharge and completed under the name of the doctor in charge.

    Pieces may be missing until it is completed: ``referrals.resume.missing`` names them. Further diagnoses are ICD-10 codes,
    procedures ICD-9-CM codes, in the order of their weight. ``letter`` is what stands on the paper.
    """

    episode = models.OneToOneField(Episode, on_delete=models.PROTECT, related_name="resume", verbose_name=_("episode"))
    complaint = models.TextField(_("reason of admission and history"), blank=True)
    findings = models.TextField(_("physical findings"), blank=True)
    results = models.TextField(_("laboratory and other results"), blank=True)
    diagnosis = models.ForeignKey(
        "facilities.Diagnosis",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        db_index=False,
        verbose_name=_("main diagnosis"),
    )
    other_diagnoses = ArrayField(models.CharField(max_length=8), default=list, verbose_name=_("further diagnoses"))
    procedures = ArrayField(models.CharField(max_length=8), default=list, verbose_name=_("procedures"))
    therapy = models.TextField(_("treatment at the hospital"), blank=True)
    medicines = models.TextField(_("medicines on leaving"), blank=True)
    advice = models.TextField(_("advice"), blank=True)
    doctor_name = models.CharField(_("doctor in charge (DPJP)"), max_length=120, blank=True)
    prints = models.PositiveSmallIntegerField(_("times printed"), default=0)
    written_at = models.DateTimeField(_("written at"))
    written_by = stamps.created_by(_("written by"))
    letter = models.JSONField(_("letter as printed"), default=dict)

    objects = OfEpisodeQuerySet.as_manager()

    class Meta:
        verbose_name = _("medical summary")
        verbose_name_plural = _("medical summaries")
        constraints = [
            models.CheckConstraint(
                name="resume_holds_a_rows_worth_of_codes",
                condition=Q(other_diagnoses__len__lte=CODES, procedures__len__lte=CODES),
            )
        ]

    def __str__(self):
        return str(self.episode)
