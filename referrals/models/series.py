"""Chronic care in sessions: the programme at one hospital, and each session counted against its week."""

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from ksb.core import stamps
from referrals.enums import SeriesEnd, SeriesKind
from referrals.models.episode import Episode
from referrals.models.patient import facility_field, person
from referrals.models.sjp import Sjp
from referrals.querysets import SeriesQuerySet, SessionQuerySet


class Series(models.Model):
    """The programme of one chronic patient at one hospital (domain.md B13): what, how often, under whom.

    Its letters follow one another (``Sjp.series``, ``Sjp.parent``); the hospital writes the next one itself. ``weekdays`` are
    ISO numbers, 1 is Monday.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(_("kind"), max_length=16, choices=SeriesKind)
    resident = person(related_name="series")
    hospital = facility_field(_("hospital"), related_name="series")
    puskesmas = facility_field("Puskesmas", related_name="+")
    diagnosis = models.ForeignKey("facilities.Diagnosis", on_delete=models.PROTECT, verbose_name=_("diagnosis"))
    doctor_name = models.CharField("DPJP", max_length=120)
    weekdays = ArrayField(models.PositiveSmallIntegerField(), verbose_name=_("days of the week"))
    machine = models.CharField(_("machine or chair"), max_length=40, blank=True)
    started_at = models.DateTimeField(_("begun at"))
    started_by = stamps.created_by(_("begun by"))
    ended_at = stamps.at(_("ended at"))
    ended_by = stamps.by(_("ended by"))
    end_reason = models.CharField(_("why it ended"), max_length=12, choices=SeriesEnd, blank=True)

    objects = SeriesQuerySet.as_manager()

    class Meta:
        verbose_name = _("series of sessions")
        verbose_name_plural = _("series of sessions")
        constraints = [
            stamps.pair("series", "ended"),
            models.CheckConstraint(
                name="series_ended_for_a_reason",
                condition=Q(ended_at__isnull=True, end_reason="") | (Q(ended_at__isnull=False) & ~Q(end_reason="")),
            ),
            models.CheckConstraint(name="series_has_its_days", condition=Q(weekdays__len__gte=1, weekdays__len__lte=7)),
            models.UniqueConstraint(
                fields=["resident", "kind"],
                condition=Q(ended_at__isnull=True),
                name="one_running_series_per_person_and_kind",
                violation_error_message=_("This patient has a running series of this kind already."),
            ),
        ]

    def __str__(self):
        return f"{self.kind} {self.hospital_id} {self.started_at:%Y-%m-%d}"

    @property
    def is_running(self):
        return self.ended_at is None

    @property
    def sessions_per_week(self):
        return len(self.weekdays)


class Session(models.Model):
    """One session of a patient. ``slot`` counts within the ISO week that begins on ``week``, whichever hospital gave it;
    ``most`` is what the scheme allowed. Two desks at once cannot both take the last slot.
    """

    episode = models.OneToOneField(
        Episode, on_delete=models.PROTECT, primary_key=True, related_name="session", verbose_name=_("episode")
    )
    sjp = models.ForeignKey(Sjp, on_delete=models.PROTECT, related_name="sessions", verbose_name="SJP")
    resident = person(related_name="+", db_index=False)
    day = models.DateField(_("day"))
    week = models.DateField(_("week"))
    slot = models.PositiveSmallIntegerField(_("number in the week"))
    most = models.PositiveSmallIntegerField(_("sessions a week, at most"))

    objects = SessionQuerySet.as_manager()

    class Meta:
        verbose_name = _("session")
        verbose_name_plural = _("sessions")
        constraints = [
            models.UniqueConstraint(fields=["resident", "week", "slot"], name="one_session_per_slot"),
            models.UniqueConstraint(
                fields=["resident", "day"],
                name="one_session_a_day",
                violation_error_message=_("A session of this day is registered already."),
            ),
            models.CheckConstraint(
                name="sessions_within_the_week", condition=Q(slot__gte=1, slot__lte=F("most"), most__lte=7)
            ),
            models.CheckConstraint(
                name="session_lies_in_its_week", condition=Q(day__gte=F("week"), week__iso_week_day=1)
            ),
        ]

    def __str__(self):
        return f"{self.sjp_id} {self.day}"
