"""A family's membership of the programme and its card."""

import secrets
import uuid

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from ksb.core import stamps
from participants.enums import CardState, Channel, EnrolmentReason, EnrolmentState, ReprintReason
from participants.querysets import CardQuerySet, EnrolmentQuerySet

OPEN_STATES = [
    EnrolmentState.DRAFT,
    EnrolmentState.SUBMITTED,
    EnrolmentState.CHECKING,
    EnrolmentState.FIELD_CHECK,
    EnrolmentState.WAITING,
    EnrolmentState.NEEDS_CORRECTION,
    EnrolmentState.ACTIVE,
    EnrolmentState.SUSPENDED,
]
# What is printed or being printed, and so may say something that is no longer true.
DRAWN_CARDS = [CardState.APPROVED, CardState.PRINTED, CardState.READY, CardState.ACTIVE]
LIVE_CARDS = [CardState.ORDERED, CardState.APPROVED, CardState.PRINTED, CardState.READY, CardState.ACTIVE]


ACTS = ("submitted", "verified", "surveyed", "approved", "rejected", "suspended")


class Enrolment(models.Model):
    """The membership of one family (KK) from application to end. Cover itself is per person (eligibility).

    There are as many rows as families in the city: who acted is not indexed here, the journal answers that.
    """

    STATES = EnrolmentState

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    household = models.ForeignKey(
        "participants.Household", on_delete=models.PROTECT, related_name="enrolments", verbose_name="KK"
    )
    state = models.CharField(_("state"), max_length=16, choices=EnrolmentState, default=EnrolmentState.DRAFT)
    channel = models.CharField(_("channel"), max_length=8, choices=Channel)
    number = models.CharField(
        _("application number"), max_length=24, blank=True, help_text=_("on the receipt; empty for the legacy list")
    )
    phone = models.CharField(_("telephone"), max_length=20, blank=True)
    email = models.EmailField(_("e-mail"), max_length=120, blank=True, default="", db_default="")
    device = models.CharField(
        max_length=40,
        blank=True,
        default="",
        db_default="",
        editable=False,
        help_text=_("keyed hash of the device used"),
    )
    appeal_of = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="appeals",
        db_index=False,
        verbose_name=_("appeal against"),
    )
    statement = models.CharField(_("what the family says"), max_length=500, blank=True, default="", db_default="")
    due_on = models.DateField(_("due on"), null=True, blank=True)
    registered_on = models.DateField(_("registered on"), null=True, help_text=_("first day of membership"))
    ended_on = models.DateField(_("ended on"), null=True, blank=True)
    waiting_until = models.DateField(_("waiting period until"), null=True, blank=True)
    reason_code = models.CharField(_("reason"), max_length=24, choices=EnrolmentReason, blank=True)
    reason = models.CharField(_("explanation"), max_length=255, blank=True)
    checklist = models.JSONField(_("checklist"), default=dict, blank=True)
    created_at = models.DateTimeField(_("entered at"), auto_now_add=True)
    created_by = stamps.created_by(_("entered by"), db_index=False)
    submitted_at = stamps.at(_("submitted at"))
    submitted_by = stamps.by(_("submitted by"), db_index=False)
    verified_at = stamps.at(_("verified at"))
    verified_by = stamps.by(_("verified by"), db_index=False)
    surveyed_at = stamps.at(_("field check recorded at"))
    surveyed_by = stamps.by(_("field check recorded by"), db_index=False)
    approved_at = stamps.at(_("approved at"))
    approved_by = stamps.by(_("approved by"), db_index=False)
    rejected_at = stamps.at(_("rejected at"))
    rejected_by = stamps.by(_("rejected by"), db_index=False)
    suspended_at = stamps.at(_("suspended at"))
    suspended_by = stamps.by(_("suspended by"), db_index=False)

    objects = EnrolmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("enrolment")
        verbose_name_plural = _("enrolments")
        constraints = [
            *(stamps.pair("enrolment", act) for act in ACTS),
            *(
                stamps.different_people("enrolment", first, second)
                for first, second in (
                    ("submitted", "approved"),
                    ("created", "approved"),
                    ("submitted", "verified"),
                    ("submitted", "surveyed"),
                    ("surveyed", "approved"),
                    ("verified", "approved"),
                )
            ),
            models.CheckConstraint(
                name="membership_was_approved",
                condition=Q(channel=Channel.LEGACY)
                | ~Q(state__in=[EnrolmentState.ACTIVE, EnrolmentState.SUSPENDED])
                | Q(approved_at__isnull=False),
            ),
            models.CheckConstraint(
                name="waiting_enrolment_has_its_day",
                condition=~Q(state=EnrolmentState.WAITING) | Q(waiting_until__isnull=False),
            ),
            models.CheckConstraint(
                name="rejected_enrolment_says_why",
                condition=~Q(state=EnrolmentState.REJECTED) | ~Q(reason_code=""),
            ),
            models.UniqueConstraint(fields=["number"], condition=~Q(number=""), name="application_number_is_unique"),
            models.UniqueConstraint(
                fields=["appeal_of"],
                condition=Q(appeal_of__isnull=False),
                name="one_appeal_per_rejection",
                violation_error_message=_("This rejection has been appealed against already."),
            ),
            models.UniqueConstraint(
                fields=["household"],
                condition=Q(state__in=OPEN_STATES),
                name="one_open_enrolment_per_family",
                violation_error_message=_("This family already has an application or a membership."),
            ),
            models.CheckConstraint(
                name="active_enrolment_has_first_day",
                condition=~Q(state=EnrolmentState.ACTIVE) | Q(registered_on__isnull=False),
            ),
            models.CheckConstraint(
                name="enrolment_ends_after_it_starts",
                condition=Q(ended_on__isnull=True) | Q(ended_on__gte=F("registered_on")),
            ),
        ]
        indexes = [
            models.Index(fields=["state", "id"], name="enrolment_worklist"),
            models.Index(fields=["created_by", "id"], name="enrolment_of_author", condition=~Q(channel=Channel.LEGACY)),
            *(
                models.Index(fields=[name], name=f"enrolment_by_{name}", condition=~Q(**{name: ""}))
                for name in ("phone", "email", "device")
            ),
            models.Index(fields=["due_on", "id"], name="enrolment_due", condition=Q(due_on__isnull=False)),
        ]

    def __str__(self):
        return f"{self.household} {self.get_state_display()}"


def card_token():
    """128 random bits: the QR reveals nothing and cannot be guessed."""
    return secrets.token_urlsafe(16)


class Card(models.Model):
    """A Kartu Sehat. Never deleted; at most one live card a family."""

    STATES = CardState

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    household = models.ForeignKey(
        "participants.Household", on_delete=models.PROTECT, related_name="cards", verbose_name="KK"
    )
    enrolment = models.ForeignKey(
        Enrolment, on_delete=models.PROTECT, related_name="cards", null=True, verbose_name=_("enrolment")
    )
    number = models.CharField(_("card number"), max_length=20)
    token = models.CharField(max_length=24, default=card_token, editable=False)
    state = models.CharField(_("state"), max_length=10, choices=CardState, default=CardState.ORDERED)
    issued_on = models.DateField(_("issued on"), null=True)
    handed_to = models.CharField(_("handed over to"), max_length=120, blank=True)
    created_at = models.DateTimeField(_("entered at"), auto_now_add=True)
    created_by = stamps.created_by(_("entered by"), db_index=False)
    approved_at = stamps.at(_("approved at"))
    approved_by = stamps.by(_("approved by"), db_index=False)
    printed_at = stamps.at(_("printed at"))
    printed_by = stamps.by(_("printed by"), db_index=False)
    handed_at = stamps.at(_("handed over at"))
    handed_by = stamps.by(_("handed over by"), db_index=False)
    blocked_at = stamps.at(_("blocked at"))
    blocked_by = stamps.by(_("blocked by"), db_index=False)
    batch = models.ForeignKey(
        "participants.PrintBatch",
        on_delete=models.PROTECT,
        related_name="cards",
        null=True,
        blank=True,
        db_index=False,
        verbose_name=_("print batch"),
    )
    receiver = models.ForeignKey(
        "participants.Resident",
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        db_index=False,
        verbose_name=_("receiver"),
    )
    block_note = models.CharField(_("what happened"), max_length=255, blank=True, default="", db_default="")
    police_letter = models.CharField(_("police letter number"), max_length=60, blank=True, default="", db_default="")
    replaces = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        related_name="successors",
        null=True,
        blank=True,
        db_index=False,
        verbose_name=_("replaces"),
    )
    reprint = models.CharField(
        _("to be reprinted"), max_length=12, choices=ReprintReason, blank=True, db_default="", default=""
    )
    reprint_on = models.DateField(_("to be reprinted since"), null=True, blank=True)

    objects = CardQuerySet.as_manager()

    class Meta:
        verbose_name = _("card")
        verbose_name_plural = _("cards")
        constraints = [
            *(stamps.pair("card", act) for act in ("approved", "printed", "handed", "blocked")),
            stamps.different_people("card", "created", "approved"),
            models.CheckConstraint(
                name="card_to_reprint_has_its_day",
                condition=Q(reprint="", reprint_on__isnull=True) | (~Q(reprint="") & Q(reprint_on__isnull=False)),
            ),
            models.UniqueConstraint(
                fields=["replaces"], condition=Q(replaces__isnull=False), name="one_successor_per_card"
            ),
            # Not unique=True: that adds a second index for LIKE, and nobody searches within these.
            models.UniqueConstraint(fields=["number"], name="card_number_is_unique"),
            models.UniqueConstraint(fields=["token"], name="card_token_is_unique"),
            models.UniqueConstraint(
                fields=["household"],
                condition=Q(state__in=LIVE_CARDS),
                name="one_live_card_per_family",
                violation_error_message=_("This family already has a card. Block it before another is ordered."),
            ),
        ]
        indexes = [
            models.Index(fields=["state", "id"], name="card_by_state"),
            models.Index(fields=["batch", "id"], name="card_of_batch", condition=Q(batch__isnull=False)),
            models.Index(fields=["reprint", "id"], name="card_to_reprint", condition=~Q(reprint="")),
        ]

    def __str__(self):
        return self.number
