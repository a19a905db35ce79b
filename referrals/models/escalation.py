"""A patient for whom the duty officer of Dinkes looks for a hospital."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from facilities.enums import Service, WardType
from ksb.core import stamps
from referrals.enums import EscalationCause, EscalationState, UnmetReason
from referrals.models.draft import Draft
from referrals.models.patient import ForPatient, facility_field, for_somebody
from referrals.models.referral import Referral
from referrals.querysets import EscalationQuerySet


class Escalation(ForPatient):
    """One case that found no hospital by the ordinary way (S108, domain.md B11): who took it, and what became of it.

    ``referral`` is the letter it arose from, ``first`` the first of that case; both are missing where no hospital could be
    chosen at all: it then arose from ``draft``. ``hospital`` is what the officer found, ``accepted_by`` who said yes there.
    """

    STATES = EscalationState
    RUNNING = (EscalationState.OPEN, EscalationState.TAKEN)

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    state = models.CharField(_("state"), max_length=10, choices=EscalationState, default=EscalationState.OPEN)
    cause = models.CharField(_("cause"), max_length=12, choices=EscalationCause)
    referral = models.ForeignKey(
        Referral, on_delete=models.PROTECT, null=True, related_name="escalations", verbose_name=_("referral")
    )
    first = models.ForeignKey(
        Referral, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("first referral of the case")
    )
    draft = models.ForeignKey(
        Draft, on_delete=models.SET_NULL, null=True, related_name="escalations", verbose_name=_("draft of a letter")
    )
    puskesmas = facility_field("Puskesmas", related_name="escalations")
    specialty = models.ForeignKey("facilities.Specialty", on_delete=models.PROTECT, verbose_name=_("specialty"))
    service = models.CharField(_("service"), max_length=16, choices=Service)
    ward = models.CharField(_("ward"), max_length=14, choices=WardType, blank=True)
    diagnosis = models.ForeignKey("facilities.Diagnosis", on_delete=models.PROTECT, verbose_name=_("working diagnosis"))
    complaint = models.TextField(_("complaint and history"))
    findings = models.TextField(_("findings"))
    opened_at = models.DateTimeField(_("opened at"))
    opened_by = stamps.created_by(_("opened by"))
    taken_at = stamps.at(_("taken at"))
    taken_by = stamps.by(_("taken by"))
    ended_at = stamps.at(_("ended at"))
    ended_by = stamps.by(_("ended by"))
    hospital = facility_field(_("hospital found"), null=True, related_name="escalations_found")
    accepted_by_name = models.CharField(_("who accepted there"), max_length=120, blank=True)
    unmet_reason = models.CharField(_("why not met"), max_length=16, choices=UnmetReason, blank=True)
    note = models.CharField(_("note"), max_length=500, blank=True)

    objects = EscalationQuerySet.as_manager()

    class Meta:
        verbose_name = _("escalation")
        verbose_name_plural = _("escalations")
        constraints = [
            for_somebody("escalation"),
            stamps.pair("escalation", "taken"),
            stamps.pair("escalation", "ended"),
            models.CheckConstraint(
                name="escalation_has_a_case",
                condition=Q(referral__isnull=False, first__isnull=False)
                | Q(referral__isnull=True, first__isnull=True, cause="NO_BED"),
            ),
            models.CheckConstraint(
                name="escalation_says_how_it_ended",
                condition=Q(state__in=["OPEN", "TAKEN"], ended_at__isnull=True)
                | Q(state="SETTLED", ended_at__isnull=False, hospital__isnull=False)
                | (Q(state="UNMET", ended_at__isnull=False) & ~Q(unmet_reason=""))
                | Q(state="WITHDRAWN", ended_at__isnull=False),
            ),
            models.CheckConstraint(
                name="escalation_is_taken_by_somebody", condition=~Q(state="TAKEN") | Q(taken_at__isnull=False)
            ),
            models.UniqueConstraint(
                fields=["first"],
                condition=Q(state__in=["OPEN", "TAKEN"]),
                name="one_running_escalation_per_case",
                violation_error_message=_("The duty officer knows of this case already."),
            ),
            models.UniqueConstraint(
                fields=["draft"],
                condition=Q(state__in=["OPEN", "TAKEN"]),
                name="one_running_escalation_per_draft",
                violation_error_message=_("The duty officer knows of this case already."),
            ),
            models.UniqueConstraint(
                fields=["referral"], condition=Q(cause="UNANSWERED"), name="one_escalation_per_unanswered_referral"
            ),
        ]
        indexes = [
            models.Index(fields=["opened_at"], condition=Q(state__in=["OPEN", "TAKEN"]), name="escalation_running"),
            models.Index(fields=["puskesmas", "-id"]),
        ]

    def __str__(self):
        return f"{self.opened_at:%Y-%m-%d %H:%M}"
