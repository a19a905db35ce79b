"""Who is covered on a ground of their own: after a split of the family, by a letter of Dinsos, in an outbreak or disaster."""

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from ksb.core import stamps
from participants.enums import Decision, EventSort, Funding, Sex, SpecialGroup, SpecialState
from participants.querysets import CityDataQuerySet, SpecialQuerySet


class SplitGrace(models.Model):
    """A person left a registered family card for one that is not: covered under the old membership for some days (B5)."""

    resident = models.ForeignKey(
        "participants.Resident", on_delete=models.PROTECT, related_name="split_graces", verbose_name=_("resident")
    )
    household = models.ForeignKey(
        "participants.Household", on_delete=models.PROTECT, verbose_name=_("new family card"), db_index=False
    )
    enrolment = models.ForeignKey(
        "participants.Enrolment", on_delete=models.PROTECT, verbose_name=_("membership left"), db_index=False
    )
    since = models.DateField(_("since"))
    until = models.DateField(_("last day"))
    run = models.ForeignKey("participants.SyncRun", on_delete=models.PROTECT, verbose_name=_("run"), db_index=False)

    objects = CityDataQuerySet.as_manager()

    class Meta:
        verbose_name = _("grace after a split")
        verbose_name_plural = _("graces after splits")
        constraints = [
            models.CheckConstraint(name="grace_ends_after_it_starts", condition=Q(until__gte=F("since"))),
        ]

    def __str__(self):
        return f"{self.resident_id} – {self.until}"


def _two_people(model):
    """CHECKs of what one person proposes and another decides on."""
    return [
        *(stamps.pair(model, act) for act in ("approved", "refused", "ended")),
        stamps.different_people(model, "created", "approved"),
        models.CheckConstraint(
            name=f"{model}_in_force_was_approved",
            condition=Q(state__in=[SpecialState.PROPOSED, SpecialState.REFUSED]) | Q(approved_at__isnull=False),
        ),
    ]


class SpecialCover(models.Model):
    """A person covered on the recommendation of Dinsos (rule C24). Who has no NIK is known by ``public_id`` and ``number``.

    ``letter_text`` is the recommendation as written. ``valid_until`` is the last day. ``identified_at`` says since when
    it is known which ``resident`` somebody without NIK is.
    """

    STATES = SpecialState

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    number = models.CharField(_("register number"), max_length=24, unique=True)
    state = models.CharField(_("state"), max_length=10, choices=SpecialState, default=SpecialState.PROPOSED)
    group = models.CharField(_("group"), max_length=10, choices=SpecialGroup)
    resident = models.ForeignKey(
        "participants.Resident",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="special_covers",
        verbose_name=_("resident"),
    )
    name = models.CharField(_("name"), max_length=120, help_text=_("as far as it is known"))
    sex = models.PositiveSmallIntegerField(_("sex"), choices=Sex)
    birth_date = models.DateField(_("date of birth"), help_text=_("estimated, where nobody knows it"))
    letter_number = models.CharField(_("number of the letter"), max_length=60)
    letter_on = models.DateField(_("date of the letter"))
    letter_text = models.TextField(_("what the letter says"), max_length=2000)
    valid_from = models.DateField(_("from"))
    valid_until = models.DateField(_("until"))
    reason = models.CharField(_("explanation"), max_length=255, blank=True)
    created_at = models.DateTimeField(_("entered at"), auto_now_add=True)
    created_by = stamps.created_by(_("entered by"))
    approved_at = stamps.at(_("approved at"))
    approved_by = stamps.by(_("approved by"))
    refused_at = stamps.at(_("refused at"))
    refused_by = stamps.by(_("refused by"))
    ended_at = stamps.at(_("ended at"))
    ended_by = stamps.by(_("ended by"))
    identified_at = stamps.at(_("identified at"))
    identified_by = stamps.by(_("identified by"))

    objects = SpecialQuerySet.as_manager()

    class Meta:
        verbose_name = _("special cover")
        verbose_name_plural = _("special covers")
        constraints = [
            *_two_people("specialcover"),
            stamps.pair("specialcover", "identified"),
            models.CheckConstraint(
                name="special_cover_ends_after_it_starts", condition=Q(valid_until__gte=F("valid_from"))
            ),
            models.CheckConstraint(
                name="special_cover_knows_its_person",
                condition=Q(group=SpecialGroup.NO_NIK) | Q(resident__isnull=False),
                violation_error_message=_("Only a person without NIK is written down without one."),
            ),
        ]

    def __str__(self):
        return self.number


class SpecialEvent(models.Model):
    """An outbreak or a disaster by decree (rule C25, domain.md B27). ``valid_until`` is the last day, empty while it is open.

    ``area`` are codes of kelurahan. ``whole_area`` flags everybody who is registered there; else only who is on the list.
    """

    STATES = SpecialState

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    state = models.CharField(_("state"), max_length=10, choices=SpecialState, default=SpecialState.PROPOSED)
    sort = models.CharField(_("kind of event"), max_length=10, choices=EventSort)
    name = models.CharField(_("name"), max_length=80)
    decree = models.CharField(_("decree"), max_length=80)
    decree_on = models.DateField(_("date of the decree"))
    funding = models.CharField(_("who pays"), max_length=8, choices=Funding)
    area = ArrayField(models.CharField(max_length=13), verbose_name="kelurahan", default=list)
    whole_area = models.BooleanField(_("everybody registered in the area"), default=False)
    valid_from = models.DateField(_("from"))
    valid_until = models.DateField(_("until"), null=True, blank=True)
    reason = models.CharField(_("explanation"), max_length=255, blank=True)
    created_at = models.DateTimeField(_("entered at"), auto_now_add=True)
    created_by = stamps.created_by(_("entered by"))
    approved_at = stamps.at(_("approved at"))
    approved_by = stamps.by(_("approved by"))
    refused_at = stamps.at(_("refused at"))
    refused_by = stamps.by(_("refused by"))
    ended_at = stamps.at(_("ended at"))
    ended_by = stamps.by(_("ended by"))

    objects = SpecialQuerySet.as_manager()

    class Meta:
        verbose_name = _("outbreak or disaster")
        verbose_name_plural = _("outbreaks and disasters")
        constraints = [
            *_two_people("specialevent"),
            models.CheckConstraint(
                name="event_ends_after_it_starts",
                condition=Q(valid_until__isnull=True) | Q(valid_until__gte=F("valid_from")),
            ),
            models.CheckConstraint(
                name="ended_event_has_its_last_day",
                condition=~Q(state=SpecialState.ENDED) | Q(valid_until__isnull=False),
            ),
            models.CheckConstraint(
                name="event_of_an_area_names_it", condition=Q(whole_area=False) | Q(area__len__gt=0)
            ),
        ]

    def __str__(self):
        return self.name


class EventPerson(models.Model):
    """A victim by list."""

    event = models.ForeignKey(SpecialEvent, on_delete=models.PROTECT, related_name="people", verbose_name=_("event"))
    resident = models.ForeignKey(
        "participants.Resident", on_delete=models.PROTECT, related_name="+", verbose_name=_("resident")
    )
    listed_at = models.DateTimeField(_("listed at"))
    listed_by = stamps.created_by(_("listed by"))

    objects = CityDataQuerySet.as_manager()

    class Meta:
        verbose_name = _("person of an event")
        verbose_name_plural = _("people of events")
        constraints = [
            models.UniqueConstraint(fields=["event", "resident"], name="a_person_is_listed_once_an_event"),
        ]

    def __str__(self):
        return f"{self.event} {self.resident_id}"


class CoverageChange(models.Model):
    """The decision on a person turned: what it was and what it became. Rows are only added, set-based, by the sweep (B6)."""

    id = models.BigAutoField(primary_key=True)
    resident = models.ForeignKey(
        "participants.Resident",
        on_delete=models.PROTECT,
        related_name="coverage_changes",
        verbose_name=_("resident"),
        db_constraint=False,
        db_index=False,
    )
    on = models.DateField(_("judged for"))
    judged = models.DateTimeField(_("judged at"))
    was = models.CharField(_("decision before"), max_length=32)
    was_rule = models.CharField(max_length=3)
    became = models.CharField(_("decision after"), max_length=32)
    rule = models.CharField(_("rule"), max_length=3)

    objects = CityDataQuerySet.as_manager()

    class Meta:
        verbose_name = _("change of coverage")
        verbose_name_plural = _("changes of coverage")
        ordering = ["-id"]
        indexes = [models.Index(fields=["resident", "-id"], name="coveragechange_of_resident")]

    def __str__(self):
        return f"{self.resident_id} {self.was} → {self.became}"

    @property
    def before(self):
        """The decision before, in words."""
        return Decision(self.was).label

    @property
    def after(self):
        """The decision since then, in words."""
        return Decision(self.became).label
