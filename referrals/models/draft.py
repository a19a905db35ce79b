"""What a clerk has typed between two pages."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from ksb.core import stamps
from referrals.models.referral import Referral
from referrals.models.sjp import Sjp
from referrals.querysets import DraftQuerySet


class Draft(models.Model):
    """What a clerk has answered so far about one looked-up patient, between the pages. Becomes at most one SJP.

    ``earlier`` is the referral whose hospital did not take the patient: the letter goes on from it.
    """

    lookup = models.OneToOneField(
        "participants.Lookup",
        on_delete=models.CASCADE,
        primary_key=True,
        related_name="draft",
        verbose_name=_("look-up"),
    )
    answers = models.JSONField(_("answers"), default=dict)
    earlier = models.ForeignKey(
        Referral, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("earlier referral")
    )
    sjp = models.OneToOneField(Sjp, on_delete=models.PROTECT, null=True, related_name="draft", verbose_name="SJP")
    created_at = models.DateTimeField(_("begun at"))
    created_by = stamps.created_by(_("begun by"))

    objects = DraftQuerySet.as_manager()

    class Meta:
        verbose_name = _("draft of a letter")
        verbose_name_plural = _("drafts of letters")

    def __str__(self):
        return f"{self.created_at:%Y-%m-%d %H:%M}"
