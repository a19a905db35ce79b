"""Other coverage (JKN, PBI), who looked whom up, and the city's coverage as last evaluated."""

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from facilities.enums import Service
from ksb.core import stamps
from participants.enums import CoverageSource, Decision, JknAnswer
from participants.querysets import CityDataQuerySet, JknCandidateQuerySet, LookupQuerySet

# A status of ours beside those of BPJS: asked on line, it knew nobody with this NIK.
NOT_A_MEMBER = 99


class OtherCoverage(models.Model):
    """An interval in which a person is covered elsewhere, per source. Intervals are closed, never deleted.

    ``segment`` is jenisPeserta (21 PBI APBN, 22 PBI APBD, ...), ``status`` statusPeserta (0 active). ``valid_to`` is the
    last day (TAT), empty while there is none. ``open`` marks the interval the next list confirms or closes; of a monthly
    list it has no last day until a month no longer names the person. A closed one stays true for its days. ``known_to``
    is set only when the source corrected itself: such a row says what was believed until then. ``listed`` says that the
    last list of the source has the interval's row; ``review`` that a person found whose row it is.
    """

    id = models.BigAutoField(primary_key=True)
    resident = models.ForeignKey(
        "participants.Resident",
        on_delete=models.PROTECT,
        related_name="other_coverages",
        verbose_name=_("resident"),
        db_constraint=False,
        db_index=False,
    )
    source = models.CharField(_("source"), max_length=10, choices=CoverageSource)
    card_number = models.CharField(_("JKN card number"), max_length=13, blank=True)
    segment = models.PositiveSmallIntegerField(_("segment"))
    status = models.PositiveSmallIntegerField(_("status"), default=0)
    valid_from = models.DateField(_("from (TMT)"))
    valid_to = models.DateField(_("until (TAT)"), null=True, blank=True)
    known_from = models.DateTimeField(_("known from"))
    known_to = models.DateTimeField(_("known until"), null=True, blank=True)
    open = models.BooleanField(_("open"), default=True, db_default=True)
    insurer = models.CharField(
        _("insurer"), max_length=60, blank=True, db_default="", help_text=_("of what the family declared")
    )
    listed = models.BooleanField(_("in the last list"), default=True, db_default=True)
    review = models.ForeignKey(
        "participants.JknCandidate",
        on_delete=models.PROTECT,
        null=True,
        related_name="intervals",
        verbose_name=_("found by review"),
        db_constraint=False,
        db_index=False,
    )
    run = models.ForeignKey(
        "participants.SyncRun",
        on_delete=models.PROTECT,
        null=True,
        verbose_name=_("run"),
        db_constraint=False,
        db_index=False,
        help_text=_("empty for what the family declared or BPJS told on line"),
    )

    objects = CityDataQuerySet.as_manager()

    class Meta:
        verbose_name = _("other coverage")
        verbose_name_plural = _("other coverages")
        constraints = [
            models.UniqueConstraint(
                fields=["resident", "source"],
                condition=Q(open=True),
                name="one_open_interval_per_person_and_source",
            ),
            models.CheckConstraint(
                name="open_coverage_is_still_believed", condition=Q(open=False) | Q(known_to__isnull=True)
            ),
            models.CheckConstraint(
                name="coverage_ends_after_it_starts",
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
            ),
        ]
        indexes = [
            models.Index(fields=["resident", "valid_from"], name="othercoverage_of_resident"),
            models.Index(fields=["review"], condition=Q(review__isnull=False), name="othercoverage_reviewed"),
            models.Index(fields=["id"], condition=Q(open=True, listed=False), name="othercoverage_not_listed"),
            models.Index(
                fields=["id"], condition=Q(open=True, source=CoverageSource.ONLINE), name="othercoverage_told_online"
            ),
        ]

    def __str__(self):
        return f"{self.source} {self.segment} {self.valid_from}"


class JknCandidate(models.Model):
    """A row of a JKN list without an exact NIK match: for a person to judge, never to exclude somebody by itself.

    ``resident`` is the only person of the same name and day of birth, or whom the reviewer named. What the row says is kept
    apart from ``raw``, as the last list that had it (``seen_on``) says it.
    """

    id = models.BigAutoField(primary_key=True)
    run = models.ForeignKey("participants.SyncRun", on_delete=models.CASCADE, related_name="candidates")
    line_number = models.PositiveIntegerField(_("line"))
    raw = models.TextField(_("line as received"))
    key = models.CharField(
        max_length=32,
        editable=False,
        help_text=_("source and card number: a row is asked about once, not monthly"),
    )
    source = models.CharField(_("list"), max_length=10, choices=CoverageSource, db_default="", default="")
    card_number = models.CharField(_("JKN card number"), max_length=13, blank=True, db_default="", default="")
    nik = models.CharField(_("NIK as written"), max_length=16, blank=True, db_default="", default="")
    name = models.CharField(_("name"), max_length=120, blank=True, db_default="", default="")
    birth_date = models.DateField(_("date of birth"), null=True)
    segment = models.PositiveSmallIntegerField(_("segment"), null=True)
    status = models.PositiveSmallIntegerField(_("status"), default=0, db_default=0)
    valid_from = models.DateField(_("from (TMT)"), null=True)
    valid_to = models.DateField(_("until (TAT)"), null=True)
    seen_on = models.DateField(_("last seen in the list of"), null=True)
    resident = models.ForeignKey(
        "participants.Resident", on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("candidate")
    )
    answer = models.CharField(_("answer"), max_length=8, choices=JknAnswer, blank=True, db_default="", default="")
    decided_at = stamps.at(_("decided at"))
    decided_by = stamps.by(_("decided by"))

    objects = JknCandidateQuerySet.as_manager()

    class Meta:
        verbose_name = _("JKN row to review")
        verbose_name_plural = _("JKN rows to review")
        constraints = [
            stamps.pair("jkncandidate", "decided"),
            models.UniqueConstraint(fields=["key"], name="one_question_per_jkn_row"),
            models.CheckConstraint(
                name="jkn_answer_has_its_author", condition=Q(answer="") | Q(decided_at__isnull=False)
            ),
            models.CheckConstraint(
                name="jkn_row_of_the_same_person_names_them",
                condition=~Q(answer=JknAnswer.SAME) | Q(resident__isnull=False),
            ),
        ]
        indexes = [models.Index(fields=["answer", "id"], name="jkn_row_by_answer")]

    def __str__(self):
        return f"{self.run_id}:{self.line_number}"

    @property
    def sentiment(self):
        """Colour of the answer."""
        return JknAnswer.SENTIMENT.get(self.answer, "info")


class Lookup(models.Model):
    """Somebody looked at a person's data for a purpose. Its id stands in URLs instead of any number of the person.

    A person without NIK was looked up in the register of special covers (``special``) and has no ``resident``.
    """

    public_id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    # Users are never deleted, and checking that would lock and rewrite the clerk's row at each look-up.
    actor = models.ForeignKey(
        "facilities.User", on_delete=models.PROTECT, related_name="lookups", db_index=False, db_constraint=False
    )
    resident = models.ForeignKey(
        "participants.Resident", on_delete=models.PROTECT, null=True, related_name="lookups", db_constraint=False
    )
    purpose = models.CharField(_("purpose"), max_length=40)
    at = models.DateTimeField(_("at"))
    decision = models.CharField(_("decision shown"), max_length=32, choices=Decision, blank=True)
    special = models.ForeignKey(
        "participants.SpecialCover", on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )

    objects = LookupQuerySet.as_manager()

    class Meta:
        verbose_name = _("look-up")
        verbose_name_plural = _("look-ups")
        constraints = [
            models.CheckConstraint(
                name="lookup_is_of_one_person",
                condition=Q(resident__isnull=False, special__isnull=True)
                | Q(resident__isnull=True, special__isnull=False),
            )
        ]
        indexes = [models.Index(fields=["actor", "at"])]

    def __str__(self):
        return f"{self.at:%Y-%m-%d %H:%M} {self.purpose}"

    @property
    def person(self):
        """The Resident, or the SpecialCover of somebody without NIK."""
        return self.resident or self.special


class CoverageStatus(models.Model):
    """The last evaluation of a person for outpatient care: what lists and dashboards count. Desks evaluate anew."""

    resident = models.OneToOneField(
        "participants.Resident",
        on_delete=models.CASCADE,
        primary_key=True,
        related_name="coverage_status",
        db_constraint=False,
    )
    decision = models.CharField(_("decision"), max_length=32, choices=Decision)
    headline_rule = models.CharField(_("rule"), max_length=3)
    rules = ArrayField(models.CharField(max_length=3), verbose_name=_("rules that apply"), default=list)
    service = models.CharField(max_length=16, choices=Service, default=Service.OUTPATIENT)
    scheme = models.ForeignKey("core.SchemeVersion", on_delete=models.PROTECT, null=True, db_constraint=False)
    evaluated_on = models.DateField(_("evaluated for"))
    next_change_on = models.DateField(_("may change on"), null=True)

    objects = CityDataQuerySet.as_manager()

    class Meta:
        verbose_name = _("coverage")
        verbose_name_plural = _("coverage")
        indexes = [
            models.Index(
                fields=["next_change_on"], condition=Q(next_change_on__isnull=False), name="coverage_may_change"
            )
        ]

    def __str__(self):
        return f"{self.decision} ({self.headline_rule})"
