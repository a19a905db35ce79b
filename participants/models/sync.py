"""Runs of the nightly exchanges, what they changed and what they would not take."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from ksb.core import stamps
from participants.enums import CoverageSource, EventKind, SyncKind, SyncStage, SyncState
from participants.querysets import CityDataQuerySet, SyncRunQuerySet


class SyncRun(models.Model):
    """One file taken in. The raw file is kept under its checksum in the archive folder."""

    STATES = SyncState

    kind = models.CharField(_("kind"), max_length=10, choices=SyncKind)
    source = models.CharField(_("list"), max_length=10, choices=CoverageSource, blank=True)
    state = models.CharField(_("state"), max_length=20, choices=SyncState, default=SyncState.FETCHED)
    file_name = models.CharField(_("file"), max_length=120)
    sha256 = models.CharField(max_length=64)
    archive = models.CharField(_("kept at"), max_length=255, blank=True)
    snapshot_date = models.DateField(_("snapshot of"))
    base_date = models.DateField(
        _("changes since"), null=True, help_text=_("empty for a full snapshot, which says it all")
    )
    counters = models.JSONField(_("summary"), default=dict)
    preview = models.JSONField(
        _("preview"), default=dict, db_default={}, help_text=_("what a waiting file would change, and why it waits")
    )
    message = models.TextField(_("message"), blank=True)
    started_at = models.DateTimeField(_("started at"), auto_now_add=True)
    started_by = stamps.created_by(_("started by"))
    applied_at = stamps.at(_("applied at"))
    applied_by = stamps.by(_("applied by"))
    approved_at = stamps.at(_("approved at"))
    approved_by = stamps.by(_("approved by"))
    seconded_at = stamps.at(_("seconded at"))
    seconded_by = stamps.by(_("seconded by"))

    objects = SyncRunQuerySet.as_manager()

    class Meta:
        verbose_name = _("sync run")
        verbose_name_plural = _("sync runs")
        ordering = ["-id"]
        constraints = [
            stamps.pair("syncrun", "applied"),
            stamps.pair("syncrun", "approved"),
            stamps.pair("syncrun", "seconded"),
            stamps.different_people("syncrun", "approved", "seconded"),
            models.CheckConstraint(
                name="changes_end_after_they_begin",
                condition=Q(base_date__isnull=True) | Q(kind=SyncKind.REGISTRY, base_date__lte=F("snapshot_date")),
            ),
            models.CheckConstraint(
                name="jkn_run_names_its_list", condition=Q(kind=SyncKind.REGISTRY, source="") | Q(kind=SyncKind.JKN)
            ),
        ]
        indexes = [models.Index(fields=["kind", "source", "state", "-snapshot_date"], name="syncrun_last_of_source")]

    def __str__(self):
        return f"{self.get_kind_display()} {self.snapshot_date}"


class QuarantinedRow(models.Model):
    """A line of a file that was not taken, as it was, with why and what to do."""

    id = models.BigAutoField(primary_key=True)
    run = models.ForeignKey(
        SyncRun, on_delete=models.CASCADE, related_name="quarantine", verbose_name=_("run"), db_index=False
    )
    line_number = models.PositiveIntegerField(_("line"))
    reason = models.CharField(_("reason"), max_length=40)
    raw = models.TextField(_("line as received"))

    objects = CityDataQuerySet.as_manager()

    class Meta:
        verbose_name = _("quarantined row")
        verbose_name_plural = _("quarantine")
        ordering = ["run", "line_number"]
        constraints = [models.UniqueConstraint(fields=["run", "line_number"], name="a_line_is_quarantined_once")]

    def __str__(self):
        return f"{self.run_id}:{self.line_number} {self.reason}"


class RegistryEvent(models.Model):
    """A difference between two snapshots with a meaning."""

    id = models.BigAutoField(primary_key=True)
    run = models.ForeignKey(
        SyncRun, on_delete=models.PROTECT, related_name="events", verbose_name=_("run"), db_index=False
    )
    resident = models.ForeignKey(
        "participants.Resident",
        on_delete=models.PROTECT,
        related_name="events",
        verbose_name=_("resident"),
        db_constraint=False,
    )
    kind = models.CharField(_("event"), max_length=16, choices=EventKind)
    effective_on = models.DateField(_("effective on"))
    fields = ArrayField(
        models.CharField(max_length=16), verbose_name=_("columns changed"), default=list, db_default=[], blank=True
    )
    kelurahan = models.ForeignKey(
        "facilities.Region",
        on_delete=models.PROTECT,
        null=True,
        verbose_name="kelurahan",
        help_text=_("where the person lives, or lived before moving away"),
        db_constraint=False,
        db_index=False,
    )

    objects = CityDataQuerySet.as_manager()

    class Meta:
        verbose_name = _("registry event")
        verbose_name_plural = _("registry events")
        indexes = [
            models.Index(fields=["run", "id"], name="registryevent_of_run"),
            models.Index(fields=["run", "kind", "id"], name="registryevent_by_kind"),
            models.Index(fields=["run", "kelurahan", "id"], name="registryevent_by_kelurahan"),
        ]

    def __str__(self):
        return f"{self.kind} {self.effective_on}"


class SyncProgress(models.Model):
    """How far a run has come, written beside its transaction: what remains of it after a crash says where it stood.

    ``session`` is the process id of the database session that holds the run's lock; ``done`` of ``total`` lines of the stage.
    """

    run = models.OneToOneField(
        SyncRun,
        on_delete=models.CASCADE,
        primary_key=True,
        related_name="progress",
        verbose_name=_("run"),
        db_constraint=False,
    )
    stage = models.CharField(_("stage"), max_length=12, choices=SyncStage)
    done = models.BigIntegerField(_("done"), default=0)
    total = models.BigIntegerField(_("of"), default=0)
    session = models.IntegerField(_("database session"))
    machine = models.CharField(_("machine"), max_length=120)
    started = models.DateTimeField(_("begun"))
    updated = models.DateTimeField(_("last heard of"))

    objects = SyncRunQuerySet.as_manager()

    class Meta:
        verbose_name = _("progress of a run")
        verbose_name_plural = _("progress of runs")

    def __str__(self):
        return f"{self.run_id} {self.stage}"
