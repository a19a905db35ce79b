"""The guarantee letter (SJP)."""

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from facilities.enums import Service
from ksb.core import stamps
from referrals.enums import SjpState
from referrals.models.patient import ForPatient, facility_field, letter_token, newborn_care_only
from referrals.models.referral import Referral
from referrals.querysets import SjpQuerySet


class Sjp(ForPatient):
    """Surat Jaminan Pelayanan: the city guarantees one service for one person at one hospital.

    ``decision`` freezes the whole eligibility decision (facts, sources with dates, scheme version, reasons): the hospital
    relies on it, whatever becomes known later. ``referral`` is missing where nobody had to refer (an emergency); ``parent``
    is the letter this one goes on from (another hospital, the next series). ``puskesmas`` issued it, or looks after the
    patient. ``flagged_at`` says since when it is known that JKN covers the person after all, while the letter is unused.
    ``estimate`` is the amount reserved in the budget, whole rupiah.
    """

    STATES = SjpState

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    number = models.CharField(_("number"), max_length=40, unique=True)
    token = models.CharField(max_length=24, unique=True, default=letter_token, editable=False)
    state = models.CharField(_("state"), max_length=14, choices=SjpState, default=SjpState.ISSUED)
    service = models.CharField(_("service"), max_length=16, choices=Service)
    referral = models.ForeignKey(
        Referral, on_delete=models.PROTECT, null=True, related_name="sjps", verbose_name=_("referral")
    )
    parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, related_name="children", verbose_name=_("earlier letter")
    )
    puskesmas = facility_field("Puskesmas", related_name="sjps_out")
    hospital = facility_field(_("hospital"), related_name="sjps_in")
    specialty = models.ForeignKey("facilities.Specialty", on_delete=models.PROTECT, verbose_name=_("specialty"))
    diagnosis = models.ForeignKey("facilities.Diagnosis", on_delete=models.PROTECT, verbose_name=_("working diagnosis"))
    scheme = models.ForeignKey("core.SchemeVersion", on_delete=models.PROTECT, verbose_name=_("scheme version"))
    decision = models.JSONField(_("decision"))
    estimate = models.BigIntegerField(_("estimate"), default=0)
    valid_from = models.DateField(_("from"))
    valid_until = models.DateField(_("until"))
    prints = models.PositiveSmallIntegerField(_("times printed"), default=0)
    issued_at = models.DateTimeField(_("issued at"))
    issued_by = stamps.created_by(_("issued by"))
    used_at = stamps.at(_("used at"))
    used_by = stamps.by(_("used by"))
    cancelled_at = stamps.at(_("cancelled at"))
    cancelled_by = stamps.by(_("cancelled by"))
    revoked_at = stamps.at(_("revoked at"))
    revoked_by = stamps.by(_("revoked by"))
    flagged_at = stamps.at(_("flagged at"))
    flagged_by = stamps.by(_("flagged by"), db_index=False)
    reason = models.CharField(_("reason of cancellation or revocation"), max_length=255, blank=True)
    letter = models.JSONField(_("letter as printed"), default=dict)

    objects = SjpQuerySet.as_manager()

    class Meta:
        verbose_name = "SJP"
        verbose_name_plural = "SJP"
        constraints = [
            *(stamps.pair("sjp", act) for act in ("used", "cancelled", "revoked", "flagged")),
            models.CheckConstraint(name="sjp_ends_after_it_starts", condition=Q(valid_until__gte=F("valid_from"))),
            newborn_care_only("sjp"),
            models.CheckConstraint(
                name="sjp_rests_on_a_referral_or_needs_none",
                condition=Q(referral__isnull=False)
                | Q(parent__isnull=False)
                | Q(service__in=[Service.EMERGENCY, Service.AMBULANCE]),
            ),
            models.UniqueConstraint(
                fields=["resident", "specialty", "service"],
                condition=Q(state="ISSUED", newborn__isnull=True),
                name="one_unused_sjp_per_person_specialty_and_service",
                violation_error_message=_("This patient already holds an unused SJP for this specialty."),
            ),
            models.UniqueConstraint(
                fields=["newborn", "specialty"],
                condition=Q(state="ISSUED", newborn__isnull=False),
                name="one_unused_sjp_per_newborn_and_specialty",
                violation_error_message=_("This child already holds an unused SJP for this specialty."),
            ),
        ]
        indexes = [
            models.Index(fields=["hospital", "state", "-id"]),
            models.Index(fields=["hospital", "-id"]),
            models.Index(fields=["puskesmas", "state", "-id"]),
            models.Index(fields=["puskesmas", "-id"]),
            models.Index(fields=["valid_until"], condition=Q(state="ISSUED"), name="sjp_to_expire"),
            models.Index(fields=["valid_until"], condition=Q(state="USED"), name="sjp_in_use"),
        ]

    def __str__(self):
        return self.number
