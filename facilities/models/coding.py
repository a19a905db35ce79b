"""Code lists of diagnoses (ICD-10) and procedures (ICD-9-CM)."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from ksb.core.querysets import ReferenceQuerySet


class Coding(models.Model):
    code = models.CharField(_("code"), max_length=8, primary_key=True)
    title = models.CharField(_("title"), max_length=255)
    source = models.CharField(_("list"), max_length=40, help_text=_("where the code was loaded from, with its edition"))

    objects = ReferenceQuerySet.as_manager()

    class Meta:
        abstract = True
        ordering = ["code"]

    def __str__(self):
        return f"{self.code} {self.title}"


class Diagnosis(Coding):
    alias = models.CharField(_("Indonesian name"), max_length=160, blank=True)
    common_rank = models.PositiveSmallIntegerField(_("rank among Puskesmas diagnoses"), null=True, blank=True)
    selectable = models.BooleanField(_("may be coded"), default=True, help_text=_("a leaf, not a chapter or block"))

    class Meta(Coding.Meta):
        verbose_name = _("diagnosis")
        verbose_name_plural = _("diagnoses")


class Procedure(Coding):
    class Meta(Coding.Meta):
        verbose_name = _("procedure")
        verbose_name_plural = _("procedures")
