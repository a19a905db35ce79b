"""The way back: what the specialist tells the Puskesmas, and the patient's visits there afterwards."""

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from ksb.core import stamps
from referrals.enums import BackReferralState, Programme
from referrals.models.episode import Episode
from referrals.models.patient import ForPatient, facility_field, for_somebody, letter_token
from referrals.models.sjp import Sjp
from referrals.querysets import BackReferralQuerySet, ProgrammeVisitQuerySet


class BackReferral(ForPatient):
    """Surat rujuk balik (letter L3): the patient is stable and goes on at the Puskesmas ``puskesmas``.

    ``medicines`` is a list of ``{"name", "dose", "days"}``; ``programme`` the chronic disease whose programme the patient
    joins, if any. ``visited_on`` is the first visit to the Puskesmas, ``due_on`` the next one expected.
    """

    STATES = BackReferralState

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    number = models.CharField(_("number"), max_length=40, unique=True)
    token = models.CharField(max_length=24, unique=True, default=letter_token, editable=False)
    state = models.CharField(_("state"), max_length=8, choices=BackReferralState, default=BackReferralState.SENT)
    episode = models.OneToOneField(
        Episode, on_delete=models.PROTECT, related_name="back_referral", verbose_name=_("episode")
    )
    sjp = models.ForeignKey(Sjp, on_delete=models.PROTECT, related_name="back_referrals", verbose_name="SJP")
    hospital = facility_field(_("hospital"), related_name="+", db_index=False)
    puskesmas = facility_field("Puskesmas", related_name="+", db_index=False)
    diagnosis = models.ForeignKey(
        "facilities.Diagnosis", on_delete=models.PROTECT, db_index=False, verbose_name=_("main diagnosis")
    )
    other_diagnoses = ArrayField(models.CharField(max_length=8), default=list, verbose_name=_("further diagnoses"))
    procedures = ArrayField(models.CharField(max_length=8), default=list, verbose_name=_("procedures"))
    condition = models.TextField(_("condition"))
    therapy = models.TextField(_("treatment to go on with"))
    medicines = models.JSONField(_("medicines"), default=list)
    advice = models.TextField(_("advice"), blank=True)
    warning_signs = models.TextField(_("warning signs"))
    programme = models.CharField(_("chronic disease programme"), max_length=13, choices=Programme, blank=True)
    due_on = models.DateField(_("next visit due"), null=True, blank=True)
    doctor_name = models.CharField(_("doctor in charge (DPJP)"), max_length=120)
    sent_at = models.DateTimeField(_("sent at"))
    sent_by = stamps.created_by(_("sent by"))
    accepted_at = stamps.at(_("accepted at"))
    accepted_by = stamps.by(_("accepted by"), db_index=False)
    visited_on = models.DateField(_("first visit"), null=True, blank=True)
    ended_at = stamps.at(_("ended at"))
    ended_by = stamps.by(_("ended by"), db_index=False)
    ending = models.CharField(_("why it ended"), max_length=255, blank=True)
    prints = models.PositiveSmallIntegerField(_("times printed"), default=0)
    letter = models.JSONField(_("letter as printed"), default=dict)

    objects = BackReferralQuerySet.as_manager()

    class Meta:
        verbose_name = _("back-referral")
        verbose_name_plural = _("back-referrals")
        constraints = [
            for_somebody("backreferral"),
            *(stamps.pair("back_referral", act) for act in ("accepted", "ended")),
            models.CheckConstraint(
                name="a_visited_back_referral_has_its_day", condition=~Q(state="VISITED") | Q(visited_on__isnull=False)
            ),
            models.CheckConstraint(
                name="a_visit_follows_its_acceptance",
                condition=Q(visited_on__isnull=True) | Q(accepted_at__isnull=False),
            ),
        ]
        indexes = [
            models.Index(fields=["puskesmas", "state", "-id"]),
            models.Index(fields=["puskesmas", "due_on"], condition=~Q(state="ENDED"), name="back_referral_due"),
            models.Index(fields=["hospital", "-id"]),
        ]

    def __str__(self):
        return self.number


class ProgrammeVisit(models.Model):
    """One visit to the Puskesmas after a back-referral; only ever added."""

    back_referral = models.ForeignKey(
        BackReferral, on_delete=models.PROTECT, related_name="visits", verbose_name=_("back-referral")
    )
    visited_on = models.DateField(_("visited on"))
    note = models.TextField(_("note"), blank=True)
    next_on = models.DateField(_("next visit"), null=True, blank=True)
    recorded_at = models.DateTimeField(_("recorded at"))
    recorded_by = stamps.created_by(_("recorded by"))

    objects = ProgrammeVisitQuerySet.as_manager()

    class Meta:
        verbose_name = _("visit after a back-referral")
        verbose_name_plural = _("visits after back-referrals")
        ordering = ["-visited_on", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["back_referral", "visited_on"],
                name="one_visit_a_day_after_a_back_referral",
                violation_error_message=_("A visit on this day is recorded already."),
            ),
            models.CheckConstraint(
                name="the_next_visit_comes_later", condition=Q(next_on__isnull=True) | Q(next_on__gt=F("visited_on"))
            ),
        ]

    def __str__(self):
        return f"{self.back_referral} {self.visited_on}"
