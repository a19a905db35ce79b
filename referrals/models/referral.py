"""The referral (surat rujukan)."""

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from facilities.enums import Service, WardType
from ksb.core import stamps
from referrals.enums import MoveDirection, PassOverReason, ReferralReason, ReferralState, RefusalReason, Transport
from referrals.models.examination import Examination, within_limits
from referrals.models.patient import ForPatient, facility_field, for_somebody, letter_token, newborn_care_only
from referrals.querysets import ReferralQuerySet


class Referral(Examination, ForPatient):
    """What the Puskesmas found and why it sends the patient to a hospital. Fields follow SISRUTE's.

    ``ward`` is the kind of bed asked for, empty where none is needed; the hospital answers by ``answer_due``. A case goes on
    from ``earlier`` when its hospital does not take the patient; all its referrals name the ``first``. A hospital that sends
    its patient on to another writes it too (``issuing_hospital``); ``puskesmas`` is then the one that looks after the
    patient. ``letter`` is what stands on the paper, so that a copy printed a year later says the same.
    """

    STATES = ReferralState

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    number = models.CharField(_("number"), max_length=40, unique=True)
    token = models.CharField(max_length=24, unique=True, default=letter_token, editable=False)
    state = models.CharField(_("state"), max_length=10, choices=ReferralState, default=ReferralState.ISSUED)
    puskesmas = facility_field("Puskesmas", related_name="referrals_out")
    hospital = facility_field(_("hospital"), related_name="referrals_in")
    issuing_hospital = facility_field(
        _("referred by hospital"), related_name="referrals_written", null=True, db_index=False
    )
    specialty = models.ForeignKey("facilities.Specialty", on_delete=models.PROTECT, verbose_name=_("specialty"))
    service = models.CharField(_("service"), max_length=16, choices=Service)
    diagnosis = models.ForeignKey("facilities.Diagnosis", on_delete=models.PROTECT, verbose_name=_("working diagnosis"))
    reason = models.CharField(_("reason for referral"), max_length=12, choices=ReferralReason)
    direction = models.CharField(
        _("direction"), max_length=5, choices=MoveDirection, blank=True, default="", db_default=""
    )
    pass_over_reason = models.CharField(
        _("reason for a private hospital"), max_length=20, choices=PassOverReason, blank=True
    )
    complaint = models.TextField(_("complaint and history"))
    findings = models.TextField(_("findings"))
    therapy = models.TextField(_("therapy given"), blank=True)
    doctor_name = models.CharField(_("referring doctor"), max_length=120)
    valid_from = models.DateField(_("from"))
    valid_until = models.DateField(_("until"))
    prints = models.PositiveSmallIntegerField(_("times printed"), default=0)
    issued_at = models.DateTimeField(_("issued at"))
    issued_by = stamps.created_by(_("issued by"))
    answered_at = stamps.at(_("answered at"))
    answered_by = stamps.by(_("answered by"))
    refusal = models.CharField(_("reason of refusal"), max_length=255, blank=True)
    refusal_code = models.CharField(
        _("kind of refusal"), max_length=16, choices=RefusalReason, blank=True, default="", db_default=""
    )
    ward = models.CharField(_("ward"), max_length=14, choices=WardType, blank=True, default="", db_default="")
    transport = models.CharField(
        _("transport"), max_length=10, choices=Transport, blank=True, default="", db_default=""
    )
    answer_due = models.DateTimeField(_("answer due"), null=True, editable=False)
    earlier = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, related_name="later", verbose_name=_("earlier referral")
    )
    first = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, related_name="case", verbose_name=_("first referral of the case")
    )
    letter = models.JSONField(_("letter as printed"), default=dict)

    objects = ReferralQuerySet.as_manager()

    class Meta:
        verbose_name = _("referral")
        verbose_name_plural = _("referrals")
        constraints = [
            for_somebody("referral"),
            stamps.pair("referral", "answered"),
            newborn_care_only("referral"),
            within_limits("referral"),
            models.CheckConstraint(
                name="referral_at_own_request_is_not_guaranteed",
                condition=~Q(pass_over_reason=PassOverReason.OWN_REQUEST),
            ),
            models.CheckConstraint(
                name="referral_goes_on_within_its_case",
                condition=Q(earlier__isnull=True, first__isnull=True) | Q(earlier__isnull=False, first__isnull=False),
            ),
            models.CheckConstraint(
                name="referral_between_hospitals_has_its_direction",
                condition=Q(issuing_hospital__isnull=True, direction="")
                | (Q(issuing_hospital__isnull=False) & ~Q(direction="") & ~Q(issuing_hospital=F("hospital"))),
            ),
            models.CheckConstraint(name="referral_ends_after_it_starts", condition=Q(valid_until__gte=F("valid_from"))),
        ]
        indexes = [
            models.Index(fields=["hospital", "state", "-id"]),
            models.Index(fields=["puskesmas", "-id"]),
            models.Index(fields=["answer_due"], condition=Q(state="ISSUED"), name="referral_to_answer"),
        ]

    def __str__(self):
        return self.number

    @property
    def issuer(self):
        """The facility whose letterhead and number series the letter bears."""
        return self.issuing_hospital or self.puskesmas
