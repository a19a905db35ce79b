"""What hospitals' programs asked for: a repeat is answered, not done again."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from claims.querysets import ProgramRequestQuerySet
from ksb.core import stamps


class ProgramRequest(models.Model):
    """One hand-in by a program under its idempotency key, with the answer it got. ``body_sha256`` tells a repeat from another."""

    key = models.CharField(_("idempotency key"), max_length=64)
    body_sha256 = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(_("HTTP status"), default=0)
    answer = models.JSONField(_("answer"), default=dict)
    sent_at = models.DateTimeField(_("sent at"))
    sent_by = stamps.created_by(_("sent by"))

    objects = ProgramRequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("request of a program")
        verbose_name_plural = _("requests of programs")
        constraints = [models.UniqueConstraint(fields=["sent_by", "key"], name="one_answer_per_key")]

    def __str__(self):
        return self.key
