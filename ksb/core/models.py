"""Bricks that need a table: journal, outbox, jobs, number series, scheme versions, rate limits; notices have their own room."""

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models.expressions import RawSQL
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from ksb.core.notices.models import Delivery, Notice
from ksb.core.querysets import PerimeterQuerySet, ReferenceQuerySet

__all__ = [
    "Delivery",
    "Job",
    "JournalBlock",
    "JournalEntry",
    "Notice",
    "NumberSeries",
    "OutboxEvent",
    "RateBucket",
    "SchemeVersion",
]


class JournalQuerySet(PerimeterQuerySet):
    def visible_to(self, actor):
        """Auditors and system administrators read the journal; nobody writes it but the services."""
        return self if actor.has_role("AUDITOR", "SYSTEM_ADMIN") else self.none()

    def about(self, obj):
        """Entries on ``obj``. Codes and days that are keys of reference tables stand in the data, not in ``object_id``."""
        named = {"object_id": obj.pk} if isinstance(obj.pk, int) else {"object_id": None, "data__key": str(obj.pk)}
        return self.filter(object_type=obj._meta.label_lower, **named).order_by("id")


class JournalEntry(models.Model):
    """Who did what to which object, or looked at whose personal data for what. Append-only by trigger; sealed in blocks."""

    id = models.BigAutoField(primary_key=True)
    at = models.DateTimeField(_("at"), db_default=Now())
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("actor"),
        db_index=False,
    )
    verb = models.CharField(_("verb"), max_length=60)
    object_type = models.CharField(_("object type"), max_length=60)
    object_id = models.BigIntegerField(_("object"), null=True)
    data = models.JSONField(_("data"), default=dict)
    transaction = models.BigIntegerField(
        editable=False, db_default=RawSQL("(pg_current_xact_id()::text)::bigint", [], models.BigIntegerField())
    )

    objects = JournalQuerySet.as_manager()

    class Meta:
        verbose_name = _("journal entry")
        verbose_name_plural = _("journal")
        indexes = [
            models.Index(fields=["object_type", "object_id", "id"]),
            models.Index(fields=["actor", "id"]),
            models.Index(fields=["transaction", "id"]),
        ]

    def __str__(self):
        return f"{self.at:%Y-%m-%d %H:%M} {self.verb} {self.object_type} {self.object_id}"


class JournalBlock(models.Model):
    """A seal over all entries of a closed range of transactions, chained to the block before it (see ``ksb.core.journal``)."""

    number = models.BigIntegerField(_("number"), primary_key=True)
    first_entry = models.BigIntegerField(help_text=_("entries before this one belong to an earlier era"))
    from_transaction = models.BigIntegerField()
    to_transaction = models.BigIntegerField(help_text=_("exclusive"))
    last_entry = models.BigIntegerField(help_text=_("highest entry in the block"))
    entries = models.IntegerField(_("entries"))
    digest = models.CharField(_("digest"), max_length=64)
    previous_digest = models.CharField(_("digest of the block before"), max_length=64)
    sealed = models.DateTimeField(_("sealed"), db_default=Now())

    objects = JournalQuerySet.as_manager()

    class Meta:
        verbose_name = _("journal block")
        verbose_name_plural = _("journal blocks")

    def __str__(self):
        return f"{self.number}: {self.digest[:12]}"


class OutboxEvent(models.Model):
    """A fact for a higher floor, written in the transaction that made it true and handled once."""

    id = models.BigAutoField(primary_key=True)
    kind = models.CharField(_("kind"), max_length=60)
    object_id = models.BigIntegerField(_("object"))
    payload = models.JSONField(_("payload"), default=dict)
    emitted = models.DateTimeField(_("emitted"), db_default=Now())
    handled = models.DateTimeField(_("handled"), null=True)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    error = models.TextField(_("last error"), blank=True)

    objects = JournalQuerySet.as_manager()

    class Meta:
        verbose_name = _("outbox event")
        verbose_name_plural = _("outbox")
        indexes = [models.Index(fields=["id"], name="outbox_waiting", condition=models.Q(handled__isnull=True))]

    def __str__(self):
        return f"{self.kind} {self.object_id}"


class JobQuerySet(PerimeterQuerySet):
    def visible_to(self, actor):
        return self if actor.is_authenticated else self.none()

    def latest_of(self, name):
        return self.filter(name=name).order_by("-day", "-id").first()


class Job(models.Model):
    """One run of a scheduled job on one day. The table is the truth; Celery only carries the call."""

    class State(models.TextChoices):
        RUNNING = "RUNNING", _("running")
        DONE = "DONE", _("done")
        FAILED = "FAILED", _("failed")

    name = models.CharField(_("job"), max_length=60)
    day = models.DateField(_("day"))
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.RUNNING)
    started = models.DateTimeField(_("started"), db_default=Now())
    finished = models.DateTimeField(_("finished"), null=True)
    result = models.JSONField(_("result"), default=dict)
    error = models.TextField(_("error"), blank=True)

    objects = JobQuerySet.as_manager()

    class Meta:
        verbose_name = _("job")
        verbose_name_plural = _("jobs")
        constraints = [models.UniqueConstraint(fields=["name", "day"], name="one_job_a_day")]

    def __str__(self):
        return f"{self.name} {self.day}"


class NumberSeries(models.Model):
    """The last number given out in a gapless series, e.g. ``("SJP", "32750200001", 2026)``."""

    kind = models.CharField(max_length=20)
    owner = models.CharField(max_length=20)
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    objects = PerimeterQuerySet.as_manager()

    class Meta:
        verbose_name = _("number series")
        verbose_name_plural = _("number series")
        constraints = [models.UniqueConstraint(fields=["kind", "owner", "year"], name="one_series_per_owner_and_year")]

    def __str__(self):
        return f"{self.kind} {self.owner} {self.year}: {self.last}"


class RateBucket(models.Model):
    """How often a key was used in a window of time. Kept in PostgreSQL, so the limit holds while Redis is down."""

    key = models.CharField(max_length=100)
    window = models.DateTimeField()
    hits = models.PositiveIntegerField(default=0)

    objects = PerimeterQuerySet.as_manager()

    class Meta:
        verbose_name = _("rate bucket")
        verbose_name_plural = _("rate buckets")
        constraints = [models.UniqueConstraint(fields=["key", "window"], name="one_bucket_per_key_and_window")]

    def __str__(self):
        return f"{self.key} {self.hits}"


class SchemeQuerySet(ReferenceQuerySet):
    def on(self, day):
        """The version in force on ``day``, or None (the programme did not exist then)."""
        return self.filter(valid__contains=day).first()


class SchemeVersion(models.Model):
    """The rules of the programme in force in a range of dates. Decisions store which version they were taken under."""

    code = models.CharField(_("code"), max_length=10, unique=True)
    name_en = models.CharField(max_length=120)
    name_id = models.CharField(max_length=120)
    valid = DateRangeField(_("in force"))
    legal_source = models.TextField(_("legal source"))
    parameters = models.JSONField(_("parameters"), default=dict)

    objects = SchemeQuerySet.as_manager()

    class Meta:
        verbose_name = _("scheme version")
        verbose_name_plural = _("scheme versions")
        ordering = ["valid"]
        constraints = [
            ExclusionConstraint(
                name="one_scheme_version_at_a_time",
                expressions=[("valid", RangeOperators.OVERLAPS)],
                violation_error_message=_("Another scheme version is in force in this period."),
            )
        ]

    def __str__(self):
        return f"{self.code} {self.name_id}"
