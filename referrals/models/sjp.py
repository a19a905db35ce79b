"""The guarantee letter (SJP)."""

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from facilities.enums import Service
from ksb.core import stamps
from participants.eligibility.rules import Complement
from referrals.enums import ApprovalGround, SjpState
from referrals.models.patient import ForPatient, facility_field, for_somebody, letter_token, newborn_care_only
from referrals.models.referral import Referral
from referrals.querysets import SjpQuerySet


class Sjp(ForPatient):
    """Surat Jaminan Pelayanan: the city guarantees one service for one person at one hospital.

    ``decision`` freezes the whole eligibility decision (facts, sources with dates, scheme version, reasons): the hospital
    relies on it, whatever becomes known later. ``referral`` is missing where nobody had to refer: ``emergency`` says that a
    hospital reported one (the letter then begins in use, on the day of the arrival). ``parent`` is the letter this one goes
    on from (another hospital, the next series). ``puskesmas`` issued it, or looks after the patient where a hospital did
    (``issuing_hospital``).

    A letter with ``approval_grounds`` waits for Dinkes: until then it has the number of a request, reserves nothing and
    cannot be used, and ``valid_until`` is the day by which Dinkes decides. ``flagged_at`` says since when it is known that
    JKN covers the person after all, while the letter is unused. ``estimate`` is the amount reserved in the budget, whole
    rupiah.
    """

    STATES = SjpState
    # The AmbulanceTrip of a letter that is being written; that of a saved one is ``trip``.
    ambulance_trip = None

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
    emergency = models.BooleanField(_("for an emergency"), default=False, db_default=False)
    series = models.ForeignKey(
        "referrals.Series",
        on_delete=models.PROTECT,
        null=True,
        related_name="letters",
        verbose_name=_("series of sessions"),
        db_index=False,
    )
    puskesmas = facility_field("Puskesmas", related_name="sjps_out")
    hospital = facility_field(_("hospital"), related_name="sjps_in")
    issuing_hospital = facility_field(_("issued by hospital"), related_name="sjps_written", null=True, db_index=False)
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
    complement = models.CharField(
        _("complement to JKN"), max_length=16, choices=Complement, blank=True, default="", db_default=""
    )
    approval_grounds = ArrayField(
        models.CharField(max_length=12, choices=ApprovalGround),
        verbose_name=_("approved by Dinkes because"),
        default=list,
        db_default=[],
    )
    requested_at = stamps.at(_("requested at"))
    requested_by = stamps.by(_("requested by"), db_index=False)
    approved_at = stamps.at(_("approved at"))
    approved_by = stamps.by(_("approved by"), db_index=False)
    declined_at = stamps.at(_("declined at"))
    declined_by = stamps.by(_("declined by"), db_index=False)
    used_at = stamps.at(_("used at"))
    used_by = stamps.by(_("used by"))
    cancelled_at = stamps.at(_("cancelled at"))
    cancelled_by = stamps.by(_("cancelled by"))
    revoked_at = stamps.at(_("revoked at"))
    revoked_by = stamps.by(_("revoked by"))
    flagged_at = stamps.at(_("flagged at"))
    flagged_by = stamps.by(_("flagged by"), db_index=False)
    reason = models.CharField(_("reason of cancellation, refusal or revocation"), max_length=255, blank=True)
    letter = models.JSONField(_("letter as printed"), default=dict)

    objects = SjpQuerySet.as_manager()

    class Meta:
        verbose_name = "SJP"
        verbose_name_plural = "SJP"
        constraints = [
            for_somebody("sjp"),
            *(stamps.pair("sjp", act) for act in ("used", "cancelled", "revoked", "flagged")),
            *(stamps.pair("sjp", act) for act in ("requested", "approved", "declined")),
            stamps.different_people("sjp", "requested", "approved"),
            models.CheckConstraint(
                name="sjp_above_limits_was_approved",
                condition=Q(approval_grounds=[])
                | Q(approved_at__isnull=False)
                | Q(state__in=["WAITING", "DECLINED", "CANCELLED", "EXPIRED"]),
                violation_error_message=_("Dinkes has not approved this letter."),
            ),
            models.CheckConstraint(name="sjp_ends_after_it_starts", condition=Q(valid_until__gte=F("valid_from"))),
            newborn_care_only("sjp"),
            models.CheckConstraint(
                name="sjp_rests_on_a_referral_or_needs_none",
                condition=Q(referral__isnull=False)
                | Q(parent__isnull=False)
                | Q(emergency=True)
                | Q(service__in=[Service.EMERGENCY, Service.AMBULANCE]),
            ),
            models.UniqueConstraint(
                fields=["resident", "specialty", "service"],
                condition=Q(state__in=["WAITING", "ISSUED"], newborn__isnull=True, special__isnull=True),
                name="one_unused_sjp_per_person_specialty_and_service",
                violation_error_message=_("This patient already holds an unused SJP for this specialty."),
            ),
            models.UniqueConstraint(
                fields=["special", "specialty", "service"],
                condition=Q(state__in=["WAITING", "ISSUED"], special__isnull=False),
                name="one_unused_sjp_per_special_person",
                violation_error_message=_("This patient already holds an unused SJP for this specialty."),
            ),
            models.UniqueConstraint(
                fields=["newborn", "specialty"],
                condition=Q(state__in=["WAITING", "ISSUED"], newborn__isnull=False),
                name="one_unused_sjp_per_newborn_and_specialty",
                violation_error_message=_("This child already holds an unused SJP for this specialty."),
            ),
        ]
        indexes = [
            models.Index(fields=["hospital", "state", "-id"]),
            models.Index(fields=["hospital", "-id"]),
            models.Index(fields=["puskesmas", "state", "-id"]),
            models.Index(fields=["puskesmas", "-id"]),
            models.Index(
                fields=["valid_until"], condition=Q(state__in=["WAITING", "ISSUED"]), name="sjp_to_use_or_expire"
            ),
            models.Index(fields=["valid_until", "id"], condition=Q(state="WAITING"), name="sjp_to_approve"),
            models.Index(
                fields=["issuing_hospital", "-id"],
                condition=Q(issuing_hospital__isnull=False),
                name="sjp_written_by_hospital",
            ),
            models.Index(fields=["series", "-id"], condition=Q(series__isnull=False), name="sjp_of_series"),
            models.Index(fields=["valid_until"], condition=Q(state="USED"), name="sjp_in_use"),
            models.Index(fields=["special"], condition=Q(special__isnull=False), name="sjp_of_special_person"),
        ]

    def __str__(self):
        return self.number

    @property
    def issuer(self):
        """The facility whose letterhead and number series the letter bears."""
        return self.issuing_hospital or self.puskesmas

    @property
    def why_approved(self):
        """The grounds for approval in words."""
        return [ApprovalGround(ground).label for ground in self.approval_grounds]
