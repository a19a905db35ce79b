"""The episode of care at the hospital."""

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from facilities.enums import Service
from ksb.core import stamps
from referrals.enums import DischargeStatus, EpisodeState, IdentityCheck
from referrals.models.patient import ForPatient, facility_field
from referrals.models.sjp import Sjp
from referrals.querysets import EpisodeQuerySet


class Episode(ForPatient):
    """One outpatient visit or inpatient stay under an SJP. ``decision`` is the coverage found anew at admission."""

    STATES = EpisodeState

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    sjp = models.ForeignKey(Sjp, on_delete=models.PROTECT, related_name="episodes", verbose_name="SJP")
    hospital = facility_field(_("hospital"), related_name="episodes")
    state = models.CharField(_("state"), max_length=10, choices=EpisodeState, default=EpisodeState.IN_CARE)
    service = models.CharField(_("service"), max_length=16, choices=Service)
    medical_record = models.CharField(_("medical record number"), max_length=20, blank=True)
    identity_check = models.CharField(_("identity proved by"), max_length=12, choices=IdentityCheck)
    decision = models.JSONField(_("decision at admission"), default=dict)
    admitted_at = models.DateTimeField(_("admitted at"))
    admitted_by = stamps.created_by(_("admitted by"))
    discharged_at = stamps.at(_("discharged at"))
    discharged_by = stamps.by(_("discharged by"))
    discharge_status = models.PositiveSmallIntegerField(
        _("manner of discharge"), choices=DischargeStatus, null=True, blank=True
    )
    follow_up = models.TextField(_("follow-up"), blank=True)

    objects = EpisodeQuerySet.as_manager()

    class Meta:
        verbose_name = _("episode")
        verbose_name_plural = _("episodes")
        constraints = [
            stamps.pair("episode", "discharged"),
            models.CheckConstraint(
                name="discharge_after_admission",
                condition=Q(discharged_at__isnull=True) | Q(discharged_at__gte=F("admitted_at")),
                violation_error_message=_("The discharge lies before the admission."),
            ),
            models.UniqueConstraint(
                fields=["resident"],
                condition=Q(state="IN_CARE", service__in=["INPATIENT", "INTENSIVE", "NEWBORN"], newborn__isnull=True),
                name="one_running_stay_per_person",
                violation_error_message=_("This patient is still admitted to a hospital."),
            ),
            # A mother and her children lie in the same hospital: each child has a stay of its own.
            models.UniqueConstraint(
                fields=["newborn"],
                condition=Q(state="IN_CARE", newborn__isnull=False),
                name="one_running_stay_per_newborn",
                violation_error_message=_("This child is still admitted to a hospital."),
            ),
            models.UniqueConstraint(fields=["sjp"], condition=Q(state="IN_CARE"), name="one_running_episode_per_sjp"),
        ]
        indexes = [models.Index(fields=["hospital", "state", "-admitted_at"])]

    def __str__(self):
        return f"{self.sjp} {self.admitted_at:%Y-%m-%d}"
