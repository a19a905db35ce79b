"""What a legacy list was worth: counts and line numbers of each run, dry ones included. No number of a family."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from ksb.core import stamps
from participants.querysets import ReportQuerySet


class MembersImport(models.Model):
    """One run of ``import_members``. ``findings`` are ``{code, count, lines}``; all refused lines lie in the file ``path``."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    file_name = models.CharField(_("file"), max_length=255)
    sha256 = models.CharField(max_length=64)
    dry_run = models.BooleanField(_("dry run"))
    added = models.PositiveIntegerField(_("added"))
    unchanged = models.PositiveIntegerField(_("unchanged"))
    refused = models.PositiveIntegerField(_("refused"))
    cards = models.PositiveIntegerField(_("cards"))
    findings = models.JSONField(_("findings"), default=list)
    path = models.CharField(max_length=100, blank=True)
    imported_at = models.DateTimeField(_("imported at"))
    imported_by = stamps.created_by(_("imported by"))

    objects = ReportQuerySet.as_manager()

    class Meta:
        verbose_name = _("import of a membership list")
        verbose_name_plural = _("imports of membership lists")

    def __str__(self):
        return f"{self.file_name} {self.imported_at:%Y-%m-%d %H:%M}"
