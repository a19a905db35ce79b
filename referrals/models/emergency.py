"""Emergencies a hospital treated without a referral, reported to the programme (domain.md B10)."""

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from facilities.enums import Service
from ksb.core import stamps
from ksb.core.scanning import Scan
from participants.eligibility import EmergencyCriterion
from participants.enums import Sex
from referrals.enums import EmergencyCause, IdentityCheck, NoticeState, PaperKind
from referrals.models.patient import facility_field, letter_token
from referrals.models.sjp import Sjp
from referrals.querysets import OPEN_NOTICES, EmergencyNoticeQuerySet, OfNoticeQuerySet

# What a notice can ask a guarantee for: treated in the emergency room, or taken in from there.
EMERGENCY_SERVICES = (Service.EMERGENCY, Service.INPATIENT, Service.INTENSIVE)


class EmergencyNotice(models.Model):
    """Laporan gawat darurat: a hospital says whom it treats, why that could not wait, and asks for the guarantee.

    ``resident`` is missing while nobody knows who the patient is: then ``sex``, ``age`` and ``marks`` describe them. Of whom
    no NIK is found ``special`` says under which number the register of special covers knows them.
    ``deadline`` is the last moment for the report, ``late`` whether it came after it, ``due`` that for the decision.
    ``informant`` told of it where the hospital has no account (``emergency.elsewhere``): then ``reporting_puskesmas``, or
    Dinkes where that is empty, has reported for it. ``departure`` is when the patient had left already. What another payer
    bears first is in ``payer_amount``, whole rupiah.
    ``letter`` is what letter L9 says.
    """

    STATES = NoticeState

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    number = models.CharField(_("number"), max_length=40, unique=True)
    token = models.CharField(max_length=24, unique=True, default=letter_token, editable=False)
    state = models.CharField(_("state"), max_length=17, choices=NoticeState, default=NoticeState.REPORTED)
    hospital = facility_field(_("hospital"), related_name="emergency_notices")
    puskesmas = facility_field("Puskesmas", related_name="emergency_notices_in", null=True)
    informant = models.CharField(_("told by"), max_length=120, blank=True, db_default="", default="")
    reporting_puskesmas = facility_field(
        _("reported by Puskesmas"), related_name="emergencies_reported", null=True, db_index=False
    )

    resident = models.ForeignKey(
        "participants.Resident",
        on_delete=models.PROTECT,
        null=True,
        related_name="emergency_notices",
        verbose_name=_("patient"),
    )
    special = models.ForeignKey(
        "participants.SpecialCover",
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("in the register of special covers"),
        db_index=False,
    )
    stated_name = models.CharField(_("name as told"), max_length=120, blank=True)
    sex = models.PositiveSmallIntegerField(_("sex"), choices=Sex, null=True)
    age = models.PositiveSmallIntegerField(_("age, about"), null=True, help_text=_("years"))
    marks = models.TextField(_("how to recognise the patient"), blank=True)
    identity_check = models.CharField(_("identity proved by"), max_length=12, choices=IdentityCheck, blank=True)
    identified_at = stamps.at(_("identified at"))
    identified_by = stamps.by(_("identified by"))

    medical_record = models.CharField(_("medical record number"), max_length=20)
    admitted_at = models.DateTimeField(_("arrived at"))
    admitted_by = stamps.created_by(_("arrival recorded by"))
    departure = models.DateTimeField(_("left already at"), null=True)
    dead_on_arrival = models.BooleanField(_("dead on arrival"), default=False)
    service = models.CharField(_("service"), max_length=16, choices=Service)
    specialty = models.ForeignKey("facilities.Specialty", on_delete=models.PROTECT, verbose_name=_("specialty"))
    room = models.CharField(_("room"), max_length=60)
    criterion = models.CharField(_("emergency criterion"), max_length=24, choices=EmergencyCriterion)
    diagnosis = models.ForeignKey("facilities.Diagnosis", on_delete=models.PROTECT, verbose_name=_("working diagnosis"))
    findings = models.TextField(_("findings"))
    statement = models.TextField(_("statement of the doctor in charge"))
    doctor_name = models.CharField(_("doctor in charge"), max_length=120)

    cause = models.CharField(_("cause"), max_length=16, choices=EmergencyCause, default=EmergencyCause.ILLNESS)
    police_report = models.CharField(_("number of the police report (LP)"), max_length=60, blank=True)
    payer_letter = models.CharField(_("number of the first payer's letter"), max_length=60, blank=True)
    payer_amount = models.BigIntegerField(_("borne by the first payer"), null=True, help_text=_("rupiah"))
    unpaid_elsewhere = models.BooleanField(_("the first payer attests that it does not pay"), default=False)
    payer_at = stamps.at(_("first payer recorded at"))
    payer_by = stamps.by(_("first payer recorded by"))

    deadline = models.DateTimeField(_("to be reported by"))
    due = models.DateTimeField(_("to be decided by"))
    late = models.BooleanField(_("late"), default=False)
    late_reason = models.CharField(_("why so late"), max_length=255, blank=True)
    reported_at = models.DateTimeField(_("reported at"))
    reported_by = stamps.created_by(_("reported by"))
    decided_at = stamps.at(_("decided at"))
    decided_by = stamps.by(_("decided by"))
    reason = models.CharField(_("reason of the decision"), max_length=500, blank=True)
    sjp = models.OneToOneField(
        Sjp, on_delete=models.PROTECT, null=True, related_name="emergency_notice", verbose_name="SJP"
    )
    stable_at = stamps.at(_("stable since"))
    stable_by = stamps.by(_("called stable by"))
    prints = models.PositiveSmallIntegerField(_("times printed"), default=0)
    letter = models.JSONField(_("letter as printed"), default=dict)

    objects = EmergencyNoticeQuerySet.as_manager()

    class Meta:
        verbose_name = _("emergency notice")
        verbose_name_plural = _("emergency notices")
        constraints = [
            *(stamps.pair("notice", act) for act in ("identified", "payer", "decided", "stable")),
            stamps.different_people("notice", "reported", "decided"),
            stamps.different_people("notice", "identified", "decided"),
            models.CheckConstraint(
                name="notice_names_or_describes_the_patient",
                condition=Q(resident__isnull=False) | (Q(sex__isnull=False) & ~Q(marks="")),
            ),
            models.CheckConstraint(
                name="notice_for_another_says_who_told",
                condition=Q(reporting_puskesmas__isnull=True) | ~Q(informant=""),
            ),
            models.CheckConstraint(
                name="notice_approved_has_its_sjp",
                condition=(
                    Q(state="APPROVED", sjp__isnull=False) & (Q(resident__isnull=False) | Q(special__isnull=False))
                )
                | (~Q(state="APPROVED") & Q(sjp__isnull=True)),
            ),
            models.CheckConstraint(name="late_notice_says_why", condition=Q(late=False) | ~Q(late_reason="")),
            models.CheckConstraint(
                name="notice_in_late_state_is_late", condition=~Q(state__in=["LATE", "DECLINED_LATE"]) | Q(late=True)
            ),
            models.CheckConstraint(name="notice_follows_arrival", condition=Q(reported_at__gte=F("admitted_at"))),
            models.CheckConstraint(
                name="notice_departure_after_arrival",
                condition=Q(departure__isnull=True) | Q(departure__gte=F("admitted_at")),
            ),
            models.CheckConstraint(
                name="dead_on_arrival_is_emergency_room_only",
                condition=Q(dead_on_arrival=False) | Q(service=Service.EMERGENCY),
            ),
            models.CheckConstraint(
                name="notice_payer_amount_not_negative",
                condition=Q(payer_amount__isnull=True) | Q(payer_amount__gte=0),
            ),
            models.UniqueConstraint(
                fields=["resident", "hospital"],
                condition=Q(state__in=OPEN_NOTICES),
                name="one_open_notice_per_person_and_hospital",
                violation_error_message=_("Your hospital has reported this patient already."),
            ),
        ]
        indexes = [
            models.Index(fields=["hospital", "-id"], name="notice_of_hospital"),
            models.Index(fields=["puskesmas", "-id"], name="notice_of_puskesmas"),
            models.Index(
                fields=["reporting_puskesmas", "-id"],
                condition=Q(reporting_puskesmas__isnull=False),
                name="notice_for_another",
            ),
            models.Index(fields=["due", "id"], condition=Q(state__in=OPEN_NOTICES), name="notice_open"),
            models.Index(fields=["hospital"], condition=Q(stable_at__isnull=False), name="notice_to_move"),
        ]

    def __str__(self):
        return self.number

    @property
    def person(self):
        """The Resident, or the SpecialCover of somebody without NIK; None while nobody knows who the patient is."""
        return self.resident or self.special

    @property
    def registered(self):
        """The Resident, also of somebody without NIK who has been identified since."""
        return self.resident or (self.special.resident if self.special else None)

    @property
    def patient_name(self):
        return self.person.name if self.person else self.stated_name or gettext("Unknown patient")

    @property
    def patient_sex(self):
        return (self.person or self).get_sex_display()

    @property
    def issued_at(self):
        """When the hospital's statement was given: with the report."""
        return self.reported_at

    @property
    def is_open(self):
        return self.state in OPEN_NOTICES

    @property
    def first_payer(self):
        """Who pays before the programme, or nothing."""
        return {
            EmergencyCause.TRAFFIC_ACCIDENT: "Jasa Raharja",
            EmergencyCause.WORK_ACCIDENT: "BPJS Ketenagakerjaan",
        }.get(self.cause, "")


class EmergencyQuestion(models.Model):
    """What the officer asked about a notice, until when, and what the hospital answered. ``changed``: what it corrected."""

    notice = models.ForeignKey(EmergencyNotice, on_delete=models.PROTECT, related_name="questions")
    question = models.CharField(_("question"), max_length=500)
    until = models.DateTimeField(_("to be answered by"))
    asked_at = models.DateTimeField(_("asked at"))
    asked_by = stamps.created_by(_("asked by"))
    answer = models.TextField(_("answer"), blank=True)
    changed = models.JSONField(_("what was corrected"), default=dict)
    answered_at = stamps.at(_("answered at"))
    answered_by = stamps.by(_("answered by"))

    objects = OfNoticeQuerySet.as_manager()

    class Meta:
        verbose_name = _("question about an emergency")
        verbose_name_plural = _("questions about emergencies")
        constraints = [
            stamps.pair("emergencyquestion", "answered"),
            models.UniqueConstraint(
                fields=["notice"], condition=Q(answered_at__isnull=True), name="one_open_question_per_notice"
            ),
        ]

    def __str__(self):
        return f"{self.notice_id} {self.asked_at:%Y-%m-%d}"


class EmergencyPaper(models.Model):
    """One scan handed in with a notice. The file lies below MEDIA_ROOT under a name that says nothing."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    notice = models.ForeignKey(EmergencyNotice, on_delete=models.PROTECT, related_name="papers")
    kind = models.CharField(_("kind"), max_length=12, choices=PaperKind)
    media_type = models.CharField(max_length=20)
    size = models.PositiveIntegerField(_("size"), help_text=_("bytes"))
    sha256 = models.CharField(max_length=64)
    path = models.CharField(max_length=100, unique=True)
    scan = models.CharField(_("virus scan"), max_length=12, choices=Scan)
    uploaded_at = models.DateTimeField(_("uploaded at"))
    uploaded_by = stamps.created_by(_("uploaded by"))

    objects = OfNoticeQuerySet.as_manager()

    class Meta:
        verbose_name = _("paper of an emergency")
        verbose_name_plural = _("papers of emergencies")
        constraints = [
            models.UniqueConstraint(fields=["notice", "kind", "sha256"], name="one_scan_of_a_kind_per_notice")
        ]

    def __str__(self):
        return self.get_kind_display()
