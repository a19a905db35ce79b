"""More days under a guarantee letter in use."""

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from ksb.core import stamps
from referrals.enums import ExtensionState
from referrals.models.sjp import Sjp
from referrals.querysets import ExtensionQuerySet


class Extension(models.Model):
    """What a hospital asks for while a stay runs on (domain.md B14): ``until`` is the last day asked for, ``previous_until``
    the letter's last day before. Granted, the letter holds to ``until``.
    """

    STATES = ExtensionState

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    sjp = models.ForeignKey(Sjp, on_delete=models.PROTECT, related_name="extensions", verbose_name="SJP")
    state = models.CharField(
        _("state"), max_length=8, choices=ExtensionState, default=ExtensionState.WAITING, db_default="WAITING"
    )
    doctor_name = models.CharField("DPJP", max_length=120)
    reason = models.TextField(_("medical reason"))
    previous_until = models.DateField(_("last day before"))
    until = models.DateField(_("last day asked for"))
    requested_at = models.DateTimeField(_("requested at"))
    requested_by = stamps.created_by(_("requested by"))
    granted_at = stamps.at(_("granted at"))
    granted_by = stamps.by(_("granted by"))
    declined_at = stamps.at(_("declined at"))
    declined_by = stamps.by(_("declined by"))
    answer = models.CharField(_("reason for declining"), max_length=255, blank=True)

    objects = ExtensionQuerySet.as_manager()

    class Meta:
        verbose_name = _("extension of an SJP")
        verbose_name_plural = _("extensions of SJPs")
        constraints = [
            *(stamps.pair("extension", act) for act in ("granted", "declined")),
            stamps.different_people("extension", "requested", "granted"),
            models.CheckConstraint(
                name="extension_lengthens", condition=Q(until__gt=F("previous_until"), previous_until__isnull=False)
            ),
            models.CheckConstraint(
                name="extension_answered_as_its_state_says",
                condition=Q(state="WAITING", granted_at__isnull=True, declined_at__isnull=True)
                | Q(state="GRANTED", granted_at__isnull=False)
                | Q(state="DECLINED", declined_at__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["sjp"],
                condition=Q(state="WAITING"),
                name="one_open_extension_per_sjp",
                violation_error_message=_("Dinkes has not answered the last request yet."),
            ),
        ]
        indexes = [models.Index(fields=["requested_at"], condition=Q(state="WAITING"), name="extension_to_answer")]

    def __str__(self):
        return f"{self.sjp_id} {self.until}"
