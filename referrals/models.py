"""Referral (surat rujukan), guarantee letter (SJP), and the episode of care at the hospital."""

import secrets
import uuid

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from facilities.enums import Service
from ksb.core import stamps
from referrals.enums import (
    DischargeStatus,
    EpisodeState,
    IdentityCheck,
    PassOverReason,
    ReferralReason,
    ReferralState,
    SjpState,
)
from referrals.querysets import DraftQuerySet, EpisodeQuerySet, NewbornRequestQuerySet, ReferralQuerySet, SjpQuerySet


def _person(**kwargs):
    return models.ForeignKey("participants.Resident", on_delete=models.PROTECT, verbose_name=_("patient"), **kwargs)


def _newborn():
    """The child a letter is for while it has no NIK; ``resident`` is then the parent, and the child once it is matched."""
    return models.ForeignKey(
        "participants.Newborn", on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("newborn")
    )


def _newborn_care_only(model):
    return models.CheckConstraint(
        name=f"{model}_of_newborn_is_newborn_care", condition=Q(newborn__isnull=True) | Q(service=Service.NEWBORN)
    )


class ForPatient(models.Model):
    """Who the patient is, for screens and papers: the person of the registry, or a child that is not in it yet."""

    resident = _person(related_name="%(class)ss")
    newborn = _newborn()

    class Meta:
        abstract = True

    @property
    def child(self):
        """The newborn while it is not in the registry, else None."""
        return self.newborn if self.newborn_id and self.newborn.resident_id != self.resident_id else None

    @property
    def patient_name(self):
        return self.child.name if self.child else self.resident.name

    @property
    def patient_born_on(self):
        return self.child.born_on if self.child else self.resident.birth_date

    @property
    def patient_sex(self):
        return (self.child or self.resident).get_sex_display()

    @property
    def patient_id(self):
        """The Resident's key that claims and searches know the patient by; None for a child without NIK."""
        return None if self.child else self.resident_id


def _facility(verbose_name, **kwargs):
    return models.ForeignKey("facilities.Facility", on_delete=models.PROTECT, verbose_name=verbose_name, **kwargs)


def letter_token():
    """128 random bits: the QR on paper reveals nothing and cannot be guessed."""
    return secrets.token_urlsafe(16)


class Referral(ForPatient):
    """What the Puskesmas found and why it sends the patient to a hospital. Fields follow SISRUTE's.

    ``letter`` is what stands on the paper, so that a copy printed a year later says the same.
    """

    STATES = ReferralState

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    number = models.CharField(_("number"), max_length=40, unique=True)
    token = models.CharField(max_length=24, unique=True, default=letter_token, editable=False)
    state = models.CharField(_("state"), max_length=10, choices=ReferralState, default=ReferralState.ISSUED)
    puskesmas = _facility("Puskesmas", related_name="referrals_out")
    hospital = _facility(_("hospital"), related_name="referrals_in")
    specialty = models.ForeignKey("facilities.Specialty", on_delete=models.PROTECT, verbose_name=_("specialty"))
    service = models.CharField(_("service"), max_length=16, choices=Service)
    diagnosis = models.ForeignKey("facilities.Diagnosis", on_delete=models.PROTECT, verbose_name=_("working diagnosis"))
    reason = models.CharField(_("reason for referral"), max_length=12, choices=ReferralReason)
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
    letter = models.JSONField(_("letter as printed"), default=dict)

    objects = ReferralQuerySet.as_manager()

    class Meta:
        verbose_name = _("referral")
        verbose_name_plural = _("referrals")
        constraints = [
            stamps.pair("referral", "answered"),
            _newborn_care_only("referral"),
            models.CheckConstraint(name="referral_ends_after_it_starts", condition=Q(valid_until__gte=F("valid_from"))),
        ]
        indexes = [models.Index(fields=["hospital", "state", "-id"]), models.Index(fields=["puskesmas", "-id"])]

    def __str__(self):
        return self.number


class Sjp(ForPatient):
    """Surat Jaminan Pelayanan: the city guarantees one service for one person at one hospital.

    ``decision`` freezes the whole eligibility decision (facts, sources with dates, scheme version, reasons): the hospital
    relies on it, whatever becomes known later. ``flagged_at`` says since when it is known that JKN covers the person after all,
    while the letter is unused. ``estimate`` is the amount reserved in the budget, whole rupiah.
    """

    STATES = SjpState

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    number = models.CharField(_("number"), max_length=40, unique=True)
    token = models.CharField(max_length=24, unique=True, default=letter_token, editable=False)
    state = models.CharField(_("state"), max_length=14, choices=SjpState, default=SjpState.ISSUED)
    service = models.CharField(_("service"), max_length=16, choices=Service)
    referral = models.ForeignKey(Referral, on_delete=models.PROTECT, related_name="sjps", verbose_name=_("referral"))
    puskesmas = _facility("Puskesmas", related_name="sjps_out")
    hospital = _facility(_("hospital"), related_name="sjps_in")
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
            _newborn_care_only("sjp"),
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
        ]

    def __str__(self):
        return self.number


class Episode(ForPatient):
    """One outpatient visit or inpatient stay under an SJP. ``decision`` is the coverage found anew at admission."""

    STATES = EpisodeState

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    sjp = models.ForeignKey(Sjp, on_delete=models.PROTECT, related_name="episodes", verbose_name="SJP")
    hospital = _facility(_("hospital"), related_name="episodes")
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


class Draft(models.Model):
    """What a clerk has answered so far about one looked-up patient, between the pages. Becomes at most one SJP."""

    lookup = models.OneToOneField(
        "participants.Lookup",
        on_delete=models.CASCADE,
        primary_key=True,
        related_name="draft",
        verbose_name=_("look-up"),
    )
    answers = models.JSONField(_("answers"), default=dict)
    sjp = models.OneToOneField(Sjp, on_delete=models.PROTECT, null=True, related_name="draft", verbose_name="SJP")
    created_at = models.DateTimeField(_("begun at"))
    created_by = stamps.created_by(_("begun by"))

    objects = DraftQuerySet.as_manager()

    class Meta:
        verbose_name = _("draft of a letter")
        verbose_name_plural = _("drafts of letters")

    def __str__(self):
        return f"{self.created_at:%Y-%m-%d %H:%M}"


class NewbornRequest(models.Model):
    """A hospital's or Puskesmas' request for the SJP of a newborn that needs care of its own.

    The Puskesmas answers it with a letter (``sjp``) or declines. ``late_reason`` says why it comes after the hours the
    scheme gives.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    newborn = models.ForeignKey(
        "participants.Newborn", on_delete=models.PROTECT, related_name="requests", verbose_name=_("newborn")
    )
    puskesmas = _facility("Puskesmas", related_name="newborn_requests_in")
    hospital = _facility(_("hospital"), related_name="newborn_requests_out")
    specialty = models.ForeignKey("facilities.Specialty", on_delete=models.PROTECT, verbose_name=_("specialty"))
    diagnosis = models.ForeignKey("facilities.Diagnosis", on_delete=models.PROTECT, verbose_name=_("working diagnosis"))
    complaint = models.TextField(_("complaint and history"))
    findings = models.TextField(_("findings"))
    doctor_name = models.CharField(_("doctor in charge"), max_length=120)
    late_reason = models.CharField(_("why so late"), max_length=255, blank=True)
    sjp = models.OneToOneField(
        Sjp, on_delete=models.PROTECT, null=True, related_name="newborn_request", verbose_name="SJP"
    )
    requested_at = models.DateTimeField(_("requested at"))
    requested_by = stamps.created_by(_("requested by"))
    declined_at = stamps.at(_("declined at"))
    declined_by = stamps.by(_("declined by"))
    reason = models.CharField(_("reason for declining"), max_length=255, blank=True)

    objects = NewbornRequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("request for a newborn's SJP")
        verbose_name_plural = _("requests for newborns' SJPs")
        constraints = [
            stamps.pair("newbornrequest", "declined"),
            models.CheckConstraint(
                name="newborn_request_is_answered_once", condition=Q(sjp__isnull=True) | Q(declined_at__isnull=True)
            ),
            models.UniqueConstraint(
                fields=["newborn"],
                condition=Q(sjp__isnull=True, declined_at__isnull=True),
                name="one_open_request_per_newborn",
                violation_error_message=_("A request for this child waits already."),
            ),
        ]
        indexes = [
            models.Index(
                fields=["puskesmas", "id"],
                condition=Q(sjp__isnull=True, declined_at__isnull=True),
                name="newborn_request_open",
            )
        ]

    def __str__(self):
        return f"{self.newborn_id} {self.requested_at:%Y-%m-%d}"

    @property
    def is_open(self):
        return self.sjp_id is None and self.declined_at is None
