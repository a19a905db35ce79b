"""When the registry is wrong: the ticket that goes to Disdukcapil, and what Dinkes lifts for the person meanwhile."""

import datetime
import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from ksb.core import stamps
from participants.enums import OverrideState, TicketKind, TicketOutcome, TicketState
from participants.querysets import OverrideQuerySet, TicketQuerySet

# Rules that rest on the registry alone, so that a mistake of the registry may be bridged.
LIFTABLE = ("C02", "C03", "C04", "C05", "C07", "C10", "C11")
LONGEST_DAYS = 30


class Ticket(models.Model):
    """A claim of error: the registry says something wrong of a person or a family, and Disdukcapil is asked to correct it.

    ``before`` holds the columns in question as they were; a night that brings others closes the ticket. A person whom the
    registry does not know is named by ``nik`` alone; a line of a file by its run and number.
    """

    STATES = TicketState

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    number = models.CharField(_("ticket number"), max_length=24)
    kind = models.CharField(_("what is wrong"), max_length=16, choices=TicketKind)
    state = models.CharField(_("state"), max_length=8, choices=TicketState, default=TicketState.OPEN)
    resident = models.ForeignKey(
        "participants.Resident",
        on_delete=models.PROTECT,
        null=True,
        related_name="tickets",
        verbose_name=_("resident"),
        db_constraint=False,
    )
    household = models.ForeignKey(
        "participants.Household", on_delete=models.PROTECT, null=True, related_name="tickets", db_constraint=False
    )
    nik = models.CharField("NIK", max_length=16, blank=True)
    run = models.ForeignKey(
        "participants.SyncRun", on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("run")
    )
    line_number = models.PositiveIntegerField(_("line"), null=True)
    text = models.TextField(_("what is wrong, and what is right"), max_length=1000)
    before = models.JSONField(_("as it was"), default=dict)
    answer = models.TextField(_("answer of Disdukcapil"), blank=True)
    outcome = models.CharField(_("outcome"), max_length=10, choices=TicketOutcome, blank=True)
    created_at = models.DateTimeField(_("opened at"))
    created_by = stamps.created_by(_("opened by"))
    sent_at = stamps.at(_("sent at"))
    sent_by = stamps.by(_("sent by"), db_index=False)
    answered_at = stamps.at(_("answered at"))
    answered_by = stamps.by(_("answered by"), db_index=False)
    closed_at = stamps.at(_("closed at"))
    closed_by = stamps.by(_("closed by"), db_index=False)

    objects = TicketQuerySet.as_manager()

    class Meta:
        verbose_name = _("ticket to Disdukcapil")
        verbose_name_plural = _("tickets to Disdukcapil")
        constraints = [
            *(stamps.pair("ticket", act) for act in ("sent", "answered", "closed")),
            models.UniqueConstraint(fields=["number"], name="ticket_number_is_unique"),
            models.UniqueConstraint(
                fields=["resident", "kind"],
                condition=~Q(state=TicketState.CLOSED) & Q(resident__isnull=False),
                name="one_open_ticket_per_person_and_kind",
            ),
            models.UniqueConstraint(
                fields=["nik"], condition=~Q(state=TicketState.CLOSED) & ~Q(nik=""), name="one_open_ticket_per_number"
            ),
            models.UniqueConstraint(
                fields=["run", "line_number"],
                condition=~Q(state=TicketState.CLOSED) & Q(run__isnull=False),
                name="one_open_ticket_per_line",
            ),
            models.CheckConstraint(
                name="ticket_is_about_somebody",
                condition=Q(resident__isnull=False)
                | Q(household__isnull=False)
                | Q(run__isnull=False, line_number__isnull=False)
                | Q(nik__regex=r"^[0-9]{16}$"),
            ),
            models.CheckConstraint(
                name="closed_ticket_has_its_outcome", condition=Q(state=TicketState.CLOSED) ^ Q(outcome="")
            ),
        ]
        indexes = [models.Index(fields=["state", "id"], name="ticket_worklist")]

    def __str__(self):
        return self.number


class Override(models.Model):
    """Dinkes lifts rules for one person while the registry is being corrected: two people, a reason, an end.

    It is in force from ``valid_from`` to ``valid_until``, both included, once it is approved and until it is revoked,
    whatever the state says: the night only tidies the list. A lifted rule is told as a warning.
    """

    STATES = OverrideState

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    resident = models.ForeignKey(
        "participants.Resident",
        on_delete=models.PROTECT,
        related_name="overrides",
        verbose_name=_("resident"),
        db_constraint=False,
    )
    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="overrides", verbose_name=_("ticket"))
    state = models.CharField(_("state"), max_length=8, choices=OverrideState, default=OverrideState.PROPOSED)
    rules = ArrayField(models.CharField(max_length=3), verbose_name=_("rules lifted"))
    reason = models.CharField(_("reason"), max_length=255)
    evidence = models.CharField(_("evidence seen"), max_length=255)
    valid_from = models.DateField(_("from"))
    valid_until = models.DateField(_("until"))
    refusal = models.CharField(_("why not, or why no longer"), max_length=255, blank=True)
    created_at = models.DateTimeField(_("proposed at"))
    created_by = stamps.created_by(_("proposed by"), db_index=False)
    approved_at = stamps.at(_("approved at"))
    approved_by = stamps.by(_("approved by"), db_index=False)
    refused_at = stamps.at(_("refused at"))
    refused_by = stamps.by(_("refused by"), db_index=False)
    revoked_at = stamps.at(_("revoked at"))
    revoked_by = stamps.by(_("revoked by"), db_index=False)

    objects = OverrideQuerySet.as_manager()

    class Meta:
        verbose_name = _("temporary override")
        verbose_name_plural = _("temporary overrides")
        constraints = [
            *(stamps.pair("override", act) for act in ("approved", "refused", "revoked")),
            stamps.different_people("override", "created", "approved"),
            models.CheckConstraint(
                name="override_lifts_rules_of_the_registry_only",
                condition=Q(rules__contained_by=list(LIFTABLE)) & ~Q(rules=[]),
            ),
            models.CheckConstraint(
                name="override_lasts_thirty_days_at_most",
                condition=Q(valid_until__gte=F("valid_from"))
                & Q(valid_until__lte=F("valid_from") + datetime.timedelta(days=LONGEST_DAYS)),
            ),
            models.CheckConstraint(
                name="override_in_force_was_approved",
                condition=~Q(state__in=[OverrideState.ACTIVE, OverrideState.REVOKED]) | Q(approved_at__isnull=False),
            ),
            models.CheckConstraint(
                name="override_says_why",
                condition=~Q(reason="") & ~Q(evidence=""),
            ),
            models.UniqueConstraint(
                fields=["resident"],
                condition=Q(state__in=[OverrideState.PROPOSED, OverrideState.ACTIVE]),
                name="one_open_override_per_person",
            ),
        ]
        indexes = [models.Index(fields=["state", "id"], name="override_worklist")]

    def __str__(self):
        return f"{', '.join(self.rules)} – {self.valid_until}"
