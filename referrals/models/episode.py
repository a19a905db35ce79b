"""The episode of care at the hospital."""

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from facilities.enums import Service
from ksb.core import stamps
from referrals.enums import Condition, DischargeStatus, EpisodeState, FollowUp, IdentityCheck
from referrals.models.patient import ForPatient, facility_field, for_somebody
from referrals.models.sjp import Sjp
from referrals.querysets import EpisodeQuerySet


class Episode(ForPatient):
    """One outpatient visit or inpatient stay under an SJP. ``decision`` is the coverage found anew at admission.

    ``specialty`` is the clinic, empty for the one the letter names; ``doctor_name`` the doctor in charge (DPJP).
    """

    STATES = EpisodeState

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    sjp = models.ForeignKey(Sjp, on_delete=models.PROTECT, related_name="episodes", verbose_name="SJP")
    hospital = facility_field(_("hospital"), related_name="episodes")
    state = models.CharField(_("state"), max_length=10, choices=EpisodeState, default=EpisodeState.IN_CARE)
    service = models.CharField(_("service"), max_length=16, choices=Service)
    medical_record = models.CharField(_("medical record number"), max_length=20, blank=True)
    specialty = models.ForeignKey(
        "facilities.Specialty", on_delete=models.PROTECT, null=True, db_index=False, verbose_name=_("clinic")
    )
    doctor_name = models.CharField(_("doctor in charge (DPJP)"), max_length=120, blank=True, db_default="")
    ward = models.CharField(_("ward and bed"), max_length=60, blank=True, db_default="")
    identity_check = models.CharField(_("identity proved by"), max_length=12, choices=IdentityCheck)
    decision = models.JSONField(_("decision at admission"), default=dict)
    admitted_at = models.DateTimeField(_("admitted at"))
    admitted_by = stamps.created_by(_("admitted by"))
    discharged_at = stamps.at(_("discharged at"))
    discharged_by = stamps.by(_("discharged by"))
    discharge_status = models.PositiveSmallIntegerField(
        _("manner of discharge"), choices=DischargeStatus, null=True, blank=True
    )
    condition = models.CharField(_("condition on leaving"), max_length=13, choices=Condition, blank=True, db_default="")
    death_time = models.DateTimeField(_("time of death"), null=True, blank=True)
    next_step = models.PositiveSmallIntegerField(_("what comes next"), choices=FollowUp, null=True, blank=True)
    follow_up = models.TextField(_("follow-up"), blank=True)
    completed_at = stamps.at(_("summary completed at"))
    completed_by = stamps.by(_("summary completed by"), db_index=False)

    objects = EpisodeQuerySet.as_manager()

    class Meta:
        verbose_name = _("episode")
        verbose_name_plural = _("episodes")
        constraints = [
            for_somebody("episode"),
            stamps.pair("episode", "discharged"),
            stamps.pair("episode", "completed"),
            models.CheckConstraint(
                name="discharge_after_admission",
                condition=Q(discharged_at__isnull=True) | Q(discharged_at__gte=F("admitted_at")),
                violation_error_message=_("The discharge lies before the admission."),
            ),
            models.CheckConstraint(
                name="death_is_a_manner_of_discharge",
                condition=Q(death_time__isnull=True)
                | Q(
                    discharge_status=DischargeStatus.DECEASED,
                    death_time__gte=F("admitted_at"),
                    death_time__lte=F("discharged_at"),
                ),
                violation_error_message=_("The time of death lies outside the stay."),
            ),
            models.UniqueConstraint(
                fields=["resident"],
                condition=Q(
                    state="IN_CARE",
                    service__in=["INPATIENT", "INTENSIVE", "NEWBORN"],
                    newborn__isnull=True,
                    special__isnull=True,
                ),
                name="one_running_stay_per_person",
                violation_error_message=_("This patient is still admitted to a hospital."),
            ),
            models.UniqueConstraint(
                fields=["special"],
                condition=Q(state="IN_CARE", service__in=["INPATIENT", "INTENSIVE"], special__isnull=False),
                name="one_running_stay_per_special_person",
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
        indexes = [
            models.Index(fields=["hospital", "state", "-admitted_at"]),
            models.Index(fields=["special"], condition=Q(special__isnull=False), name="episode_of_special_person"),
        ]

    def __str__(self):
        return f"{self.sjp} {self.admitted_at:%Y-%m-%d}"

    @property
    def clinic(self):
        return self.specialty or self.sjp.specialty
