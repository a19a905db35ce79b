"""What was asked of other offices' servers, and whether they may be asked now. Shared by all workers, so it lives here."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ksb.core.querysets import ReferenceQuerySet
from participants.enums import OnlineOutcome, OnlineQuestion, OnlineService
from participants.querysets import OnlineCheckQuerySet


class OnlineSource(models.Model):
    """One server: its circuit breaker and the questions of the day. Holds no people."""

    name = models.CharField(_("service"), max_length=10, choices=OnlineService, primary_key=True)
    failures = models.PositiveIntegerField(_("failures in a row"), default=0, db_default=0)
    rests_until = models.DateTimeField(_("not asked until"), null=True)
    quota_day = models.DateField(_("day counted"), null=True)
    used = models.PositiveIntegerField(_("questions of the day"), default=0, db_default=0)
    last_answer = models.DateTimeField(_("last answer"), null=True)
    last_failure = models.DateTimeField(_("last failure"), null=True)
    last_fault = models.CharField(_("what failed"), max_length=60, blank=True, default="", db_default="")

    objects = ReferenceQuerySet.as_manager()

    class Meta:
        verbose_name = _("on-line service")
        verbose_name_plural = _("on-line services")

    def __str__(self):
        return self.get_name_display()


class OnlineCheck(models.Model):
    """One question to another office: who asked, about whom, for what, and the answer, reduced to what a desk needs.

    ``answer`` is emptied after the retention of raw exchange data; the outcome stays. ``fault`` is for the operator: why
    there is no answer, without any number of a person.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    service = models.CharField(_("service"), max_length=10, choices=OnlineService)
    question = models.CharField(_("question"), max_length=10, choices=OnlineQuestion)
    purpose = models.CharField(_("purpose"), max_length=40)
    actor = models.ForeignKey("facilities.User", on_delete=models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField(_("at"))
    about = models.DateField(_("day asked about"))
    nik = models.CharField("NIK", max_length=16)
    resident = models.ForeignKey(
        "participants.Resident", on_delete=models.PROTECT, null=True, related_name="online_checks", db_constraint=False
    )
    enrolment = models.ForeignKey(
        "participants.Enrolment", on_delete=models.PROTECT, null=True, related_name="online_checks"
    )
    outcome = models.CharField(_("outcome"), max_length=12, choices=OnlineOutcome)
    answer = models.JSONField(_("answer"), default=dict)
    fault = models.CharField(_("what failed"), max_length=60, blank=True)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    milliseconds = models.PositiveIntegerField(_("milliseconds"), default=0)

    objects = OnlineCheckQuerySet.as_manager()

    class Meta:
        verbose_name = _("on-line check")
        verbose_name_plural = _("on-line checks")
        constraints = [
            models.CheckConstraint(name="online_check_asks_for_a_nik", condition=Q(nik__regex=r"^[0-9]{16}$")),
        ]
        indexes = [
            models.Index(fields=["actor", "at"], name="onlinecheck_of_actor"),
            models.Index(fields=["service", "-id"], name="onlinecheck_faults", condition=~Q(fault="")),
        ]

    def __str__(self):
        return f"{self.service} {self.at:%Y-%m-%d %H:%M} {self.outcome}"
