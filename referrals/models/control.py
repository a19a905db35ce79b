"""What brings a patient back under the same letter: a control letter (SKDP), or a referral to another clinic of the hospital."""

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from ksb.core import stamps
from referrals.enums import ControlState
from referrals.models.episode import Episode
from referrals.models.patient import ForPatient, facility_field, for_somebody, letter_token
from referrals.models.sjp import Sjp
from referrals.querysets import ControlQuerySet, OfEpisodeQuerySet


class ControlLetter(ForPatient):
    """Surat kontrol (SKDP, letter L4): on ``control_on`` the patient comes back to a clinic, without a new referral or SJP.

    ``visit`` is the episode it led to. ``puskesmas`` is the one of the SJP: it calls a patient who does not come.
    """

    STATES = ControlState

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    number = models.CharField(_("number"), max_length=40, unique=True)
    token = models.CharField(max_length=24, unique=True, default=letter_token, editable=False)
    state = models.CharField(_("state"), max_length=9, choices=ControlState, default=ControlState.ISSUED)
    episode = models.ForeignKey(
        Episode, on_delete=models.PROTECT, related_name="control_letters", verbose_name=_("episode")
    )
    sjp = models.ForeignKey(Sjp, on_delete=models.PROTECT, related_name="control_letters", verbose_name="SJP")
    hospital = facility_field(_("hospital"), related_name="+", db_index=False)
    puskesmas = facility_field("Puskesmas", related_name="+", db_index=False)
    specialty = models.ForeignKey(
        "facilities.Specialty", on_delete=models.PROTECT, db_index=False, verbose_name=_("clinic")
    )
    doctor_name = models.CharField(_("doctor in charge (DPJP)"), max_length=120)
    control_on = models.DateField(_("control date"))
    valid_until = models.DateField(_("until"))
    reason = models.TextField(_("why not referred back to the Puskesmas yet"))
    visit = models.OneToOneField(
        Episode, on_delete=models.PROTECT, null=True, related_name="came_by_control", verbose_name=_("visit")
    )
    prints = models.PositiveSmallIntegerField(_("times printed"), default=0)
    issued_at = models.DateTimeField(_("issued at"))
    issued_by = stamps.created_by(_("issued by"))
    letter = models.JSONField(_("letter as printed"), default=dict)

    objects = ControlQuerySet.as_manager()

    class Meta:
        verbose_name = _("control letter")
        verbose_name_plural = _("control letters")
        constraints = [
            for_somebody("controlletter"),
            models.CheckConstraint(
                name="control_lies_within_its_referral", condition=Q(control_on__lte=F("valid_until"))
            ),
            models.CheckConstraint(
                name="a_used_control_letter_has_its_visit",
                condition=Q(state="USED", visit__isnull=False) | (~Q(state="USED") & Q(visit__isnull=True)),
            ),
            models.UniqueConstraint(
                fields=["sjp", "specialty"],
                condition=Q(state="ISSUED"),
                name="one_open_control_letter_per_sjp_and_clinic",
                violation_error_message=_("This patient already holds an open control letter for this clinic."),
            ),
        ]
        indexes = [
            models.Index(fields=["hospital", "control_on"]),
            models.Index(fields=["puskesmas", "state", "control_on"]),
            models.Index(fields=["control_on"], condition=Q(state="ISSUED"), name="control_to_come"),
        ]

    def __str__(self):
        return self.number


class InternalReferral(models.Model):
    """From one clinic of the hospital to another, under the same SJP. ``visit`` is the episode it led to."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    episode = models.ForeignKey(
        Episode, on_delete=models.PROTECT, related_name="internal_referrals", verbose_name=_("episode")
    )
    specialty = models.ForeignKey(
        "facilities.Specialty", on_delete=models.PROTECT, db_index=False, verbose_name=_("to the clinic")
    )
    doctor_name = models.CharField(_("referring doctor"), max_length=120)
    question = models.TextField(_("question to the other clinic"))
    valid_until = models.DateField(_("until"))
    visit = models.OneToOneField(
        Episode, on_delete=models.PROTECT, null=True, related_name="came_by_clinic", verbose_name=_("visit")
    )
    written_at = models.DateTimeField(_("written at"))
    written_by = stamps.created_by(_("written by"))

    objects = OfEpisodeQuerySet.as_manager()

    class Meta:
        verbose_name = _("internal referral")
        verbose_name_plural = _("internal referrals")
        constraints = [
            models.UniqueConstraint(
                fields=["episode", "specialty"],
                name="one_internal_referral_per_visit_and_clinic",
                violation_error_message=_("This visit already refers the patient to this clinic."),
            )
        ]

    def __str__(self):
        return f"{self.episode} {self.specialty_id}"
